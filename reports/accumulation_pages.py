"""Which small changes stand on which, as a page of a report: for a team as it stands, for the organisation counted."""

from __future__ import annotations

from collections.abc import Sequence

from questionnaires.changes import Catalogue
from reports import figures, words
from reports.accumulation import Standing, Step, in_words, team_steps
from reports.blocks import Chart, Page, Paragraph, Table
from reports.follow_up import FollowUp
from reports.languages import Language
from reports.released import Released

NOTHING = "–"


def of_team(released: Released, found: FollowUp | None, language: Language, catalogue: Catalogue) -> tuple[Page, ...]:
    """Return the page of a team that has agreed on a change or has one in place; nothing for others."""
    if found is None or not (found.agreed or found.in_place):
        return ()
    steps = team_steps(found, [one.change for one in released.suggestions.changes], catalogue)
    standing = [step.standing for step in steps]
    intro = language.gettext(
        "%(in_place)s in place, %(under_way)s under way. Small changes build on each other, and no team needs all of "
        "them.",
        in_place=sum(one in (Standing.DONE, Standing.IMPLIED) for one in standing),
        under_way=standing.count(Standing.IN_FLIGHT),
    )
    return (page(steps, Paragraph(intro), (_table(steps, language),), language, catalogue),)


def page(
    steps: Sequence[Step], intro: Paragraph, tables: tuple[Table, ...], language: Language, catalogue: Catalogue
) -> Page:
    """Return the page of the figure of these steps, with how its lines are read."""
    _ = language.gettext
    how = _("A solid line leads from a small change to what builds on it, a dotted line to what needs it as well.")
    if any(step.counts is not None for step in steps):
        how += " " + _("Bars count teams: dark have it, grey behind a gap are on their way.")
    wide, narrow = (figures.accumulation(steps, catalogue, language, narrow=narrow) for narrow in (False, True))
    chart = Chart("accumulation", _("What stands on what"), wide, narrow, how, tables)
    return Page("roadmap", _("What stands on what"), (intro, chart))


def _table(steps: Sequence[Step], language: Language) -> Table:
    _ = language.gettext
    rows = tuple(
        (
            step.change.id,
            language.text(step.change.title),
            words.listed(step.change.after, language) if step.change.after else NOTHING,
            in_words(step, language),
        )
        for step in steps
    )
    return Table(
        _("Small changes and what they build on"), (_("No."), _("Small change"), _("Builds on"), _("How far")), rows
    )
