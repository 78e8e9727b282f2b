"""The JSON report, and the hash that says whether two documents show the same measured numbers.

A report has a measured part, which never changes after its campaign closed, and a follow-up part (`roadmap`), which
changes with what the team agrees. The hash is taken of the measured part alone, in canonical JSON: keys in order, no
spaces, the shortest decimals that give the same floating point number.

`reports/schemas/report-1.json` says what every key means (`reports.schema` makes it). What stands outside the hash may
grow without a new schema version: `roadmap`, `series`, `steady`, `campaign`, `measured_hash` itself, and names in a
language.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from reports.follow_up import FollowUp, OrganisationFollowUp
from reports.histograms import Histogram
from reports.languages import Language
from reports.organisation_json import organisation_part, organisation_roadmap, pairs_of_change
from reports.released import (
    Change,
    OpenEnd,
    Released,
    ReleasedAspect,
    ReleasedChoice,
    ReleasedItem,
    ReleasedLadder,
    ReleasedOrganisation,
    Series,
    Suggestions,
    Withheld,
)
from reports.roadmap_json import followed_up
from reports.steadiness import steady

SCHEMA_VERSION = 1
HASH_DIGITS = 12
OUTSIDE_THE_HASH = ("campaign", "roadmap")
# Why a histogram of a figure that is itself shown is null.
BELOW_DETAIL = "below_detail_size"


def canonical_json(released: Released | ReleasedOrganisation) -> str:
    """Return the measured part as canonical JSON: identical numbers give identical text."""
    return json.dumps(_measured(_plain(released, None)), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def measured_hash(released: Released | ReleasedOrganisation) -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 of the canonical JSON, which every document prints."""
    return hashlib.sha256(canonical_json(released).encode()).hexdigest()[:HASH_DIGITS]


def to_json(
    released: Released | ReleasedOrganisation,
    language: Language | None = None,
    series: Series | None = None,
    follow_up: FollowUp | OrganisationFollowUp | None = None,
) -> dict[str, Any]:
    """Return a report as plain values for `json.dumps`: every number a document shows.

    :param language: adds the names of aspects, areas and items in this language.
    :param series: the node's quarters, as the document draws them; those after the report's own are left out.
    :param follow_up: what was agreed and what came of it; it goes into `roadmap`, outside of the measured part.
    """
    whole = released.whole if isinstance(released, ReleasedOrganisation) else released
    earlier = series and series.until(whole.quarter)
    plain = _plain(released, language)
    if follow_up is not None:
        plain["roadmap"].update(followed_up(follow_up))
    return {
        **plain,
        "measured_hash": measured_hash(released),
        "series": [_quarter(quarter) for quarter in earlier.quarters] if earlier else [],
        "steady": _steady(earlier) if earlier else {},
    }


def _plain(released: Released | ReleasedOrganisation, language: Language | None) -> dict[str, Any]:
    if isinstance(released, ReleasedOrganisation):
        return {
            **part(released.whole, language),
            "departments": [part(department, language) for department in released.departments],
            "teams": [part(team, language) for team in released.teams],
            **organisation_part(released),
            "roadmap": {**_roadmap(released.whole.suggestions), **organisation_roadmap(released)},
        }
    return part(released, language)


def _measured(report: dict[str, Any]) -> dict[str, Any]:
    """Leave away what is no measurement, in the parts of an organisation as well."""
    return {
        key: [_measured(one) for one in value] if key in ("departments", "teams") else value
        for key, value in report.items()
        if key not in OUTSIDE_THE_HASH
    }


def _quarter(released: Released) -> dict[str, Any]:
    """Return what the drawing over all quarters shows of one of them."""
    aspects: dict[str, Any] = {}
    for key, figure in released.aspects.items():
        if isinstance(figure, Withheld):
            aspects[key] = _withheld(figure)
            continue
        full = _aspect(figure)
        aspects[key] = {
            name: full[name] for name in ("n", "n_teams", "tier", "scale", "mean", "open_end", "interval_90")
        }
    return {"quarter": released.quarter, "aspects": aspects}


def _steady(series: Series) -> dict[str, Any]:
    """Return by aspect how it moved steadily up to the last quarter; null where it did not, nothing but for teams."""
    if not series.quarters or series.quarters[-1].kind != "team":
        return {}
    found = {aspect: steady(series, aspect) for aspect in series.quarters[-1].aspects}
    return {aspect: None if movement is None else asdict(movement) for aspect, movement in found.items()}


