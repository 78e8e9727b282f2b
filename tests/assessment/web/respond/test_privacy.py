"""The door leaves no cookie, loads nothing from elsewhere, logs nothing, and its lengths say nothing."""

from __future__ import annotations

import pytest
from flask import session

from assessment.web.respond import wire
from questionnaires.loader import USUAL, WITH_ROLE
from tests import builders
from tests.assessment.web.respond.browsing import read
from tests.assessment.web.respond.conftest import ONE_DATABASE, visit

pytestmark = ONE_DATABASE
ANSWERS = {f"q{number:02}": "2" for number in range(1, 30)}


@pytest.fixture
def replies(client, campaign, code):
    """One reply of every kind that the door gives."""
    form = visit(client, f"/a/{code}")
    sent = client.post("/answer", data=form.filled("send", **ANSWERS))
    key = campaign.sheets["Atlas"].reading_key
    other = visit(client, f"/a/{campaign.codes('Atlas')[1]}")
    return {
        "index": client.get("/"),
        "form": client.get(f"/a/{campaign.codes('Atlas')[1]}"),
        "typed": client.post("/", data={"code": campaign.codes("Atlas")[1]}),
        "mistyped": client.post("/", data={"code": "?"}),
        "review": client.post("/answer", data=other.filled("review", **ANSWERS)),
        "change": client.post("/answer", data=other.filled("change", **ANSWERS)),
        "refused": client.post("/answer", data=other.filled("send", q01="9")),
        "empty": client.post("/answer", data=other.filled("send")),
        "sent": sent,
        "thanks": client.get(sent.headers["Location"]),
        "spent": client.post("/answer", data=form.filled("send", **ANSWERS)),
        "result": client.get(f"/result/{key}"),
        "trust": client.get("/trust"),
        "unknown link": client.get("/l/none"),
        "too large": client.post("/answer", data={"q01": "1" * 50_000}),
        "wrong type": client.post("/answer", json={}),
        "style": client.get("/door/respond.css", buffered=True),
        "nothing": client.get("/nothing"),
        "wrong method": client.get("/answer"),
    }


def test_no_reply_sets_a_cookie_or_reveals_an_address(replies):
    for name, reply in replies.items():
        assert "Set-Cookie" not in reply.headers, name
        assert reply.headers["Referrer-Policy"] == "no-referrer", name
        assert reply.headers["X-Content-Type-Options"] == "nosniff", name
        expected = "public" if name == "style" else "no-store"
        assert expected in reply.headers["Cache-Control"], name


def test_the_policy_allows_our_own_style_pictures_and_forms_only(replies):
    for name, reply in replies.items():
        if name in {"nothing", "wrong method"}:
            assert "default-src 'none'" in reply.headers["Content-Security-Policy"], name
        else:
            assert reply.headers["Content-Security-Policy"] == wire.policy(), name


def test_pages_hold_no_script_no_inline_style_and_nothing_from_elsewhere(replies):
    for name, reply in replies.items():
        if reply.mimetype != "text/html":
            continue
        page = read(reply.get_data(as_text=True))
        assert "script" not in page.tags, name
        assert not {attribute for attribute in page.attributes if attribute.startswith("on")}, name
        assert "style" not in page.attributes | page.tags, name
        outside = [link for link in page.addresses if not link.startswith(("/", "#", "?"))]
        assert not outside, name
        assert all(link.startswith("/") for link in page.loaded), name


def test_the_stylesheet_loads_nothing(client):
    css = client.get("/door/respond.css", buffered=True).get_data(as_text=True)
    assert "url(" not in css
    assert "@import" not in css


def test_nothing_is_logged(replies, caplog):
    assert [record for record in caplog.records if record.name.startswith("assessment")] == []


def test_forms_ask_the_browser_to_remember_nothing(client, code):
    html = client.get(f"/a/{code}").get_data(as_text=True)
    assert html.count("<form") == html.count("autocomplete=off")


def test_what_is_sent_has_one_length_whatever_was_answered(client, campaign):
    bodies = set()
    for code, answers in zip(campaign.codes("Atlas"), ({"q01": "x"}, ANSWERS, {"q29": "0", "q18": "7"}), strict=False):
        form = visit(client, f"/a/{code}")
        review = read(client.post("/answer", data=form.filled("review", **answers)).get_data(as_text=True))
        bodies.add(sum(len(name) + len(value) + 2 for name, value in review.filled("send").items()))
    assert len(bodies) == 1


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
@pytest.mark.parametrize("step", ["review", "change", "lang-de"])
def test_what_comes_back_has_one_length_whatever_was_answered(client, code, encoding, step):
    form = visit(client, f"/a/{code}")
    lengths = set()
    for offset in range(7):
        answers = {
            name: values[(offset + number) % len(values)] for number, (name, values) in enumerate(form.offered.items())
        }
        reply = client.post("/answer", data=form.filled(step, **answers), headers={"Accept-Encoding": encoding})
        lengths.add(len(reply.data))
    assert len(lengths) == 1


def test_there_is_no_session_to_use(app):
    with app.test_request_context("/answer"), pytest.raises(RuntimeError, match="session"):
        session["answers"] = "77"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("instruments", [USUAL, (*USUAL, WITH_ROLE)], ids=["usual", "with the role"])
def test_a_whole_visit_stays_within_its_budget(client, platform, cast, language, instruments):
    """60 kB, 20 kB compressed: the form with its style and mark, the review, and the thanks."""
    campaign = builders.opened(platform, cast, instruments=instruments)
    code = campaign.codes("Atlas")[0]

    def visit_all(encoding: str) -> int:
        given = {"Accept-Encoding": encoding, "Accept-Language": language}
        plain = client.get(f"/a/{code}", headers={"Accept-Language": language})
        page = read(plain.get_data(as_text=True))
        total = len(client.get(f"/a/{code}", headers=given).data)
        total += sum(len(client.get(address, headers=given, buffered=True).data) for address in page.loaded)
        total += len(client.post("/answer", data=page.filled("review", **ANSWERS), headers=given).data)
        return total + len(client.get(f"/thanks/{campaign.sheets['Atlas'].reading_key}", headers=given).data)

    assert visit_all("identity") <= 60_000
    assert visit_all("gzip") <= 20_000
