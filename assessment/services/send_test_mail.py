"""A test mail: does what the settings say about mail work? It holds no invitation."""

from __future__ import annotations

from textwrap import fill

from assessment import mail
from assessment.domain.addresses import is_address
from assessment.domain.error_kinds import Invalid
from assessment.domain.errors import NoMail
from assessment.services.platform import Platform
from reports.languages import language, phrase


def send_test_mail(platform: Platform, to: str, code: str | None = None) -> None:
    """Send a test mail and wait until the mail server has taken it.

    :param code: its language; the installation's if None.
    :raise Invalid: for an address that cannot be.
    :raise NoMail: when the settings name no way to send mail.
    :raise MailTrouble, AddressRefused: when it was not taken; says why.
    """
    address = to.strip()
    if not is_address(address):
        raise Invalid(phrase("e-mail"), to, phrase("write an address such as ada@example.org"))
    if not platform.settings.can_mail:
        raise NoMail
    words = language(code or platform.settings.language)
    text = words.gettext(
        "This is a test. Mail of the installation at %(address)s arrives; invitations look like this one, with a link "
        "instead of these words.",
        address=platform.settings.base_url,
    )
    with mail.read_url(platform.settings.mail_url).posting() as hand_over:
        hand_over(
            mail.written(
                sender=platform.settings.mail_from,
                to=address,
                subject=words.gettext("Test mail of the blameless assessment"),
                text=fill(text, 72, break_long_words=False, break_on_hyphens=False) + "\n",
                at=platform.clock(),
            )
        )
