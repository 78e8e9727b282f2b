"""What stands above the figure of the change since last time: what was tested, or that nothing was."""

from __future__ import annotations

from reports import sentences
from reports.blocks import Block, Paragraph, Points
from reports.highlights import shown_aspects
from reports.languages import Language
from reports.released import Released, Status


def told(released: Released, language: Language) -> Block:
    """Say what was found of the focus aspects of a team.

    Of a department or the organisation nothing is tested here, whatever its focus: who answers in which team changes
    too. The organisation's change within teams has a page of its own.
    """
    _ = language.gettext
    if released.kind != "team":
        return Paragraph(_described(released, language))
    focus = [key for key in released.focus if key in released.aspects]
    if focus:
        return Points(tuple(sentences.focus(released, key, language) for key in focus))
    return Paragraph(_("No focus aspect was chosen for this quarter, so no change was tested."))


def _described(released: Released, language: Language) -> str:
    _ = language.gettext
    statuses = {figure.change.status for figure in shown_aspects(released).values()}
    if statuses <= {Status.NOT_COMPARABLE, Status.TOO_FEW, Status.FIRST_QUARTER}:
        text = _("No aspect of the previous quarter can be put beside this one.")
    else:
        text = _("The difference to the previous quarter is described here, not tested.")
    if released.kind == "organisation":
        text += " " + _("What can be told of the change within teams stands on the next page.")
    return text


def detectable(released: Released, language: Language) -> str:
    """Say from where on a change can be told from chance, of exact means and of rounded ones; empty without either."""
    _ = language.gettext
    exact, rounded = sentences.detectable(released)
    told = []
    if exact is not None:
        text = _(
            "With the usual spread of answers, a change below %(points)s points could be chance; "
            "where answers lie closer together, the test can tell a smaller one.",
            points=language.number(exact),
        )
        told.append(text)
    if rounded is not None:
        text = _(
            "Where a mean is rounded, no change below %(points)s points can be told from chance.",
            points=language.number(rounded),
        )
        told.append(text)
    if told:
        text = _("People who join and leave change a mean too, and the answers of two quarters cannot be paired.")
        told.append(text)
    return " ".join(told)
