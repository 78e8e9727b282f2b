"""The levels of everything that a campaign shows of its aspects: the exact ones from one table, in one pass.

The functions of `reports.levels` say what a level is, one node at a time. What is computed here for all nodes at once
equals theirs to the last digit.
"""

from __future__ import annotations

from collections.abc import Mapping

from reports.coarse import Words
from reports.exactness import Campaign, Shown
from reports.levels import ShownLevel, coarse_level, exact_level
from reports.released import Tier
from reports.statistics import Thirds, agreement_of, spread_words, thirds
from reports.table import Row, table_of

# A single report, or an organisation of a few teams, is done sooner than pandas is loaded.
A_TABLE_FROM = 100


Levels = Mapping[tuple[int, str], ShownLevel]


def level_of(campaign: Campaign, node_id: int, aspect: str, shown: Shown) -> ShownLevel:
    """Return the level of one shown figure, from the table where there is one."""
    if (node_id, aspect) in campaign.levels:
        return campaign.levels[node_id, aspect]
    scale, n_asked = campaign.scale(aspect), campaign.n_asked(node_id, shown)
    n_items, histogram = len(campaign.kept.questionnaire.aspects[aspect][1].items), shown.figure.histogram
    is_exact = shown.tier is Tier.DETAIL
    if is_exact:
        level = exact_level(histogram, scale, n_asked, n_items)
    else:
        level = coarse_level(shown.parts, scale, n_asked, n_items)
    return ShownLevel(
        float(level.mean),
        level.open_end,
        level.interval_90,
        None if level.bounds is None else (float(level.bounds[0]), float(level.bounds[1])),
        level.words,
        thirds(histogram, scale) if is_exact else None,
    )


def exact_levels(campaign: Campaign) -> Levels:
    """Return the levels of all figures of aspects that are shown exactly, by node id and aspect.

    :return: nothing where these are few.
    """
    figures = [
        (node.id, aspect, shown)
        for aspect in campaign.kept.questionnaire.aspects
        for node in campaign.kept.nodes
        if isinstance(shown := campaign.shown(node.id, f"aspect:{aspect}"), Shown) and shown.tier is Tier.DETAIL
    ]
    if len(figures) < A_TABLE_FROM:
        return {}
    rows = [
        Row(node_id, aspect, shown.figure.histogram, campaign.scale(aspect), campaign.n_asked(node_id, shown))
        for node_id, aspect, shown in figures
    ]
    table = table_of(rows)
    intervals = zip(table["interval_low"].tolist(), table["interval_high"].tolist(), strict=True)
    bounds = zip(table["bound_low"].tolist(), table["bound_high"].tolist(), strict=True)
    counts = zip(table["low"].tolist(), table["middle"].tolist(), table["high"].tolist(), strict=True)
    columns = zip(rows, table["mean"].tolist(), intervals, bounds, counts, table["distance"].tolist(), strict=True)
    aspects = campaign.kept.questionnaire.aspects
    levels: dict[tuple[int, str], ShownLevel] = {}
    for row, mean, interval, bound, found, distance in columns:
        three, n_items = Thirds(*found), len(aspects[row.aspect][1].items)
        words = Words(spread_words(three), agreement_of(three, distance, row.scale, n_items))
        levels[row.node, row.aspect] = ShownLevel(mean, None, _both(interval), _both(bound), words, three)
    return levels


def _both(ends: tuple[float, float]) -> tuple[float, float] | None:
    """Return both ends, or None where they are missing: only what is missing differs from itself."""
    return ends if ends[0] == ends[0] else None
