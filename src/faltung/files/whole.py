"""Files written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faltung.errors import FileError

__all__ = ["file_error", "whole_file"]


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Lend an empty temporary file that takes the place of `path` if the block succeeds.

    The temporary file lies in the same folder and has the same suffix. It is made on entry, so a
    folder that cannot be written to is an error before any work; it is removed if the block
    fails, and what `path` held before stays as it was. A symbolic link keeps pointing to its file.

    Raises
    ------
    FileError
        If the folder is missing or cannot be written to, or `path` is not a regular file.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with whole_file(folder / "note.txt") as temporary:
    ...     _ = temporary.write_text("whole")
    >>> (folder / "note.txt").read_text()
    'whole'
    """
    final = Path(os.path.realpath(path))
    temporary = _create_beside(final, os.fspath(path))
    try:
        yield temporary
        _sync(temporary)
        if final.exists():
            temporary.chmod(final.stat().st_mode & 0o7777)
        temporary.replace(final)
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise file_error(os.fspath(path), "cannot be written", error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _create_beside(final: Path, name: str) -> Path:
    if final.exists() and not final.is_file():
        what = "is a folder" if final.is_dir() else "is not a regular file"
        raise FileError(f"{name}: {what}: name a file to write")
    if not final.parent.is_dir():
        raise FileError(f"{name}: the folder {final.parent} does not exist: make it first")
    if final.exists() and not os.access(final, os.W_OK):
        raise FileError(f"{name}: is write-protected: write to another name")
    temporary = final.with_name(f".{final.stem[:64]}.{secrets.token_hex(4)}{final.suffix}")
    try:
        # 0o666 lets the umask decide, as for any new file; mkstemp would hide it from others.
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as error:
        raise file_error(name, "cannot be written", error) from error
    return temporary


def _sync(path: Path) -> None:
    """Bring the contents to the disk before the name points to them."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def file_error(name: str, what: str, error: BaseException) -> FileError:
    """Return the error for a file that `what` befell, with the reason of `error` in one line."""
    reason = getattr(error, "strerror", None) or " ".join(str(error).split())
    return FileError(f"{name}: {what}: {reason or type(error).__name__}")