def part(released: Released, language: Language | None = None) -> dict[str, Any]:
    """Return one node's released values as plain values; an organisation's report has many such parts."""
    asked = released.questionnaire
    aspect_names = {key: aspect.name for key, (_, aspect) in asked.aspects.items()}
    ladder_names = {key: ladder.name for key, ladder in asked.ladders.items()}
    item_names = {item.id: item.text for _, aspect in asked.aspects.values() for item in aspect.items}

    def named(names: dict[str, dict[str, str]], key: str) -> dict[str, str]:
        return {"name": language.text(names[key])} if language is not None else {}

    aspects: dict[str, Any] = {}
    for key, figure in released.aspects.items():
        aspects[key] = {**named(aspect_names, key), **_aspect(figure)}
        if isinstance(figure, ReleasedAspect):
            aspects[key]["items"] = {
                item: {**named(item_names, item), **_item(answers)} for item, answers in figure.items.items()
            }
    return {
        "schema_version": SCHEMA_VERSION,
        "node": {
            "kind": released.kind,
            "name": released.name,
            "parent": released.parent_name,
            "n_teams": released.n_teams,
        },
        "quarter": released.quarter,
        "campaign": released.campaign,
        "previous_quarter": released.previous_quarter,
        "way": released.way,
        "reporting_size": released.reporting_size,
        "detail_size": released.detail_size,
        "instruments": [
            {"id": one.id, "version": one.version, "fingerprint": one.fingerprint} for one in asked.instruments
        ],
        "n_invited": released.n_invited,
        "n_answered": released.n_answered,
        "n_joined": released.n_joined,
        "n_left": released.n_left,
        "focus": list(released.focus),
        "aspects": aspects,
        "choices": {key: {**named(aspect_names, key), **_choice(f)} for key, f in released.choices.items()},
        "ladders": {key: {**named(ladder_names, key), **_ladder(f)} for key, f in released.ladders.items()},
        "change": {
            key: _change(figure.change)
            for key, figure in released.aspects.items()
            if isinstance(figure, ReleasedAspect)
        },
        "roadmap": _roadmap(released.suggestions),
    }


def _withheld(figure: Withheld) -> dict[str, Any]:
    return {"withheld": str(figure.reason)}


def _histogram(histogram: Histogram | None) -> dict[str, Any]:
    """Return counts by value as text; null with the reason where a figure is coarse."""
    if histogram is None:
        return {"histogram": None, "withheld": BELOW_DETAIL}
    return {"histogram": {str(value): count for value, count in histogram.pairs}}


def _span(pair: tuple[float, float] | None) -> list[float] | None:
    return None if pair is None else list(pair)


def _end(open_end: OpenEnd | None) -> str | None:
    return None if open_end is None else str(open_end)


def _aspect(figure: ReleasedAspect | Withheld) -> dict[str, Any]:
    if isinstance(figure, Withheld):
        return _withheld(figure)
    thirds = figure.low_middle_high
    return {
        "n": figure.n,
        "n_teams": figure.n_teams,
        "tier": str(figure.tier),
        "scale": list(figure.scale),
        "mean": figure.mean,
        "open_end": _end(figure.open_end),
        "interval_90": _span(figure.interval_90),
        "bounds": _span(figure.bounds),
        "everyone_answered": figure.everyone_answered,
        "low_response": figure.low_response,
        "agreement": None if figure.agreement is None else str(figure.agreement),
        "spread": None if figure.spread is None else str(figure.spread),
        "low_middle_high": None if thirds is None else list(thirds),
        **_histogram(figure.histogram),
    }


def _item(figure: ReleasedItem | Withheld) -> dict[str, Any]:
    if isinstance(figure, Withheld):
        return _withheld(figure)
    return {"n": figure.n, "mean": figure.mean, **_histogram(figure.histogram)}


def _choice(figure: ReleasedChoice | Withheld) -> dict[str, Any]:
    if isinstance(figure, Withheld):
        return _withheld(figure)
    counts = None
    if figure.counts is not None:
        counts = dict(zip(("pathological", "bureaucratic", "generative"), figure.counts, strict=True))
    return {
        "n": figure.n,
        "n_teams": figure.n_teams,
        "tier": str(figure.tier),
        "culture": figure.name,
        "counts": counts,
    }


def _ladder(figure: ReleasedLadder | Withheld) -> dict[str, Any]:
    if isinstance(figure, Withheld):
        return _withheld(figure)
    return {
        "n": figure.n,
        "n_teams": figure.n_teams,
        "tier": str(figure.tier),
        "reached": figure.reached,
        "majority": figure.majority,
        "needed": figure.needed,
        "missing_for_next": figure.missing_for_next,
        **_histogram(figure.histogram),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "status": str(change.status),
        "before": change.before,
        "before_open_end": _end(change.before_open_end),
        "before_interval_90": _span(change.before_interval_90),
        "before_scale": _span(change.before_scale),
        "before_tier": None if change.before_tier is None else str(change.before_tier),
        "is_before_partial": change.is_before_partial,
        "direction": change.direction,
        "p": change.p,
        "method": None if change.method is None else str(change.method),
        "delta": change.delta,
        "pairs": pairs_of_change(change),
        "detectable": change.detectable,
    }


def _roadmap(suggestions: Suggestions) -> dict[str, Any]:
    return {
        "changes": [
            {"id": found.change, "because": list(found.because), "n_waiting": found.n_waiting}
            for found in suggestions.changes
        ],
        "conversations": list(suggestions.conversations),
        "keep": list(suggestions.keep),
    }
