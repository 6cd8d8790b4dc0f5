"""Which format a file has, by its suffix; reading one, and writing numbers back in kind."""

from __future__ import annotations

import dataclasses
import difflib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from faltung.errors import FileError, OptionError
from faltung.files import arrays, pictures, sound
from faltung.files.content import Content, Kind, Report
from faltung.files.whole import file_error, whole_file

__all__ = ["Target", "read", "suffixes", "target"]

_KINDS: dict[str, Kind] = {
    ".npy": Kind.ARRAY,
    ".csv": Kind.ARRAY,
    ".tsv": Kind.ARRAY,
    ".txt": Kind.ARRAY,
    ".png": Kind.PICTURE,
    ".jpg": Kind.PICTURE,
    ".jpeg": Kind.PICTURE,
    ".tif": Kind.PICTURE,
    ".tiff": Kind.PICTURE,
    ".bmp": Kind.PICTURE,
    ".wav": Kind.SOUND,
    ".flac": Kind.SOUND,
    ".ogg": Kind.SOUND,
}

_STREAM = "-"


def suffixes() -> tuple[str, ...]:
    """Return the suffixes of the formats that can be read and written."""
    return tuple(_KINDS)


def read(name: str | os.PathLike[str]) -> Content:
    """Read an array, a picture or a sound; ``"-"`` is an npy file on standard input.

    Raises
    ------
    FileError
        If there is no such file, its format is unknown, or it is damaged.
    DataError
        If a sound holds NaN.
    MissingExtraError
        If its format needs an extra.
    """
    text = os.fspath(name)
    if text == _STREAM:
        return arrays.read_npy(io.BytesIO(sys.stdin.buffer.read()), "standard input")
    path = Path(text)
    if path.is_dir():
        raise FileError(f"{text}: is a folder: name a file")
    suffix = _suffix(text)
    if not path.exists():
        raise FileError(f"{text}: there is no such file")
    try:
        return _read(path, suffix, text)
    except FileError:
        raise
    except OSError as error:
        raise file_error(text, "cannot be read", error) from error


def _read(path: Path, suffix: str, name: str) -> Content:
    if suffix == ".npy":
        with path.open("rb") as file:
            return arrays.read_npy(file, name)
    if suffix == ".wav":
        return sound.read_wav(path, name)
    readers = {
        Kind.ARRAY: arrays.read_text,
        Kind.PICTURE: pictures.read,
        Kind.SOUND: sound.read_other,
    }
    return readers[_KINDS[suffix]](path, name)


def _suffix(name: str) -> str:
    suffix = Path(name).suffix.lower()
    if suffix not in _KINDS:
        close = difflib.get_close_matches(suffix, _KINDS, n=1)
        guess = f" Did you mean {close[0]!r}?" if close else ""
        what = (
            f"the format {suffix!r} is not known"
            if suffix
            else "has no suffix, which names the format"
        )
        raise FileError(f"{name}: {what}: write one of {' '.join(suffixes())}.{guess}")
    return suffix


@dataclasses.dataclass(frozen=True)
class Target:
    """A file that is about to be written, or standard output."""

    path: Path | None
    content: Content
    normalize: bool

    def write(self, values: NDArray[Any]) -> Report:
        """Write `values` in the kind of the content they came from; say how they were changed.

        Raises
        ------
        DataError
            If the values are NaN where the format has none, or too large for its type.
        OptionError
            If a picture's alpha channel no longer fits.
        """
        suffix = ".npy" if self.path is None else self.path.suffix.lower()
        kind = _KINDS[suffix]
        if kind is Kind.PICTURE:
            data, report = pictures.encode(self.content, values, normalize=self.normalize)
            notes = pictures.unkept(self.content, suffix)
            report = dataclasses.replace(report, notes=report.notes + notes)
        elif kind is Kind.SOUND:
            data, report = sound.encode(self.content, values, suffix, normalize=self.normalize)
        else:
            data, report = arrays.encode(self.content, values)
        self._save(kind, suffix, data)
        return dataclasses.replace(report, notes=self.content.notes + report.notes)

    def _save(self, kind: Kind, suffix: str, data: NDArray[Any]) -> None:
        if self.path is None:
            arrays.save_npy(sys.stdout.buffer, data)
        elif kind is Kind.PICTURE:
            pictures.save(self.path, self.content, data)
        elif kind is Kind.SOUND:
            sound.save(self.path, self.content, data)
        elif suffix == ".npy":
            arrays.save_npy(self.path, data)
        else:
            arrays.save_text(self.path, self.content, data)


@contextmanager
def target(
    name: str | os.PathLike[str], content: Content, *, normalize: bool = False
) -> Iterator[Target]:
    """Open a file for numbers that came from `content`; it is written whole or not at all.

    Everything that can be wrong with the file is found on entry, before any work: its format must
    fit the kind, its depth and channels, and its folder must take new files. ``"-"`` is an npy
    file on standard output.

    Parameters
    ----------
    name
        The file; its suffix names the format. A picture or a sound may become an array.
    content
        What was read.
    normalize
        Scale the values to fill the range: a sound's peak becomes full scale, a picture's darkest
        and lightest value become black and white.

    Raises
    ------
    FileError
        If the format is unknown or the file cannot be written.
    OptionError
        If the format does not fit the content.
    """
    text = os.fspath(name)
    suffix = ".npy" if text == _STREAM else _suffix(text)
    _check_kind(text, _KINDS[suffix], content, normalize)
    if _KINDS[suffix] is Kind.PICTURE:
        pictures.check(content, suffix)
    elif _KINDS[suffix] is Kind.SOUND:
        sound.check(content, suffix)
    else:
        arrays.check(content, suffix)
    if text == _STREAM:
        yield Target(None, content, normalize)
    else:
        with whole_file(text) as temporary:
            yield Target(temporary, content, normalize)


def _check_kind(name: str, kind: Kind, content: Content, normalize: bool) -> None:
    if kind not in (content.kind, Kind.ARRAY):
        fitting = " ".join(key for key, value in _KINDS.items() if value is content.kind)
        raise OptionError(
            f"{name}: {content.name} holds {_a(content.kind)}, which is no {kind}: write one of "
            f"{fitting}"
        )
    if normalize and kind is Kind.ARRAY:
        raise OptionError(
            f"{name}: an array has no range to fill: leave out normalize, or divide the kernel"
        )


def _a(kind: Kind) -> str:
    return {Kind.ARRAY: "an array", Kind.PICTURE: "a picture", Kind.SOUND: "sound"}[kind]
