"""The role: asked last and only where a coach chose so, left out unless somebody chooses, and counted nowhere."""

from __future__ import annotations

import re

import pytest

from assessment.domain import ballots
from assessment.services import submit_ballot
from questionnaires.answers import decode
from questionnaires.loader import USUAL, WITH_ROLE
from tests import builders
from tests.assessment.web.respond.browsing import read
from tests.assessment.web.respond.conftest import ONE_DATABASE, post, visit

pytestmark = ONE_DATABASE
SOME = {"q01": "7", "q04": "1", "q25": "0", "q29": "x"}
NONE, LEADING = "-", "4"


@pytest.fixture
def asking(platform, cast):
    """An open campaign that asks for the role."""
    return builders.opened(platform, cast, instruments=(*USUAL, WITH_ROLE))


@pytest.fixture
def form(client, asking):
    return visit(client, f"/a/{asking.codes('Atlas')[0]}")


def test_it_is_not_asked_unless_a_coach_chose_it(client, code):
    page = visit(client, f"/a/{code}")
    assert "q30" not in page.offered
    assert "only one of your role" not in page.text
    assert "Your role" not in page.text


def test_it_comes_last_and_is_no_question_of_those_that_are_counted(form):
    assert form.offered["q30"] == ["1", "2", "3", "4", NONE]
    assert form.legends == 30
    assert list(form.offered)[-1] == "q30"
    for words in ("29 questions", "about 7 minutes", "29 of 29", "section 11 of 11", "Your role optional"):
        assert words in form.text
    assert "of 30" not in form.text


def test_it_says_what_becomes_of_it_and_that_leaving_it_out_costs_nothing(form):
    asked = form.text.partition("Your role optional")[2]
    assert "Shown only for the whole organisation, as one rounded average per role and aspect" in asked
    assert "from at least ten answers in three teams. Leaving it out costs nothing." in asked


def test_a_larger_reporting_size_holds_for_roles_too(client, platform, cast):
    campaign = builders.opened(platform, cast, instruments=(*USUAL, WITH_ROLE), reporting_size=15)
    assert "compares roles, from 15 answers in 3 teams on" in visit(client, f"/a/{campaign.codes('Atlas')[0]}").text


def test_nothing_is_chosen_until_somebody_chooses_and_a_choice_can_be_taken_back(client, form):
    assert {name: form.fields[name] for name in form.offered if name in form.fields} == {"q30": NONE}
    review = post(client, form.filled("review", **SOME, q30=LEADING))
    assert "You answered 4 of 29 questions" in review.text
    assert "Leading Change Your role" in review.text
    again = post(client, review.filled("change"))
    assert again.fields["q30"] == LEADING
    review = post(client, again.filled("review", q30=NONE))
    assert "not said Change Your role" in review.text
    assert review.fields["answers"].endswith(NONE)


def test_the_change_button_and_the_contents_lead_to_it(client, form):
    html = client.post("/answer", data=form.filled("review", **SOME)).get_data(as_text=True)
    assert re.findall(r'formaction="#(q\d\d)"', html)[-1] == "q30"
    assert "#s30" in form.addresses


def test_it_travels_through_the_other_language(client, form):
    german = post(client, form.filled("lang-de", **SOME, q30=LEADING))
    assert german.fields["q30"] == LEADING
    assert "Leiten" in post(client, german.filled("review")).text


@pytest.mark.parametrize(("chosen", "sealed"), [(LEADING, 4), ("1", 1), (NONE, None)])
def test_it_is_sealed_as_it_was_given(client, asking, form, monkeypatch, chosen, sealed):
    seen = []

    def watch(coded, *rest):
        seen.append(decode(coded, asking.questionnaire))
        return ballots.seal(coded, *rest)

    monkeypatch.setattr(submit_ballot, "seal", watch)
    review = post(client, form.filled("review", **SOME, q30=chosen))
    assert client.post("/answer", data=review.filled("send")).status_code == 303
    assert [given.get("role") for given in seen] == [sealed]
    assert len(seen[0]) == 4 + (sealed is not None)


@pytest.mark.parametrize("step", ["review", "send"])
def test_a_role_alone_is_no_answer(client, form, step):
    page = post(client, form.filled(step, q30=LEADING), status=400)
    assert "Nothing is answered yet" in page.text
    assert page.fields["q30"] == LEADING


@pytest.mark.parametrize("value", ["x", "0", "5"])
def test_what_is_not_offered_is_refused_by_its_name(client, form, value):
    reply = client.post("/answer", data=form.filled("review", **SOME, q30=value))
    assert reply.status_code == 400
    page = read(reply.get_data(as_text=True))
    assert "Please look again at: Your role" in page.text
    assert {name: page.fields[name] for name in SOME} == SOME


def test_what_is_sent_for_the_review_is_as_long_whatever_the_role_is(form):
    bodies = {
        sum(len(name) + len(value) for name, value in form.filled("review", **SOME, **role).items())
        for role in ({}, {"q30": NONE}, {"q30": "1"}, {"q30": LEADING})
    }
    assert len(bodies) == 1


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
@pytest.mark.parametrize("step", ["review", "change", "lang-de"])
def test_what_comes_back_is_as_long_whatever_the_role_is(client, form, encoding, step):
    lengths = {
        len(
            client.post("/answer", data=form.filled(step, **SOME, q30=role), headers={"Accept-Encoding": encoding}).data
        )
        for role in form.offered["q30"]
    }
    assert len(lengths) == 1


@pytest.mark.parametrize("path", ["/a/%s", "/trust"])
def test_the_risk_of_team_and_role_together_is_named(client, asking, path):
    path = path % asking.codes("Atlas")[0] if "%" in path else path
    assert "it lies in your sealed ballot beside your team" in visit(client, path).text
