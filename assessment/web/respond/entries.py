"""What somebody brings to the door: a card's code, a credential, or an open link with the form that was made for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assessment.domain.cards import mint_token, read_code
from assessment.domain.credentials import Credential, read_credential
from assessment.domain.errors import CardUnknown, CredentialRefused, LinkUnknown
from assessment.services.find_door import Door, card_door, credential_door, link_door
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


@dataclass(frozen=True)
class CredentialEntry:
    """What an invited person collected: it says which team answers, and nobody knows whose it is."""

    credential: Credential

    @property
    def fields(self) -> dict[str, str]:
        """The hidden fields that carry the entry from page to page."""
        return {"credential": self.credential.text}

    def door(self, platform: Platform) -> Door:
        """Return what the credential opens.

        :raise CredentialRefused: when it opens nothing; `CredentialSpent`, `CampaignClosed` as they say.
        """
        return credential_door(platform, self.credential)

    @property
    def key(self) -> DoorKey:
        """What a ballot is submitted with."""
        return self.credential


Entry = CardEntry | LinkEntry | CredentialEntry


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
    :raise CredentialRefused: when its credential cannot be one.
    """
    if "credential" in form:
        credential = read_credential(form["credential"])
        if credential is None:
            raise CredentialRefused
        return CredentialEntry(credential)
    if "link" in form:
        token, nonce = form["link"], form.get("nonce", "")
        if not (TOKEN.fullmatch(token) and TOKEN.fullmatch(nonce)):
            raise LinkUnknown
        return LinkEntry(token, nonce)
    if "code" not in form:
        raise CardUnknown
    return card_entry(form["code"])
