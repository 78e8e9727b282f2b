"""The page's own QR encoder gives the very modules that segno gives, which knows the whole standard."""

from __future__ import annotations

import pytest
import segno
import segno.encoder

from tests.assessment.web.respond.conftest import ONE_DATABASE

pytestmark = ONE_DATABASE
# By version: how many bytes it holds at level L (ISO/IEC 18004, table 7).
CAPACITY = (17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586, 644, 718, 792, 858)
TEXT = "https://assessment.example.org/e/en#c.1.2." + "abcDEF-_0123456789" * 50
ENCODE = """async jobs => {
  const qr = await import('/door/qr.js')
  return jobs.map(job => qr.encode(...job).map(row => row.join('')))
}"""


@pytest.fixture
def encoded(live_server, tab):
    tab.goto(f"{live_server.url}/e/en")
    return lambda jobs: tab.evaluate(ENCODE, jobs)


def rows(text: str, version: int, mask: int) -> list[str]:
    made = segno.make(text, error="l", version=version, mask=mask, mode="byte", boost_error=False, micro=False)
    return ["".join(str(int(module)) for module in row) for row in made.matrix]


def test_every_version_and_mask_has_the_modules_of_the_standard(encoded, monkeypatch):
    # Where the content ends on a whole byte, segno adds a byte of zeros that section 7.4.10 does not ask for.
    monkeypatch.setattr(segno.encoder, "write_padding_bits", lambda buff, _version, n: buff.extend([0] * (-n % 8)))
    jobs = [
        (TEXT[: n - short], version, (version + short) % 8)
        for version, n in enumerate(CAPACITY, 1)
        for short in (0, 1, 5, 6)
    ]
    made = encoded([(text, {"version": version, "mask": mask}) for text, version, mask in jobs])
    wrong = [
        (version, mask)
        for (text, version, mask), got in zip(jobs, made, strict=True)
        if got != rows(text, version, mask)
    ]
    assert wrong == []
    assert {mask for _, _, mask in jobs} == set(range(8))


def test_without_being_told_it_takes_the_smallest_version_and_one_of_the_masks(encoded):
    made = encoded([(TEXT[:n], {}) for n in (17, 18, 520, 858)])
    assert [len(code) for code in made] == [21, 25, 77, 97]
    assert made[2] in [rows(TEXT[:520], 15, mask) for mask in range(8)]


def test_a_text_that_is_too_long_is_refused(encoded):
    with pytest.raises(Exception, match="too long for a QR code"):
        encoded([(TEXT[:859], {})])
