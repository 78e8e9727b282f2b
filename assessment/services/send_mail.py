"""Sending the invitations that wait. A token exists from the moment it is minted here until its mail is handed over.

What waits is a state of the person, so no queue, task or file ever holds a token: only its digest is stored.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from assessment import mail
from assessment.domain.campaign import State
from assessment.domain.cards import mint_token
from assessment.domain.credentials import TOKEN_LENGTH, named_key, token_digest
from assessment.services.frozen import questionnaire_of
from assessment.services.invitation_mail import InvitationText
from assessment.services.platform import Platform
from assessment.storage import campaigns, invitations, organisation, outbox
from assessment.storage.outbox import Waiting
from assessment.storage.sending_lock import sending

MOST_FAILURES = 8
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Sent:
    """What one run of sending came to."""

    n_sent: int
    n_failed: int
    """Mails given up in this run: refused for good, or failed too often."""
    n_waiting: int
    """Mails that still wait."""
    trouble: mail.MailTrouble | None = None
    """What kept the run from going on, such as a server that cannot be reached."""


def send_waiting(platform: Platform, progress: Progress | None = None, *, seconds: float | None = None) -> Sent:
    """Send the mails that wait, in any order: who comes first says nothing about the roster.

    One sender works at a time; a second one finds nothing to do. A mail that fails is tried again after one minute,
    then two, four and so on. A server that cannot be reached is nobody's failure: everything goes on waiting.

    :param progress: called with how many are done and how many there are.
    :param seconds: begin no further mail after so long; the next run goes on.
    """
    waiting = _waiting(platform)
    if not waiting or not platform.settings.can_mail:
        return Sent(0, 0, len(waiting))
    with sending(platform.database) as is_ours:
        if not is_ours:
            return Sent(0, 0, len(waiting))
        # Read anew: whoever had the lock before may have sent some of them.
        due = [waits for waits in _waiting(platform) if is_due(waits.n_failures, platform.clock())]
        secrets.SystemRandom().shuffle(due)
        until = None if seconds is None else time.monotonic() + seconds
        n_sent, n_failed, trouble = _Sender(platform, progress, until).send(due) if due else (0, 0, None)
    return Sent(n_sent, n_failed, len(_waiting(platform)), trouble)


def _waiting(platform: Platform) -> list[Waiting]:
    with platform.reading() as session:
        return outbox.waiting(session, platform.clock())


def is_due(n_failures: int, now: datetime) -> bool:
    """Whether a mail that failed so often is tried in this minute: in every 2nd, 4th, 8th. No time is stored for it."""
    return int(now.timestamp()) // 60 % (1 << n_failures) == 0


class _Sender:
    """One run over one connection."""

    def __init__(self, platform: Platform, progress: Progress | None, until: float | None) -> None:
        self.platform, self.progress, self.until = platform, progress, until
        self.texts: dict[int, InvitationText] = {}
        self.n_sent = self.n_failed = 0

    def send(self, due: Sequence[Waiting]) -> tuple[int, int, mail.MailTrouble | None]:
        """Send what is due; return how many were sent and given up, and what ended the run early."""
        post = mail.read_url(self.platform.settings.mail_url)
        try:
            with post.posting() as hand_over:
                for number, waiting in enumerate(due, start=1):
                    if self.until is not None and time.monotonic() >= self.until:
                        break
                    self._one(waiting, hand_over)
                    if self.progress is not None:
                        self.progress(number, len(due))
        except mail.MailTrouble as trouble:
            return self.n_sent, self.n_failed, trouble
        return self.n_sent, self.n_failed, None

    def _one(self, waiting: Waiting, hand_over: mail.Send) -> None:
        settings = self.platform.settings
        token = mint_token(TOKEN_LENGTH)
        with self.platform.transaction() as session:
            text = self._store(session, waiting, token)
        if text is None:
            return
        state, n_failures = "sent", waiting.n_failures
        try:
            hand_over(
                mail.written(
                    sender=settings.mail_from,
                    to=waiting.email,
                    subject=text.subject,
                    text=text.text(token),
                    at=self.platform.clock(),
                )
            )
        except mail.AddressRefused:
            state = "failed"
        except mail.TryLater:
            n_failures += 1
            state = "failed" if n_failures >= MOST_FAILURES else "waiting"
        with self.platform.transaction() as session:
            outbox.settle(session, waiting, state, n_failures)
        self.n_sent += state == "sent"
        self.n_failed += state == "failed"

    def _store(self, session: Session, waiting: Waiting, token: str) -> InvitationText | None:
        """Store a token's digest; return the text to send it with, None when nothing is to be sent any more."""
        # Closing and voiding destroy tokens; one that came after them would stay.
        self.platform.database.lock_campaign(session, waiting.campaign_id, shared=True)
        known = campaigns.state_of(session, waiting.campaign_id)
        if known is None or known[0] != State.OPEN or not outbox.still_waits(session, waiting):
            return None
        if waiting.node_id not in self.texts:
            self.texts[waiting.node_id] = text_of(self.platform, session, waiting.node_id)
        invitations.add_token(session, token_digest(token), waiting.campaign_id, waiting.node_id, waiting.member_id)
        return self.texts[waiting.node_id]


def text_of(platform: Platform, session: Session, node_id: int) -> InvitationText:
    """Return what the mails of one team say.

    :raise LookupError: for a node that is not a team invited by mail in an open campaign.
    """
    node = campaigns.node(session, node_id)
    campaign = campaigns.get(session, node.campaign_id) if node is not None else None
    home, public_key = organisation.get(session), invitations.signing_key(session, node_id)
    if node is None or campaign is None or home is None or public_key is None or node.reading_key is None:
        raise LookupError(f"node {node_id} is not invited by mail")
    return InvitationText(
        organisation=home.name,
        team=node.name,
        quarter=campaign.quarter,
        closes_at=campaign.closes_at,
        timezone=campaign.timezone,
        language=campaign.language,
        minutes=sum(instrument.minutes for instrument in questionnaire_of(campaign.instruments).instruments),
        base_url=platform.settings.base_url,
        key=named_key(campaign.id, node_id, public_key),
        reading_key=node.reading_key,
        is_reminder=campaign.reminded_on is not None,
    )
