"""Guessing a first mapping from the header of an export, for a person to check and correct.

Columns are recognised by an instrument's own sentences first, else by words that the usual six statements on culture
use in English and German. What is not recognised is listed as ignored, with the reason.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from assessment.domain.error_kinds import Invalid
from assessment.domain.mapping import DEFAULT_INSTRUMENT
from assessment.domain.mapping_cells import number_in
from assessment.domain.spreadsheet import Spreadsheet, normal, shortened
from questionnaires.instrument import Instrument

ROWS_LOOKED_AT = 2000
TEAMS_LISTED = 300
LONGEST_WORD = 60
MOST_WORDS = 12

# Parts of words, normal, with how telling each is.
ASPECT_WORDS: Mapping[str, str] = {
    "cooperation": (
        "information 2, actively sought 3, cooperat 3, collaborat 1, work together 2, help each other 2, "
        "informationen 1, aktiv gesucht 3, aktiv eingeholt 3, kooperation 3, zusammenarbeit 2, arbeiten zusammen 2"
    ),
    "messengers": (
        "messenger 3, bad news 4, retribution 3, punish 2, speak up 3, raise problem 3, schlechte nachricht 4, "
        "schlechten nachricht 4, überbring 3, bestraf 2, probleme ansprechen 3, negative folgen 2, konsequenzen 1"
    ),
    "risk_sharing": (
        "responsibilit 3, risk 3, shared 1, accountab 2, verantwort 3, risik 3, geteilt 1, gemeinsam getragen 2"
    ),
    "bridging": (
        "cross-functional 4, cross functional 4, bridg 3, across teams 3, other teams 3, silo 3, collaborat 2, "
        "between departments 3, bereichsübergreifend 4, funktionsübergreifend 4, teamübergreifend 4, "
        "abteilungsübergreifend 4, anderen teams 3, brücke 3, zusammenarbeit 1"
    ),
    "inquiry": (
        "failure 3, incident 3, inquiry 3, postmortem 3, learn 2, mistake 2, root cause 2, fehler 3, scheitern 3, "
        "misserfolg 3, störung 2, ausfall 2, ausfäll 2, lernen 2, gelernt 2"
    ),
    "novelty": (
        "new idea 4, novel 3, innovat 3, ideas 2, experiment 2, neue idee 4, neuen idee 4, ideen 2, neuerung 3, "
        "willkommen 1, vorschläge 1"
    ),
}
LEAST_TELLING = 2
OTHER_WORDING = (
    "# The columns were recognised by single words. Check that each asks about its aspect. Where its sentence differs",
    "# from the instrument's, compare its quarters with each other and not with answers given here.",
)
TEAM_WORDS = ("team", "squad", "gruppe", "group", "tribe", "crew", "abteilung", "department", "bereich", "stream")
# Why a column is left alone: the first group whose word stands in the header.
PERSONAL = (
    ("who answered must not be imported", "mail name user benutzer respondent teilnehmer person"),
    (
        "when somebody answered must not be imported",
        "time date zeit datum stamp dauer duration submitted started",
    ),
    (
        "a number of the submission; nothing of it is kept",
        "id nr no token response seed antwort-id ip page seite language sprache",
    ),
    (
        "free text is not imported, because words identify people",
        "comment kommentar anything feedback remark anmerkung bemerkung why warum note",
    ),
)


@dataclass
class _Seen:
    """What a column's cells look like, from the first rows."""

    header: str
    n_filled: int = 0
    n_numbers: int = 0
    words: Counter[str] = field(default_factory=Counter)
    has_long: bool = False

    @property
    def looks_like_answers(self) -> bool:
        """Whether the cells are numbers or a handful of short words."""
        if not self.n_filled:
            return True
        return not self.has_long and (self.n_numbers * 2 > self.n_filled or len(self.words) <= MOST_WORDS)

    @property
    def looks_like_names(self) -> bool:
        """Whether the cells are short words, many of which come again."""
        return not self.has_long and self.n_numbers * 2 <= self.n_filled


def guess(spreadsheet: Spreadsheet, instruments: Mapping[str, Instrument]) -> str:
    """Return a mapping file for a spreadsheet, as YAML with remarks on what to check.

    :raise Invalid: when no column reads like a question of ours.
    """
    seen = _look(spreadsheet)
    names, columns = _by_own_words(seen, instruments)
    remarks: tuple[str, ...] = ()
    if not columns:
        names, columns = (DEFAULT_INSTRUMENT,), _by_aspect_words(seen)
        remarks = OTHER_WORDING
    if not columns:
        raise Invalid("header", shortened(", ".join(spreadsheet.header)), "no column reads like a question we know")
    team = _team(seen, set(columns.values()))
    lines = [
        "# A first mapping, guessed from the header. Read every line before importing; nothing here is certain.",
        f"# The file was read as {spreadsheet.encoding} with {_spoken(spreadsheet.separator)} between its columns.",
        f"instrument: {names[0]}" if len(names) == 1 else f"instrument: [{', '.join(names)}]",
        "",
        *_team_lines(seen, team),
        "",
        *remarks,
        "# Left: the question. Right: the header of its column.",
        "columns:",
    ]
    for key, position in columns.items():
        lines.append(f"  {key}: {_quoted(seen[position].header)}")
    lines += ["", *_word_lines([seen[position] for position in columns.values()])]
    lines += ["", "# Never read, and never stored.", "ignore:"]
    rest = [position for position in range(len(seen)) if position not in columns.values() and position != team]
    lines += [f"  - {_quoted(seen[at].header)}  # {_reason(seen[at])}" for at in rest if seen[at].header]
    if lines[-1] == "ignore:":
        lines[-1] = "ignore: []"
    return "\n".join(lines) + "\n"


