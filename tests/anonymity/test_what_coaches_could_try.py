"""Promise: what a coach could try by arranging teams, people and cards is impossible, or said before it is answered.

A coach knows answers that they made up themselves, and may ask the same people in several teams. Both end in the same
sum: published counts, minus what is known, is what the others answered. Within a quarter no arrangement of teams leaves
fewer than five people over. What remains possible is stated on the page before the first question, and tested as such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import pytest
from flask.testing import FlaskClient

from assessment.domain.errors import SamePeople
from assessment.services.build_report import released_team
from assessment.services.close_campaign import close_campaign
from assessment.services.find_door import card_door
from assessment.services.import_organisation import import_organisation
from assessment.services.organisation import get_organisation
from assessment.services.platform import Platform
from assessment.services.submit_ballot import submit_ballot
from reports.canonical import to_json
from reports.languages import language, phrase
from tests import builders
from tests.anonymity.leaks_doors import a_lower_size_of_open_links, copies_asked, only_pairs_compared, rosters_hidden
from tests.builders import Cast, Opened
from tests.conftest import Clock

MANY = 17
Counts = dict[str, Counter[str]]

MADE_UP = phrase(
    "Whoever knows all other answers, by making people up or answering for others, can subtract them and read yours. "
    "Look at who is invited, and later at how many answered."
)
MOVED = phrase("The same holds when people leave or change teams, and when teams are split, merged or renamed.")
TWICE = phrase("A name that nobody knows may be made up; one that stands here twice may answer twice.")
PRINTED = phrase(
    "Whoever printed the cards could note the codes, see which of them are used, and fill in cards that nobody drew. "
    "Draw yours yourself, from a shuffled pile."
)
LINK = phrase("Whoever sends %(n)s answers of their own beside yours can still subtract them, and read yours.")


def level_of(person: int) -> float:
    """Return how somebody answers, each time alike."""
    return (person * 5 % 7) / 6


def published(platform: Platform, cast: Cast, team_id: int, quarter: str) -> Counts:
    """Return the exact counts of every item that a team's report shows."""
    report = to_json(released_team(platform, cast.hedy, team_id, quarter))
    return {
        item: Counter(answers["histogram"])
        for aspect in report["aspects"].values()
        for item, answers in aspect.get("items", {}).items()
        if answers.get("histogram")
    }


def left_over(whole: Counts, parts: Iterable[Counts]) -> dict[str, str]:
    """Subtract; return by item the one answer that is left, where exactly one is."""
    found = {}
    rest = {item: Counter(counts) for item, counts in whole.items()}
    for part in parts:
        for item, counts in rest.items():
            counts.subtract(part.get(item, Counter()))
    for item, counts in rest.items():
        if sum(counts.values()) == 1 and min(counts.values()) >= 0:
            found[item] = next(value for value, n in counts.items() if n)
    return found


def truth(campaign: Opened, level: float) -> dict[str, str]:
    """Return what somebody of this level answered to the items."""
    return {
        question.key.partition(":")[2]: str(builders.value_of(question, level))
        for question in campaign.questionnaire.questions
        if question.kind == "item"
    }


def known(campaign: Opened, levels: Sequence[float]) -> Counts:
    """Return the counts of answers that the attacker gave themselves."""
    found: Counts = {}
    for level in levels:
        for item, value in truth(campaign, level).items():
            found.setdefault(item, Counter())[value] += 1
    return found


def moved(platform: Platform, cast: Cast, people: Iterable[int], team: str) -> int:
    """Move people of Atlas into another team by an import; return the team's id."""
    lines = [f"Infrastructure,{team},Atlas Person {number:02},atlas{number}@example.org" for number in people]
    import_organisation(platform, "\n".join(["department,team,name,email", *lines]).encode(), actor=cast.hedy)
    home = get_organisation(platform)
    assert home is not None
    return next(each.id for each in home.teams if each.name == team)


