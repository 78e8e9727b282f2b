"""Released numbers as CSV: long (a row per node, measure and statistic), wide (a row per node), and their codebook.

RFC 4180: commas, CRLF, quotation marks where they are needed; UTF-8, for Excel with a byte order mark. Numbers are
written as Python and JSON write them, with a point. A cell of text that a spreadsheet would compute as a formula is
prefixed by an apostrophe; negative numbers are numbers and stay. A team may be called `=SUM(A1)`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from reports import canonical, codebook
from reports.codebook import ANY, GROUPS, OF_THE_ORGANISATION, STATISTICS, WITHOUT_N, Group, Statistic
from reports.organisation_json import organisation_part
from reports.released import OpenEnd, Reason, Released, ReleasedOrganisation, Status, Tier

Shape = Literal["long", "wide"]
Value = str | float | bool | None

# A spreadsheet set to semicolons or tabs begins a new cell after each, within our text as well.
_FORMULA = re.compile(r"(^|[;\t\r\n])(?=[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])")
_HEAD = ("kind", "parent", "node", "quarter", "campaign")
_LONG = (*_HEAD, "measure", "statistic", "value", "n", "note")
_OF_THE_ORGANISATION: tuple[tuple[Group, str], ...] = (
    ("rungs", "teams_per_rung"),
    ("within_teams", "change_within_teams"),
    ("funnel", "funnels"),
    ("reliability", "reliability"),
    ("roles", "roles"),
)
_BY_GROUP = {group: tuple(one for one in STATISTICS if one.group == group) for group in GROUPS}
_TESTED = (Status.CHANGED, Status.NOT_DISTINGUISHABLE)


class Entry(NamedTuple):
    """One statistic of one measure."""

    statistic: Statistic
    name: str
    value: Value
    note: str


class Measure(NamedTuple):
    """Everything released of one measure of one node."""

    group: Group
    key: str
    n: int | None
    entries: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """As the long form calls it."""
        return f"{self.group}:{self.key}" if self.key else self.group


class Row(NamedTuple):
    """One node, and the organisation's report where the node is the whole of it."""

    released: Released
    organisation: ReleasedOrganisation | None = None


def rows_of(released: Released | ReleasedOrganisation) -> tuple[Row, ...]:
    """Return the nodes of a report: one, or the organisation, its departments and its teams."""
    if isinstance(released, ReleasedOrganisation):
        parts = (*released.departments, *released.teams)
        return (Row(released.whole, released), *(Row(part) for part in parts))
    return (Row(released),)


def export(rows: Sequence[Row], shape: Shape = "long", *, with_mark: bool = False) -> bytes:
    """Return the released numbers of some nodes as a CSV file.

    :param with_mark: begin with a byte order mark, without which Excel reads umlauts wrongly.
    """
    return written(_long(rows) if shape == "long" else _wide(rows), with_mark=with_mark)


def written(rows: Iterable[Sequence[Value]], *, with_mark: bool = False) -> bytes:
    """Return rows as a CSV file whose every cell is safe to open in a spreadsheet."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return (codecs.BOM_UTF8 if with_mark else b"") + text.getvalue().encode()


def codebook_file(*, with_mark: bool = False) -> bytes:
    """Return the codebook of both forms as a CSV file."""
    return written(codebook.rows(), with_mark=with_mark)


def cell(value: Value) -> str:
    """Write one cell: empty for nothing, true and false, numbers as they are, text that no spreadsheet computes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else repr(value)


def measures(row: Row) -> Iterator[Measure]:
    """Return all that is released of a node, measure by measure."""
    released = row.released
    report = canonical.part(released)
    yield _measure("node", "", report, None)
    for key, aspect in report["aspects"].items():
        yield _measure("aspect", key, aspect, aspect.get("n"))
    for key, aspect in report["aspects"].items():
        for item, figure in _items(released, key, aspect):
            yield _measure("item", item, figure, figure.get("n"))
    for key, choice in report["choices"].items():
        yield _measure("choice", key, choice, choice.get("n"))
    for key, ladder in report["ladders"].items():
        yield _measure("ladder", key, ladder, ladder.get("n"))
    for key, aspect in report["aspects"].items():
        yield _measure("change", key, report["change"].get(key, aspect), None)
    if row.organisation is not None:
        own = organisation_part(row.organisation)
        yield _measure("organisation", "", own, None)
        for group, place in _OF_THE_ORGANISATION:
            for key, figure in own[place].items():
                yield _measure(group, key, figure or {}, None)
        for key, compared in own["roles"].items():
            for role, figure in compared["roles"].items():
                yield _measure("role", f"{key}:{role}", figure, figure.get("n"))


