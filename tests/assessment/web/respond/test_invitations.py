"""The invited person's page and the two requests of its script, without a browser."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re

import pytest
from cryptography.hazmat.primitives.serialization import load_der_public_key

from assessment.domain.blind_signatures import verify
from assessment.domain.credentials import Credential, context, decoded, encoded, fingerprint, named_key
from assessment.services.void_campaign import void_campaign
from tests import builders
from tests.anonymity import blind_client
from tests.assessment.web.respond.browsing import read
from tests.assessment.web.respond.conftest import ONE_DATABASE, visit

SOME = {"q01": "7", "q04": "1", "q29": "x"}


@pytest.fixture
def campaign(platform, cast):
    return builders.opened(platform, cast, way="email")


@pytest.fixture
def tokens(platform, campaign):
    return builders.invited(platform, campaign, "Atlas")


@pytest.fixture
def credential(platform, campaign):
    return builders.credential(platform, campaign, "Atlas")


def door(client, token, status=200):
    reply = client.post("/e/door", data={"token": token, "lang": "en"})
    assert reply.status_code == status, reply.get_data(as_text=True)
    return reply.get_json()


def collect(client, token, blinded, status=200):
    reply = client.post("/e/collect", data={"token": token, "blinded": encoded(blinded), "lang": "en"})
    assert reply.status_code == status, reply.get_data(as_text=True)
    return reply.get_json()


def blinded_for(told):
    key = blind_client.Modulus.of(decoded(told["key"]))
    nonce = bytes(range(32))
    prepared = blind_client.prepare(context(told["campaign"], told["node"]) + nonce)
    return key, prepared, nonce, blind_client.blind(key, prepared)


@ONE_DATABASE
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_is_the_same_for_everybody_who_reads_a_language(client, campaign, language):
    pages = {
        client.get(f"/e/{language}{more}", headers=headers).data
        for more in ("", "?lang=en", "?lang=de", "?token=x")
        for headers in ({"Accept-Language": "de"}, {"Accept-Language": "fr", "User-Agent": "scanner", "Cookie": "a=b"})
    }
    assert len(pages) == 1
    assert f"<html lang={language}>" in pages.pop().decode()


@ONE_DATABASE
def test_only_this_page_may_run_scripts_and_names_the_hash_of_each(client, campaign):
    reply = client.get("/e/en")
    assert "script-src 'self'; connect-src 'self';" in reply.headers["Content-Security-Policy"]
    scripts = re.findall(
        r'<script type=module id="[^"]+" src="([^"]+)" integrity="sha384-([^"]+)"></script>', reply.text
    )
    assert len(scripts) == reply.text.count("<script") == 2
    for address, named in scripts:
        for encoding in ("identity", "gzip"):
            script = client.get(address, headers={"Accept-Encoding": encoding}, buffered=True)
            body = gzip.decompress(script.data) if encoding == "gzip" else script.data
            assert base64.b64encode(hashlib.sha384(body).digest()).decode() == named
    assert "script-src" not in client.get("/trust").headers["Content-Security-Policy"]


@ONE_DATABASE
def test_without_javascript_the_page_says_what_to_do(client, campaign):
    page = client.get("/e/en").text
    noscript = re.findall(r"<noscript>(.*?)</noscript>", page, re.DOTALL)
    assert "Switch JavaScript on" in noscript[0]
    assert "printed cards" in noscript[0]
    assert client.get("/e/xx").status_code == 404


def test_a_token_opens_the_invitation_and_collects_one_credential(client, platform, campaign, tokens):
    told = door(client, tokens[0])
    assert (told["team"], told["quarter"], told["invited"]) == ("Atlas", "2026-Q3", "12 people")
    assert len(told["roster"]) == 12
    assert told["collected"] is False
    link = builders.invitation_link(platform, campaign, "Atlas", tokens[0])
    named = named_key(told["campaign"], told["node"], decoded(told["key"]))
    assert link.endswith(f"#t.{tokens[0]}.{fingerprint(named)}")
    key, prepared, nonce, blinding = blinded_for(told)
    signed = collect(client, tokens[0], blinding.blinded)["signature"]
    assert collect(client, tokens[0], blinding.blinded)["signature"] == signed, "a lost reply is sent again"
    assert door(client, tokens[0])["collected"] is True
    other = blinded_for(told)[3].blinded
    assert "collected already" in collect(client, tokens[0], other, 409)["problem"]
    signature = blind_client.finalize(key, prepared, decoded(signed), blinding.inverse)
    assert verify(load_der_public_key(decoded(told["key"])), prepared, signature)
    made = Credential(told["campaign"], told["node"], prepared[:32], nonce, signature)
    assert client.post("/answer", data={"credential": made.text, "to": "form"}).status_code == 200


@ONE_DATABASE
def test_refusals_are_sentences_with_a_status(client, platform, clock, cast, campaign, tokens, app):
    blinded = blinded_for(door(client, tokens[0]))[3].blinded
    assert "opens nothing" in door(client, "x" * 22, 404)["problem"]
    assert "opens nothing" in door(client, "no token", 404)["problem"]
    assert "blinded message" in collect(client, tokens[0], bytes(256), 400)["problem"]
    garbled = client.post("/e/collect", data={"token": tokens[0], "blinded": "***", "lang": "en"})
    assert garbled.status_code == 400
    assert "collect once more" in garbled.get_json()["problem"]
    assert client.post("/e/door", json={"token": tokens[0]}).get_json()["problem"]
    german = client.post("/e/door", data={"token": "x" * 22, "lang": "de"})
    assert german.status_code == 404
    assert client.get("/e/door").status_code in {404, 405}
    clock.set(campaign.view.closes_at)
    assert door(client, tokens[0], 410)["problem"]
    assert collect(client, tokens[0], blinded, 410)["problem"]
    void_campaign(platform, cast.operator, campaign.id)
    assert door(client, tokens[0], 404)["problem"]


@ONE_DATABASE
def test_an_unexpected_error_is_a_sentence_too(app, client, campaign, tokens, monkeypatch):
    from assessment.web.respond import invitations

    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    monkeypatch.setattr(invitations, "find_invitation", lambda *_: 1 / 0)
    assert "not your fault" in door(client, tokens[0], 500)["problem"]


@ONE_DATABASE
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_replies_have_one_length_whatever_they_say(client, platform, campaign, tokens, encoding):
    given = {"headers": {"Accept-Encoding": encoding}}
    told = door(client, tokens[0])
    blinded = encoded(blinded_for(told)[3].blinded)
    small = builders.invited(platform, campaign, "Borealis")[0]
    lengths = [
        len(client.post(path, data={"token": token, "blinded": sent, "lang": language}, **given).data)
        for path, token, sent in (
            ("/e/door", tokens[0], ""),
            ("/e/door", small, ""),
            ("/e/door", "x" * 22, ""),
            ("/e/collect", tokens[0], blinded),
            ("/e/collect", tokens[0], encoded(bytes(256))),
            ("/e/collect", "x" * 22, blinded),
        )
        for language in ("en", "de")
    ]
    assert set(lengths) == {2048 if encoding == "gzip" else 4096}


def test_a_credential_answers_like_a_card(client, campaign, credential, platform):
    opening = client.post("/answer", data={"credential": credential.text, "lang": "en", "to": "form"})
    form = read(opening.text)
    assert form.fields["credential"] == credential.text
    assert "Your credential is stored nowhere" in form.text
    assert "your card" not in form.text
    assert "script" not in form.tags
    german = client.post("/answer", data=form.filled("lang-de", **SOME))
    assert "lang=de" in german.text
    assert read(german.text).fields["q01"] == "7"
    review = read(client.post("/answer", data=form.filled("review", **SOME)).text)
    sent = client.post("/answer", data=review.filled("send"))
    assert sent.status_code == 303
    assert sent.headers["Clear-Site-Data"] == '"cache"'
    assert credential.text not in sent.headers["Location"]
    thanks = client.get(sent.headers["Location"])
    assert thanks.text.count("<script") == 1
    assert "erase.js" in thanks.text
    assert "script-src 'self'" in thanks.headers["Content-Security-Policy"]
    again = client.post("/answer", data=review.filled("send"))
    assert again.status_code == 409
    assert "erase.js" in again.text


@ONE_DATABASE
def test_a_credential_that_is_none_reads_one_page_whatever_is_wrong(client, platform, cast, campaign, credential):
    other = builders.credential(platform, campaign, "Borealis")
    head, node, content = credential.text.split(".")
    bent = content[:-4] + ("AAAA" if content[-4:] != "AAAA" else "BBBB")
    wrong = [
        "",
        "nonsense",
        f"{head}.{node}.{content[:-8]}",
        f"{head}.{node}.{bent}",
        f"{head}.{other.node_id}.{content}",
        f"99.{node}.{content}",
        f"{head}.99.{content}",
    ]
    replies = [client.post("/answer", data={"credential": text, "to": "send", **SOME}) for text in wrong]
    assert {reply.status_code for reply in replies} == {403}
    assert len({reply.data for reply in replies}) == 1
    assert "This credential opens nothing" in replies[0].text


@ONE_DATABASE
def test_the_small_team_is_told_before_it_collects(client, platform, campaign):
    token = builders.invited(platform, campaign, "Borealis")[0]
    assert "no result of its own" in door(client, token)["small"]


@ONE_DATABASE
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_visit_that_collects_stays_within_its_budget(client, platform, campaign, tokens, language):
    """60 kB, 20 kB compressed: the page, its style, mark and scripts, and both replies."""

    def visit_all(encoding: str) -> int:
        given = {"Accept-Encoding": encoding}
        page = visit(client, f"/e/{language}", language)
        told = door(client, tokens[0])
        body = {"token": tokens[0], "blinded": encoded(blinded_for(told)[3].blinded)}
        total = len(client.get(f"/e/{language}", headers=given).data)
        total += sum(len(client.get(address, headers=given, buffered=True).data) for address in page.loaded)
        total += len(client.post("/e/door", data=body, headers=given).data)
        return total + len(client.post("/e/collect", data=body, headers=given).data)

    assert visit_all("identity") <= 60_000
    assert visit_all("gzip") <= 20_000
