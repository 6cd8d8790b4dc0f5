"""Pictures from files, and folders of class folders."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from faltung import _core
from faltung.errors import DataError, FileError, missing_extra
from faltung.files.damage import decoding
from faltung.nn.engines.native import Pair
from faltung.nn.resample import resize
from faltung.progress import Bar, progress_bar

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["LabelledFiles", "PictureWarning", "Skipped", "read_picture", "read_pictures", "warn_of"]

_Result = TypeVar("_Result")
_ORIENTATION = 0x0112
_LYING = range(5, 9)  # orientations that exchange height and width


class PictureWarning(UserWarning):
    """Some pictures of a folder were skipped; the message names them."""


class Skipped(NamedTuple):
    """A file that was not used, and why."""

    path: Path
    reason: str


@dataclass(frozen=True)
class LabelledFiles:
    """The files of a folder of class folders: each class folder's name is the label."""

    paths: list[Path]
    labels: list[str]
    skipped: list[Skipped]

    @classmethod
    def of(cls, folder: str | os.PathLike[str]) -> LabelledFiles:
        """Return the files of the class folders in `folder`, in order of their names.

        Folders inside a class folder belong to the class; hidden files and folders do not count.

        Raises
        ------
        FileError
            If there is no such folder, or no folder in it.
        """
        root = Path(folder)
        if not root.is_dir():
            what = "is a file" if root.exists() else "does not exist"
            raise FileError(f"{root}: {what}: name a folder with one folder of pictures per class")
        entries = sorted(entry for entry in root.iterdir() if not entry.name.startswith("."))
        classes = [entry for entry in entries if entry.is_dir()]
        if not classes:
            raise FileError(
                f"{root}: holds no folders: put the pictures of each class into a folder named "
                "after it"
            )
        skipped = [Skipped(e, "lies in no class folder") for e in entries if not e.is_dir()]
        found = [(path, entry.name) for entry in classes for path in _files_in(entry)]
        filled = {label for _, label in found}
        skipped += [Skipped(e, "holds no files") for e in classes if e.name not in filled]
        return cls([path for path, _ in found], [label for _, label in found], skipped)


def _files_in(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(p.startswith(".") for p in path.relative_to(folder).parts)
    )


def _pillow() -> ModuleType:
    try:
        from PIL import Image
    except ImportError:
        raise missing_extra("pillow", "images", "reading pictures") from None
    module: ModuleType = Image
    return module


@contextmanager
def _opened(path: Path) -> Iterator[Image]:
    """Open a picture; whatever is wrong with it becomes a FileError that names it."""
    with decoding(str(path)), _pillow().open(path) as image:
        yield image


def _size_of(path: Path) -> Pair:
    with _opened(path) as image:
        lying = image.getexif().get(_ORIENTATION, 1) in _LYING
        return (image.width, image.height) if lying else (image.height, image.width)


