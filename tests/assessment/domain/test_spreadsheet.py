from __future__ import annotations

import codecs

import pytest

from assessment.domain import spreadsheet as module
from assessment.domain.spreadsheet import UnreadableSpreadsheet, normal, read_spreadsheet, shortened, trimmed

TABLE = "Team;Größe;Bemerkung\r\nAtlas;7;„gut“ – läuft\r\nBorealis;4;keine Änderung\r\n"
HEADER = ("Team", "Größe", "Bemerkung")


@pytest.mark.parametrize(
    ("source", "encoding"),
    [
        (TABLE.encode("utf-8"), "utf-8"),
        (codecs.BOM_UTF8 + TABLE.encode("utf-8"), "utf-8-sig"),
        (TABLE.encode("cp1252"), "cp1252"),
        (TABLE.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"), "utf-16"),
        (TABLE.encode("utf-16-le"), "utf-16-le"),
        (TABLE.encode("utf-16-be"), "utf-16-be"),
        (TABLE.encode("utf-32"), "utf-32"),
        (TABLE.encode("mac_roman"), "mac_roman"),
    ],
)
def test_it_reads_the_encodings_that_spreadsheets_export(source: bytes, encoding: str):
    sheet = read_spreadsheet(source)
    assert sheet.header == HEADER
    assert [row.cells for row in sheet.rows()] == [
        ("Atlas", "7", "„gut“ – läuft"),
        ("Borealis", "4", "keine Änderung"),
    ]
    assert sheet.encoding == encoding


def test_it_reads_eastern_european_letters():
    text = "Zespół;Odpowiedź\r\n" + "Łódź;Zażółć gęślą jaźń\r\n" * 3
    sheet = read_spreadsheet(text.encode("cp1250"))
    assert sheet.header[0] == "Zespół"
    assert next(sheet.rows()).cells == ("Łódź", "Zażółć gęślą jaźń")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_it_finds_the_separator(separator: str):
    sheet = read_spreadsheet(separator.join("abc").encode() + b"\n" + separator.join("123").encode() + b"\n")
    assert sheet.separator == separator
    assert sheet.header == ("a", "b", "c")


def test_commas_inside_a_header_do_not_win_over_semicolons():
    sheet = read_spreadsheet(b"On my team, a, b, c, d;On my team, e;Team\n1;2;Atlas\n3;4;Atlas, the first\n")
    assert sheet.separator == ";"
    assert len(sheet.header) == 3


def test_it_obeys_the_separator_that_excel_declares():
    sheet = read_spreadsheet(b"sep=;\r\na,b;c\r\n1,5;2\r\n")
    assert sheet.header == ("a,b", "c")
    assert [(row.line, row.cells) for row in sheet.rows()] == [(3, ("1,5", "2"))]


def test_a_single_column_is_a_table_too():
    assert read_spreadsheet(b"Team\nAtlas\n").header == ("Team",)


def test_it_counts_lines_of_the_file_and_not_rows():
    sheet = read_spreadsheet(b'a,b\r\n1,"one\r\n\r\nthree"\r\n\r\n,\r\n2,x\r\n')
    assert [(row.line, row.cells[0]) for row in sheet.rows()] == [(2, "1"), (7, "2")]


def test_it_counts_lines_of_an_old_mac_file():
    assert [row.line for row in read_spreadsheet(b"a,b\r1,2\r3,4\r").rows()] == [2, 3]


def test_short_rows_are_filled_and_long_ones_say_so():
    rows = list(read_spreadsheet(b"a,b,c,\n1\n1,2,3,4,,5\n1,2,3,,\n").rows())
    assert [row.cells for row in rows] == [("1", "", ""), ("1", "2", "3"), ("1", "2", "3")]
    assert [row.n_extra for row in rows] == [0, 2, 0]


@pytest.mark.parametrize("header", ["Team", " team ", "TEAM\u00a0", "\u200bTeam\ufeff", "T\u00adeam"])
def test_headers_match_regardless_of_case_and_spaces(header: str):
    assert read_spreadsheet(f"x,{header}\n1,2\n".encode()).positions("Team") == [1]


def test_headers_match_regardless_of_the_apostrophe():
    assert read_spreadsheet("Don’t  know,b\n".encode()).positions("don't know") == [0]


def test_an_unknown_header_stands_nowhere_and_a_double_one_twice():
    sheet = read_spreadsheet(b"a,A ,b\n")
    assert sheet.positions("c") == []
    assert sheet.positions("a") == [0, 1]


@pytest.mark.parametrize("source", [b"", b"  \r\n\r\n", codecs.BOM_UTF8, b",,,\n,,\n"])
def test_an_empty_file_is_refused(source: bytes):
    with pytest.raises(UnreadableSpreadsheet, match=r"empty|no header"):
        read_spreadsheet(source)


@pytest.mark.parametrize("source", [b"PK\x03\x04....", b"\xd0\xcf\x11\xe0....", b"%PDF-1.7"])
def test_a_workbook_is_refused_with_what_to_do(source: bytes):
    with pytest.raises(UnreadableSpreadsheet, match="CSV"):
        read_spreadsheet(source)


def test_a_damaged_file_is_refused():
    with pytest.raises(UnreadableSpreadsheet, match="damaged"):
        read_spreadsheet(codecs.BOM_UTF8 + b"a,b\xff\n")


@pytest.mark.parametrize("tail", [b'3,"never closed\n4,5\n', b'3,"closed" too early\n', b"3," + b"x" * 200_000])
def test_a_broken_cell_names_its_line(tail: bytes):
    sheet = read_spreadsheet(b'a,b\n1,"two\nlines"\n' + tail)
    with pytest.raises(UnreadableSpreadsheet, match="line 4"):
        list(sheet.rows())


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "ROW_LIMIT", 3)
    sheet = read_spreadsheet(b"a,b\n" + b"1,2\n" * 4)
    with pytest.raises(UnreadableSpreadsheet, match="more than 3 rows"):
        list(sheet.rows())
    monkeypatch.setattr(module, "COLUMN_LIMIT", 2)
    with pytest.raises(UnreadableSpreadsheet, match="at most 2 columns"):
        read_spreadsheet(b"a,b,c\n")
    monkeypatch.setattr(module, "SIZE_LIMIT", 3)
    with pytest.raises(UnreadableSpreadsheet, match="MiB"):
        read_spreadsheet(b"a,b\n1,2\n")


def test_it_tells_how_far_it_is():
    seen: list[tuple[int, int]] = []
    source = b"a,b\n" + b"1,2\n" * 5000
    rows = list(read_spreadsheet(source).rows(lambda done, whole: seen.append((done, whole))))
    assert len(rows) == 5000
    assert [whole for _, whole in seen] == [len(source)] * 3
    assert seen[-1] == (len(source), len(source))
    assert sorted(seen) == seen


def test_texts_are_trimmed_compared_and_shortened():
    assert trimmed("\u00a0\u200b a b \u2003") == "a b"
    assert normal(" Straße\u00a0 eins\u200b") == "strasse eins"
    assert shortened("a\n" * 50) == "a " * 19 + "a…"
    assert shortened("a  b") == "a b"
