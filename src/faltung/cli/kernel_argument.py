"""The kernel of ``faltung convolve``: a name, numbers, or a file, made to fit the input."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faltung.cli.kernel_notation import is_named, is_written_out, named, numbers, unknown_kernel
from faltung.errors import DataError, OptionError, ShapeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from faltung.files import Content

__all__ = ["Kernel", "resolve"]


@dataclass(frozen=True)
class Kernel:
    """A kernel that fits the input, and what to say of it."""

    name: str
    values: NDArray[Any]
    axes: tuple[int, ...]
    notes: tuple[str, ...] = ()


def resolve(text: str, content: Content) -> Kernel:
    """Return the kernel that `text` means for this input.

    Numbers come first, then names, then files: write ``./gaussian`` for a file of that name.

    Raises
    ------
    OptionError
        If it is empty, or nothing of that name is known.
    DataError
        If it holds no finite numbers, or sums to 0 where it must be scaled.
    ShapeError
        If its axes do not fit the input's.
    """
    if not text.strip():
        raise OptionError("the kernel is empty: write a name such as gaussian:3, numbers or a file")
    dimensions = _dimensions(content)
    if is_written_out(text):
        kernel = Kernel(text.strip(), _fit_matrix(numbers(text), dimensions), ())
    elif is_named(text):
        kernel = Kernel(text, named(text, dimensions), ())
    else:
        kernel = _from_file(text, content, dimensions)
    _check(kernel, dimensions, channels=content.kind == "sound")
    kernel = _whole_for_whole(kernel, content)
    return replace(kernel, axes=tuple(range(dimensions)))


def _dimensions(content: Content) -> int:
    """Return how many axes a kernel has: rows and columns of a picture, the time of a sound."""
    if content.kind == "array":
        return content.data.ndim
    return 2 if content.kind == "picture" else 1


def _fit_matrix(matrix: NDArray[Any], dimensions: int) -> NDArray[Any]:
    """Return a written matrix with `dimensions` axes; one row or column has one axis or two."""
    if dimensions == 2:
        return matrix
    if dimensions == 1 and 1 in matrix.shape:
        return matrix.ravel()
    raise ShapeError(
        f"the kernel has {matrix.shape[0]} rows and {matrix.shape[1]} columns, the input "
        f"{dimensions} ax{'is' if dimensions == 1 else 'es'}: "
        + ("write one row, such as '1 2 1'" if dimensions == 1 else "give the kernel as .npy")
    )


def _from_file(text: str, content: Content, dimensions: int) -> Kernel:
    from faltung import files

    known = Path(text).suffix.lower() in files.suffixes()
    if text != "-" and not Path(text).exists() and not known:
        raise unknown_kernel(text)
    read = files.read(text)
    if read.kind == "picture":
        return _from_picture(text, read)
    if read.kind == "sound":
        _check_rates(text, read, content)
        _check_channels(text, read, content)
        return Kernel(text, read.data, (), read.notes)
    values = read.data
    if "row" in read.metadata and values.ndim == 1:  # text: one row acts along the rows
        matrix = values[None, :] if read.metadata["row"] else values[:, None]
        values = _fit_matrix(matrix, dimensions)
    return Kernel(text, values, (), read.notes)


def _from_picture(text: str, read: Content) -> Kernel:
    """Return a gray picture as weights of sum 1: brightness has no unit of weight."""
    values = read.data
    if values.ndim == 3:
        if not (values == values[..., :1]).all():
            raise DataError(f"kernel {text} is a picture in colour: give it in gray")
        values = values[..., 0]
    total = float(values.sum())
    if not total > 0:
        raise DataError(f"kernel {text} is a black picture: its weights cannot be scaled to sum 1")
    note = f"the picture {text} is scaled by 1/{total:g}, so that its weights sum to 1"
    return Kernel(text, values / total, (), (*read.notes, note))


def _check_rates(text: str, read: Content, content: Content) -> None:
    if content.sample_rate and content.sample_rate != read.sample_rate:
        raise OptionError(
            f"{content.name} has {content.sample_rate} samples in a second, the kernel {text} "
            f"{read.sample_rate}: resample one of them, or their times do not match"
        )


def _check_channels(text: str, read: Content, content: Content) -> None:
    counts = [1 if data.ndim == 1 else data.shape[1] for data in (content.data, read.data)]
    if content.kind == "sound" and counts[0] != counts[1] and 1 not in counts:
        raise ShapeError(
            f"{content.name} has {counts[0]} channels, the kernel {text} {counts[1]}: give it as "
            "many, or one for all of them"
        )


def _check(kernel: Kernel, dimensions: int, *, channels: bool) -> None:
    import numpy as np

    values = kernel.values
    if values.dtype.kind not in "biuf":
        raise DataError(f"kernel {kernel.name} holds {values.dtype}: give real numbers")
    if values.size == 0:
        raise ShapeError(f"kernel {kernel.name} is empty (shape {values.shape}): give some numbers")
    if not np.isfinite(values).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(values))[0])
        raise DataError(
            f"kernel {kernel.name} is {values[place]} at {place}: give finite numbers, because it "
            "would spoil every output"
        )
    # A sound may have one impulse response for each channel.
    if values.ndim != dimensions and not (channels and values.ndim == 2):
        raise ShapeError(
            f"kernel {kernel.name} has shape {values.shape}, but the input takes a kernel of "
            f"{dimensions} ax{'is' if dimensions == 1 else 'es'}: reshape it"
            + (" to (1, n) to act along the rows, (n, 1) down them" if dimensions == 2 else "")
        )


def _whole_for_whole(kernel: Kernel, content: Content) -> Kernel:
    """Return whole weights as integers for an array of integers: the sums are then exact."""
    import numpy as np

    whole = content.kind == "array" and content.dtype.kind in "biu"
    values = kernel.values
    if not whole or values.dtype.kind != "f" or (values != np.rint(values)).any():
        return kernel
    if np.abs(values).max() >= 2.0**53:
        return kernel
    return replace(kernel, values=values.astype(np.int64))
