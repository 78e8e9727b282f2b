"""When it does not go on: a kind page, nothing half-stored, no answer lost that need not be."""

from __future__ import annotations

import re

import pytest

from assessment.services.void_campaign import void_campaign
from tests.assessment.web.respond.conftest import ONE_DATABASE, post, visit

SOME = {"q01": "7", "q04": "1", "q25": "0", "q29": "x"}


@ONE_DATABASE
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ABCD", "and this has 4"),
        ("0000-0000-0000-0001", "seems mistyped"),
        ("<script>alert(1)</script>", "and this has 18"),
    ],
)
def test_a_mistyped_code_stays_in_its_field(client, campaign, typed, said):
    reply = client.post("/", data={"code": typed})
    page = reply.get_data(as_text=True)
    assert reply.status_code == 404
    assert said in page
    assert "<script" not in page
    assert typed.replace("<", "&lt;").replace(">", "&gt;") in page


@ONE_DATABASE
def test_no_code_at_all_asks_for_one(client, campaign):
    assert client.post("/", data={"lang": "en"}).status_code == 404
    assert client.post("/answer", data={"q01": "1"}).status_code == 404


@ONE_DATABASE
def test_a_well_formed_code_of_no_open_campaign_is_told_apart(client):
    reply = client.get("/a/0000-0000-0000-0000")
    assert reply.status_code == 404
    assert "newer cards were printed" in reply.get_data(as_text=True)


@ONE_DATABASE
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"q01": "9"}, "question 1"),
        ({"q04": "0"}, "question 4"),
        ({"q25": "5"}, "question 25"),
        ({"q02": "12"}, "question 2"),
        ({"q05": ""}, "question 5"),
        ({"q03": "²"}, "question 3"),
        ({"q30": "1"}, "the whole form"),
        ({"answers": "77"}, "the whole form"),
    ],
)
def test_values_that_the_form_does_not_offer_are_refused_and_the_rest_is_kept(
    client, campaign, code, n_stored, values, said
):
    form = visit(client, f"/a/{code}")
    page = post(client, form.filled("send", **{"q10": "3"} | values), status=400)
    assert said in page.text
    assert n_stored(campaign) == 0
    if "answers" not in values:
        assert page.fields["q10"] == "3"


@ONE_DATABASE
def test_two_values_for_one_question_are_refused(client, campaign, code, n_stored):
    form = visit(client, f"/a/{code}")
    body = {**form.filled("send"), "q01": ["1", "2"]}
    assert client.post("/answer", data=body).status_code == 400
    assert n_stored(campaign) == 0


@ONE_DATABASE
@pytest.mark.parametrize("step", ["review", "send"])
def test_an_empty_form_uses_up_no_card(client, campaign, code, n_stored, step):
    page = post(client, visit(client, f"/a/{code}").filled(step), status=400)
    assert "nothing to send" in page.text
    assert n_stored(campaign) == 0


@ONE_DATABASE
def test_an_oversized_body_and_another_content_type_get_a_page(client, campaign, code):
    body = visit(client, f"/a/{code}").filled("send", q01="1")
    large = client.post("/answer", data=body | {"q02": "1" * 40_000})
    assert large.status_code == 413
    assert "Nothing was stored" in large.get_data(as_text=True)
    for reply in (
        client.post("/answer", json=body),
        client.post("/answer", data=b"\xff\xfe", content_type="text/plain"),
        client.post("/answer", data=body, content_type="multipart/form-data"),
    ):
        assert reply.status_code == 415
        assert "<h1>" in reply.get_data(as_text=True)


@ONE_DATABASE
def test_an_entry_that_is_none_is_not_looked_up(client, campaign):
    for body in ({"link": "a b", "nonce": "n" * 20}, {"link": "x" * 20}, {"link": "x" * 20, "nonce": "y" * 99}):
        assert client.post("/answer", data=body | {"q01": "1", "to": "send"}).status_code == 404


def test_the_closing_time_passes_while_somebody_answers(client, clock, campaign, code, n_stored):
    form = visit(client, f"/a/{code}")
    review = post(client, form.filled("review", **SOME))
    clock.set(campaign.view.closes_at)
    page = post(client, review.filled("send"), status=410)
    assert "passed while you were answering" in page.text
    assert "nothing of it was stored, not even half" in page.text
    assert n_stored(campaign) == 0


