"""What an invitation says: one plain text for everybody of a team, alike but for the token in its link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from textwrap import fill

from assessment.domain.credentials import fingerprint
from assessment.domain.words import fingerprint_words
from reports.languages import Language, language, phrase

WIDTH = 72
SUBJECT = phrase("How do we really deal with trouble in production? Your invitation for %(quarter)s")
REMINDER_SUBJECT = phrase("Reminder to everybody: how do we really deal with trouble in production? %(quarter)s")


@dataclass(frozen=True)
class InvitationText:
    """Everything that the mails of one team have in common."""

    organisation: str
    team: str
    quarter: str
    closes_at: datetime
    timezone: str
    language: str
    minutes: int
    base_url: str
    key: bytes
    """The key that signs the team's credentials, as `credentials.named_key` returns it."""
    reading_key: str
    is_reminder: bool

    @property
    def subject(self) -> str:
        """The subject; it names nobody."""
        words = language(self.language)
        return words.gettext(REMINDER_SUBJECT if self.is_reminder else SUBJECT, quarter=self.quarter)

    def link(self, token: str) -> str:
        """Return the link that collects: token and fingerprint stand in its fragment, which no server ever gets."""
        return f"{self.base_url}/e/{self.language}#t.{token}.{fingerprint(self.key)}"

    def text(self, token: str) -> str:
        """Return the mail's text with somebody's link."""
        return "\n\n".join(self._paragraphs(language(self.language), token)) + "\n"

    def _paragraphs(self, words: Language, token: str) -> Iterable[str]:
        yield words.gettext("Hello,")
        if self.is_reminder:
            yield _wrapped(
                words.gettext(
                    "this is a reminder that goes to everybody in the team, also to those who have answered, because "
                    "nobody knows who has. If you have, there is nothing left to do."
                )
            )
        yield _wrapped(
            words.gettext(
                "%(organisation)s asks everybody in %(team)s how you really deal with trouble in production. It takes "
                "about %(minutes)s minutes and is anonymous. Answers are taken until %(when)s.",
                organisation=self.organisation,
                team=self.team,
                minutes=self.minutes,
                when=words.moment(self.closes_at, self.timezone),
            )
        )
        yield _wrapped(words.gettext("1. Collect your credential. This link is for you alone; do not pass it on:"))
        yield self.link(token)
        yield _wrapped(
            words.gettext(
                "This link only collects a credential. That you collected tells nobody what you answer, or whether you "
                "answer at all. It works once, in a browser with JavaScript."
            )
        )
        yield _wrapped(
            words.gettext(
                "2. Answer, best at another time. The page keeps the credential until then, or gives you a link or QR "
                "code for another device. Nothing in it tells who you are."
            )
        )
        yield _wrapped(
            words.gettext(
                "The page shows eight words. They are the same for everybody in the team and also stand on the team's "
                "sheet. If they are not these, stop, and tell your colleagues:"
            )
        )
        yield fill(" ".join(fingerprint_words(self.key)), WIDTH, initial_indent="   ", subsequent_indent="   ")
        yield _wrapped(words.gettext("After the closing time your team's result is here, for whoever has this key:"))
        yield f"{self.base_url}/result/{self.reading_key}"
        if not self.is_reminder:
            yield _wrapped(words.gettext("Reminders go to everybody, because nobody knows who has answered."))


def _wrapped(text: str) -> str:
    return fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
