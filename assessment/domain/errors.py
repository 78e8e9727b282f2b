"""What can go wrong, by name. Doors translate a class into a page or an exit code in one table; nobody parses words."""

from __future__ import annotations

from assessment.domain.error_kinds import NotFound, Refused
from reports.languages import phrase


class UnknownCampaign(NotFound):
    """There is no such campaign."""

    sentence = phrase("There is no campaign %(campaign)s; the list of campaigns names those that exist.")


class UnknownTeam(NotFound):
    """There is no such team."""

    sentence = phrase("There is no team %(team)r; check the name in the organisation.")


class UnknownReport(NotFound):
    """No closed campaign has this team and quarter."""

    sentence = phrase(
        "There is no report of %(node)s for %(quarter)s; reports exist from the moment a campaign closes."
    )


class UnknownReadingKey(NotFound):
    """The reading key opens nothing (yet)."""

    sentence = phrase(
        "This reading key opens no result. Check it on the card or in the mail; results appear after closing."
    )


class AmbiguousQuarter(Refused):
    """Several campaigns of one quarter each have an organisation report."""

    sentence = phrase("%(quarter)s has several campaigns (%(campaigns)s); name the one whose report is wanted.")


class CampaignNotOpen(Refused):
    """The campaign is still a draft, or was voided."""

    sentence = phrase("This campaign is not open for answers.")


class CampaignClosed(Refused):
    """The campaign has ended; no more answers."""

    sentence = phrase("This campaign has closed; it takes no more answers.")


class NotYetDue(Refused):
    """Closing before the closing time, which was promised to respondents."""

    sentence = phrase(
        "Campaign %(campaign)s closes at %(closes_at)s and not before; to end it early without a result, void it."
    )


class Frozen(Refused):
    """An attempt to change what opening has frozen."""

    sentence = phrase(
        "%(field)s was frozen when the campaign was opened and cannot change; void the campaign and draft another."
    )


class NotADraft(Refused):
    """Only a draft can be opened, changed or deleted."""

    sentence = phrase("Campaign %(campaign)s is %(state)s; only a draft can be opened, changed or deleted.")


class QuarterTaken(Refused):
    """One campaign per team and quarter."""

    sentence = phrase("%(team)s already has a campaign for %(quarter)s; a team answers once a quarter.")


class NoKey(Refused):
    """The private key is missing or does not open with this passphrase; nothing can be counted without it."""

    sentence = phrase(
        "The key of campaign %(campaign)s cannot be used: %(reason)s. Without it the campaign can only be voided."
    )


class NoKeyDirectory(Refused):
    """A campaign cannot be opened, because its private key cannot be stored."""

    sentence = phrase(
        "The key of campaign %(campaign)s cannot be stored: %(reason)s. Make the key directory one that this program "
        "may write into, or configure another. Nothing was opened."
    )


class KeyAway(Refused):
    """The private key that the campaign's answers would be sealed for is not where it was made."""

    sentence = phrase(
        "No answers are taken at the moment, because the key that would open them at closing is not in its place. "
        "Nothing was stored. Your coach can tell whoever runs this installation, and your card or link stays valid."
    )


class BallotsChange(Refused):
    """Somebody writes into the table of ballots while a campaign is being closed."""

    sentence = phrase(
        "The ballots of campaign %(campaign)s change while they are counted, after the closing time. Nothing but this "
        "program may write into its database; find out who does, and close again."
    )


class NotDestroyed(Refused):
    """A campaign has ended, but something that had to be destroyed with it is still there."""

    sentence = phrase(
        "Campaign %(campaign)s has ended, but %(files)s could not be destroyed: %(reason)s. Remove the cause, or "
        "delete by hand what is named."
    )


class CardUnknown(Refused):
    """Mistyped, replaced by a newer print, or of a campaign that is over."""

    sentence = phrase(
        "This code opens nothing. Check its 16 characters. "
        "A card ends with its campaign, and newly printed cards replace the old ones."
    )


class CardSpent(Refused):
    """The card was used; its answer counts."""

    sentence = phrase("This card was used already. If this was you, it counted.")


