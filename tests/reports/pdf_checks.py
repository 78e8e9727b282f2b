"""What every printed document must keep, beyond the rules of PDF/UA-1 that veraPDF checks.

Each check takes a PDF that was read and what it was made of, and yields what is wrong, in words.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from reports.blocks import Document
from tests.reports.pdf_reading import MM, Block, Box, Mark, Printed

PAGE_NUMBER = {"en": "page {} of {}", "de": "Seite {} von {}"}
SHEET = Box(0, 0, 210 * MM, 297 * MM)
TEXT_AREA = Box(18 * MM - 1, 25 * MM - 1, 192 * MM + 1, 277 * MM + 1)
"""Inside of the margins, and a point more for the overhang of letters."""
ACTIVE = {"/AA", "/OpenAction", "/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/AcroForm", "/RichMediaContent", "/URI"}
ACTIONS = {"/URI", "/Launch", "/JavaScript", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Rendition"}
Check = Callable[[Printed, Document], Iterator[str]]


def says_what_it_is(printed: Printed, document: Document) -> Iterator[str]:
    title = printed.reader.metadata and printed.reader.metadata.title
    if title != document.subject:
        yield f"title: {title!r} instead of {document.subject!r}"
    if not printed.root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "title: readers show the file name instead"
    if printed.root.get("/Lang") != document.language:
        yield f"language: {printed.root.get('/Lang')!r} instead of {document.language!r}"


def says_no_more_than_that(printed: Printed, document: Document) -> Iterator[str]:
    """A document names neither who made it nor when nor where, so that the same input gives the same bytes."""
    for name in set(printed.reader.metadata or ()) - {"/Title", "/Producer"}:
        yield f"metadata: {name}"


def does_nothing(printed: Printed, document: Document) -> Iterator[str]:
    for thing in printed.things:
        for name in ACTIVE & set(thing):
            yield f"active content: {name}"
        if thing.get("/Type") != "/StructElem" and thing.get("/S") in ACTIONS:
            yield f"action: {thing['/S']}"
        if "/Subtype" in thing and "/Rect" in thing and not (thing["/Subtype"] == "/Link" and "/Contents" in thing):
            yield f"annotation: {thing['/Subtype']} without words"


def brings_its_letters(printed: Printed, document: Document) -> Iterator[str]:
    for thing in printed.things:
        if thing.get("/Type") == "/FontDescriptor" and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(thing):
            yield f"font: {thing.get('/FontName')} is not embedded"
        if thing.get("/Type") == "/Font" and thing.get("/Subtype") == "/Type0" and "/ToUnicode" not in thing:
            yield f"font: {thing.get('/BaseFont')} does not say which letters it shows"


def has_a_sheet_for_each_page(printed: Printed, document: Document) -> Iterator[str]:
    n = len(printed.sheets)
    if n != len(document.pages):
        yield f"{len(document.pages)} pages take {n} sheets"
    for number, text in enumerate(printed.texts, 1):
        if PAGE_NUMBER[document.language].format(number, n) not in text:
            yield f"sheet {number}: no page number"
        if document.hash not in text or document.promise not in text:
            yield f"sheet {number}: the foot is not whole"


def is_bookmarked(printed: Printed, document: Document) -> Iterator[str]:
    def entries(outline: Any) -> Iterator[tuple[str, int]]:
        for entry in outline:
            if isinstance(entry, list):
                yield from entries(entry)
            else:
                yield entry.title, printed.reader.get_destination_page_number(entry)

    found, names = list(entries(printed.reader.outline)), [document.title, *(page.title for page in document.pages)]
    if [name for name, _ in found] != names:
        yield f"bookmarks: {[name for name, _ in found]}"
    tops = {(block.page, flat(block.text)) for block in printed.blocks if block.kind in ("H1", "H2")}
    for name, page in found[1:]:
        if (page, flat(name)) not in tops:
            yield f"bookmarks: {name!r} does not stand on sheet {page + 1}"


def flat(text: str) -> str:
    """Return a text without the spaces and hyphens that breaking lines puts in or leaves out."""
    return "".join(text.split()).replace("-", "").replace("\u00ad", "").replace("‐", "")


def has_headings_in_order(printed: Printed, document: Document) -> Iterator[str]:
    levels = [int(element.path[-1][1]) for element in printed.elements if element.path[-1] in ("H1", "H2", "H3")]
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"headings: {levels.count(1)} of the first level"
    for above, level in itertools.pairwise(levels):
        if level > above + 1:
            yield f"headings: level {level} follows level {above}"


def has_tables_with_heads(printed: Printed, document: Document) -> Iterator[str]:
    found = {name.get_object() if hasattr(name, "get_object") else name for name in _names(printed)}
    row: list[str] = []
    for element in printed.elements:
        kind, attributes = element.path[-1], element.value.get("/A", {})
        if kind == "TR":
            row = []
        elif kind == "TH":
            row.append(kind)
            expected = "/Column" if "THead" in element.path else "/Row"
            if attributes.get("/Scope") != expected:
                yield f"table: a head cell's scope is {attributes.get('/Scope')} instead of {expected}"
        elif kind == "TD":
            if "THead" in element.path or not row:
                yield "table: a row has no head cell"
            row.append(kind)
            heads = [str(head) for head in attributes.get("/Headers", ())]
            if len(heads) != 2 or not set(heads) <= found:
                yield f"table: a cell belongs to {heads}"


def _names(printed: Printed) -> list[str]:
    names = printed.root["/StructTreeRoot"].get("/IDTree", {}).get("/Names", [])
    return [str(name) for name in names[::2]]


def has_figures_in_words(printed: Printed, document: Document) -> Iterator[str]:
    figures = [block for block in printed.blocks if block.kind == "Figure"]
    tagged = [element for element in printed.elements if element.path[-1] == "Figure"]
    if len(figures) != len(tagged):
        yield f"figures: {len(tagged)} are tagged and {len(figures)} drawn"
    for element in tagged:
        if len(str(element.value.get("/Alt", ""))) < 10:
            yield "figure: no alternative text"
    for block in figures:
        if not is_inside(block.box, TEXT_AREA):
            yield f"figure on sheet {block.page + 1}: outside of the margins"


def has_lists_of_items(printed: Printed, document: Document) -> Iterator[str]:
    for element in printed.elements:
        kind, holder = element.path[-1], element.path[-2] if len(element.path) > 1 else ""
        if holder == "L" and kind not in ("LI", "Caption"):
            yield f"list: {kind} where an item belongs"
        if holder == "LI" and kind not in ("Lbl", "LBody"):
            yield f"list item: {kind} where a label or a body belongs"
        if kind == "LI" and holder != "L":
            yield f"list item: inside {holder}"


def is_read_as_it_is_seen(printed: Printed, document: Document) -> Iterator[str]:
    """What is read next stands below, or in a column further to the right."""
    for one, other in itertools.pairwise(printed.blocks):
        if other.page < one.page:
            yield f"order: {told(other)} is read after {told(one)}"
        if other.page != one.page:
            continue
        is_above = other.box.bottom >= one.box.top - 1
        is_beside = min(one.box.top, other.box.top) - max(one.box.bottom, other.box.bottom) > 1
        if (is_above and other.box.left < one.box.right - 1) or (is_beside and other.box.right <= one.box.left + 1):
            yield f"order: {told(other)} is read after {told(one)}"


def leaves_no_heading_alone(printed: Printed, document: Document) -> Iterator[str]:
    for one, other in itertools.zip_longest(printed.blocks, printed.blocks[1:]):
        if one.kind in ("H1", "H2", "H3", "Caption") and (other is None or other.page != one.page):
            figure = any(block.kind == "Figure" and block.page == one.page for block in printed.blocks)
            if one.kind != "Caption" or not figure:
                yield f"sheet {one.page + 1}: ends with the heading {told(one)}"


def told(block: Block) -> str:
    return f"{block.kind} {block.text[:30]!r} on sheet {block.page + 1}"


def is_inside(box: Box, area: Box) -> bool:
    return area.left <= box.left and area.bottom <= box.bottom and box.right <= area.right + 0.5 and box.top <= area.top


def clips_nothing(printed: Printed, document: Document) -> Iterator[str]:
    figures = [(block.page, block.box) for block in printed.blocks if block.kind == "Figure"]
    for number, sheet in enumerate(printed.sheets):
        for mark in sheet:
            if not mark.is_text or not mark.text.strip():
                continue
            area = (
                TEXT_AREA
                if (number, mark.number) in printed.tagged
                else SHEET._replace(left=TEXT_AREA.left, right=TEXT_AREA.right)
            )
            if not is_inside(mark.box, area):
                yield f"sheet {number + 1}: {mark.text!r} is outside of the margins"
            for page, box in figures:
                part = mark.box.shared(box)
                if page == number and part > 0.02 and not is_inside(mark.box, _wider(box)):
                    yield f"sheet {number + 1}: {mark.text!r} crosses a figure's edge"


def _wider(box: Box) -> Box:
    return Box(box.left - 1, box.bottom - 1, box.right + 1, box.top + 1)


def overlaps_nothing(printed: Printed, document: Document) -> Iterator[str]:
    for number, sheet in enumerate(printed.sheets):
        yield from (f"sheet {number + 1}: {a!r} lies on {b!r}" for a, b in overlapping(sheet))


def overlapping(sheet: tuple[Mark, ...], most: float = 0.1) -> Iterator[tuple[str, str]]:
    """Yield pieces of text of which more than a part lies under another one."""
    pieces = sorted((mark for mark in sheet if mark.is_text and mark.text.strip()), key=lambda mark: mark.box.bottom)
    for index, one in enumerate(pieces):
        for other in pieces[index + 1 :]:
            if other.box.bottom >= one.box.top:
                break
            if one.box.shared(other.box) > most:
                yield one.text.strip(), other.text.strip()


CHECKS: tuple[Check, ...] = (
    says_what_it_is,
    says_no_more_than_that,
    does_nothing,
    brings_its_letters,
    has_a_sheet_for_each_page,
    is_bookmarked,
    has_headings_in_order,
    has_tables_with_heads,
    has_figures_in_words,
    has_lists_of_items,
    is_read_as_it_is_seen,
    leaves_no_heading_alone,
    clips_nothing,
    overlaps_nothing,
)


def problems(printed: Printed, document: Document) -> list[str]:
    """Return everything that is wrong with a printed document."""
    return [f"{check.__name__}: {problem}" for check in CHECKS for problem in check(printed, document)]
