"""What somebody brings to the door: a card's code, or an open link with the form that was made for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assessment.domain.cards import mint_token, read_code
from assessment.domain.errors import CardUnknown, LinkUnknown
from assessment.services.find_door import Door, card_door, link_door
from assessment.services.platform import Platform
from assessment.services.submit_ballot import DoorKey

TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True)
class CardEntry:
    """A single-use code, in the 16 characters that are stored nowhere."""

    code: str

    @property
    def fields(self) -> dict[str, str]:
        """The hidden fields that carry the entry from page to page."""
        return {"code": self.code}

    def door(self, platform: Platform) -> Door:
        """Return what the code opens.

        :raise CardUnknown: when it opens nothing; `CardSpent`, `CampaignClosed`, `CampaignNotOpen` as they say.
        """
        return card_door(platform, self.code)

    @property
    def key(self) -> DoorKey:
        """What a ballot is submitted with."""
        return self.code


@dataclass(frozen=True)
class LinkEntry:
    """An open link, and a random id made with the form: sending the same form twice is one ballot."""

    token: str
    nonce: str

    @property
    def fields(self) -> dict[str, str]:
        """The hidden fields that carry the entry from page to page."""
        return {"link": self.token, "nonce": self.nonce}

    def door(self, platform: Platform) -> Door:
        """Return what the link opens.

        :raise LinkUnknown: when it opens nothing; `CampaignClosed`, `CampaignNotOpen` as they say.
        """
        return link_door(platform, self.token)

    @property
    def key(self) -> DoorKey:
        """What a ballot is submitted with."""
        return (self.token, self.nonce)


Entry = CardEntry | LinkEntry


def card_entry(typed: str) -> CardEntry:
    """Read a code as people type it: any case, with or without hyphens and spaces."""
    return CardEntry(read_code(typed) or typed.strip()[:64])


def link_entry(token: str) -> LinkEntry:
    """Return a link's entry for a new form."""
    return LinkEntry(token, mint_token())


def posted_entry(form: Mapping[str, str]) -> Entry:
    """Return the entry that a form carried.

    :raise CardUnknown: when it carried none, or a card's code that cannot be one.
    :raise LinkUnknown: when its link or the id of its form cannot be one.
    """
    if "link" in form:
        token, nonce = form["link"], form.get("nonce", "")
        if not (TOKEN.fullmatch(token) and TOKEN.fullmatch(nonce)):
            raise LinkUnknown
        return LinkEntry(token, nonce)
    if "code" not in form:
        raise CardUnknown
    return card_entry(form["code"])
