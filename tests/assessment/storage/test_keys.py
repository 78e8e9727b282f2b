"""Key files: for the owner only, wrapped on request, and gone when destroyed."""

from __future__ import annotations

import resource
import stat
from pathlib import Path

import pytest

from assessment.domain.ballots import seal
from assessment.domain.errors import NoKey
from assessment.storage import key_files, private_keys

PASSPHRASE = "works council 2026"


def test_a_key_opens_what_was_sealed_to_it(tmp_path: Path):
    public_key = key_files.create(tmp_path, 7)
    sealed = seal(b"\3\4", public_key, 7, 1)
    key = private_keys.load(tmp_path, 7, public_key)
    assert private_keys.open_sealed(sealed, key, 7, 1).rstrip(b"\0") == b"\3\4"
    for campaign, node, ballot in ((7, 2, sealed), (8, 1, sealed), (7, 1, b""), (7, 1, sealed[:-1] + b"\0")):
        with pytest.raises(private_keys.Unreadable):
            private_keys.open_sealed(ballot, key, campaign, node)


def test_only_the_owner_may_read_it(tmp_path: Path):
    directory = tmp_path / "new"
    public_key = key_files.create(directory, 7)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(key_files.path_of(directory, 7, public_key).stat().st_mode) == 0o600


def test_a_wrapped_key_opens_with_its_passphrase_only(tmp_path: Path):
    public_key = key_files.create(tmp_path, 7, PASSPHRASE)
    assert private_keys.load(tmp_path, 7, public_key, PASSPHRASE)
    for wrong in (None, "", "works council 2025"):
        with pytest.raises(NoKey, match="passphrase"):
            private_keys.load(tmp_path, 7, public_key, wrong)


def test_the_private_key_is_nowhere_in_a_wrapped_file(tmp_path: Path):
    public_key = key_files.create(tmp_path, 7, PASSPHRASE)
    raw = private_keys.load(tmp_path, 7, public_key, PASSPHRASE).private_bytes_raw()
    content = key_files.path_of(tmp_path, 7, public_key).read_bytes()
    assert raw not in content
    assert PASSPHRASE.encode() not in content


@pytest.mark.parametrize("content", [b"", b"nonsense", key_files.PLAIN + b"short", key_files.WRAPPED + b"short"])
def test_a_damaged_file_is_no_key(tmp_path: Path, content: bytes):
    public_key = key_files.create(tmp_path, 7)
    key_files.path_of(tmp_path, 7, public_key).write_bytes(content)
    with pytest.raises(NoKey, match="campaign 7"):
        private_keys.load(tmp_path, 7, public_key, PASSPHRASE)


def test_another_campaigns_key_is_no_key(tmp_path: Path):
    one, two = key_files.create(tmp_path, 7), key_files.create(tmp_path, 7)
    key_files.path_of(tmp_path, 7, one).replace(key_files.path_of(tmp_path, 7, two))
    with pytest.raises(NoKey, match="another key"):
        private_keys.load(tmp_path, 7, two)
    with pytest.raises(NoKey, match="cannot be read"):
        private_keys.load(tmp_path, 7, one)


def test_destroying_overwrites_before_it_removes(tmp_path: Path):
    public_key = key_files.create(tmp_path, 7)
    path = key_files.path_of(tmp_path, 7, public_key)
    before = path.read_bytes()
    # A second name of the same file shows what the blocks held when the first name went.
    witness = tmp_path / "witness"
    witness.hardlink_to(path)
    assert key_files.destroy(tmp_path, 7, public_key)
    assert not key_files.exists(tmp_path, 7, public_key)
    assert len(witness.read_bytes()) == len(before)
    assert witness.read_bytes()[-32:] != before[-32:]
    assert not key_files.destroy(tmp_path, 7, public_key)


def test_a_key_that_does_not_fit_on_the_disk_leaves_nothing_behind(tmp_path: Path):
    most, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(key_files.PLAIN), hard))
    try:
        with pytest.raises(OSError, match="too large"):
            key_files.create(tmp_path, 7)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_cannot_be_looked_at_is_not_there(tmp_path: Path):
    (tmp_path / "file").touch()
    assert not key_files.exists(tmp_path / "file", 7, bytes(32))
    assert not key_files.exists(tmp_path / ("long" * 100), 7, bytes(32))
