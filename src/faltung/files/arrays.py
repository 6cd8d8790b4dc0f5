"""Arrays in npy files and in text files."""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from faltung.errors import FileError, ShapeError
from faltung.files.content import Content, Kind, Report, narrow
from faltung.files.whole import file_error

__all__ = ["check", "encode", "read_npy", "read_text", "save_npy", "save_text"]

_DELIMITERS = {".csv": ",", ".tsv": "\t", ".txt": " "}


def read_npy(source: IO[bytes], name: str) -> Content:
    """Read an array from an npy file; objects (pickles) are refused."""
    try:
        data = np.lib.format.read_array(source, allow_pickle=False)
    except (ValueError, TypeError, EOFError, OverflowError, tokenize.TokenError) as error:
        raise file_error(name, "is not an npy file with one array of numbers", error) from error
    return Content(name=name, kind=Kind.ARRAY, data=data, dtype=data.dtype)


def read_text(path: Path, name: str) -> Content:
    """Read numbers in rows, separated by commas, semicolons, tabs or spaces.

    One row or one column is an array of one axis. Lines that begin with ``#`` are comments; a
    first line without a number is a header. Whole numbers become int64, others float64.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise FileError(f"{name}: is not text in UTF-8 ({error.reason})") from error
    numbered = {
        number: line
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    }
    rows = list(numbered.values())
    delimiter = _delimiter_of(rows)
    header = rows[:1] if len(rows) > 1 and not _has_number(rows[0]) else []
    table = _table(dict(list(numbered.items())[len(header) :]), delimiter, name)
    metadata = {"delimiter": delimiter, "row": len(table) == 1}
    notes = (f"the header {header[0].strip()!r} is not kept",) if header else ()
    data = table.ravel() if 1 in table.shape else table
    return Content(
        name=name, kind=Kind.ARRAY, data=data, dtype=data.dtype, metadata=metadata, notes=notes
    )


def _delimiter_of(rows: list[str]) -> str | None:
    """Return the separator that some row holds; None stands for any spaces."""
    return next((mark for mark in ";\t," if any(mark in row for row in rows)), None)


def _has_number(row: str) -> bool:
    return any(_is_number(entry) for entry in re.split(r"[,;\s]+", row))


def _is_number(entry: str) -> bool:
    try:
        float(entry)
    except ValueError:
        return False
    return True


def _table(rows: dict[int, str], delimiter: str | None, name: str) -> NDArray[Any]:
    """Return the numbers in `rows`, which go by their line in the file."""
    if not rows:
        raise FileError(f"{name}: holds no numbers")
    whole = not set("".join(rows.values())) - set("0123456789+- \t,;")
    for dtype in (np.int64, np.float64) if whole else (np.float64,):
        try:
            return np.loadtxt(list(rows.values()), dtype=dtype, delimiter=delimiter, ndmin=2)
        except (ValueError, OverflowError) as error:
            reason = error
    where = _first_fault(rows, delimiter) or " ".join(str(reason).split())
    raise FileError(f"{name}: is not a table of numbers: {where}") from reason


def _first_fault(rows: dict[int, str], delimiter: str | None) -> str | None:
    """Return the place of the first entry that is no number, or of the first row of another length."""
    wanted = None
    for number, row in rows.items():
        entries = row.partition("#")[0].split(delimiter)
        for column, entry in enumerate(entries, 1):
            if not _is_number(entry):
                return f"line {number}, column {column} holds {entry.strip()!r}"
        wanted = wanted or len(entries)
        if len(entries) != wanted:
            return f"line {number} has length {len(entries)}, the first row {wanted}"
    return None


def check(content: Content, suffix: str) -> None:
    """Raise ShapeError if the numbers have more axes than the format can hold."""
    if suffix in _DELIMITERS and content.data.ndim > 2:
        raise ShapeError(
            f"{content.name}: {content.data.ndim} axes do not fit a {suffix} file, which holds "
            "rows and columns: write .npy"
        )


def encode(content: Content, values: NDArray[Any]) -> tuple[NDArray[Any], Report]:
    """Return `values` in the type of an array file's numbers where that loses no whole number."""
    notes: tuple[str, ...] = ()
    wanted, data = content.dtype, values
    if content.kind is not Kind.ARRAY:
        if content.sample_rate:
            notes = (f"an array has no sample rate: {content.sample_rate} Hz is not kept",)
        if content.alpha is not None:
            notes = ("an array of the colours has no alpha channel: it is not kept",)
    elif wanted.kind == "f" and values.dtype.kind == "f":
        data = narrow(values, wanted)
    elif wanted.kind in "iu" and values.dtype.kind in "iu" and _fits(values, wanted):
        data = values.astype(wanted)
    elif wanted != values.dtype:
        notes = (f"the input is {wanted}, the result does not fit it: written as {values.dtype}",)
    peak = float(np.abs(values.astype(np.float64)).max())
    return data, Report(shape=data.shape, dtype=data.dtype, peak=peak, notes=notes)


def _fits(values: NDArray[Any], dtype: np.dtype[Any]) -> bool:
    limits = np.iinfo(dtype)
    return int(values.min()) >= limits.min and int(values.max()) <= limits.max


def save_npy(target: Path | IO[bytes], data: NDArray[Any]) -> None:
    """Write an npy file."""
    if isinstance(target, Path):
        with target.open("wb") as file:
            np.save(file, data, allow_pickle=False)
    else:
        target.write(_npy_bytes(data))


def _npy_bytes(data: NDArray[Any]) -> bytes:
    """Return the npy file; np.save would want a stream that can tell its position."""
    buffer = io.BytesIO()
    np.save(buffer, data, allow_pickle=False)
    return buffer.getvalue()


def save_text(path: Path, content: Content, data: NDArray[Any]) -> None:
    """Write rows of numbers, each with the digits that bring it back unchanged."""
    same = Path(content.name).suffix.lower() == path.suffix.lower()
    kept = content.metadata.get("delimiter") if same else None
    delimiter = kept or _DELIMITERS[path.suffix.lower()]
    table = data if data.ndim == 2 else data.reshape(1, -1)
    if data.ndim < 2 and not content.metadata.get("row"):
        table = table.T
    with path.open("w", encoding="utf-8") as file:
        file.writelines(delimiter.join(map(str, row)) + "\n" for row in table)
