"""What stands above the figure of the change since last time: what was tested, or that nothing was."""

from __future__ import annotations

from reports import sentences, words
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
    if told and _are_mostly_new(released):
        text = _(
            "%(n)s of %(all)s people are new since then: mostly others answered than last time, and the answers of two "
            "quarters cannot be paired.",
            n=released.n_joined,
            all=released.n_invited,
        )
        told.append(text)
    elif told:
        text = _("People who join and leave change a mean too, and the answers of two quarters cannot be paired.")
        told.append(text)
    return " ".join(told)


def _are_mostly_new(released: Released) -> bool:
    is_known = released.kind == "team" and released.n_joined is not None and bool(released.n_invited)
    return is_known and 2 * (released.n_joined or 0) > (released.n_invited or 0)


def not_comparable(released: Released, language: Language) -> tuple[Block, ...]:
    """Say why aspects cannot be compared with the previous quarter; nothing where all can."""
    shown = shown_aspects(released)
    other = [key for key, figure in shown.items() if figure.change.status is Status.NOT_COMPARABLE]
    if not other:
        return ()
    text = language.gettext("The questions or the scale are not those of the quarter before.")
    if len(other) < len(shown):
        names = words.quoted([words.aspect_name(released, key, language) for key in other], language)
        text = language.gettext("Not comparable: %(names)s.", names=names) + " " + text
    return (Paragraph(text),)
