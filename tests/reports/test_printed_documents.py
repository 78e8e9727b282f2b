"""Printed documents keep what PDF/UA-1 demands (veraPDF's 106 rules) and what `pdf_checks` adds to it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, TextStringObject

from reports import pdf
from reports.blocks import Document
from reports.languages import language
from tests.reports import pdf_checks, verapdf
from tests.reports.document_matrix import DOCUMENTS, EACH_ONE
from tests.reports.pdf_reading import MM, Printed
from tests.reports.verapdf import VeraPDF


@pytest.fixture(scope="module")
def checker() -> Iterator[VeraPDF]:
    with verapdf.running() as found:
        yield found


def made(name: str, code: str) -> tuple[Document, bytes]:
    document = DOCUMENTS[name](language(code))
    return document, pdf.write(document)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "state" in metafunc.fixturenames:
        every = [(name, code) for name in DOCUMENTS for code in ("en", "de")]
        metafunc.parametrize(("state", "code"), every if metafunc.config.getoption("--slow") else EACH_ONE)


@pytest.mark.slow
def test_a_printed_document_keeps_what_it_promises(state: str, code: str, checker: VeraPDF):
    document, data = made(state, code)
    assert pdf_checks.problems(Printed(data), document) == []
    verdict = checker.check(data)
    assert verdict.failures == ()
    assert verdict.is_compliant
    assert (verdict.n_rules, verdict.n_checks > 1000) == (106, True)


SAME = """
import hashlib
from reports import pdf
from reports.languages import language
from tests.reports.document_matrix import DOCUMENTS
for name, code in (("summary", "en"), ("withheld organisation", "de")):
    print(hashlib.sha256(pdf.write(DOCUMENTS[name](language(code)))).hexdigest())
