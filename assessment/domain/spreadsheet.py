"""Reading any spreadsheet export without knowing where it comes from: encoding, separator, headers, rows.

Nothing here knows what a column means. Rows are read one after the other, and each carries the line of the *file* it
begins at, because a quoted cell may hold line breaks and everybody counts lines in an editor.
"""

from __future__ import annotations

import codecs
import csv
import dataclasses
import io
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from charset_normalizer import from_bytes

from assessment.domain.error_kinds import Invalid
from reports.languages import phrase

SEPARATORS = (",", ";", "\t", "|")
SIZE_LIMIT = 64 * 1024 * 1024
ROW_LIMIT = 250_000
COLUMN_LIMIT = 2000
SAMPLE = 64 * 1024
PROGRESS_EVERY = 2000

# Longest mark first: the mark of UTF-32 begins with the one of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NOT_TEXT = (
    (b"PK\x03\x04", "an Excel or LibreOffice workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
)
# What Western European texts have beyond ASCII. Bytes that read as anything else in cp1252 hint at another encoding.
WESTERN = frozenset("äöüßÄÖÜéèêëàâáãåæçîïíìñôóòõøœùúûÿÉÈÊÀÂÁÅÆÇÎÍÑÔÓØŒÚÛ€‚„“”‘’–—…«»‹›·•°§²³½¼±×\xa0\xad´¡¿£©®™ªº")
OTHER_ENCODINGS = ["cp1250", "cp1251", "cp1253", "cp1254", "mac_roman", "iso8859_2", "iso8859_15", "cp850", "cp1252"]

Progress = Callable[[int, int], None]


class UnreadableSpreadsheet(Invalid):
    """The file is no table in any encoding and with any separator we know, or too large."""


@dataclass(frozen=True)
class LineProblem:
    """One complaint about one line of a file; line 0 is the file as a whole."""

    line: int
    field: str
    value: str
    template: str
    """The English sentence, which a door translates and puts `values` into."""
    values: dict[str, object] = dataclasses.field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.template % self.values if self.values else self.template

    def __str__(self) -> str:
        shown = f" {shortened(self.value)!r}" if self.value else ""
        return f"line {self.line}, {self.field}{shown}: {self.message}"


@dataclass(frozen=True)
class Row:
    """One row below the header: as many cells as the header has, without surrounding white space."""

    line: int
    """The line of the file it begins at, counted from 1."""
    cells: tuple[str, ...]
    n_extra: int = 0
    """How many cells that are not blank stand beyond the last header."""

    @property
    def is_blank(self) -> bool:
        """Whether no cell has anything in it."""
        return not any(self.cells) and not self.n_extra


