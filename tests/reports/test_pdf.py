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
from tests.reports.pdf_reading import words_of

DAY = date(2026, 11, 21)
ENGLISH, GERMAN = language("en"), language("de")


@pytest.fixture(scope="module")
def atlas() -> bytes:
    return pdf.write(team_document(cast.atlas(), ENGLISH, DAY))


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


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


def test_a_team_report_has_six_pages_and_the_card_with_their_text(atlas):
    pages = words_of(atlas)
    assert len(pages) == 7
    assert "12 of 14 people answered." in pages[0]
    for number, text in enumerate(pages, 1):
        assert f"page {number} of 7" in text
        assert "not for performance reviews" in text
        assert "How sure is this?" in text
    assert "Pathological, bureaucratic, generative" in pages[2]
    assert "A card for incident reviews" in pages[-1]


def test_every_figure_has_its_alternative_text(atlas):
    figures = structure(read(atlas).trailer["/Root"]["/StructTreeRoot"]["/K"], "/Figure", [])
    assert len(figures) == 10
    assert all(str(figure["/Alt"]) for figure in figures)


def test_a_withheld_team_gets_one_page():
    data = pdf.write(team_document(cast.borealis(), GERMAN, DAY))
    reader = read(data)
    assert len(reader.pages) == 1
    assert "Dieses Team hat in diesem Quartal keinen eigenen Bericht." in words_of(data)[0]
    assert reader.trailer["/Root"]["/Lang"] == "de"


def test_names_in_other_scripts_are_drawn_with_embedded_letters():
    released = cast.withheld(cast.team("Ομάδα Α فريق"))
    assert "Ομάδα" in words_of(pdf.write(team_document(released, ENGLISH, DAY)))[0]


def test_the_organisation_has_ten_pages_and_a_strip_for_names_in_any_script():
    whole = cast.organisation()
    arabic = replace(whole.teams[0], name="فريق")
    pages = words_of(pdf.write(organisation_document(replace(whole, teams=(arabic, *whole.teams[1:])), GERMAN, DAY)))
    assert len(pages) == 10
    assert "Zahlungsverkehrs" in pages[2]
    # Set letter by letter from left to right, it would be read the other way round.
    assert "فريق" in pages[2]


def test_the_summary_is_one_page():
    assert len(words_of(pdf.write(summary_document(cast.atlas(), GERMAN, DAY)))) == 1


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