def _items(released: Released, key: str, aspect: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Return an aspect's items; those of a withheld aspect are withheld with it."""
    if "items" in aspect:
        found: Mapping[str, Mapping[str, Any]] = aspect["items"]
        return found.items()
    asked = released.questionnaire.aspects
    return ((item.id, aspect) for item in (asked[key][1].items if key in asked else ()))


def _measure(group: Group, key: str, part: Mapping[str, Any], n: int | None) -> Measure:
    entries: list[Entry] = []
    for statistic in _BY_GROUP[group]:
        if ANY in statistic.path and part.get("histogram") is not None:
            counts = part["histogram"].items()
            entries += [Entry(statistic, statistic.name.replace(ANY, value), count, "") for value, count in counts]
        else:
            value = _found(part, statistic.path)
            entries.append(Entry(statistic, statistic.name.replace(ANY, "all"), value, _note(statistic, value, part)))
    return Measure(group, key, n, tuple(entries))


def _found(part: Any, path: Sequence[str | int]) -> Value:
    """Walk to a value of the JSON report; what is missing of a shown histogram is zero, of anything else nothing."""
    for step in path:
        if part is None or (isinstance(part, Mapping) and step not in part):
            is_count = part is not None and path[0] == "histogram" and step != "histogram"
            return 0 if is_count else None
        part = part[step]
    if path == ("culture",):
        return part or "mixed"
    return part  # type: ignore[no-any-return]


def _note(statistic: Statistic, value: Value, part: Mapping[str, Any]) -> str:
    """Say why a value is empty, or how a mean is rounded."""
    name = statistic.name
    if "withheld" in part and "tier" not in part:
        return str(part["withheld"])
    if value is not None:
        if name == "mean" and (part.get("tier") == Tier.COARSE or statistic.group == "role"):
            return _rounded(part["open_end"])
        return _rounded(part["before_open_end"]) if name == "before" and part["before_tier"] == Tier.COARSE else ""
    if statistic.group in OF_THE_ORGANISATION:
        return str(part.get("status") or part.get("verdict", "too_few_groups"))
    if statistic.group == "node":
        if name == "n_invited":
            return "invited_unknown"
        return str(Status.FIRST_QUARTER) if part["previous_quarter"] is None else "movement_unknown"
    if statistic.group == "change":
        return (
            canonical.BELOW_DETAIL
            if part["status"] in _TESTED and (name in ("p", "method", "delta") or name.startswith("pairs_"))
            else _untested(name, part)
        )
    if name.startswith("interval"):
        return "everyone_answered" if part["everyone_answered"] else "no_interval"
    if name.startswith("bound"):
        return "invited_unknown"
    if name in ("spread", "agreement"):
        return str(Reason.WOULD_REVEAL)
    return "top_rung" if name == "missing_for_next" and part["tier"] == Tier.DETAIL else canonical.BELOW_DETAIL


def _untested(name: str, part: Mapping[str, Any]) -> str:
    """Say why a figure of the change is empty: the verdict, or of an interval why the quarter before has none."""
    if name.startswith("before_interval") and part["before"] is not None:
        return "no_interval"
    status = str(part["status"])
    return "" if status in _TESTED else status


def _rounded(open_end: str | None) -> str:
    return {OpenEnd.TOP: "or_above", OpenEnd.BOTTOM: "or_below"}.get(OpenEnd(open_end), "") if open_end else "rounded"


def _names(released: Released) -> tuple[str, str | None, str, str, int | None]:
    return released.kind, released.parent_name, released.name, released.quarter, released.campaign


def _long(rows: Iterable[Row]) -> Iterator[Sequence[Value]]:
    yield _LONG
    for row in rows:
        for measure in measures(row):
            for entry in measure.entries:
                yield *_names(row.released), measure.name, entry.name, entry.value, measure.n, entry.note


def _wide(rows: Sequence[Row]) -> Iterator[Sequence[Value]]:
    """A row per node; columns are those of all questionnaires that any of the nodes was asked."""
    found = [{(measure.group, measure.key): measure for measure in measures(row)} for row in rows]
    asked = sorted(
        {key: None for one in found for key in one if key[0] not in OF_THE_ORGANISATION},
        key=lambda key: GROUPS.index(key[0]),
    )
    yield *_HEAD, *(name for group, key in asked for name in _columns(group, key))
    for row, one in zip(rows, found, strict=True):
        cells = (value for group, key in asked for value in _cells(group, one.get((group, key))))
        yield *_names(row.released), *cells


def _statistics(group: Group) -> list[Statistic]:
    return [one for one in _BY_GROUP[group] if codebook.in_wide(one)]


def _columns(group: Group, key: str) -> list[str]:
    names = [one.name for one in _statistics(group)]
    if group != "node":
        names = [*([] if group in WITHOUT_N else ["n"]), *names, "note"]
    return [codebook.column(group, key, name) for name in names]


def _cells(group: Group, measure: Measure | None) -> list[Value]:
    if measure is None:
        return [*[None] * (len(_columns(group, "")) - 1), str(Reason.NOT_ASKED)]
    entries = {entry.statistic: entry for entry in measure.entries}
    values = [entries[one].value for one in _statistics(group)]
    if group == "node":
        return values
    notes = dict.fromkeys(entry.note for entry in measure.entries if entry.note)
    return [*([] if group in WITHOUT_N else [measure.n]), *values, " ".join(notes)]
