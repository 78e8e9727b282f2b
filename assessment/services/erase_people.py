"""Erasing people: one of them everywhere, or the names in all rosters that nobody looks at any more."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from assessment.domain.error_kinds import NotFound, Refused
from assessment.services.actor import Actor
from assessment.services.platform import Platform
from assessment.storage import audit, campaigns, organisation
from reports.languages import phrase


class StillAsked(Refused):
    """Somebody cannot be erased while a campaign asks them: its roster was frozen and its members may look at it."""

    sentence = phrase(
        "Campaign %(campaign)s asks this person and is open until %(closes_at)s. "
        "Erase them after it has closed, or void it."
    )


class UnknownMember(NotFound):
    """Nobody, or more than one, has this address or name."""

    sentence = phrase(
        "%(n)s people have the e-mail address or the name %(who)r; name one by their e-mail address as it is stored."
    )


@dataclass(frozen=True)
class Erased:
    """What was erased; the audit keeps the number of the member and no name."""

    member_id: int
    n_rosters: int
    """Rosters of ended campaigns in which the name stood."""


def erase_member(platform: Platform, actor: Actor, who: str) -> Erased:
    """Remove somebody from the organisation and their name from the rosters of ended campaigns.

    Counts of closed campaigns stay: they are of at least five people, and nobody is in them by name. Backups made
    before still have the name.

    :param who: the e-mail address, or the whole name where nobody else has it.
    :raise UnknownMember: when it is nobody's, or several people's.
    :raise StillAsked: while an open campaign has them in its roster.
    """
    with platform.transaction() as session:
        # No campaign may open with somebody who is being erased.
        platform.database.lock_opening(session)
        found = organisation.members_called(session, who.strip())
        if len(found) != 1:
            raise UnknownMember(who=who.strip(), n=len(found))
        member_id = found[0].id
        asking = campaigns.open_with_member(session, member_id)
        if asking is not None:
            closes_at = asking.closes_at.astimezone(ZoneInfo(asking.timezone))
            raise StillAsked(campaign=asking.id, closes_at=f"{closes_at:%Y-%m-%d %H:%M}")
        n_rosters = campaigns.erase_names(session, member_id)
        organisation.remove_member(session, member_id)
        audit.record(session, platform.clock(), actor.name, "member erased", f"member {member_id}")
    platform.database.forget_log()
    return Erased(member_id, n_rosters)


def erase_rosters(platform: Platform, actor: Actor) -> int:
    """Erase the names in the rosters of all campaigns that are not open; return how many names.

    What stays is how many people were asked, and their numbers, which keep a team from being asked twice a quarter.
    """
    with platform.transaction() as session:
        n_names = campaigns.erase_names(session)
        audit.record(session, platform.clock(), actor.name, "rosters erased", "organisation", f"{n_names} names")
    platform.database.forget_log()
    return n_names