"""


def test_the_same_document_has_the_same_bytes_wherever_and_whenever_it_is_printed(tmp_path):
    def printed(**differing: str) -> str:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)} | differing
        for name in ("COVERAGE_PROCESS_START", "COV_CORE_SOURCE", "COV_CORE_CONFIG", "COV_CORE_DATAFILE"):
            environment.pop(name, None)
        run = subprocess.run(
            [sys.executable, "-c", SAME], env=environment, cwd=differing["HOME"], capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    here = printed(PYTHONHASHSEED="1", TZ="Pacific/Auckland", LC_ALL="C.UTF-8", HOME=str(one))
    there = printed(
        PYTHONHASHSEED="2", TZ="America/Lima", LC_ALL="ja_JP.UTF-8", HOME=str(other), SOURCE_DATE_EPOCH="946684800"
    )
    assert len(here.split()) == 2
    assert here == there


# The checks find what they look for: each fault is put into a sound document.


@pytest.fixture(scope="module")
def sound() -> tuple[Document, Printed]:
    document, data = made("five quarters", "de")
    return document, Printed(data)


def element(writer: PdfWriter, kind: str, within: Any = None) -> Any:
    """Return the first element of a kind in the tag tree."""
    kids = (within or writer.root_object["/StructTreeRoot"])["/K"]
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object()
        if hasattr(found, "get") and "/S" in found:
            inside = found if found["/S"] == kind else element(writer, kind, found)
            if inside is not None:
                return inside
    return None


def no_title(writer: PdfWriter) -> None:
    writer.metadata = {"/Title": "report.pdf"}


def no_shown_title(writer: PdfWriter) -> None:
    del writer.root_object["/ViewerPreferences"]


def another_language(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/Lang")] = TextStringObject("en")


def an_author(writer: PdfWriter) -> None:
    writer.add_metadata({"/Author": "somebody"})


def a_script(writer: PdfWriter) -> None:
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)


def a_link_without_words(writer: PdfWriter) -> None:
    writer.add_uri(0, "https://example.org/", [10, 10, 20, 20])


def a_letter_from_elsewhere(writer: PdfWriter) -> None:
    for thing in writer._objects:
        if isinstance(thing, DictionaryObject) and thing.get("/Type") == "/FontDescriptor":
            for name in ("/FontFile", "/FontFile2", "/FontFile3"):
                thing.pop(name, None)


def unreadable_letters(writer: PdfWriter) -> None:
    for thing in writer._objects:
        if isinstance(thing, DictionaryObject):
            thing.pop("/ToUnicode", None)


def one_sheet_less(writer: PdfWriter) -> None:
    writer.remove_page(5)


def no_bookmarks(writer: PdfWriter) -> None:
    del writer.root_object["/Outlines"]


def a_skipped_level(writer: PdfWriter) -> None:
    element(writer, "/H2")[NameObject("/S")] = NameObject("/H3")


def no_scope(writer: PdfWriter) -> None:
    del element(writer, "/TH")["/A"]["/Scope"]


def no_identifiers(writer: PdfWriter) -> None:
    del writer.root_object["/StructTreeRoot"]["/IDTree"]


def no_alternative(writer: PdfWriter) -> None:
    del element(writer, "/Figure")["/Alt"]


def a_figure_in_pixels(writer: PdfWriter) -> None:
    box = element(writer, "/Figure")["/A"]["/BBox"]
    element(writer, "/Figure")["/A"][NameObject("/BBox")] = ArrayObject(type(box[0])(end / 0.75) for end in box)


def a_group_in_a_list(writer: PdfWriter) -> None:
    element(writer, "/LI")[NameObject("/S")] = NameObject("/Div")


def another_order(writer: PdfWriter) -> None:
    section = element(writer, "/Sect")
    section[NameObject("/K")] = ArrayObject(reversed(section["/K"]))


def not_tagged(writer: PdfWriter) -> None:
    writer.root_object["/MarkInfo"][NameObject("/Marked")] = BooleanObject(False)


FAULTS: dict[Callable[[PdfWriter], None], str] = {
    no_title: "says_what_it_is",
    no_shown_title: "says_what_it_is",
    another_language: "says_what_it_is",
    an_author: "says_no_more_than_that",
    a_script: "does_nothing",
    a_link_without_words: "does_nothing",
    a_letter_from_elsewhere: "brings_its_letters",
    unreadable_letters: "brings_its_letters",
    one_sheet_less: "has_a_sheet_for_each_page",
    no_bookmarks: "is_bookmarked",
    a_skipped_level: "has_headings_in_order",
    no_scope: "has_tables_with_heads",
    no_identifiers: "has_tables_with_heads",
    no_alternative: "has_figures_in_words",
    a_figure_in_pixels: "has_figures_in_words",
    a_group_in_a_list: "has_lists_of_items",
    another_order: "is_read_as_it_is_seen",
}


def faulty(data: bytes, fault: Callable[[PdfWriter], None]) -> bytes:
    writer, out = PdfWriter(fileobj=io.BytesIO(data), full=True), io.BytesIO()
    fault(writer)
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_each_check_finds_its_fault(sound: tuple[Document, Printed], fault: Callable[[PdfWriter], None]):
    document, printed = sound
    check = getattr(pdf_checks, FAULTS[fault])
    assert list(check(printed, document)) == []
    assert list(check(Printed(faulty(printed.data, fault)), document)) != []


def nothing(writer: PdfWriter) -> None:
    """Only write the file anew."""


@pytest.mark.parametrize(
    ("fault", "clauses"),
    [
        (nothing, set()),
        (no_shown_title, {"7.1-10"}),
        (not_tagged, {"6.2-1"}),
        (no_alternative, {"7.3-1"}),
        (a_letter_from_elsewhere, {"7.21.4.1-1"}),
    ],
)
def test_verapdf_finds_faults(sound, checker: VeraPDF, fault: Callable[[PdfWriter], None], clauses: set[str]):
    verdict = checker.check(faulty(sound[1].data, fault))
    assert {failure.split()[0] for failure in verdict.failures} == clauses
    assert verdict.is_compliant == (not clauses)


BADLY_LAID_OUT = """
<html lang="en"><head><title>T</title><style>
@page { size: A4; margin: 20mm 18mm 25mm; }
body { margin: 0; font: 10pt Inter; } h1, h2 { margin: 0; }
</style></head><body>
<h1>Name</h1>
<p style="margin-left: 150mm; white-space: nowrap">Words that run over the margin of the sheet</p>
<p style="position: absolute; top: 60mm; margin: 0">One sentence lies here.</p>
<p style="position: absolute; top: 60.5mm; margin: 0">Another one lies on it.</p>
<div style="height: 200mm"></div>
<h2>A heading alone</h2>
<p style="break-before: page">And the text that belongs to it.</p>
</body></html>
"""


@pytest.mark.parametrize("check", ["clips_nothing", "overlaps_nothing", "leaves_no_heading_alone"])
def test_each_check_of_the_layout_finds_its_fault(sound: tuple[Document, Printed], check: str):
    import weasyprint

    data = weasyprint.HTML(string=BADLY_LAID_OUT).write_pdf(pdf_variant="pdf/ua-1")
    assert len(list(getattr(pdf_checks, check)(Printed(data), sound[0]))) == 1


def test_every_check_was_seen_to_find_something():
    layout = {"clips_nothing", "overlaps_nothing", "leaves_no_heading_alone"}
    assert {check.__name__ for check in pdf_checks.CHECKS} == set(FAULTS.values()) | layout


def test_a_line_goes_on_from_left_to_right_behind_an_arabic_name():
    document = DOCUMENTS["withheld organisation"](language("en"))
    assert document.subject == "Nordlicht AG · 2026-Q3"
    named = replace(document, subject=DOCUMENTS["Arabic name"](language("en")).subject)
    marks = Printed(pdf.write(named)).sheets[1]
    head = sorted(
        (mark for mark in marks if mark.is_text and mark.box.bottom > 277 * MM), key=lambda mark: mark.box.left
    )
    assert [any(letter.isdigit() for letter in mark.text) for mark in head] == [False, True]
