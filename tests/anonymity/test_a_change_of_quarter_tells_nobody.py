"""Promise: the comparison of two quarters says how many joined and left, and of a small team no more than its values.

The trend is shown although people join and leave, and that is a stated risk: whoever knows what the others answered,
and is right that they answered the same again, can narrow a newcomer's answer down from a mean to one decimal. The
attacks measure how far, against guessing blindly: what is tested is that exact values would give it away entirely, that
the words about the change add nothing to the values shown, and that teams which were split or merged are not compared.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence

import pytest

from reports import levels
from reports.coarse import _by_kind, coarse_words
from reports.disclosure import release, release_organisation
from reports.histograms import Histogram
from reports.kept import Kept, Node
from reports.released import Change, ReleasedAspect, Status
from tests.anonymity import leaks_disclosure as leaks
from tests.anonymity.published import NO_CHANGES, publish
from tests.reports.builders import one_aspect, organisation_of, team, team_campaign

SCALE = (1, 7)
VALUES = range(6, 43, 2)
ASPECT = "aspect:cooperation"


def quarter(answers: Iterable[int], when: str = "2026-Q3") -> Kept:
    histogram = Histogram.count(answers)
    return team_campaign({ASPECT: histogram}, asked=one_aspect(), quarter=when, focus=("cooperation",))


def change_of(before: Iterable[int], now: Iterable[int]) -> Change:
    released = release(quarter(now), 10, previous=quarter(before, "2026-Q2"), changes=NO_CHANGES)
    aspect = released.aspects["cooperation"]
    assert isinstance(aspect, ReleasedAspect)
    return aspect.change


# --- what the verdict adds --------------------------------------------------------------------------------------------


def shown_alike(dice: random.Random) -> list[list[int]]:
    """All answers of five people that one randomly chosen report shows alike."""
    alike = [rows for rows in _by_kind(5, SCALE, 3).values() if 20 <= len(rows) <= 60]
    found: list[list[int]] = dice.choice(alike).tolist()
    return found


def view(answers: Sequence[int]) -> tuple[object, ...]:
    histogram = Histogram.count(answers)
    return (*levels.coarse_mean(histogram, SCALE, 3), coarse_words(histogram, SCALE, 3))


def read_the_verdict(before: Sequence[int], candidates: Iterable[Sequence[int]]) -> list[int]:
    """The attack: into how many groups does the verdict divide what the values show alike? Return their sizes."""
    verdicts = Counter(change_of(before, now) for now in candidates)
    return sorted(verdicts.values()) if len(verdicts) > 1 else []


def verdicts(dice: random.Random, n_tries: int) -> list[list[int]]:
    """Read verdicts beside an exact quarter before, which the attacker knows to the last answer."""
    found = []
    for _ in range(n_tries):
        candidates = shown_alike(dice)
        centre = sum(candidates[0]) / 30 + dice.choice([-1.6, -1.2, 1.2, 1.6])
        before = [2 * round(3 * min(max(dice.gauss(centre, 0.8), 1), 7)) for _ in range(9)]
        if sizes := read_the_verdict(before, candidates):
            found.append(sizes)
    return found


@pytest.mark.attack("T22")
def test_the_verdict_on_a_small_team():
    assert verdicts(random.Random(221), 25) == []


@pytest.mark.leaky("T22")
def test_an_exact_verdict_parts_what_is_shown_alike(monkeypatch: pytest.MonkeyPatch):
    leaks.the_exact_verdict(monkeypatch)
    found = verdicts(random.Random(221), 25)
    assert min(sizes[0] for sizes in found) < 10


# --- who joined, left or was exchanged --------------------------------------------------------------------------------


def a_person(dice: random.Random) -> int:
    return 2 * round(3 * min(max(dice.gauss(4.6, 1.2), 1), 7))


def guess_the_newcomer(
    dice: random.Random, n: int, repeating: float, *, knows_last_quarter: bool, n_teams: int = 200
) -> float:
    """The attack: how often is the newcomer's score guessed right, when somebody joins n - 1 people?

    The attacker supposes that everybody repeats last quarter's answer, which is true of each with a chance. Last
    quarter's answers are known, or only what was shown of them; among the answers left, the most usual one is guessed.
    """
    usual = Counter(a_person(dice) for _ in range(20_000))
    right = 0
    for _ in range(n_teams):
        before = [a_person(dice) for _ in range(n - 1)]
        now = [answer if dice.random() < repeating else a_person(dice) for answer in before]
        newcomer = a_person(dice)
        shown = view([*now, newcomer])
        if knows_last_quarter:
            left = [value for value in VALUES if view([*before, value]) == shown]
        else:
            low, high = sums(before)
            low_now, high_now = sums([*now, newcomer])
            left = [value for value in VALUES if low_now - high <= value <= high_now - low]
        right += max(left or VALUES, key=lambda value: usual[value]) == newcomer
    return right / n_teams


def sums(answers: Sequence[int]) -> tuple[float, float]:
    """Return the least and greatest sum of scores that is shown like these."""
    if len(answers) < 5:
        return 6.0 * len(answers), 42.0 * len(answers)
    shown = levels.coarse_mean(Histogram.count(answers), SCALE, 3)
    return float(6 * len(answers) * shown.least), float(6 * len(answers) * shown.greatest)


def blind(dice: random.Random) -> float:
    usual = Counter(a_person(dice) for _ in range(20_000))
    return usual.most_common(1)[0][1] / 20_000


@pytest.mark.attack("T22")
def test_a_newcomer_among_people_who_answer_as_before(capsys: pytest.CaptureFixture[str]):
    dice = random.Random(222)
    chance = blind(dice)
    lines = [f"a newcomer's score guessed blindly: {chance:.2f}"]
    for repeating in (1.0, 0.8, 0.6):
        known = [guess_the_newcomer(dice, n, repeating, knows_last_quarter=True) for n in (6, 7)]
        shown = [guess_the_newcomer(dice, n, repeating, knows_last_quarter=False) for n in (6, 7)]
        lines.append(
            f"{repeating:.0%} repeat: {max(known):.2f} by who knows all others' last answers, "
            f"{max(shown):.2f} from reports"
        )
        # The stated risk: less than certainty, and less than half where only reports are known.
        assert max(known) < 0.85
        assert max(shown) < 0.5
    assert max(shown) < chance + 0.12
    with capsys.disabled():
        print("\n" + "\n".join(lines))


@pytest.mark.leaky("T22")
def test_exact_sums_give_the_newcomer_away(monkeypatch: pytest.MonkeyPatch):
    leaks.exact_sums(monkeypatch)
    for knows in (True, False):
        assert guess_the_newcomer(random.Random(223), 6, 1.0, knows_last_quarter=knows, n_teams=60) == 1.0


# --- teams that were split, merged or renumbered ----------------------------------------------------------------------


def compared(before: tuple[Node, ...], now: tuple[Node, ...], dice: random.Random) -> list[str]:
    """The attack: which teams are compared with a team of other people? Return their names."""
    campaigns = []
    for nodes, when in ((before, "2026-Q2"), (now, "2026-Q3")):
        people = {node.id: node.n_invited or 0 for node in nodes if node.kind == "team"}
        counted = {node: {ASPECT: Histogram.count(a_person(dice) for _ in range(n))} for node, n in people.items()}
        campaigns.append(publish(nodes, counted, one_aspect(), quarter=when).kept)
    released = release_organisation(campaigns[1], previous=campaigns[0], changes=NO_CHANGES)
    found = []
    for part in released.teams:
        aspect = part.aspects["cooperation"]
        was = next((node for node in before if node.kind == "team" and node.name == part.name), None)
        if isinstance(aspect, ReleasedAspect) and aspect.change.status is not Status.FIRST_QUARTER and was is None:
            found.append(part.name)
    return found


def named(*names: str, size: int, same: bool = False) -> list[Node]:
    """Teams with an identity of their own for every name; with `same`, the places of the list are the identity."""
    ids = {"Atlas": 10, "Atlas A": 11, "Atlas B": 12, "Borealis": 13}
    return [
        team(ids[name], name=name, n_invited=size, team=place if same else ids[name], focus=("cooperation",))
        for place, name in enumerate(names)
    ]


@pytest.mark.attack("T22")
def test_a_split_and_a_merged_team():
    dice = random.Random(224)
    whole = organisation_of([*named("Atlas", size=12), *named("Borealis", size=6)])
    parts = organisation_of([*named("Atlas A", "Atlas B", size=6), *named("Borealis", size=6)])
    assert compared(whole, parts, dice) == []
    assert compared(parts, whole, dice) == []


@pytest.mark.leaky("T22")
def test_a_split_team_that_keeps_its_number_is_compared():
    before, now = (organisation_of(named(name, size=6, same=True)) for name in ("Atlas", "Atlas A"))
    assert compared(before, now, random.Random(225)) == ["Atlas A"]
