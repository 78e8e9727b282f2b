"""Every statistic of the CSV files: where it stands in the JSON report, what it means and in which unit.

The files are written from this table and the codebook is this table, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from reports.canonical import BELOW_DETAIL
from reports.released import Reason, Status

Group = Literal[
    "node", "aspect", "item", "choice", "ladder", "change",
    "organisation", "rungs", "within_teams", "funnel", "reliability", "roles", "role",
]  # fmt: skip
GROUPS: tuple[Group, ...] = get_args(Group)
OF_THE_ORGANISATION: frozenset[Group] = frozenset(GROUPS[GROUPS.index("organisation") :])
WITHOUT_N: frozenset[Group] = (OF_THE_ORGANISATION - {"role"}) | {"node", "change"}
ANY = "*"
"""In a name and a path: any id, or any value of a histogram."""


class Statistic(NamedTuple):
    """One statistic of a group of measures."""

    group: Group
    name: str
    path: tuple[str | int, ...]
    """Where it stands in the group's object of the JSON report."""
    meaning: str
    unit: str


PLACES: Mapping[Group, str] = {
    "node": "",
    "aspect": "aspects.*.",
    "item": "aspects.*.items.*.",
    "choice": "choices.*.",
    "ladder": "ladders.*.",
    "change": "change.*.",
    "organisation": "",
    "rungs": "teams_per_rung.*.",
    "within_teams": "change_within_teams.*.",
    "funnel": "funnels.*.",
    "reliability": "reliability.*.",
    "roles": "roles.*.",
    "role": "roles.*.roles.*.",
}
N_TEAMS = "teams whose answers are counted, perhaps fewer than the node has"
STATISTICS: tuple[Statistic, ...] = (
    Statistic("node", "n_invited", ("n_invited",), "how many were invited", "people"),
    Statistic("node", "n_answered", ("n_answered",), "how many answered", "answers"),
    Statistic("node", "n_joined", ("n_joined",), "how many joined since the previous quarter", "people"),
    Statistic("node", "n_left", ("n_left",), "how many left since the previous quarter", "people"),
    Statistic("node", "n_teams", ("node", "n_teams"), "how many teams the node has", "teams"),
    Statistic("node", "reporting_size", ("reporting_size",), "answers from which a figure is shown", "answers"),
    Statistic("node", "detail_size", ("detail_size",), "answers from which a figure is shown exactly", "answers"),
    Statistic("aspect", "tier", ("tier",), "detail: exact; coarse: rounded, words in place of counts", "word"),
    Statistic("aspect", "n_teams", ("n_teams",), N_TEAMS, "teams"),
    Statistic("aspect", "scale_low", ("scale", 0), "lowest value of the instrument's scale", "points"),
    Statistic("aspect", "scale_high", ("scale", 1), "highest value of the instrument's scale", "points"),
    Statistic("aspect", "mean", ("mean",), "mean score", "points"),
    Statistic(
        "aspect",
        "interval_low",
        ("interval_90", 0),
        "lower end of the 90 % interval for the mean of all invited of the teams counted",
        "points",
    ),
    Statistic(
        "aspect", "interval_high", ("interval_90", 1), "upper end of the 90 % interval, in the same sense", "points"
    ),
    Statistic("aspect", "bound_low", ("bounds", 0), "least mean of all invited, whatever others think", "points"),
    Statistic("aspect", "bound_high", ("bounds", 1), "greatest mean of all invited, in the same sense", "points"),
    Statistic(
        "aspect", "everyone_answered", ("everyone_answered",), "whether n is the number invited", "true or false"
    ),
    Statistic("aspect", "low_response", ("low_response",), "whether fewer than 60 % answered", "true or false"),
    Statistic(
        "aspect",
        "agreement",
        ("agreement",),
        "views: shared, split or neither; empty where any word would tell",
        "word",
    ),
    Statistic(
        "aspect", "spread", ("spread",), "the third of the scale with two thirds of the answers, or mixed", "word"
    ),
    Statistic(
        "aspect", "low", ("low_middle_high", 0), "answers in the lower third of the scale (to 3 of 1-7)", "answers"
    ),
    Statistic("aspect", "middle", ("low_middle_high", 1), "answers between the outer thirds", "answers"),
    Statistic("aspect", "high", ("low_middle_high", 2), "answers in the upper third (from 5 of 1-7)", "answers"),
    Statistic("aspect", "count_*", ("histogram", ANY), "answers with this score, in sixths of a point", "answers"),
    Statistic("item", "mean", ("mean",), "mean answer to one statement", "points"),
    Statistic("item", "count_*", ("histogram", ANY), "answers with this value, in points", "answers"),
    Statistic("choice", "tier", ("tier",), "as of aspects", "word"),
    Statistic("choice", "n_teams", ("n_teams",), N_TEAMS, "teams"),
    Statistic("choice", "culture", ("culture",), "the description that two thirds chose, or mixed", "word"),
    Statistic("choice", "pathological", ("counts", "pathological"), "chose the first description", "answers"),
    Statistic("choice", "bureaucratic", ("counts", "bureaucratic"), "chose the second description", "answers"),
    Statistic("choice", "generative", ("counts", "generative"), "chose the third description", "answers"),
    Statistic("ladder", "tier", ("tier",), "as of aspects", "word"),
    Statistic("ladder", "n_teams", ("n_teams",), N_TEAMS, "teams"),
    Statistic("ladder", "reached", ("reached",), "highest rung that two thirds put at or above", "rung"),
    Statistic("ladder", "majority", ("majority",), "highest rung that more than half put at or above", "rung"),
    Statistic("ladder", "needed", ("needed",), "how many answers two thirds are", "answers"),
    Statistic("ladder", "missing_for_next", ("missing_for_next",), "answers missing for the next rung", "answers"),
    *(
        Statistic("ladder", f"count_{rung}", ("histogram", str(rung)), f"answers on rung {rung}", "answers")
        for rung in range(5)
    ),
    Statistic("change", "status", ("status",), "what may be said about the change", "word"),
    Statistic("change", "before", ("before",), "the previous quarter's mean as released then", "points"),
    Statistic("change", "before_interval_low", ("before_interval_90", 0), "lower end of its 90 % interval", "points"),
    Statistic("change", "before_interval_high", ("before_interval_90", 1), "upper end of its 90 % interval", "points"),
    Statistic("change", "before_scale_low", ("before_scale", 0), "lowest value of the scale before", "points"),
    Statistic("change", "before_scale_high", ("before_scale", 1), "highest value of the scale before", "points"),
    Statistic("change", "before_tier", ("before_tier",), "as tier, of the quarter before", "word"),
    Statistic(
        "change", "is_before_partial", ("is_before_partial",), "whether only some teams counted", "true or false"
    ),
    Statistic("change", "direction", ("direction",), "1 or -1 beside a passed test, else 0", "sign"),
    Statistic("change", "p", ("p",), "of the permutation test", "probability"),
    Statistic("change", "method", ("method",), "how p was found: exact (mid-p), or normal_limit", "word"),
    Statistic("change", "delta", ("delta",), "Cliff's delta", "-1 to 1"),
    *(
        Statistic("change", f"pairs_{way}", ("pairs", way), f"share of pairs whose later answer is {way}", "share")
        for way in ("higher", "equal", "lower")
    ),
    Statistic("change", "detectable", ("detectable",), "minimum detectable change of the means shown", "points"),
    Statistic("organisation", "n_teams_withheld", ("n_teams_withheld",), "teams of which nothing is shown", "teams"),
    *(
        Statistic("rungs", f"teams_{rung}", (str(rung),), f"teams that have reached rung {rung}", "teams")
        for rung in range(5)
    ),
    Statistic("within_teams", "status", ("status",), "what may be said about the change within teams", "word"),
    Statistic("within_teams", "n_teams", ("n_teams",), "teams that are compared with themselves", "teams"),
    Statistic("within_teams", "n_before", ("n_before",), "their answers in the previous quarter", "answers"),
    Statistic("within_teams", "n_after", ("n_after",), "their answers in this quarter", "answers"),
    Statistic("within_teams", "direction", ("direction",), "1 or -1 beside a passed test, else 0", "sign"),
    Statistic("within_teams", "p", ("p",), "of the test stratified by team (van Elteren)", "probability"),
    Statistic("within_teams", "adjusted_p", ("adjusted_p",), "corrected for all aspects tested", "probability"),
    Statistic("within_teams", "delta", ("delta",), "Cliff's delta within teams", "-1 to 1"),
    *(
        Statistic(
            "within_teams", f"pairs_{way}", ("pairs", way), f"share of pairs whose later answer is {way}", "share"
        )
        for way in ("higher", "equal", "lower")
    ),
    Statistic("funnel", "n_teams", ("n_teams",), "teams shown exactly", "teams"),
    Statistic("funnel", "mean", ("mean",), "mean of the organisation where exact, else of these teams", "points"),
    Statistic("funnel", "deviation", ("deviation",), "standard deviation within these teams", "points"),
    *(
        Statistic(
            "funnel",
            f"limit_{share.replace('.', '_')}_{end}",
            ("limits_at_detail_size", share, index),
            f"{end}er limit that {share} of 100 teams of detail_size answers keep by chance",
            "points",
        )
        for share in ("95", "99.8")
        for index, end in enumerate(("low", "upp"))
    ),
    Statistic("funnel", "n_beyond_95", ("n_beyond", "95"), "teams beyond the 95 % limits for their size", "teams"),
    Statistic("funnel", "n_beyond_99_8", ("n_beyond", "99.8"), "teams beyond the 99.8 % limits", "teams"),
    Statistic("reliability", "alpha", ("alpha",), "Cronbach's alpha of the aspect's statements", "to 1"),
    Statistic("reliability", "alpha_low", ("alpha_interval_90", 0), "lower end of its 90 % interval (Feldt)", "to 1"),
    Statistic("reliability", "alpha_high", ("alpha_interval_90", 1), "upper end of its 90 % interval", "to 1"),
    Statistic("reliability", "n_complete", ("n_complete",), "answers to all statements", "answers"),
    Statistic("reliability", "icc_1", ("icc_1",), "share of the differences that lies between teams", "to 1"),
    Statistic("reliability", "icc_2", ("icc_2",), "how reliably team means differ", "to 1"),
    Statistic("reliability", "n_answers", ("n_answers",), "answers that both are computed of", "answers"),
    Statistic("reliability", "n_teams", ("n_teams",), "teams that both are computed of", "teams"),
    Statistic("roles", "verdict", ("verdict",), "what may be said about how roles compare", "word"),
    Statistic("roles", "p", ("p",), "of the test whether roles differ within teams", "probability"),
    Statistic("roles", "adjusted_p", ("adjusted_p",), "corrected for all aspects tested", "probability"),
    Statistic("role", "n_teams", ("n_teams",), "teams that the people of this role belong to", "teams"),
    Statistic("role", "scale_low", ("scale", 0), "lowest value of the instrument's scale", "points"),
    Statistic("role", "scale_high", ("scale", 1), "highest value of the instrument's scale", "points"),
    Statistic("role", "mean", ("mean",), "mean score of people of this role, always rounded", "points"),
    Statistic("role", "interval_low", ("interval_90", 0), "lower end of its 90 % interval", "points"),
    Statistic("role", "interval_high", ("interval_90", 1), "upper end of its 90 % interval", "points"),
)
NOTES: Mapping[str, str] = {
    # Of a change as well: Status.TOO_FEW is the same word.
    Reason.TOO_FEW: "withheld: fewer answers to this than the reporting size, now or in the quarter before",
    Reason.WOULD_REVEAL: "withheld: shown, it would give a small group away",
    Reason.NOT_ASKED: "the quarter's instruments do not ask this",
    BELOW_DETAIL: "not shown of a coarse figure",
    "rounded": "to one decimal, because the figure is coarse",
    "or_above": "the mean is this or above",
    "or_below": "the mean is this or below",
    "everyone_answered": "no interval: nothing is left to estimate",
    "no_interval": "no interval of a single answer",
    "invited_unknown": "how many were invited is not known, or one person may have answered several times",
    "movement_unknown": "who joined and left is not known",
    "too_few_groups": "not computed of so few answers or teams",
    "top_rung": "there is no next rung",
    Status.FIRST_QUARTER: "there is no quarter before",
    Status.NOT_TESTED: "no focus aspect, or too few teams or roles to compare, so no test",
    Status.NOT_COMPARABLE: "asked differently before",
}
COLUMNS: tuple[tuple[str, str], ...] = (
    ("kind", "team, department or organisation"),
    ("parent", "the department of a team, the organisation of a department"),
    ("node", "name of the team, department or organisation"),
    ("quarter", "calendar quarter"),
    ("campaign", "number of the campaign; a quarter may have several, each with rows of the organisation"),
    ("measure", "long form: node or organisation, or another group, a colon and an id (of a role two)"),
    ("statistic", "long form: what of the measure"),
    ("value", "long form: the number or word; empty where there is none, and the note says why"),
    ("n", "long form: answers that the measure counts"),
    ("note", "long form: why a value is empty, or how it is rounded"),
)


