"""One table of statistics for all nodes of a campaign, computed in columns instead of node by node.

It holds exact statistics of everything that was kept, so nothing of it may be shown before disclosure control has
looked at it. Its columns are the numbers of `reports.statistics` for each histogram, equal to these functions' results.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from questionnaires.instrument import SIXTHS
from reports.exactness import Campaign
from reports.histograms import Histogram
from reports.kept import Kept
from reports.statistics import CONFIDENCE, LEAST_DISPERSION, Scale

if TYPE_CHECKING:
    import pandas as pd

ASPECT = "aspect:"
Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]


class Row(NamedTuple):
    """One histogram of aspect scores, and what else its statistics need."""

    node: int
    aspect: str
    histogram: Histogram
    scale: Scale
    n_asked: int | None
    """N; None where it is unknown, or smaller than the number of answers."""


def statistics_table(kept: Kept) -> pd.DataFrame:
    """Return a row for every kept figure of an aspect, by node id and aspect, in order.

    `n` and `n_teams` answers and teams; `n_asked` people asked, missing where that is unknown; `mean`, `variance`
    (sample) and `median_deviation` (AD_Md) in points and squared points; `distance` the sum of distances from the
    median, in sixths of a point; `interval_low` and `interval_high` (90 %,
    quasi-binomial Wilson with finite-population correction), missing where everybody or a single person answered;
    `bound_low` and `bound_high`, missing where n_asked is; `low`, `middle` and `high` answers.
    """
    campaign = Campaign(kept)
    keys = sorted(key for key in kept.figures if key[1].startswith(ASPECT))
    asked = {node.id: campaign.n_countable(node.id) for node in kept.nodes}
    rows = []
    for node_id, measure in keys:
        histogram, n_asked = kept.figures[node_id, measure].histogram, asked[node_id]
        aspect = measure.removeprefix(ASPECT)
        known = None if n_asked is None or histogram.n > n_asked else n_asked
        rows.append(Row(node_id, aspect, histogram, campaign.scale(aspect), known))
    table = table_of(rows)
    table.insert(1, "n_teams", [kept.figures[key].n_teams for key in keys])
    return table


def table_of(rows: Iterable[Row]) -> pd.DataFrame:
    """Return the statistics of any histograms of aspect scores, in the order given.

    :raise ValueError: for an empty histogram.
    """
    import pandas as pd

    given = list(rows)
    if any(not row.histogram.n for row in given):
        raise ValueError("an empty histogram has no statistics")
    lengths = [len(row.histogram.pairs) for row in given]
    pairs = np.array([pair for row in given for pair in row.histogram.pairs], dtype=np.int64).reshape(-1, 2)
    scale = np.array([row.scale for row in given], dtype=np.int64).reshape(-1, 2)
    index = pd.MultiIndex.from_tuples([row[:2] for row in given], names=["node", "aspect"])
    # One line for each value of each histogram; every sum below is one over the lines of a row.
    lines = pd.DataFrame({"row": np.repeat(np.arange(len(given)), lengths), "value": pairs[:, 0], "count": pairs[:, 1]})
    lowest, highest = scale[lines["row"], 0], scale[lines["row"], 1]
    lines["first"] = lines["value"] * lines["count"]
    lines["second"] = lines["value"] * lines["first"]
    lines["low"] = lines["count"].where(3 * lines["value"] <= (2 * lowest + highest) * SIXTHS, 0)
    lines["high"] = lines["count"].where(3 * lines["value"] >= (lowest + 2 * highest) * SIXTHS, 0)
    sums = lines.groupby("row", sort=True)[["count", "first", "second", "low", "high"]].sum()
    n = sums["count"].to_numpy()
    lines["seen"] = lines.groupby("row")["count"].cumsum()
    reached = lines[2 * lines["seen"].to_numpy() >= n[lines["row"]]]
    medians = reached.groupby("row")["value"].first().to_numpy()
    lines["away"] = (lines["value"] - medians[lines["row"]]).abs() * lines["count"]
    away = lines.groupby("row")["away"].sum().to_numpy()
    first, second = sums["first"].to_numpy(), sums["second"].to_numpy()
    asked = np.array([np.nan if row.n_asked is None else row.n_asked for row in given], dtype=np.float64)
    means = _divided(first, n * SIXTHS)
    variances = _divided(n * second - first * first, np.maximum(n * (n - 1) * SIXTHS * SIXTHS, 1))
    low, high = _intervals(means, variances, n, asked, scale)
    known = np.array([row.histogram.n if row.n_asked is None else row.n_asked for row in given], dtype=np.int64)
    silent = SIXTHS * (known - n)
    ends = [_divided(first + silent * scale[:, end], SIXTHS * known) for end in (0, 1)]
    return pd.DataFrame(
        {
            "n": n,
            "n_asked": asked,
            "mean": means,
            "variance": variances,
            "median_deviation": _divided(away, n * SIXTHS),
            "distance": away,
            "interval_low": low,
            "interval_high": high,
            "bound_low": np.where(np.isnan(asked), np.nan, ends[0]),
            "bound_high": np.where(np.isnan(asked), np.nan, ends[1]),
            "low": sums["low"].to_numpy(),
            "middle": n - sums["low"].to_numpy() - sums["high"].to_numpy(),
            "high": sums["high"].to_numpy(),
        },
        index=index,
    )


def _divided(numerators: Counts, denominators: Counts) -> Numbers:
    """Return quotients of whole numbers of any size, each rounded once."""
    pairs = zip(numerators.tolist(), denominators.tolist(), strict=True)
    return np.array([numerator / denominator for numerator, denominator in pairs], dtype=np.float64)


def _intervals(means: Numbers, variances: Numbers, n: Counts, asked: Numbers, scale: Counts) -> tuple[Numbers, Numbers]:
    """Return the ends of `statistics.wilson_interval`, missing where it is None; see there for the formula."""
    from scipy.special import stdtrit

    lowest, width = scale[:, 0], scale[:, 1] - scale[:, 0]
    p = np.clip((means - lowest) / width, 0.0, 1.0)
    binomial = p * (1 - p)
    has_none = (n < 2) | (n >= asked)
    with np.errstate(divide="ignore", invalid="ignore"):
        dispersion = np.clip(variances / (width * width * binomial), LEAST_DISPERSION, 1.0)
        dispersion = np.where(binomial > 0, dispersion, LEAST_DISPERSION)
        missing = np.where(np.isnan(asked), 1.0, 1 - n / asked)
        effective = n / (dispersion * missing)
        z = stdtrit(np.maximum(n - 1, 1), (1 + CONFIDENCE) / 2)
        shrink = 1 + z * z / effective
        centre = (p + z * z / (2 * effective)) / shrink
        half = z * np.sqrt(binomial / effective + z * z / (4 * effective * effective)) / shrink
    low, high = lowest + width * np.maximum(centre - half, 0.0), lowest + width * np.minimum(centre + half, 1.0)
    return np.where(has_none, np.nan, low), np.where(has_none, np.nan, high)
