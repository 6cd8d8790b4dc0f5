from __future__ import annotations

import os
import stat

import pytest

from faltung.errors import FileError
from faltung.files.whole import whole_file


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_file_appears_whole_at_the_end(tmp_path):
    target = tmp_path / "out.npy"
    with whole_file(target) as temporary:
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".npy"
        temporary.write_bytes(b"first half")
        assert not target.exists()
    assert target.read_bytes() == b"first half"
    assert names(tmp_path) == ["out.npy"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, error):
    target = tmp_path / "out.npy"
    target.write_bytes(b"old")

    def fail():
        with whole_file(target) as temporary:
            temporary.write_bytes(b"half")
            raise error

    with pytest.raises(error):
        fail()
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["out.npy"]


def test_a_full_disk_is_a_file_error_and_leaves_nothing(tmp_path):
    with (
        pytest.raises(FileError, match=r"out\.npy: cannot be written: No space left on device"),
        whole_file(tmp_path / "out.npy"),
    ):
        raise OSError(28, os.strerror(28))
    assert names(tmp_path) == []


def test_permissions_are_those_of_any_new_file_and_kept_for_an_old_one(tmp_path):
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    target = tmp_path / "out"
    with whole_file(target):
        pass
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    target.chmod(0o640)
    with whole_file(target):
        pass
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_link_keeps_pointing_to_its_file(tmp_path):
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_bytes(b"old")
    link.symlink_to(real)
    with whole_file(link) as temporary:
        temporary.write_bytes(b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing/out.npy", "the folder .*missing does not exist: make it first"),
        (".", "is a folder: name a file to write"),
        ("file/out.npy", "the folder .*file does not exist"),
        ("fifo", "is not a regular file"),
    ],
)
def test_what_cannot_be_written_is_an_error_before_any_work(tmp_path, name, message):
    (tmp_path / "file").write_bytes(b"")
    os.mkfifo(tmp_path / "fifo")
    before = names(tmp_path)
    with pytest.raises(FileError, match=message), whole_file(tmp_path / name):
        pytest.fail("the block was entered")
    assert names(tmp_path) == before


def test_a_folder_that_takes_no_files_is_an_error_before_any_work(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(os, "open", refuse)
    with (
        pytest.raises(FileError, match=r"out\.npy: cannot be written: Permission denied"),
        whole_file(tmp_path / "out.npy"),
    ):
        pytest.fail("the block was entered")
