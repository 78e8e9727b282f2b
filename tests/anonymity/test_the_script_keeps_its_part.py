"""The script that makes credentials does what RFC 9474 says, and stops at a key that the mail did not name.

In a real browser. The server's side, and the Python client that both are compared with, have tests of their own.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from assessment.domain.blind_signatures import blind_sign, verify
from assessment.domain.credentials import encoded, fingerprint, named_key, read_credential
from assessment.domain.words import fingerprint_words
from assessment.services.find_invitation import InvitationDoor, find_invitation
from assessment.web.respond import invitations
from tests.anonymity import blind_client
from tests.browsers import kept, without_integrity

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
VECTORS = json.loads((Path(__file__).parents[1] / "assessment/domain/rfc9474_vectors.json").read_text())
# Runs a vector through the page's own module; bytes and numbers in hexadecimal, as in the RFC.
RUN = """async ([spki, vector, factor]) => {
  const b = await import('/door/blind.js')
  const bytes = hex => Uint8Array.from(hex.match(/../g) ?? [], pair => parseInt(pair, 16))
  const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
  const key = await b.readKey(bytes(spki))
  const prepared = vector.isRandomized ? b.prepare(bytes(vector.msg), bytes(vector.msg_prefix)) : bytes(vector.msg)
  const given = { salt: bytes(vector.salt), factor: BigInt('0x' + factor) }
  const { blinded, inverse } = await b.blind(key, prepared, given)
  const signed = [bytes(vector.blind_sig), inverse, vector.sLen]
  return {
    prepared_msg: hex(prepared), blinded_msg: hex(blinded), inv: hex(inverse),
    sig: hex(await b.finalize(key, prepared, ...signed).catch(() => new Uint8Array())),
  }
}"""
CROSSED = """async ([spki, prepared, signature]) => {
  const b = await import('/door/blind.js')
  const key = await b.readKey(b.fromText(spki))
  const made = await b.blind(key, b.fromText(prepared))
  const bent = b.fromText(signature)
  bent[9] ^= 1
  return {
    is_valid: await b.verify(key, b.fromText(prepared), b.fromText(signature)),
    is_bent_valid: await b.verify(key, b.fromText(prepared), bent),
    blinded: b.toText(made.blinded), inverse: b.toText(made.inverse),
  }
}"""


def differences(page: Page) -> list[str]:
    """Return where the script leaves the RFC's test vectors; what it sends first of all."""
    numbers = {name: int(value, 16) for name, value in VECTORS["key"].items()}
    public = rsa.RSAPublicNumbers(numbers["e"], numbers["N"]).public_key()
    found = []
    for vector in VECTORS["vectors"]:
        factor = f"{pow(int(vector['inv'], 16), -1, numbers['N']):x}"
        made = page.evaluate(RUN, [spki_of(public).hex(), vector, factor])
        found += [f"{vector['name']}: {name}" for name, value in made.items() if value != vector[name]]
    return found


@pytest.mark.attack("T13")
def test_the_script_computes_every_vector_of_the_rfc(live_server, tab):
    tab.goto(f"{live_server.url}/e/en")
    assert len(VECTORS["vectors"]) == 4
    assert differences(tab) == []


@pytest.mark.leaky("T13")
def test_a_script_that_sends_the_message_itself_is_caught(live_server, tab):
    def unblinded(script: str) -> str:
        assert "(m * power(r, key.e, key.n)) % key.n" in script
        return script.replace("(m * power(r, key.e, key.n)) % key.n", "m")

    without_integrity(tab, "blind.js", unblinded)
    tab.goto(f"{live_server.url}/e/en")
    assert {trace.partition(": ")[2] for trace in differences(tab)} == {"blinded_msg"}


def test_script_and_python_client_finish_what_the_other_began(live_server, tab):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    modulus = blind_client.Modulus.of(key.public_key())
    prepared = blind_client.prepare(b"a message")
    blinding = blind_client.blind(modulus, prepared)
    signature = blind_client.finalize(modulus, prepared, blind_sign(key, blinding.blinded), blinding.inverse)
    tab.goto(f"{live_server.url}/e/en")
    made = tab.evaluate(CROSSED, [encoded(spki_of(key.public_key())), encoded(prepared), encoded(signature)])
    assert (made["is_valid"], made["is_bent_valid"]) == (True, False)
    signed = blind_sign(key, bytes_of(made["blinded"]))
    assert blind_client.finalize(modulus, prepared, signed, int.from_bytes(bytes_of(made["inverse"]), "big"))


