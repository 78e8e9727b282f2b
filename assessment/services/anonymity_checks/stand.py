"""What the checks share: the campaigns as far as their keys and files are concerned, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assessment.domain.campaign import State
from assessment.services.platform import Platform
from assessment.storage import campaigns


@dataclass(frozen=True)
class Standing:
    """A campaign: its state, its key's name and how it is answered."""

    id: int
    state: State
    closes_at: datetime
    timezone: str
    public_key: bytes | None
    key_wrapped: bool
    ways: frozenset[str]

    @property
    def is_open(self) -> bool:
        """Whether it takes answers, or would if its time were not over."""
        return self.state is State.OPEN

    @property
    def has_ended(self) -> bool:
        """Whether everything but its counts has to be gone."""
        return self.state in {State.CLOSED, State.VOID}


def campaigns_of(platform: Platform) -> list[Standing]:
    """Return every campaign."""
    with platform.reading() as session:
        return [
            Standing(
                campaign.id,
                State(campaign.state),
                campaign.closes_at,
                campaign.timezone,
                campaign.public_key,
                campaign.key_wrapped,
                frozenset(node.way for node in campaigns.nodes(session, campaign.id) if node.way),
            )
            for campaign in campaigns.listed(session)
        ]


def is_shared(path: Path) -> bool:
    """Whether others than its owner may do something with a file or folder itself."""
    return bool(path.stat().st_mode & 0o077)


def is_exposed(path: Path) -> bool:
    """Whether others than its owner can reach a file: it is shared, and so is the folder that it lies in."""
    return is_shared(path) and is_shared(path.parent)


def rights(path: Path) -> str:
    """Return a path's permissions as `chmod` takes them."""
    return f"{path.stat().st_mode & 0o7777:04o}"
