"""Promise: of five to seven people nobody can tell all of them from all but one, in any page, picture or file.

Every choice and ladder that five, six or seven people can give is released, and every set of whole points of an aspect,
with sixths around the limits of low and high. From eight answers on the answers themselves are shown, and a unanimous
team is unanimous: respondents read that before they answer.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from reports import html, pdf
from reports.canonical import canonical_json, to_json
from reports.csv_export import export, rows_of
from reports.disclosure import release, release_organisation
from reports.document import organisation_document, summary_document, team_document
from reports.histograms import Histogram
from reports.languages import language
from reports.released import Released, ReleasedAspect
from reports.steps_in_words import in_words
from tests.anonymity import leaks_disclosure as leaks
from tests.anonymity.published import NO_CHANGES
from tests.reports.builders import counted_of, questionnaire, team_campaign

SMALL, EXACT = (5, 6, 7), (8, 9, 10, 11, 12)
ASKED = questionnaire(aspects=("cooperation", "inquiry"), areas=("review",))
# Whole points, and the sixths beside the limits of low (3) and high (5): scores of people who left a question out.
POINTS, NEAR_LIMITS = range(6, 43, 6), (17, 18, 19, 29, 30, 31)
DAY = date(2026, 10, 1)
Found = list[str]


def released(measure: str, values: Iterable[int], n_invited: int = 12) -> Released:
    kept = team_campaign({measure: Histogram.count(values)}, asked=ASKED, n_invited=n_invited)
    return release(kept, 10, changes=NO_CHANGES)


def profiles(measure: str, n: int) -> list[tuple[int, ...]]:
    values = {"choice": range(1, 4), "ladder": range(5)}.get(measure.partition(":")[0], POINTS)
    return list(itertools.combinations_with_replacement(values, n))


def tell_all_from_most(measure: str, n: int, *sets: Sequence[int]) -> Found:
    """The attack: return the values of which a report proves that all gave them, or that all but one did.

    For every unanimous team another team must have the same report. So must one for every team with one deviating
    answer, which is not the only such team: at an end of the scale it is the unanimous one.
    """
    shown: dict[str, list[tuple[int, ...]]] = {}
    for profile in {tuple(sorted(each)) for each in (*profiles(measure, n), *sets)}:
        shown.setdefault(canonical_json(released(measure, profile)), []).append(profile)
    found: Found = []
    for alike in shown.values():
        most = [len(profile) - max(map(profile.count, profile)) for profile in alike]
        if most.count(0) == len(most) or (len(alike) == 1 and most[0] == 1 and not measure.startswith("aspect")):
            found.append(f"{measure} of {n}: {alike}")
    return found


@pytest.mark.attack("T23")
@pytest.mark.parametrize("measure", ["choice:cooperation", "ladder:review"])
@pytest.mark.parametrize("n", SMALL)
def test_all_and_all_but_one_have_the_same_words(measure: str, n: int):
    assert tell_all_from_most(measure, n) == []
    for value, other in itertools.permutations(range(1, 4), 2):
        all_alike, but_one = released(measure, [value] * n), released(measure, [value] * (n - 1) + [other])
        assert all_alike == but_one


@pytest.mark.attack("T23")
@pytest.mark.parametrize("n", SMALL)
def test_no_mean_is_that_of_a_unanimous_team_alone(n: int):
    thirds = [[value] * (n - k) + [value + step] * k for value in POINTS for k in (1, 2) for step in (-2, 2, 4)]
    sixths = list(itertools.combinations_with_replacement(NEAR_LIMITS, n))
    inside = [row for row in (*thirds, *sixths, *mixed(n)) if min(row) >= 6 and max(row) <= 42]
    assert tell_all_from_most("aspect:cooperation", n, *inside) == []


def mixed(n: int) -> list[list[int]]:
    """A step up and a step down leave a mean where it is."""
    steps = [(value, 2) for value in range(8, 41, 2)] + [(value, 1) for value in NEAR_LIMITS]
    return [[value] * (n - 2) + [value - step, value + step] for value, step in steps]


@pytest.mark.attack("T23")
@pytest.mark.parametrize("n", EXACT)
def test_from_eight_on_the_answers_themselves_are_shown(n: int):
    aspect = released("aspect:cooperation", [42] * n).aspects["cooperation"]
    assert isinstance(aspect, ReleasedAspect)
    assert aspect.histogram == Histogram.of({42: n})


# --- every form a report has ------------------------------------------------------------------------------------------


def profile(n: int, end: str, odd: bool) -> dict[str, Histogram]:
    """All at one end of everything, or all but one, who is one step off."""
    people = []
    for person in range(n):
        step = 1 if odd and person == 0 else 0
        people.append({q.key: q.highest - step if end == "top" else q.lowest + step for q in ASKED.questions})
    return counted_of(ASKED, people)


def forms(counted: Mapping[str, Histogram], n_invited: int) -> dict[str, Any]:
    """Everything that anybody can get of a campaign: pages, pictures with their texts, files."""
    kept = team_campaign(counted, asked=ASKED, n_invited=n_invited)
    team, whole = release(kept, 10), release_organisation(kept)
    found: dict[str, Any] = {"released": (team, whole)}
    for code in ("en", "de"):
        spoken = language(code)
        documents = {
            "team": team_document(team, spoken, DAY),
            "summary": summary_document(team, spoken, DAY),
            "organisation": organisation_document(whole, spoken, DAY),
        }
        found |= {f"{name}.html.{code}": html.render(document) for name, document in documents.items()}
        found |= {f"json.{code}": to_json(team, spoken), f"organisation.json.{code}": to_json(whole, spoken)}
    for shape in ("long", "wide"):
        found |= {
            f"csv.{shape}": export(rows_of(team), shape),
            f"organisation.csv.{shape}": export(rows_of(whole), shape),
        }
    found["explained"] = [in_words(team, measure) for measure in ("inquiry", "choice:inquiry", "ladder:review")]
    written = pdf.write(team_document(team, language("en"), DAY))
    found["team.pdf"] = written
    found["team.pdf as text"] = [page.extract_text() for page in PdfReader(io.BytesIO(written)).pages]
    return found


def compare(n: int, end: str, n_invited: int) -> Found:
    """The attack: return the forms in which all and all but one differ, be it in a byte."""
    one, other = (forms(profile(n, end, odd), n_invited) for odd in (False, True))
    return [name for name in one if one[name] != other[name]]


@pytest.mark.attack("T23")
@pytest.mark.parametrize(("n", "end", "n_invited"), [(5, "top", 5), (7, "bottom", 9)])
def test_every_form_of_a_report_is_the_same_to_the_last_byte(n: int, end: str, n_invited: int):
    assert compare(n, end, n_invited) == []


@pytest.mark.leaky("T23")
def test_a_name_that_only_all_can_give_differs_in_pages_and_files(monkeypatch: pytest.MonkeyPatch):
    leaks.a_name_for_all(monkeypatch)
    assert tell_all_from_most("choice:cooperation", 5) != []
    assert {"released", "team.html.en", "json.de", "csv.wide", "team.pdf", "team.pdf as text"} <= set(
        compare(5, "top", 5)
    )