class Tagging:
    """A server that gives one person a key of their own, and waits for a credential that it signed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.n_signed = 0
        monkeypatch.setattr(invitations, "find_invitation", self.find)
        monkeypatch.setattr(invitations, "issue_credential", self.sign)

    def find(self, platform: Any, token: str) -> InvitationDoor:
        return InvitationDoor(find_invitation(platform, token).door, spki_of(self.key.public_key()), False)

    def sign(self, _platform: Any, _token: str, blinded: bytes) -> bytes:
        self.n_signed += 1
        return blind_sign(self.key, blinded)


def recognised(page: Page, link: str, server: Tagging) -> list[str]:
    """Go as far as the page lets; return the credentials that the server would recognise when they answer."""
    page.goto(link)
    page.get_by_role("button", name="Look at the invitation").click()
    page.locator("#door:visible, #changed:visible").wait_for()
    if page.locator("#collect").is_visible():
        page.locator("#collect").click()
        page.get_by_role("button", name="Answer now").wait_for()
    tagged = server.key.public_key()
    found = [read_credential(json.loads(record)["credential"]) for record in kept(page).values()]
    return [
        credential.text
        for credential in found
        if credential and verify(tagged, credential.message, credential.signature)
    ]


@pytest.mark.attack("T15")
def test_the_page_stops_at_a_key_that_the_mail_did_not_name(mailed, tab, monkeypatch):
    server = Tagging(monkeypatch)
    assert recognised(tab, mailed[1][0], server) == []
    assert server.n_signed == 0
    assert kept(tab) == {}
    stop = tab.locator("#changed")
    assert "Stop" in stop.inner_text()
    campaign = mailed[0]
    named = named_key(campaign.id, campaign.node("Cygnus"), spki_of(server.key.public_key()))
    assert " ".join(fingerprint_words(named)) in stop.inner_text()


class Numbering:
    """A server that keeps to the team's key, but gives one person a team number that nobody else has."""

    NUMBER = 4711

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(invitations, "find_invitation", self.find)

    def find(self, platform: Any, token: str) -> InvitationDoor:
        found = find_invitation(platform, token)
        return replace(found, door=replace(found.door, node_id=self.NUMBER))


def numbered(page: Page, link: str) -> list[str]:
    """Go as far as the page lets; return the credentials with the number that only one person was given."""
    page.goto(link)
    page.get_by_role("button", name="Look at the invitation").click()
    page.locator("#door:visible, #changed:visible").wait_for()
    if page.locator("#collect").is_visible():
        page.locator("#collect").click()
        page.get_by_role("button", name="Answer now").wait_for()
    found = [json.loads(record)["credential"] for record in kept(page).values()]
    return [credential for credential in found if credential.split(".")[1] == str(Numbering.NUMBER)]


@pytest.mark.attack("T15")
def test_the_page_stops_at_a_team_number_that_the_mail_did_not_name(mailed, tab, monkeypatch):
    Numbering(monkeypatch)
    assert numbered(tab, mailed[1][0]) == []
    assert kept(tab) == {}


@pytest.mark.leaky("T15")
def test_a_page_that_compares_the_key_alone_is_caught(live_server, mailed, tab, monkeypatch):
    token = mailed[1][0].split(".")[-2]
    link = f"{mailed[1][0].rpartition('.')[0]}.{fingerprint(find_invitation(live_server.platform, token).public_key)}"
    Numbering(monkeypatch)
    assert numbered(tab, link) == []
    without_integrity(tab, "collect.js", lambda script: script.replace("joined(context(door), spki)", "spki"))
    assert len(numbered(tab, link)) == 1


@pytest.mark.leaky("T15")
def test_a_page_that_takes_any_key_is_caught(mailed, tab, monkeypatch):
    server = Tagging(monkeypatch)
    without_integrity(
        tab, "collect.js", lambda script: script.replace("$('door') : $('changed')", "$('door') : $('door')")
    )
    assert len(recognised(tab, mailed[1][0], server)) == 1


def test_a_changed_script_does_not_run_while_the_page_names_its_hash(mailed, tab):
    tab.route(
        "**/collect.js*", lambda route: route.fulfill(body="document.title = 'altered'", content_type="text/javascript")
    )
    tab.goto(mailed[1][0])
    assert tab.title() == "Your invitation"


def spki_of(key: rsa.RSAPublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")
