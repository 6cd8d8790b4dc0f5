"""Kernels as one writes them: a name with its numbers, or the numbers themselves.

The modules of the arrays are imported inside the functions, so that ``--help`` starts fast.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from faltung.errors import DataError, OptionError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Kernel: TypeAlias = NDArray[np.float64]
    _Builder: TypeAlias = Callable[[list[float], int], Kernel]

__all__ = ["NAMES", "is_named", "is_written_out", "named", "numbers", "unknown_kernel"]


def is_written_out(text: str) -> bool:
    """Return whether `text` is meant as numbers: it holds nothing but numbers and separators.

    NaN and infinities count too, for `numbers` to refuse them by name.
    """
    digits = re.sub(r"(?<![\w.])(nan|inf|infinity)(?![\w.])", "0", text.lower())
    return bool(text.strip()) and not set(digits) - set("0123456789+-.e/,; \t\n")


def is_named(text: str) -> bool:
    """Return whether `text` begins with the name of a kernel."""
    return text.partition(":")[0].strip() in _BUILDERS


def numbers(text: str) -> Kernel:
    """Return the matrix that `text` writes out: rows end with ``;``, entries with space or comma.

    An entry is a decimal number or a fraction of two of them. The result always has two axes.

    Raises
    ------
    DataError
        If an entry is not a finite number, or the rows have different lengths.

    Examples
    --------
    >>> numbers("1 2 1; 2 4 2; 1 2 1").shape
    (3, 3)
    >>> numbers("1/4, 1/2, 1/4")
    array([[0.25, 0.5 , 0.25]])
    """
    import numpy as np

    rows = [row.replace(",", " ").split() for row in text.strip().removesuffix(";").split(";")]
    lengths = {len(row) for row in rows}
    if lengths == {0}:
        raise DataError(f"kernel {text!r} holds no number: write entries such as '1 0 -1'")
    if len(lengths) > 1:
        counts = ", ".join(str(len(row)) for row in rows)
        raise DataError(f"kernel {text!r} has rows of {counts} entries: give all the same number")
    return np.array([[_number(entry) for entry in row] for row in rows])


def _number(entry: str) -> float:
    above, slash, below = entry.partition("/")
    try:
        value = float(above) / float(below) if slash else float(above)
    except (ValueError, ZeroDivisionError):
        value = math.nan
    if not math.isfinite(value):
        raise DataError(f"kernel entry {entry!r} is not a finite number: write 0.25 or 1/4")
    return value


def named(text: str, dimensions: int) -> Kernel:
    """Return the kernel with the name and numbers in `text`, with `dimensions` axes.

    The numbers follow a colon: ``gaussian:3``, ``gaussian:1,2`` (one for each axis), ``box:5``,
    ``sobel:0``, ``motion:9,30`` (a length and an angle), ``sharpen:0.5``.

    Raises
    ------
    OptionError
        If the name is unknown or its numbers do not fit it.
    DataError
        If a number cannot be read.

    Examples
    --------
    >>> named("box:2", 1)
    array([0.5, 0.5])
    """
    from faltung.kernels.checks import TooLargeError

    name, colon, arguments = (part.strip() for part in text.partition(":"))
    if name not in _BUILDERS:
        raise unknown_kernel(name)
    values = numbers(arguments).ravel().tolist() if colon else []
    try:
        return _BUILDERS[name](values, dimensions)
    except TooLargeError as error:
        raise OptionError(
            f"kernel {text!r}: {error.args[0]}: write smaller numbers after the colon"
        ) from None


def unknown_kernel(name: str) -> OptionError:
    """Return the error for a kernel that is neither a name, nor numbers, nor a file."""
    close = difflib.get_close_matches(name.partition(":")[0], NAMES, n=1)
    guess = f" Did you mean {close[0]!r}?" if close else ""
    return OptionError(
        f"kernel {name!r} is not known: write one of {', '.join(NAMES)}, its numbers as "
        f"'1 2 1; 2 4 2; 1 2 1', or the name of a file.{guess}"
    )


def _widths(example: str) -> Callable[[list[float], int], Kernel]:
    """Return the builder of a kernel that takes one number, or one for each axis."""
    name = example.partition(":")[0]

    def build(values: list[float], dimensions: int) -> Kernel:
        if len(values) not in (1, dimensions):
            raise OptionError(
                f"{name} takes one number{'' if dimensions == 1 else f' or {dimensions}'}, not "
                f"{len(values)}: write {example!r}"
            )
        if len(values) == 1:
            return _function(name)(values[0], dimensions=dimensions)
        return _function(name)(values)

    return build


def _slope(name: str) -> Callable[[list[float], int], Kernel]:
    """Return the builder of a kernel of differences along one axis."""

    def build(values: list[float], dimensions: int) -> Kernel:
        if len(values) != 1 or not values[0].is_integer():
            raise OptionError(
                f"{name} takes the axis of its differences: write '{name}:0' (down the rows) or "
                f"'{name}:1' (along them)"
            )
        return _function(name)(int(values[0]), dimensions=dimensions)

    return build


def _numbers(example: str, least: int, most: int, *, flat: bool = False) -> _Builder:
    """Return the builder of a kernel that takes so many numbers; `flat` has always two axes."""
    name = example.partition(":")[0]

    def build(values: list[float], dimensions: int) -> Kernel:
        if not least <= len(values) <= most:
            count = str(least) if least == most else f"{least} to {most}"
            raise OptionError(
                f"{name} takes {count} number{'' if most == 1 else 's'}, not {len(values)}: write "
                f"{example!r}"
            )
        if not flat:
            return _function(name)(*values, dimensions=dimensions)
        if dimensions != 2:
            raise OptionError(f"{name} is a kernel of pictures, with 2 axes, not {dimensions}")
        return _function(name)(*values)

    return build


def _sharpen(values: list[float], dimensions: int) -> Kernel:
    if len(values) > 1:
        raise OptionError(f"sharpen takes one number, not {len(values)}: write 'sharpen:0.5'")
    return _function("sharpen")(*values, dimensions=dimensions)


def _plain(name: str) -> Callable[[list[float], int], Kernel]:
    def build(values: list[float], dimensions: int) -> Kernel:
        if values:
            raise OptionError(f"{name} takes no number, not {len(values)}: write {name!r}")
        return _function(name)(dimensions=dimensions)

    return build


def _function(name: str) -> Callable[..., Kernel]:
    from faltung import kernels

    function: Callable[..., Kernel] = getattr(kernels, name)
    return function


_BUILDERS: dict[str, Callable[[list[float], int], Kernel]] = {
    "gaussian": _widths("gaussian:3"),
    "binomial": _widths("binomial:5"),
    "box": _widths("box:5"),
    "disk": _numbers("disk:4", 1, 1, flat=True),
    "motion": _numbers("motion:9,30", 1, 2, flat=True),
    "sobel": _slope("sobel"),
    "scharr": _slope("scharr"),
    "prewitt": _slope("prewitt"),
    "laplacian": _plain("laplacian"),
    "log": _widths("log:2"),
    "dog": _numbers("dog:1,1.6", 2, 2),
    "gabor": _numbers("gabor:8,45", 1, 3, flat=True),
    "sharpen": _sharpen,
    "emboss": _plain("emboss"),
    "identity": _plain("identity"),
}

NAMES: tuple[str, ...] = tuple(_BUILDERS)
