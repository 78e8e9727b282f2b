"""A PDF as a reader meets it: what its tags say in their order, and where on the sheet that lies.

pypdf reads the tags, PDFium (the reader inside Chromium) finds the places; neither has a part in writing the file.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium
from pypdf import PdfReader

MM = 72 / 25.4
BLOCKS = {"H1", "H2", "H3", "P", "Lbl", "LBody", "TH", "TD", "Caption", "Figure"}


class Box(NamedTuple):
    """Left, bottom, right and top, in points from the lower left corner of the sheet."""

    left: float
    bottom: float
    right: float
    top: float

    def and_more(self, other: Box) -> Box:
        low = (min(ends) for ends in zip(self[:2], other[:2], strict=True))
        return Box(*low, *(max(ends) for ends in zip(self[2:], other[2:], strict=True)))

    def shared(self, other: Box) -> float:
        """Return which part of the smaller box lies under the other one."""
        across = min(self.right, other.right) - max(self.left, other.left)
        along = min(self.top, other.top) - max(self.bottom, other.bottom)
        smaller = min((box.right - box.left) * (box.top - box.bottom) for box in (self, other))
        return across * along / smaller if across > 0 and along > 0 and smaller > 0 else 0.0


class Mark(NamedTuple):
    """Something drawn on a sheet, with the number by which a tag may take it up."""

    number: int
    box: Box
    text: str
    is_text: bool


class Block(NamedTuple):
    """One thing that is read out, in the order of the tags."""

    kind: str
    page: int
    box: Box
    text: str


class Element(NamedTuple):
    """One element of the tag tree, with the kinds of what it stands in and its own, outermost first."""

    path: tuple[str, ...]
    value: Any
    block: int | None
    """The number of the nearest thing around it that is read out as one."""
    block_kind: str


def words_of(data: bytes) -> list[str]:
    """Return the words of each page of a PDF; PDFium is much faster than pypdf over figures, set letter by letter."""
    opened = pypdfium2.PdfDocument(data)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in opened]
    finally:
        opened.close()


@dataclass(frozen=True)
class Printed:
    """A PDF that was read."""

    data: bytes

    @cached_property
    def reader(self) -> PdfReader:
        return PdfReader(io.BytesIO(self.data))

    @cached_property
    def root(self) -> Any:
        return self.reader.trailer["/Root"]

    @cached_property
    def sheets(self) -> tuple[tuple[Mark, ...], ...]:
        """Everything drawn on each page."""
        opened = pypdfium2.PdfDocument(self.data)
        try:
            return tuple(tuple(_marks(page)) for page in opened)
        finally:
            opened.close()

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """All words of each page, heads and feet among them."""
        return tuple(" ".join(" ".join(mark.text for mark in sheet).split()) for sheet in self.sheets)

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """Every element of the tag tree, in its order."""
        return tuple(_walk(self.root["/StructTreeRoot"]["/K"], (), None, itertools.count()))

    @cached_property
    def tagged(self) -> dict[tuple[int, int], Element]:
        """The element of each content by page and number; what is drawn and not in here is not read out."""
        pages = {page.indirect_reference.idnum: number for number, page in enumerate(self.reader.pages)}
        return {
            (pages[element.value.raw_get("/Pg").idnum], int(content)): element
            for element in self.elements
            for content in _list(element.value.get("/K", []))
            if isinstance(content, int)
        }

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """What is read out, in its order, each where it lies."""
        drawn: dict[tuple[int, int], list[Mark]] = {}
        for number, sheet in enumerate(self.sheets):
            for mark in sheet:
                drawn.setdefault((number, mark.number), []).append(mark)
        found: dict[tuple[int, int], Block] = {}
        for place, element in self.tagged.items():
            kind = element.block_kind
            assert element.block is not None, f"content outside of any block, inside {'/'.join(element.path)}"
            for mark in drawn.get(place, []):
                box = Box(*map(float, element.value["/A"]["/BBox"])) if kind == "Figure" else mark.box
                key = (element.block, place[0])
                before = found.get(key, Block(kind, place[0], box, ""))
                found[key] = before._replace(box=before.box.and_more(box), text=before.text + mark.text)
        return tuple(found.values())

    @cached_property
    def things(self) -> tuple[Any, ...]:
        """Every dictionary that a reader can come to from the file's trailer."""
        return tuple(_inside(self.reader.trailer, set()))


def _list(value: Any) -> list[Any]:
    value = value.get_object() if hasattr(value, "get_object") else value
    return value if isinstance(value, list) else [value]


def _walk(
    value: Any, path: tuple[str, ...], block: int | None, numbers: Iterator[int], kind: str = ""
) -> Iterator[Element]:
    for kid in _list(value):
        found = kid.get_object() if hasattr(kid, "get_object") else kid
        if hasattr(found, "get") and "/S" in found:
            name, number = str(found["/S"])[1:], next(numbers)
            inside = (number, name) if name in BLOCKS else (block, kind)
            yield Element((*path, name), found, *inside)
            yield from _walk(found.get("/K", []), (*path, name), inside[0], numbers, inside[1])


def _inside(first: Any, seen: set[int]) -> Iterator[Any]:
    """Yield every dictionary inside a thing and what it refers to, each once.

    What nothing refers to is not looked up: pypdf searches all of a stream of objects for each that is not in there.
    """
    waiting = [first]
    while waiting:
        thing = waiting.pop()
        if hasattr(thing, "idnum"):
            if thing.idnum in seen:
                continue
            seen.add(thing.idnum)
            thing = thing.get_object()
        if isinstance(thing, dict):
            yield thing
            waiting += [thing.raw_get(name) for name in thing] if hasattr(thing, "raw_get") else thing.values()
        elif isinstance(thing, list):
            waiting += list.__iter__(thing)


def _marks(page: pypdfium2.PdfPage) -> Iterator[Mark]:
    words = page.get_textpage()
    for thing in page.get_objects(max_depth=1, textpage=words):
        is_text = thing.type == pdfium.FPDF_PAGEOBJ_TEXT
        number = pdfium.FPDFPageObj_GetMarkedContentID(thing)
        yield Mark(number, Box(*thing.get_bounds()), thing.extract() if is_text else "", is_text)
    words.close()
    page.close()