class CardsJustPrinted(Refused):
    """Printing anew voids the cards in people's hands, so it may happen once a day."""

    sentence = phrase("Cards for %(team)s were printed anew today already; print again from %(after)s on.")


class LinkUnknown(Refused):
    """The open link is mistyped or of a voided campaign."""

    sentence = phrase("This link opens nothing. Ask whoever gave it to you for a new one.")


class AllAnswered(Refused):
    """As many have answered as were invited; more cards or credentials than people may be about."""

    sentence = phrase("As many people have answered as were invited, so this is not counted. Nothing was stored.")


class OtherTeams(Refused):
    """A coach who has some of a campaign's teams only cannot decide about the whole of it."""

    sentence = phrase(
        "Campaign %(campaign)s has teams of other coaches; ask a coach who sees all teams, or the operator."
    )


class NotSecure(Refused):
    """Collecting a credential needs a connection that browsers trust."""

    sentence = phrase(
        "Invitations by e-mail need HTTPS, and people would reach this installation at %(base_url)s. Set base_url to "
        "an address that begins with https://, or choose cards."
    )


class NoMail(Refused):
    """Invitations by e-mail without a way to send mail."""

    sentence = phrase(
        "Invitations by e-mail cannot be sent: mail_url and mail_from are not set. Ask whoever runs this "
        "installation to set both, or choose cards."
    )


class NoAddress(Refused):
    """Somebody who would be invited by e-mail has no address."""

    personal = frozenset({"names"})
    sentence = phrase(
        "%(team)s has people without an e-mail address (%(names)s). Import the organisation again with their "
        "addresses, or choose cards."
    )


class RemindedToday(Refused):
    """A reminder goes to everybody, also to those who have answered, so it may happen once a day."""

    sentence = phrase("Everybody was reminded today already; remind again from %(after)s on.")


class OpeningUnderWay(Refused):
    """The campaign's keys are being made."""

    sentence = phrase("Campaign %(campaign)s is being opened right now; wait until its keys are made.")


class InvitationUnknown(Refused):
    """A token that opens nothing: mistyped, of a corrected address, or of a campaign that is over."""

    sentence = phrase(
        "This invitation opens nothing: its campaign has ended, or a newer mail replaced it. Use the link of the "
        "newest mail."
    )


class CredentialTaken(Refused):
    """The one credential of an invitation was collected with another blinded message."""

    sentence = phrase(
        "The credential of this invitation was collected already, and there is one for each person. If it was you, "
        "use the device or the link where you kept it."
    )


class CredentialRefused(Refused):
    """Not a credential, not signed by the team's key, or of a campaign that takes no answers from credentials."""

    sentence = phrase(
        "This credential opens nothing. Copy the whole link that you kept; if it is whole, its campaign has ended."
    )


class CredentialSpent(Refused):
    """The credential was used; its answer counts."""

    sentence = phrase("This credential was used already. If this was you, it counted.")


class NoTeams(Refused):
    """A campaign without teams."""

    sentence = phrase("Campaign %(campaign)s has no teams; choose at least one.")


class SamePeople(Refused):
    """Two campaigns of a quarter over almost the same people: the difference of their reports would be a few people."""

    sentence = phrase(
        "%(team)s has almost the same people as other teams that have campaigns for %(quarter)s already. Comparing "
        "the reports would single people out; leave the team out, or ask it in the next quarter."
    )


class EmptyTeam(Refused):
    """A team without members has nobody to ask."""

    sentence = phrase("%(team)s has no members; add them to the organisation or leave the team out.")


class UnsafeDatabase(Refused):
    """The database is configured to record when somebody answers."""

    sentence = phrase(
        "The database would record when somebody answers (%(settings)s); change its configuration before opening."
    )


class NotSetUp(Refused):
    """There is no organisation yet."""

    sentence = phrase("The organisation has no name yet; set it up with `assessment init`.")


class SignInRefused(Refused):
    """Wrong address or password; which of the two is not said."""

    sentence = phrase("This address and password do not belong together.")


class SignInThrottled(Refused):
    """Too many wrong passwords."""

    sentence = phrase("Too many attempts. Minutes until the next try: %(minutes)s.")
