from __future__ import annotations

import pytest

from reports.naming import file_name, file_names, in_line


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Atlas", "2026-Q3-atlas.pdf"),
        ("Anmeldung, Identität & Größe", "2026-Q3-anmeldung-identitaet-groesse.pdf"),
        ('"; filename="x.exe', "2026-Q3-filename-x-exe.pdf"),
        ("../../etc/passwd", "2026-Q3-etc-passwd.pdf"),
        ("チーム", "2026-Q3-report.pdf"),
    ],
)
def test_reports_have_names_that_read_well_and_stay_in_their_folder(name: str, file: str):
    assert file_name(name, "2026-Q3", "pdf") == file


@pytest.mark.parametrize(
    ("name", "written"),
    [("Atlas", "Atlas"), ("Ομάδα", "Ομάδα"), ("فريق", "فريق\u200e"), ("צוות 7", "צוות 7\u200e")],
)
def test_digits_behind_a_name_that_reads_leftwards_stay_behind_it(name: str, written: str):
    assert in_line(name) == written


@pytest.mark.parametrize(
    ("nodes", "files"),
    [
        ([("Atlas", 1), ("Borealis", 2)], ["atlas", "borealis"]),
        ([("Lager & Büro", 1), ("Lager Büro", 2), ("Atlas", 3)], ["lager-buero-1", "lager-buero-2", "atlas"]),
        ([("チーム", 1), ("فريق", 2)], ["1", "2"]),
        ([("A", 7), ("A", 8), ("A 7", 9)], ["a-7", "a-8", "a-7-9"]),
    ],
)
def test_reports_of_one_folder_never_share_a_name(nodes: list[tuple[str, int]], files: list[str]):
    assert file_names(nodes, "2026-Q3", "pdf") == [f"2026-Q3-{name}.pdf" for name in files]
