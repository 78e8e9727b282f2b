from __future__ import annotations

import builtins
import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from reports import pdf
from reports.blocks import Page, Paragraph
from reports.document import organisation_document, summary_document, team_document
from reports.languages import language
from reports.pdf import PdfUnavailable
from tests.reports import document_fixtures as cast

DAY = date(2026, 11, 21)
ENGLISH, GERMAN = language("en"), language("de")


@pytest.fixture(scope="module")
def atlas() -> bytes:
    return pdf.write(team_document(cast.atlas(), ENGLISH, DAY))


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def flat(page) -> str:
    return " ".join(page.extract_text().split())


def structure(node, kind, found):
    """Collect the structure elements of a kind, wherever they hang."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            structure(child, kind, found)
    elif hasattr(node, "get"):
        if node.get("/S") == kind:
            found.append(node)
        if "/K" in node:
            structure(node["/K"], kind, found)
    return found


def test_a_team_report_has_six_pages_with_their_text(atlas):
    pages = [flat(page) for page in read(atlas).pages]
    assert len(pages) == 6
    assert "12 of 14 people answered." in pages[0]
    for number, text in enumerate(pages, 1):
        assert f"page {number} of 6" in text
        assert "not for performance reviews" in text
        assert "How sure is this?" in text
    assert "Pathological, bureaucratic, generative" in pages[2]


def test_it_is_tagged_and_says_its_language_and_title(atlas):
    reader = read(atlas)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF object, not the singleton
    assert root["/Lang"] == "en"
    assert reader.metadata.title == "Atlas · 2026-Q3"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_every_figure_has_its_alternative_text(atlas):
    figures = structure(read(atlas).trailer["/Root"]["/StructTreeRoot"]["/K"], "/Figure", [])
    assert len(figures) == 10
    assert all(str(figure["/Alt"]) for figure in figures)


def test_tables_have_headers(atlas):
    tree = read(atlas).trailer["/Root"]["/StructTreeRoot"]["/K"]
    assert len(structure(tree, "/TH", [])) == 3 + 5


def test_bookmarks_name_the_pages(atlas):
    def titles(outline):
        for entry in outline:
            if isinstance(entry, list):
                yield from titles(entry)
            else:
                yield entry.title

    assert list(titles(read(atlas).outline)) == [
        "Atlas",
        "What you told us",
        "Six aspects",
        "Pathological, bureaucratic, generative",
        "Five practice areas",
        "Since last time",
        "Next small changes",
    ]


def test_all_fonts_are_embedded(atlas):
    names = set()
    for page in read(atlas).pages:
        for font in page["/Resources"]["/Font"].values():
            inside = font.get_object()
            inside = inside["/DescendantFonts"][0].get_object() if "/DescendantFonts" in inside else inside
            descriptor = inside["/FontDescriptor"].get_object()
            assert any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
            names.add(str(inside["/BaseFont"]))
    assert any("Inter" in name for name in names)


def test_the_same_document_gives_the_same_bytes(atlas):
    assert pdf.write(team_document(cast.atlas(), ENGLISH, DAY)) == atlas


def test_a_withheld_team_gets_one_page():
    reader = read(pdf.write(team_document(cast.borealis(), GERMAN, DAY)))
    assert len(reader.pages) == 1
    assert "Dieses Team hat in diesem Quartal keinen eigenen Bericht." in flat(reader.pages[0])
    assert reader.trailer["/Root"]["/Lang"] == "de"


@pytest.mark.parametrize("spoken", [ENGLISH, GERMAN], ids=["en", "de"])
@pytest.mark.parametrize("released", [cast.cygnus, cast.unanimous, cast.split, cast.first_quarter])
def test_six_pages_stay_six_whatever_the_team_answered(released, spoken):
    assert len(read(pdf.write(team_document(released(), spoken, DAY))).pages) == 6


def test_an_import_fits_its_first_page():
    released = cast.team("Atlas", invited=None, answered=11, seed=8, way="imported", n_joined=None, n_left=None)
    assert len(read(pdf.write(team_document(released, GERMAN, DAY))).pages) == 6


def test_a_long_name_and_a_long_history_still_fit():
    released = replace(cast.team(cast.LONG, seed=9), parent_name="Querschnittsdienste und Plattformbetrieb")
    reader = read(pdf.write(team_document(released, GERMAN, DAY, cast.series())))
    assert len(reader.pages) == 6
    assert cast.LONG in flat(reader.pages[1])


def test_names_in_other_scripts_are_drawn_with_embedded_letters():
    released = cast.withheld(cast.team("Ομάδα Α فريق"))
    text = flat(read(pdf.write(team_document(released, ENGLISH, DAY))).pages[0])
    assert "Ομάδα" in text


def test_the_organisation_and_the_summary():
    reader = read(pdf.write(organisation_document(cast.organisation(), GERMAN, DAY)))
    assert len(reader.pages) == 10
    assert "Zahlungsverkehrs" in flat(reader.pages[2])
    assert len(read(pdf.write(summary_document(cast.atlas(), GERMAN, DAY))).pages) == 1


def test_nothing_is_fetched_from_anywhere():
    document = team_document(cast.borealis(), ENGLISH, DAY)
    fetcher = pdf._fetcher({"figure:a": "<svg/>"})
    assert fetcher.fetch("figure:a").read() == b"<svg/>"
    for address in ("http://localhost/x.png", "file:///etc/passwd", "figure:b"):
        with pytest.raises(BaseException, match="a report fetches nothing"):
            fetcher.fetch(address)
    harmless = Page("x", "X", (Paragraph('<img src="http://localhost/x.png">'),))
    assert pdf.write(replace(document, pages=(harmless,)))


def test_without_system_libraries_it_names_the_line_to_type(monkeypatch):
    real = builtins.__import__

    def broken(name, *args, **kwargs):
        if name == "weasyprint":
            raise OSError("cannot load library 'libgobject-2.0-0'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", broken)
    with pytest.raises(PdfUnavailable, match=r"apt-get install -y --no-install-recommends libpango") as caught:
        pdf.write(team_document(cast.borealis(), ENGLISH, DAY))
    assert caught.value.remedy.startswith("apt-get")
