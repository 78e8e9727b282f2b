"""From the card or the link to "thank you", as a browser without scripts walks it."""

from __future__ import annotations

import re

from tests.assessment.web.respond.browsing import read
from tests.assessment.web.respond.conftest import ONE_DATABASE, post, visit

ALL = {f"q{number:02}": "2" for number in range(1, 30)}
SOME = {"q01": "7", "q04": "1", "q25": "0", "q29": "x"}


def test_a_card_is_answered_reviewed_changed_and_sent(client, campaign, code, n_stored):
    form = visit(client, f"/a/{code}")
    assert form.legends == 29
    assert not set(form.fields) & set(form.offered), "nothing may be chosen beforehand"
    review = post(client, form.filled("review", **SOME))
    assert "You answered 4 of 29 questions" in review.text
    assert "7 · strongly agree" in review.text
    again = post(client, review.filled("change"))
    assert {name: again.fields.get(name) for name in again.offered if name in again.fields} == SOME
    review = post(client, again.filled("review", q02="3"))
    assert n_stored(campaign) == 0
    reply = client.post("/answer", data=review.filled("send"))
    assert reply.status_code == 303
    assert n_stored(campaign) == 1
    thanks = visit(client, reply.headers["Location"])
    key = campaign.sheets["Atlas"].reading_key
    assert "15 September 2026, 11:00 CEST" in thanks.text
    assert key in thanks.text
    assert any(address.startswith(f"/result/{key}") for address in thanks.addresses)


def test_a_typed_code_opens_the_form_as_people_type_it(client, campaign, code):
    page = client.post("/", data={"code": f" {code.lower().replace('-', ' ')} "}).get_data(as_text=True)
    assert read(page).fields["code"] == code.replace("-", "")


def test_all_answers_arrive_as_they_were_given(client, platform, clock, campaign, monkeypatch):
    from assessment.domain import ballots
    from assessment.services import submit_ballot
    from questionnaires.answers import decode

    seen = []

    def watch(coded, *rest):
        seen.append(decode(coded, campaign.questionnaire))
        return ballots.seal(coded, *rest)

    monkeypatch.setattr(submit_ballot, "seal", watch)
    chosen = {}
    for number, question in enumerate(campaign.questionnaire.questions, start=1):
        values = [*range(question.lowest, question.highest + 1), None]
        chosen[question.key] = values[number % len(values)]
    form = visit(client, f"/a/{campaign.codes('Atlas')[0]}")
    values = ["x" if value is None else str(value) for value in chosen.values()]
    filled = dict(zip(sorted(form.offered), values, strict=True))
    review = post(client, form.filled("review", **filled))
    assert client.post("/answer", data=review.filled("send")).status_code == 303
    assert seen == [chosen]


def test_an_open_link_counts_a_double_click_once_and_a_new_form_again(client, open_link, n_stored):
    path = f"/l/{open_link.link('Atlas')}"
    form = visit(client, path)
    assert "This is an open link." in form.text
    review = post(client, form.filled("review", **ALL))
    replies = [client.post("/answer", data=review.filled("send")) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [303, 303]
    assert replies[0].headers["Location"] == replies[1].headers["Location"]
    assert n_stored(open_link) == 1
    other = visit(client, path)
    assert other.fields["nonce"] != form.fields["nonce"]
    client.post("/answer", data=other.filled("send", **ALL))
    assert n_stored(open_link) == 2


def test_sending_a_card_twice_counts_once_and_says_so(client, campaign, code, n_stored):
    form = visit(client, f"/a/{code}")
    assert client.post("/answer", data=form.filled("send", **ALL)).status_code == 303
    page = post(client, form.filled("send", **ALL), status=409)
    assert "If this was you, your answer is in" in page.text
    assert n_stored(campaign) == 1
    assert client.get(f"/a/{code}").status_code == 409


@ONE_DATABASE
def test_the_language_switches_on_the_form_and_on_the_review_without_losing_answers(client, code):
    form = visit(client, f"/a/{code}")
    german = post(client, form.filled("lang-de", **SOME))
    assert "Vor der ersten Frage" in german.text
    assert {name: german.fields[name] for name in SOME} == SOME
    review = post(client, german.filled("review"))
    assert "Stimmt es so?" in review.text
    english = post(client, review.filled("lang-en"))
    assert "Is this right?" in english.text
    assert english.fields["answers"] == review.fields["answers"]
    reply = client.post("/answer", data=post(client, english.filled("lang-de")).filled("send"))
    assert "Danke." in client.get(reply.headers["Location"]).get_data(as_text=True)


@ONE_DATABASE
def test_the_browsers_language_is_the_first_one(client, code):
    assert "Vor der ersten Frage" in visit(client, f"/a/{code}", language="de-AT,de;q=0.9,en;q=0.5").text
    assert "Before the first question" in visit(client, f"/a/{code}?lang=en", language="de").text


@ONE_DATABASE
def test_the_enter_key_reviews_instead_of_switching_the_language(client, code):
    form = visit(client, f"/a/{code}")
    assert next(value for name, value in form.buttons if name == "to") == "review"


@ONE_DATABASE
def test_each_change_button_leads_to_its_question(client, code):
    html = client.post("/answer", data=visit(client, f"/a/{code}").filled("review", **SOME)).get_data(as_text=True)
    places = re.findall(r'formaction="#(q\d\d)"', html)
    assert places == [f"q{number:02}" for number in range(1, 30)]


def test_the_result_waits_for_the_closing_time_and_then_is_there(client, platform, clock, cast, campaign):
    from assessment.services.close_campaign import close_campaign
    from tests import builders

    path = f"/result/{campaign.sheets['Atlas'].reading_key}"
    assert "from 15 September 2026, 11:00 CEST on" in visit(client, path).text
    builders.answer(platform, campaign, "Atlas")
    clock.set(campaign.view.closes_at)
    assert "about to be counted" in visit(client, path).text
    close_campaign(platform, campaign.id)
    reply = client.get(path)
    page = reply.get_data(as_text=True)
    assert reply.status_code == 200
    assert "Atlas" in page
    assert "<script" not in page
    nonce = re.search(r"style-src 'nonce-([^']+)'", reply.headers["Content-Security-Policy"])
    assert nonce is not None
    assert f'<style nonce="{nonce[1]}"' in page


def test_a_team_below_the_reporting_size_has_a_result_page_that_says_why(client, platform, clock, campaign):
    from assessment.services.close_campaign import close_campaign
    from tests import builders

    builders.answer(platform, campaign, "Borealis")
    builders.answer(platform, campaign, "Atlas")
    clock.set(campaign.view.closes_at)
    close_campaign(platform, campaign.id)
    assert "Borealis" in visit(client, f"/result/{campaign.sheets['Borealis'].reading_key}").text


@ONE_DATABASE
def test_no_link_leads_away_from_answers_in_this_tab(client, campaign, code):
    form = client.get(f"/a/{code}").get_data(as_text=True)
    review = client.post("/answer", data=read(form).filled("review", **SOME)).get_data(as_text=True)
    for page in (form, review):
        assert all('href="#' in tag or "target=_blank" in tag for tag in re.findall(r"<a [^>]*>", page))
