"""Our own code with one convenience too many, each of which tells something about people who are invited by mail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from assessment.services import send_mail
from assessment.storage import outbox
from assessment.storage.models import Invitee
from assessment.storage.outbox import Addressee

Leak = Callable[[pytest.MonkeyPatch], None]


class InOrder:
    """Chance that leaves everything as it was."""

    def shuffle(self, _mails: list[object]) -> None:
        """Do nothing."""


def mails_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send the mails in the order of the table, which is the order of the roster."""
    monkeypatch.setattr(send_mail.secrets, "SystemRandom", InOrder)


def tokens_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Store tokens themselves, so that a mail could be sent again."""
    monkeypatch.setattr(send_mail, "token_digest", lambda token: token.encode().ljust(32))


def tokens_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Log what is sent, so that somebody can see that mail works."""
    import logging

    written = send_mail.mail.written

    def logging_it(**words: object) -> object:
        logging.getLogger("assessment.mail").info("%s", words)
        return written(**words)  # type: ignore[arg-type]

    monkeypatch.setattr(send_mail.mail, "written", logging_it)


def reminders_to_some(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remind those who have not collected, and spare the others a mail."""

    def wait_again(session: Session, campaign_id: int) -> int:
        late = (Invitee.campaign_id == campaign_id, Invitee.is_issued.is_(False))
        session.execute(sa.update(Invitee).where(*late).values(mail="waiting", n_failures=0))
        return session.scalar(sa.select(sa.func.count()).where(*late)) or 0

    monkeypatch.setattr(outbox, "wait_again", wait_again)


def collected_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show a coach whose link has been used, beside the address."""
    addressees = outbox.addressees

    def telling(session: Session, node_id: int) -> list[Addressee]:
        query = sa.select(Invitee.member_id).where(Invitee.node_id == node_id, Invitee.is_issued)
        used = set(session.scalars(query))
        return [
            Addressee(one.member_id, f"{one.name} ✓" if one.member_id in used else one.name, one.email, one.mail)
            for one in addressees(session, node_id)
        ]

    monkeypatch.setattr(outbox, "addressees", telling)


def no_link_for_who_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send no new link after a correction to somebody who needs none."""
    readdress = outbox.readdress

    def sparing(session: Session, node_id: int, member_id: int, email: str) -> None:
        readdress(session, node_id, member_id, email)
        used = (Invitee.node_id == node_id, Invitee.member_id == member_id, Invitee.is_issued)
        session.execute(sa.update(Invitee).where(*used).values(mail="sent"))

    monkeypatch.setattr(outbox, "readdress", sparing)
