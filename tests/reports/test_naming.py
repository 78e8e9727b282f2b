from __future__ import annotations

import pytest

from reports.naming import file_name


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
