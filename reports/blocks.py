"""What a document is made of: frozen pages of plain blocks, which HTML and PDF lay out each in their own way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from reports.figures import Drawn

DocumentKind = Literal["team", "organisation", "summary", "trend"]


@dataclass(frozen=True)
class Lead:
    """The one sentence a page wants to be remembered for."""

    text: str
    kind: str = "lead"


@dataclass(frozen=True)
class Paragraph:
    """Running text; small for how to read something."""

    text: str
    small: bool = False
    kind: str = "paragraph"


@dataclass(frozen=True)
class Heading:
    """A heading inside a page."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True)
class Points:
    """Sentences that stand beside each other with equal weight."""

    items: tuple[str, ...]
    kind: str = "points"


@dataclass(frozen=True)
class Glossary:
    """Terms with what they mean, in columns where there is room."""

    entries: tuple[tuple[str, str], ...]
    columns: Literal[2, 3] = 2
    label: str = ""
    """What stands over the terms, where no heading does."""
    kind: str = "glossary"


@dataclass(frozen=True)
class Callout:
    """A boxed thought with its own short title."""

    title: str
    subject: str
    text: str
    tone: Literal["strength", "talk", "note"] = "note"
    kind: str = "callout"


@dataclass(frozen=True)
class Callouts:
    """Boxes side by side where there is room."""

    boxes: tuple[Callout, ...]
    kind: str = "callouts"


@dataclass(frozen=True)
class Table:
    """A table whose first column heads its rows."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    """Columns, counted from 0, that are set to the right."""
    kind: str = "table"


@dataclass(frozen=True)
class Chart:
    """A figure in its wide and its narrow shape, with the table a screen reader reads instead."""

    name: str
    title: str
    wide: Drawn
    narrow: Drawn | None = None
    caption: str = ""
    tables: tuple[Table, ...] = ()
    kind: str = "chart"


@dataclass(frozen=True)
class Cultures:
    """One aspect's three descriptions under the figure of who chose which."""

    name: str
    prompt: str
    verdict: str
    chart: Chart
    options: tuple[tuple[str, str], ...]
    kind: str = "cultures"


@dataclass(frozen=True)
class Card:
    """A small change, with why it stands here and how it begins and ends."""

    title: str
    tags: tuple[str, ...]
    why: str
    steps: tuple[tuple[str, str], ...]
    kind: str = "card"


@dataclass(frozen=True)
class Asks:
    """Open questions to talk about, each list under what it is about, side by side where there is room."""

    entries: tuple[tuple[str, tuple[str, ...]], ...]
    kind: str = "asks"


@dataclass(frozen=True)
class Pairs:
    """What to do beside what to leave, a pair a row, headed by what it is about."""

    caption: str
    head: tuple[str, str, str]
    rows: tuple[tuple[str, str, str], ...]
    kind: str = "pairs"


Block = (
    Lead | Paragraph | Heading | Points | Glossary | Callout | Callouts | Table | Chart | Cultures | Card | Asks | Pairs
)


@dataclass(frozen=True)
class Page:
    """One printed page, one section on screen."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A report as plain data: what it says is settled, how it looks is not."""

    kind: DocumentKind
    language: str
    title: str
    eyebrow: str
    """The line over the title: what kind of report, which quarter, where it belongs."""
    subject: str
    """The name and quarter that run along the head of every page."""
    sure: str
    """One line: how sure is this."""
    hash: str
    """The measured part's hash, as every page prints it."""
    promise: str
    as_of: str
    credit: str
    pages: tuple[Page, ...] = field(default_factory=tuple)