def asked_in_parts(
    platform: Platform, clock: Clock, parts: Mapping[str, Sequence[int]], quarters: Sequence[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Ask all of a team, then parts of it under other names; return what is left of the one who is in no part.

    Everybody answers alike each time, which is what a coach would hope for. The second value is what they answered.
    """
    cast = builders.organisation(platform, sizes={"Atlas": MANY})
    teams = {"Atlas": cast.teams["Atlas"]}
    found: list[Counts] = []
    campaign: Opened | None = None
    for (name, people), quarter in zip({"Atlas": range(MANY), **parts}.items(), quarters, strict=True):
        if name != "Atlas":
            teams[name] = moved(platform, cast, people, name)
        here = builders.Cast(teams, cast.departments, cast.ada, cast.bruno, cast.hedy)
        try:
            campaign = builders.opened(platform, here, teams=[name], quarter=quarter)
        except SamePeople:
            return {}, {}
        # Cards are drawn by chance; who draws which does not matter, since all of them are counted together.
        for code, person in zip(campaign.codes(name), people, strict=True):
            answers = builders.answers(campaign.questionnaire, level_of(person))
            submit_ballot(platform, door_key=code, answers=answers)
        clock.set(campaign.view.closes_at)
        close_campaign(platform, campaign.id)
        found.append(published(platform, cast, teams[name], quarter))
        clock.move(minutes=1)
    assert campaign is not None
    alone = set(range(MANY)) - {person for people in parts.values() for person in people}
    return left_over(found[0], found[1:]), truth(campaign, level_of(alone.pop()))


COPY = {"Atlas II": range(MANY - 1)}
HALVES = {"Atlas II": range(8), "Atlas III": range(8, 16)}


@pytest.mark.attack("T24")
@pytest.mark.parametrize("parts", [COPY, HALVES], ids=["a near copy", "two parts"])
def test_no_arrangement_of_a_quarters_teams_leaves_one_person_over(
    platform: Platform, clock: Clock, parts: Mapping[str, Sequence[int]]
):
    assert asked_in_parts(platform, clock, parts, ["2026-Q3"] * (len(parts) + 1)) == ({}, {})


@pytest.mark.leaky("T24")
@pytest.mark.parametrize(("parts", "leak"), [(COPY, copies_asked), (HALVES, only_pairs_compared)])
def test_asking_the_same_people_again_would_give_one_away(
    platform: Platform,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    parts: Mapping[str, Sequence[int]],
    leak: Callable[[pytest.MonkeyPatch], None],
):
    leak(monkeypatch)
    found, answered = asked_in_parts(platform, clock, parts, ["2026-Q3"] * (len(parts) + 1))
    assert found == answered
    assert len(found) == 18


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_over_two_quarters_it_is_possible_and_stated(platform: Platform, clock: Clock, client: FlaskClient):
    found, answered = asked_in_parts(platform, clock, COPY, ["2026-Q3", "2026-Q4"])
    assert found == answered
    cast = builders.Cast({"Atlas II": 2}, {}, *(builders.Actor("operator"),) * 3)
    campaign = builders.opened(platform, cast, teams=["Atlas II"], quarter="2027-Q1")
    assert_stated(client, f"/a/{campaign.codes('Atlas II')[0]}", MOVED)


def one_real_among_known(platform: Platform, clock: Clock, cast: Cast, way: str, n_known: int) -> dict[str, str]:
    """Answer so many times oneself, beside one real answer; return what of it the report gives away, if it is right."""
    campaign = builders.opened(platform, cast, teams=["Atlas"], way=way)
    levels = [level_of(person) for person in range(n_known)]
    builders.answer(platform, campaign, "Atlas", n=n_known + 1, level=lambda person: [*levels, 1 / 3][person])
    clock.set(campaign.view.closes_at)
    close_campaign(platform, campaign.id)
    report = to_json(released_team(platform, cast.hedy, cast.teams["Atlas"]))
    exact = left_over(published(platform, cast, cast.teams["Atlas"], "2026-Q3"), [known(campaign, levels)])
    coarse = {key: "coarse" for key, aspect in report["aspects"].items() if "mean" in aspect and not exact}
    return coarse or {item: value for item, value in exact.items() if truth(campaign, 1 / 3)[item] == value}


@pytest.mark.attack("T24")
@pytest.mark.parametrize("n_known", [4, 6])
def test_known_answers_beside_a_real_one_give_no_report_of_an_open_link(
    platform: Platform, clock: Clock, cast: Cast, n_known: int
):
    assert one_real_among_known(platform, clock, cast, "open_link", n_known) == {}


@pytest.mark.leaky("T24")
def test_reports_of_fewer_answers_by_an_open_link_would_be_noticed(
    platform: Platform, clock: Clock, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    a_lower_size_of_open_links(monkeypatch)
    assert one_real_among_known(platform, clock, cast, "open_link", 4) != {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", ["open_link", "cards"])
def test_seven_known_answers_beside_a_real_one_give_it_away_and_this_is_stated(
    platform: Platform, clock: Clock, cast: Cast, client: FlaskClient, way: str
):
    assert len(one_real_among_known(platform, clock, cast, way, 7)) == 18
    campaign = builders.opened(platform, cast, teams=["Atlas"], way=way, quarter="2026-Q4")
    if way == "open_link":
        assert_stated(client, f"/l/{campaign.link('Atlas')}", LINK, n=7)
        assert_stated(client, f"/l/{campaign.link('Atlas')}", MADE_UP)
    else:
        assert_stated(client, f"/a/{campaign.codes('Atlas')[0]}", PRINTED)
        assert_stated(client, f"/a/{campaign.codes('Atlas')[0]}", MADE_UP)


def assert_stated(client: FlaskClient, address: str, sentence: str, **values: object) -> None:
    """Check that a sentence stands before the first question, in English and in German."""
    english = language("en").gettext(sentence, **values)
    for code in ("en", "de"):
        words = language(code).gettext(sentence, **values)
        assert code == "en" or words != english, f"not translated: {sentence}"
        page = client.get(address, headers={"Accept-Language": code}).get_data(as_text=True)
        before = page.partition("<fieldset")[0]
        assert words in before, f"{code}: {words}"


def unseen(platform: Platform, cast: Cast, made_up: Sequence[str]) -> list[str]:
    """Put made-up people into a team and open a campaign; return who of them its members do not get to see."""
    lines = [f"Products,Cygnus,{name},{number}.new@example.org" for number, name in enumerate(made_up)]
    import_organisation(platform, "\n".join(["department,team,name,email", *lines]).encode(), actor=cast.hedy)
    campaign = builders.opened(platform, cast, teams=["Cygnus"])
    shown = Counter(card_door(platform, campaign.codes("Cygnus")[0]).roster)
    return sorted((Counter(made_up) - shown).elements())


@pytest.mark.attack("T24")
def test_made_up_people_and_people_who_are_there_twice_are_seen_by_the_team(platform: Platform, cast: Cast):
    assert unseen(platform, cast, ["Nora New", "Cygnus Person 00", "Nils New"]) == []


@pytest.mark.leaky("T24")
def test_a_hidden_roster_would_be_noticed(platform: Platform, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    rosters_hidden(monkeypatch)
    assert unseen(platform, cast, ["Nora New"]) == ["Nora New"]


def test_the_page_shows_them_and_says_what_they_mean(platform: Platform, cast: Cast, client: FlaskClient):
    assert unseen(platform, cast, ["Nora New", "Cygnus Person 00"]) == []
    with_cards = builders.opened(platform, cast, teams=["Cygnus"], quarter="2026-Q4")
    address = f"/a/{with_cards.codes('Cygnus')[0]}"
    page = client.get(address).get_data(as_text=True)
    assert page.count("Cygnus Person 00") == 2
    assert "Nora New" in page
    assert_stated(client, address, TWICE)
    assert_stated(client, address, MADE_UP)