@ONE_DATABASE
def test_a_card_after_the_closing_time_says_that_it_has_closed(client, clock, campaign, code):
    clock.set(campaign.view.closes_at)
    reply = client.get(f"/a/{code}")
    assert reply.status_code == 410
    assert "takes no more answers" in reply.get_data(as_text=True)


def test_a_campaign_is_voided_while_somebody_answers(client, platform, clock, cast, campaign, code):
    review = post(client, visit(client, f"/a/{code}").filled("review", **SOME))
    void_campaign(platform, cast.operator, campaign.id)
    page = post(client, review.filled("send"), status=404)
    assert "was not counted" in page.text
    assert client.get(f"/result/{campaign.sheets['Atlas'].reading_key}").status_code == 404


def test_an_open_link_of_a_voided_campaign_opens_nothing(client, platform, cast, open_link):
    path = f"/l/{open_link.link('Atlas')}"
    form = visit(client, path)
    void_campaign(platform, cast.operator, open_link.id)
    assert client.get(path).status_code == 404
    assert "was not counted" in post(client, form.filled("send", **SOME), status=404).text


def test_a_server_error_loses_no_answer_and_the_card_stays_good(app, client, campaign, code, n_stored, monkeypatch):
    from assessment.storage import ballots

    review = post(client, visit(client, f"/a/{code}").filled("review", **SOME))
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    with monkeypatch.context() as broken:
        broken.setattr(ballots, "add", lambda *_args, **_more: 1 / 0)
        page = post(client, review.filled("send"), status=500)
    assert "Nothing is lost" in page.text
    assert page.fields["answers"] == review.fields["answers"]
    assert n_stored(campaign) == 0
    assert client.post("/answer", data=page.fields).status_code == 303
    assert n_stored(campaign) == 1


@ONE_DATABASE
def test_a_database_that_is_away_loses_no_answer(app, client, code, monkeypatch):
    from assessment.storage import places

    body = visit(client, f"/a/{code}").filled("review", **SOME)
    with monkeypatch.context() as broken:
        broken.setattr(places, "of_card", lambda *_: 1 / 0)
        page = post(client, body | {"strange": "<b>"}, status=500)
        assert client.get(f"/a/{code}").status_code == 500
    assert page.fields == body
    assert "Is this right?" in post(client, page.fields).text


@ONE_DATABASE
def test_an_error_is_logged_without_code_answers_or_its_own_words(app, client, code, monkeypatch, caplog):
    from assessment.storage import places

    def fail(*_):
        raise RuntimeError(f"could not find {code}")

    body = visit(client, f"/a/{code}").filled("review", **SOME)
    monkeypatch.setattr(places, "of_card", fail)
    client.post("/answer", data=body)
    client.get(f"/a/{code}")
    assert "RuntimeError" in caplog.text
    for secret in (code, code.replace("-", ""), "could not find", "/answer", "/a/", "127.0.0.1"):
        assert secret not in caplog.text


@ONE_DATABASE
@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_other_methods_get_a_page(client, method):
    reply = getattr(client, method)("/answer")
    assert reply.status_code == 405
    assert re.search("<h1", reply.get_data(as_text=True))


@ONE_DATABASE
@pytest.mark.parametrize("path", ["/thanks/none", "/result/none", "/l/none"])
def test_unknown_keys_and_links_get_a_page(client, path):
    assert client.get(path).status_code == 404


def test_a_key_that_is_not_in_its_place_loses_no_answer(client, platform, campaign, code, n_stored):
    body = visit(client, f"/a/{code}").filled("send", **SOME)
    away = platform.settings.key_directory.with_name("away")
    platform.settings.key_directory.rename(away)
    assert client.get(f"/a/{code}").status_code == 503
    page = post(client, body, 503)
    assert {name: page.fields[name] for name in SOME} == SOME
    assert n_stored(campaign) == 0
    away.rename(platform.settings.key_directory)
    assert client.post("/answer", data=page.filled("send")).status_code == 303
    assert n_stored(campaign) == 1