def _look(spreadsheet: Spreadsheet) -> list[_Seen]:
    seen = [_Seen(header) for header in spreadsheet.header]
    for n_rows, row in enumerate(spreadsheet.rows()):
        if n_rows >= ROWS_LOOKED_AT:
            break
        for column, cell in zip(seen, row.cells, strict=True):
            if not cell:
                continue
            column.n_filled += 1
            if number_in(cell) is not None:
                column.n_numbers += 1
            elif len(cell) > LONGEST_WORD or "\n" in cell:
                column.has_long = True
            elif len(column.words) < TEAMS_LISTED:
                column.words[cell] += 1
    return seen


def _by_own_words(seen: list[_Seen], instruments: Mapping[str, Instrument]) -> tuple[tuple[str, ...], dict[str, int]]:
    """Recognise the columns of an export whose headers are our own sentences, in any language."""
    headers: dict[str, int] = {}
    for position, column in enumerate(seen):
        headers.setdefault(normal(column.header), position)
    names: list[str] = []
    columns: dict[str, int] = {}
    for name, instrument in instruments.items():
        found: dict[str, int] = {}
        for key, texts in _sentences(instrument).items():
            for sentence in texts:
                own = headers.get(normal(sentence))
                if own is not None and own not in columns.values():
                    found[key] = own
        if found and not found.keys() & columns.keys():
            names.append(name)
            columns |= found
    return tuple(names), columns


def _sentences(instrument: Instrument) -> dict[str, list[str]]:
    sentences: dict[str, list[str]] = {}
    for aspect in instrument.aspects:
        for item in aspect.items:
            sentences[f"item:{item.id}"] = [*item.text.values(), item.id]
        if aspect.choice is not None:
            sentences[f"choice:{aspect.id}"] = list(aspect.choice.prompt.values())
    for ladder in instrument.ladders:
        sentences[f"ladder:{ladder.id}"] = list(ladder.prompt.values())
    return sentences


def _by_aspect_words(seen: list[_Seen]) -> dict[str, int]:
    """Give each aspect the column whose header speaks of it most, best matches first."""
    scores = []
    for position, column in enumerate(seen):
        if not column.looks_like_answers:
            continue
        header = normal(column.header)
        for aspect, words in ASPECT_WORDS.items():
            telling = (entry.rsplit(" ", 1) for entry in words.split(", "))
            score = sum(int(weight) for word, weight in telling if word in header)
            if score >= LEAST_TELLING:
                scores.append((-score, position, aspect))
    columns: dict[str, int] = {}
    for _, position, aspect in sorted(scores):
        if aspect not in columns and position not in columns.values():
            columns[aspect] = position
    return {aspect: columns[aspect] for aspect in ASPECT_WORDS if aspect in columns}


def _team(seen: list[_Seen], taken: set[int]) -> int | None:
    best, best_score = None, 0
    for position, column in enumerate(seen):
        header = normal(column.header)
        score = sum(len(TEAM_WORDS) - rank for rank, word in enumerate(TEAM_WORDS) if word in header)
        if position not in taken and column.looks_like_names and score > best_score:
            best, best_score = position, score
    return best


def _team_lines(seen: list[_Seen], team: int | None) -> list[str]:
    if team is None:
        return [
            "team:",
            "  # Check: no column says the team, so the whole file counts for this one.",
            "  name: My team",
        ]
    lines = ["team:", f"  column: {_quoted(seen[team].header)}"]
    names = sorted(seen[team].words)
    if not names:
        return lines
    lines.append("  # Check: left, what the export calls a team; right, what the organisation here calls it.")
    lines += ["  names:", *(f"    {_quoted(name)}: {_quoted(name)}" for name in names)]
    lines.append("  # How many were asked. Without it there is no response rate, and the report says so.")
    lines += ["  # sizes:", *(f"  #   {_quoted(name)}: 8" for name in names)]
    lines.append("  # The department of each team that is not in the organisation yet.")
    lines += ["  # departments:", *(f"  #   {_quoted(name)}: My department" for name in names)]
    return lines


def _word_lines(columns: list[_Seen]) -> list[str]:
    words = sorted({word for column in columns for word in column.words})
    lines = ["# Words that mean the question was not answered with a value."]
    if not words:
        return [*lines, "cannot_judge: []"]
    lines += ["# Check: these words stand in the columns above. The instrument's own labels are known already;"]
    lines += ["# write under values: what the others are worth, such as values: {Strongly agree: 7}."]
    lines += [f"#   {_quoted(word)}" for word in words[: 2 * MOST_WORDS]]
    unknown = [word for word in words if _means_unknown(word)]
    return [*lines, f"cannot_judge: [{', '.join(_quoted(word) for word in unknown)}]"]


def _means_unknown(word: str) -> bool:
    known = ("n/a", "na", "-", "?", "k. a.", "k.a.", "keine angabe", "don't know", "not applicable", "weiß nicht")
    return normal(word) in {normal(entry) for entry in known} or "judge" in normal(word) or "beurteil" in normal(word)


def _reason(column: _Seen) -> str:
    header = normal(column.header)
    parts = set(header.replace("-", " ").replace("_", " ").replace(".", " ").split())
    for reason, words in PERSONAL:
        if any(word in parts if len(word) <= 3 else word in header for word in words.split()):
            return reason
    if column.has_long:
        return PERSONAL[-1][0]
    return "check: not recognised; if it is a question, move it to columns"


def _spoken(separator: str) -> str:
    return {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}[separator]


def _quoted(text: str) -> str:
    """Return a text as a YAML scalar in double quotes: JSON's quoting is YAML's."""
    return json.dumps(text, ensure_ascii=False)