def read_picture(path: Path, size: Pair | None = None) -> NDArray[Any]:
    """Return a picture set upright, ``(height, width)`` if it is gray, else with 3 channels.

    Transparent parts show white; palettes, CMYK and the like become RGB; the first of several
    pages or frames counts. The type is uint8, or uint16 for gray pictures of 16 bits.

    Parameters
    ----------
    path : pathlib.Path
    size : (int, int), optional
        Height and width to stretch it to.

    Raises
    ------
    FileError
        If it cannot be read.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of large pictures and odd metadata
        return _read(path, size)


def _read(path: Path, size: Pair | None) -> NDArray[Any]:
    with _opened(path) as image:
        from PIL import ImageOps

        if size is not None:  # a jpeg is decoded at an eighth to one of its size
            image.draft(None, (4 * size[1], 4 * size[0]))
        upright = ImageOps.exif_transpose(image)
        if upright.mode.startswith("I"):
            return _resized_16_bit(np.asarray(upright), path, size)
        plain = _plain(upright)
        if size is not None:
            plain = plain.resize((size[1], size[0]), _pillow().Resampling.BILINEAR)
        return np.asarray(plain)


def _plain(image: Image) -> Image:
    """Return the picture as L or RGB, on white."""
    if image.mode == "F":
        raise ValueError("its pixels are floats of no known range: save it with 8 or 16 bits")
    gray = image.mode in ("1", "L", "LA", "La")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = _pillow().new("RGBA", image.size, "white")
        image = _pillow().alpha_composite(white, image)
    return image.convert("L" if gray else "RGB")


def _resized_16_bit(pixels: NDArray[Any], path: Path, size: Pair | None) -> NDArray[np.uint16]:
    if pixels.min() < 0 or pixels.max() > 65535:
        raise FileError(
            f"{path}: has pixels from {pixels.min()} to {pixels.max()}: 16 bits are read"
        )
    if size is not None:
        pixels = resize(pixels[None, None].astype(np.float64), *size, threads=1)[0, 0].round()
    return pixels.astype(np.uint16)


def read_pictures(
    files: LabelledFiles, size_of_all: Callable[[float, float], Pair], *, threads: int,
    progress: bool | None = None,
) -> tuple[list[NDArray[Any]], LabelledFiles]:  # fmt: skip
    """Return every readable picture, stretched to one size, and which files they are.

    Parameters
    ----------
    files : LabelledFiles
    size_of_all : callable
        Takes the median height and width and returns the common size.
    threads : int
        How many files are read at once; the result does not depend on it.
    progress : bool, optional
        Whether to show a bar; None if someone is looking.

    Raises
    ------
    DataError
        If none can be read.
    """
    _pillow()
    with progress_bar(len(files.paths), "measuring", progress) as bar:
        sizes = _each(_size_of, files.paths, threads, bar)
    known = [size for size in sizes if not isinstance(size, FileError)]
    if not known:
        raise DataError(_none_left(files, sizes))
    height, width = np.median(np.array(known), axis=0)
    size = size_of_all(float(height), float(width))
    with progress_bar(len(files.paths), "reading", progress) as bar:
        results = _each(lambda path: _read(path, size), files.paths, threads, bar)
    kept = [i for i, result in enumerate(results) if not isinstance(result, FileError)]
    if not kept:
        raise DataError(_none_left(files, results))
    reasons = [
        Skipped(path, str(result).removeprefix(f"{path}: "))
        for path, result in zip(files.paths, results, strict=True)
        if isinstance(result, FileError)
    ]
    labels = [files.labels[i] for i in kept]
    lost = [name for name in dict.fromkeys(files.labels) if name not in set(labels)]
    reasons += [Skipped(Path(name), "none of its pictures can be read") for name in lost]
    left = LabelledFiles([files.paths[i] for i in kept], labels, files.skipped + reasons)
    return [result for result in results if not isinstance(result, FileError)], left


def _each(
    function: Callable[[Path], _Result], paths: Sequence[Path], threads: int, bar: Bar
) -> list[_Result | FileError]:
    """Return the result for each path, or the error that it raised."""

    def attempt(path: Path) -> _Result | FileError:
        try:
            return function(path)
        except FileError as error:
            return error

    with warnings.catch_warnings(), ThreadPoolExecutor(threads or _core.default_threads()) as pool:
        warnings.simplefilter("ignore")
        results: list[_Result | FileError] = []
        for result in pool.map(attempt, paths):
            results.append(result)
            bar.advance()
        return results


def _none_left(files: LabelledFiles, results: Sequence[Any]) -> str:
    if not files.paths:
        empty = ", ".join(entry.path.name for entry in files.skipped if entry.path.is_dir())
        return f"the folders {empty} hold no files: put the pictures of each class into one"
    first = next(str(result) for result in results if isinstance(result, FileError))
    return f"none of {len(files.paths)} files is a picture that can be read; the first: {first}"


def warn_of(skipped: list[Skipped], used: int) -> None:
    """Warn with the names of what was skipped, if anything was."""
    if not skipped:
        return
    names = "; ".join(f"{entry.path}: {entry.reason}" for entry in skipped[:10])
    more = f"; and {len(skipped) - 10} more" if len(skipped) > 10 else ""
    message = f"{len(skipped)} skipped, {used} pictures used: {names}{more}"
    warnings.warn(PictureWarning(message), stacklevel=4)