@dataclass(frozen=True)
class Spreadsheet:
    """A table in memory, with what was found out about its file."""

    source: bytes = dataclasses.field(repr=False)
    encoding: str
    separator: str
    header: tuple[str, ...]
    header_line: int

    @cached_property
    def _positions(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for position, header in enumerate(self.header):
            found.setdefault(normal(header), []).append(position)
        return found

    def positions(self, header: str) -> list[int]:
        """Return where a header stands, regardless of case and of visible, non-breaking or zero-width spaces."""
        return self._positions.get(normal(header), [])

    def rows(self, progress: Progress | None = None) -> Iterator[Row]:
        """Yield the rows that are not blank; `progress` is told bytes read and bytes in all.

        :raise UnreadableSpreadsheet: for a broken quotation, a cell beyond 128 KiB or more than `ROW_LIMIT` rows.
        """
        width, n_rows = len(self.header), 0
        binary = io.BytesIO(self.source)
        for line, record in _records(binary, self.encoding, self.separator):
            if line <= self.header_line:
                continue
            cells = [trimmed(cell) for cell in record]
            extra = sum(1 for cell in cells[width:] if cell)
            row = Row(line, tuple(cells[:width] + [""] * (width - len(cells))), extra)
            if row.is_blank:
                continue
            n_rows += 1
            if n_rows > ROW_LIMIT:
                raise UnreadableSpreadsheet("file", f"line {line}", f"more than {ROW_LIMIT} rows; split it by team")
            if progress is not None and n_rows % PROGRESS_EVERY == 0:
                progress(binary.tell(), len(self.source))
            yield row
        if progress is not None:
            progress(len(self.source), len(self.source))


def read_spreadsheet(source: bytes) -> Spreadsheet:
    """Find out encoding, separator and header of a file.

    :raise UnreadableSpreadsheet: for an empty file, a workbook, one beyond `SIZE_LIMIT`, or one without a header.
    """
    if len(source) > SIZE_LIMIT:
        size, limit = len(source) // 1024**2, SIZE_LIMIT // 1024**2
        raise UnreadableSpreadsheet("file", f"{size} MiB", f"at most {limit} MiB are read; split it by team")
    for mark, what in NOT_TEXT:
        if source.startswith(mark):
            raise UnreadableSpreadsheet("file", what, "save the sheet as CSV (UTF-8) and give that file")
    encoding = find_encoding(source)
    sample = codecs.getincrementaldecoder(encoding)().decode(source[:SAMPLE])
    if not trimmed(sample):
        raise UnreadableSpreadsheet("file", "", "it is empty; export the answers again, with their header")
    separator = find_separator(sample, whole=len(source) <= SAMPLE)
    for line, record in _records(io.BytesIO(source), encoding, separator):
        header = [trimmed(cell) for cell in record]
        if not any(header) or _declared_separator(separator.join(header)):
            continue
        while not header[-1]:
            header.pop()
        if len(header) > COLUMN_LIMIT:
            raise UnreadableSpreadsheet("file", f"{len(header)} columns", f"at most {COLUMN_LIMIT} columns are read")
        return Spreadsheet(source, encoding, separator, tuple(header), line)
    raise UnreadableSpreadsheet("file", "", "it has no header; the first line names the columns")


def find_encoding(source: bytes) -> str:
    """Return the name of the codec that reads a file: by its mark, by where its zero bytes stand, else by trying.

    :raise UnreadableSpreadsheet: when no encoding fits.
    """
    for mark, name in MARKS:
        if source.startswith(mark):
            return _checked(source, name)
    head = source[:4096]
    n_zeros = head.count(0)
    if n_zeros * 4 > len(head):
        n_even = head[::2].count(0)
        return _checked(source, "utf-16-be" if n_even * 2 > n_zeros else "utf-16-le")
    if _decodes(source, "utf-8"):
        return "utf-8"
    # Only lines with other than ASCII bytes say anything about an encoding.
    telling = b"\n".join({line for line in source.splitlines() if not line.isascii()})[:SAMPLE]
    if _decodes(source, "cp1252"):
        beyond = [character for character in telling.decode("cp1252", "ignore") if ord(character) > 127]
        if sum(character in WESTERN for character in beyond) >= 0.9 * len(beyond):
            return "cp1252"
    best = from_bytes(telling, cp_isolation=OTHER_ENCODINGS).best()
    for name in [best.encoding if best is not None else "cp1252", "cp1252"]:
        if _decodes(source, name):
            return name
    raise UnreadableSpreadsheet("file", "its encoding", "save it as CSV (UTF-8)")


def find_separator(sample: str, *, whole: bool = True) -> str:
    """Return the separator that cuts the sample into the most even table; a comma for a single column."""
    lines = sample.lstrip("\ufeff").splitlines()
    declared = _declared_separator(lines[0]) if lines else None
    if declared:
        return declared
    best, best_score = ",", (0.0, 1)
    for separator in SEPARATORS:
        records = []
        try:
            for record in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
                if any(trimmed(cell) for cell in record):
                    records.append(len(record))
        except csv.Error:
            continue
        if not whole and len(records) > 1:
            # The sample may end in the middle of a record.
            records.pop()
        if not records or records[0] < 2:
            continue
        even = sum(1 for width in records if width == records[0]) / len(records)
        score = (round(even, 1), records[0])
        if score > best_score:
            best, best_score = separator, score
    return best


def trimmed(text: str) -> str:
    """Return a cell without surrounding white space, visible or not, and without null characters anywhere."""
    text = text.replace("\0", "").strip()
    if text.isascii():
        return text
    start, end = 0, len(text)
    while start < end and _is_space(text[start]):
        start += 1
    while end > start and _is_space(text[end - 1]):
        end -= 1
    return text[start:end]


def normal(text: str) -> str:
    """Return a text as it is compared: without case, zero-width characters and more than single spaces."""
    visible = "".join(character for character in text if unicodedata.category(character) != "Cf")
    folded = unicodedata.normalize("NFKC", visible).casefold()
    return " ".join(folded.replace("’", "'").replace("‘", "'").split())


def shortened(text: str, limit: int = 40) -> str:
    """Return the beginning of a text, so that a complaint never repeats a whole comment."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _is_space(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) == "Cf"


def _declared_separator(line: str) -> str | None:
    """Return the separator that Excel's own first line `sep=;` declares."""
    line = line.rstrip("\r\n").strip('"')
    return line[4] if len(line) >= 5 and line[:4].lower() == "sep=" and line[4] in SEPARATORS else None


def _decodes(source: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(source), SAMPLE):
            decoder.decode(source[start : start + SAMPLE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _checked(source: bytes, encoding: str) -> str:
    if not _decodes(source, encoding):
        raise UnreadableSpreadsheet("file", encoding, "it is damaged or cut off; export it again as CSV (UTF-8)")
    return encoding


def _records(binary: io.BytesIO, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it begins at."""
    text = io.TextIOWrapper(binary, encoding=encoding, newline="")
    reader = csv.reader(text, delimiter=separator, strict=True)
    line = 1
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            remedy = phrase("a quotation mark is not closed or stands in the middle of a cell; export it again as CSV")
            raise UnreadableSpreadsheet("file", f"line {line}", remedy) from None
        yield line, record
        line = reader.line_num + 1