def column(group: Group, key: str, statistic: str) -> str:
    """Return the column of the wide form: `aspect_cooperation_mean`, and of the node itself `n_answered`."""
    return statistic if group == "node" else f"{group}_{key}_{statistic}"


def in_wide(statistic: Statistic) -> bool:
    """Whether the wide form has a column for it; counts by score would be hundreds, and most rows are teams."""
    return ANY not in statistic.path and statistic.group not in OF_THE_ORGANISATION


def rows() -> list[tuple[str, str, str, str, str, str]]:
    """Return the codebook: wide form's column, long form's measure and statistic, meaning, unit, path in the JSON."""
    found = [("column", "measure", "statistic", "meaning", "unit", "source")]
    found += [(name, "", "", meaning, "text", "") for name, meaning in COLUMNS]
    for group in GROUPS:
        measure = group if group in ("node", "organisation") else f"{group}:{ANY}"
        if group not in WITHOUT_N:
            meaning = "answers that the measure counts; in the long form, column n"
            wide = "" if group in OF_THE_ORGANISATION else column(group, ANY, "n")
            found.append((wide, measure, "", meaning, "answers", f"{PLACES[group]}n"))
        for one in STATISTICS:
            if one.group == group:
                wide = column(group, ANY, one.name) if in_wide(one) else ""
                found.append((wide, measure, one.name, one.meaning, one.unit, PLACES[group] + _written(one.path)))
        if group != "node" and group not in OF_THE_ORGANISATION:
            meaning = "the notes of the measure; in the long form, column note"
            found.append((column(group, ANY, "note"), measure, "", meaning, "text", ""))
    return [*found, *(("note", "", str(note), meaning, "text", "") for note, meaning in NOTES.items())]


def _written(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
