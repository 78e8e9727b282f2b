"""Oracles of what an organisation's report holds: tests over teams, corrections, reliability, funnels."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.oneway import anova_oneway

from reports.funnel import INNER, OUTER, limits, within_teams
from reports.histograms import Histogram
from reports.reliability import cronbachs_alpha, feldt_interval, intraclass
from reports.stratified import adjusted, row_mean_scores, van_elteren
from tests.reports.oracle_row import Row

SCALE = (1, 7)
# Benjamini & Hochberg (1995), their example; six targets rated by four judges, Shrout & Fleiss (1979), table 2.
HOCHBERG = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0]  # fmt: skip
SHROUT = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
# Data sets that pingouin ships, a row a person or wine: fifteen people and ten statements (`cronbach_alpha`), nine with
# all of eleven (`cronbach_wide_missing`), eight wines and four judges (`icc`). Its numbers were run beside ours.
FIFTEEN = [list(map(int, person)) for person in zip(
    "357261426544564", "243452345432553", "465363545653655", "135354335422245", "456242571355323", "514245226533321",
    "123242125324213", "453663242132442", "356675463743463", "255352352214554", strict=True)]  # fmt: skip
NINE = [list(map(int, person)) for person in (
    "11111111111", "11111111010", "11101101100", "11111000100", "11110010000", "11111000000", "01011000010",
    "11100000000", "10010000000")]  # fmt: skip
WINES = [list(map(int, wine)) for wine in ("1201", "1332", "3814", "6433", "6556", "7562", "8779", "9998")]


def organisation_rows() -> Iterator[Row]:
    """Yield the oracles of the organisation."""
    yield from _corrected()
    yield from _stratified()
    yield from _roles()
    yield from _alpha()
    yield from _intraclass()
    yield from _funnel()


def _corrected() -> Iterator[Row]:
    ours = adjusted(HOCHBERG)
    for place, theirs in enumerate((0.0015, 0.0030, 0.0095, 0.0356, 0.0603)):
        yield Row("BH adjusted p", f"their example, no. {place + 1}", ours[place], theirs, "independent run", 5e-5)
    yield Row("BH rejected at .05", "their example", sum(p <= 0.05 for p in ours), 4, "Benjamini & Hochberg")
    bh = multipletests(HOCHBERG, method="fdr_bh")[1]
    for name, found in (("scipy", stats.false_discovery_control(HOCHBERG)), ("statsmodels", bh)):
        worst = max(range(len(ours)), key=lambda i: abs(ours[i] - found[i]))
        yield Row("BH adjusted p, furthest", f"their example, no. {worst + 1}", ours[worst], float(found[worst]), name)


def _stratified() -> Iterator[Row]:
    first, second = [3, 4, 4, 5, 6, 2, 4, 4], [5, 6, 6, 7, 4, 4, 5, 3, 6]
    one = van_elteren([(Histogram.count(first), Histogram.count(second))])
    single = stats.mannwhitneyu(second, first, method="asymptotic", use_continuity=False)
    yield Row("van Elteren, one team, p", "8 v 9 with ties", one.p, float(single.pvalue), "scipy")
    # W = 3 and 6, expected 2 and 5, variance 2/3 and 1, weight 1/4 and 1/5.
    two = [([1, 2], [3]), ([1, 1], [1, 2])]
    z = van_elteren([(Histogram.count(before), Histogram.count(after)) for before, after in two]).z
    by_hand = (1 / 4 + 1 / 5) / math.sqrt(1 / 16 * 2 / 3 + 1 / 25)
    yield Row("van Elteren, two teams, z", "1 2 v 3, 1 1 v 1 2", z, by_hand, "by hand")


def _roles() -> Iterator[Row]:
    """Several groups within teams: one team is Kruskal and Wallis' test, two groups are van Elteren's."""
    groups = [[3, 4, 4, 5, 6, 2], [5, 6, 6, 7, 4], [4, 4, 3, 5, 2, 2, 1], [7, 6, 6]]
    one = row_mean_scores([[Histogram.count(group) for group in groups]])
    assert one is not None
    theirs = stats.kruskal(*groups)
    yield Row("roles, one team, chi-square", "four roles with ties", one.statistic, float(theirs.statistic), "scipy")
    yield Row("roles, one team, p", "four roles with ties", one.p, float(theirs.pvalue), "scipy")
    teams = [([3, 4], [5, 6]), ([2, 4, 5], [5, 6]), ([6], [4, 7])]
    three = [(Histogram.count(building), Histogram.count(running)) for building, running in teams]
    two = row_mean_scores(three)
    assert two is not None
    yield Row("roles, three teams, chi-square", "two roles", two.statistic, van_elteren(three).z ** 2, "van Elteren")
    by_hand = (2 / 5 + 2.5 / 6) ** 2 / (1 / 15 + 2.85 / 36 + 1 / 24)
    yield Row("roles, three teams, chi-square", "two roles", two.statistic, by_hand, "by hand")
    # Teams that are alike add up: twice the same team is twice the statistic of one.
    alike = row_mean_scores([[Histogram.count(group) for group in groups]] * 2)
    assert alike is not None
    yield Row("roles, two teams alike", "four roles with ties", alike.statistic, 2 * float(theirs.statistic), "scipy")


def _alpha_of(people: list[list[int]]) -> float:
    columns = [Histogram.count(column) for column in zip(*people, strict=True)]
    found = cronbachs_alpha(columns, Histogram.count(map(sum, people)))
    assert found is not None
    return float(found)


def _alpha() -> Iterator[Row]:
    covariances = np.cov(np.array(SHROUT), rowvar=False)
    raw = 4 / 3 * (1 - np.trace(covariances) / covariances.sum())
    yield Row("alpha", "Shrout & Fleiss", _alpha_of(SHROUT), float(raw), "numpy")
    yield Row("alpha = ICC(3,k)", "Shrout & Fleiss", _alpha_of(SHROUT), 0.91, "their table 4", 5e-3)
    yield Row("alpha", "cronbach_alpha, 15 people", _alpha_of(FIFTEEN), 0.5917188, "pingouin", 1e-7)
    yield Row("alpha", "cronbach_wide_missing", _alpha_of(NINE), 0.8016949, "pingouin", 1e-7)
    # Pingouin counts the three people whom it leaves out of alpha among the degrees of freedom: 12 in place of 9.
    for given, alpha, n, k, confidence, ends, source, within in (
        ("cronbach_alpha, 95 %", _alpha_of(FIFTEEN), 15, 10, 0.95, (0.195, 0.840), "pingouin", 5e-4),
        ("cronbach_wide_missing, 95 %", _alpha_of(NINE), 12, 11, 0.95, (0.581, 0.933), "pingouin", 5e-4),
        ("alpha .85, k 7, n 89", 0.85, 89, 7, 0.95, (0.79706, 0.89317), "statpsych docs", 1e-5),
    ):
        for end, own, theirs in zip(("low", "high"), feldt_interval(alpha, n, k, confidence), ends, strict=True):
            yield Row(f"Feldt interval, {end}", given, own, theirs, source, within)
    for end, share, own in zip(("low", "high"), (0.95, 0.05), feldt_interval(0.8, 100, 3), strict=True):
        theirs = 1 - 0.2 * float(stats.f.ppf(share, 99, 198))
        yield Row(f"Feldt interval, {end}", "alpha .80, k 3, n 100, 90 %", own, theirs, "scipy")


def _intraclass() -> Iterator[Row]:
    for given, teams, single, average, source, within in (
        ("Shrout & Fleiss", SHROUT, 0.17, 0.44, "their table 4", 5e-3),
        ("icc, 8 wines, 4 judges", WINES, 0.7275, 0.9144, "pingouin", 5e-5),
    ):
        icc = intraclass([Histogram.count(team) for team in teams])
        assert icc is not None
        f, n = float(stats.f_oneway(*teams).statistic), len(teams[0])
        yield Row("ICC(1)", given, float(icc.single), single, source, within)
        yield Row("ICC(2)", given, float(icc.average), average, source, within)
        yield Row("ICC(1)", given, float(icc.single), (f - 1) / (f + n - 1), "scipy")
        yield Row("ICC(2)", given, float(icc.average), (f - 1) / f, "scipy")
        theirs = float(anova_oneway(np.concatenate(teams), np.repeat(range(len(teams)), n), use_var="equal").statistic)
        yield Row("ICC(2)", given, float(icc.average), 1 - 1 / theirs, "statsmodels")


def _funnel() -> Iterator[Row]:
    for n, share in ((9, INNER), (9, OUTER), (16, INNER), (16, OUTER)):
        theirs = stats.norm.interval(share, 4, 1.2 / math.sqrt(n))
        for end, own, other in zip(("low", "high"), limits(4, 1.2, n, share, SCALE), theirs, strict=True):
            yield Row(f"funnel limit, {end}", f"mean 4, sd 1.2, n {n}, {share:.1%}", own, float(other), "scipy")
    teams = [[12, 18, 24, 24], [30, 36, 42], [18, 30]]
    own = math.sqrt(within_teams([Histogram.count(team) for team in teams]))
    residuals = np.concatenate([np.array(team) / 6 - np.mean(team) / 6 for team in teams])
    theirs = math.sqrt(float(np.sum(residuals**2)) / (len(residuals) - len(teams)))
    yield Row("deviation within teams", "2 3 4 4, 5 6 7, 3 5", own, theirs, "numpy")
