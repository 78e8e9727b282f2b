"""What can go wrong, by name, when a team follows up on its report; the rest is in `errors`."""

from __future__ import annotations

from collections.abc import Sequence

from assessment.domain.error_kinds import Invalid, NotFound, Refused
from assessment.domain.ready_rule import Finding
from reports.languages import phrase


class UnknownChange(NotFound):
    """The catalogue has no such small change."""

    sentence = phrase("There is no small change %(change)r; their ids go from %(first)s to %(last)s.")


class UnknownAgreement(NotFound):
    """There is no such agreement, or it is another coach's team's."""

    sentence = phrase("There is no agreement %(agreement)s; the roadmap of a team lists its own.")


class NotReady(Invalid):
    """Words of an agreement blame somebody, name a person, or say nothing that could be seen."""

    personal = frozenset({"value"})

    def __init__(self, field: str, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        gravest = next((finding for finding in findings if finding.refuses), findings[0])
        super().__init__(field, gravest.words, "%(suggestion)s", suggestion=gravest.suggestion)

    @property
    def can_be_overridden(self) -> bool:
        """Whether nothing but vagueness was found."""
        return not any(finding.refuses for finding in self.findings)


class MissingPrerequisites(Refused):
    """A change builds on others that are not in place."""

    sentence = phrase(
        "%(change)s builds on %(missing)s. Agree on that first, or say that it is in place if you have it already."
    )


class StillUnderWay(Refused):
    """A change builds on others that are agreed and not done yet."""

    sentence = phrase("%(change)s builds on %(missing)s, which is under way: say that it is done first.")


class MissingOrganisationChange(Refused):
    """A change builds on one that only leadership can start."""

    sentence = phrase(
        "%(change)s builds on %(missing)s, which only the organisation can start. Ask for it in the organisation's "
        "roadmap, or say that it is in place if you have it already."
    )


class TooMuchInFlight(Refused):
    """At most two small changes or one medium one at a time."""

    sentence = phrase(
        "%(in_flight)s is under way. At most two small changes or one medium change at a time: say that it is done, "
        "or drop it, before you agree on %(change)s."
    )


class OnlyOrganisation(Refused):
    """A change that a team cannot start by itself."""

    sentence = phrase("%(change)s is for the organisation to start; agree on it in the organisation's roadmap.")


class OnlyTeams(Refused):
    """A change that teams start."""

    sentence = phrase("%(change)s is for teams to start; agree on it in a team's roadmap.")


class AlreadyAgreed(Refused):
    """The change is under way."""

    sentence = phrase("%(change)s is agreed already and under way; say that it is done, or drop it.")


class AlreadyInPlace(Refused):
    """The change is done, or was said to be in place."""

    sentence = phrase(
        "%(change)s is in place already. If it is not, reopen its agreement or take back that it is in place."
    )


class StillDone(Refused):
    """Taking back that a change is in place which was agreed and is done."""

    sentence = phrase("%(change)s was agreed and is done; reopen that agreement if it is not in place any more.")


class AlreadyEnded(Refused):
    """An agreement that is done or dropped."""

    sentence = phrase("%(change)s is %(state)s since %(ended_on)s; reopen it first.")


class NotEnded(Refused):
    """Only what ended can be reopened."""

    sentence = phrase("%(change)s is under way; only what is done or dropped can be reopened.")


class FocusFrozen(Refused):
    """The campaign that would take the focus aspects was opened already."""

    sentence = phrase(
        "%(team)s has a campaign after %(quarter)s already, and opening it froze the focus aspects; agree on those for "
        "the one after it in its newest report."
    )


class FocusNotAsked(Refused):
    """A team agreed on a focus aspect that the campaign does not ask."""

    sentence = phrase(
        "%(team)s agreed on focus aspects that this campaign does not ask (%(aspects)s). Choose instruments that ask "
        "them, or agree on others in the report of %(quarter)s."
    )


class PersonalData(Refused):
    """Pages per member of a small rotation."""

    sentence = phrase(
        "Pages per member of a rotation of %(n)s would be data about single people; give them for rotations of at "
        "least %(least)s, or leave them out."
    )
