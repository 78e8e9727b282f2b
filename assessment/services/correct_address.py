"""Correcting the address that somebody's invitation goes to. The roster and its size stay as they were frozen."""

from __future__ import annotations

from textwrap import fill

from assessment import mail
from assessment.domain.addresses import is_address
from assessment.domain.campaign import State, check_answerable
from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import NoMail, UnknownTeam
from assessment.services.actor import Actor
from assessment.services.list_invitees import invited_team
from assessment.services.platform import Platform
from assessment.services.refusals import refusals_noted
from assessment.storage import audit, campaigns, invitations, organisation, outbox
from reports.languages import language, phrase

SUBJECT = phrase("Your invitation goes to another address now")
FIELD = phrase("e-mail")


@refusals_noted("correct an address")
def correct_address(
    platform: Platform, actor: Actor, campaign_id: int, node_id: int, member_id: int, email: str
) -> None:
    """Send somebody's invitation to another address, and tell the old one.

    Links that were mailed before stop working, and a new one waits. A credential that was collected stays the only
    one, and nothing here tells whether it was. The old address learns of it first, so that nobody can redirect an
    invitation in silence: while mail cannot be sent, no address can be corrected.

    :raise UnknownCampaign, UnknownTeam: when campaign, team or person are not the coach's.
    :raise CampaignNotOpen, CampaignClosed: when no answers are taken.
    :raise Invalid: for an address that cannot be, or that somebody else has.
    :raise NoMail, MailTrouble: when the old address cannot be told.
    """
    address = email.strip().lower()
    if not is_address(address):
        raise Invalid(FIELD, email, phrase("write an address such as ada@example.org"))
    if not platform.settings.can_mail:
        raise NoMail
    with platform.reading() as session:
        campaign, node = invited_team(session, actor, campaign_id, node_id)
        check_answerable(State(campaign.state), campaign.closes_at, platform.clock())
        before = invitations.invitee(session, node_id, member_id)
        if before is None:
            raise UnknownTeam(team=node_id)
        if outbox.has_address(session, address, but_for=member_id):
            raise Invalid(FIELD, email, phrase("somebody else has this address; write another"))
        home = organisation.get(session)
        old, words = before.email, (home.name if home else "", node.name, campaign.language)
    if old.lower() != address:
        _tell(platform, old, *words)
    with platform.transaction() as session:
        platform.database.lock_campaign(session, campaign_id)
        known = campaigns.state_of(session, campaign_id)
        if known is not None:
            check_answerable(State(known[0]), known[1], platform.clock())
        invitations.forget_tokens(session, node_id, member_id)
        outbox.readdress(session, node_id, member_id, address)
        # The person's number, not their name or address: the audit is kept longer than the roster.
        note = f"person {member_id} of {words[1]}"
        audit.record(session, platform.clock(), actor.name, "address corrected", f"campaign {campaign_id}", note)


def _tell(platform: Platform, old: str, organisation_name: str, team: str, code: str) -> None:
    """Tell the old address. One that is refused for good has no mailbox whose owner could be passed over."""
    words = language(code)
    text = words.gettext(
        "Your invitation of %(organisation)s to answer anonymously for %(team)s goes to another address from now on, "
        "because a coach corrected yours. The links that came to this address have stopped working; a credential that "
        "you collected still works. If you know nothing of this, tell your colleagues: somebody else may have got "
        "your invitation.",
        organisation=organisation_name,
        team=team,
    )
    try:
        with mail.read_url(platform.settings.mail_url).posting() as hand_over:
            hand_over(
                mail.written(
                    sender=platform.settings.mail_from,
                    to=old,
                    subject=words.gettext(SUBJECT),
                    text=fill(text, 72) + "\n",
                    at=platform.clock(),
                )
            )
    except mail.AddressRefused:
        return
