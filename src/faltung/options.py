"""The options of a call as enums, and the functions that coerce strings to them at the door."""

from __future__ import annotations

import difflib
import operator
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from faltung.errors import OptionError

__all__ = [
    "Accuracy",
    "Boundary",
    "Method",
    "Mode",
    "NanPolicy",
    "as_accuracy",
    "as_boundaries",
    "as_boundary",
    "as_method",
    "as_mode",
    "as_nan_policy",
    "counted_axes",
    "unknown_option",
]


class Mode(StrEnum):
    """Which part of the full convolution is returned.

    With `n` and `k` the lengths of the first and the second operand on one axis::

        full    n + k - 1 entries       every shift at which the operands overlap
        same    n entries               full[(k-1)//2 : (k-1)//2 + n]
        valid   max(n, k) - min(n, k) + 1   every shift at which one lies within the other
    """

    FULL = "full"
    SAME = "same"
    VALID = "valid"


class Boundary(StrEnum):
    """What the first operand is taken to hold outside its ends.

    The array ``a b c d``, continued by three entries on either side::

        zero        0 0 0 | a b c d | 0 0 0
        constant    v v v | a b c d | v v v     (v = fill_value)
        edge        a a a | a b c d | d d d
        mirror      d c b | a b c d | c b a
        symmetric   c b a | a b c d | d c b
        wrap        b c d | a b c d | a b c
    """

    ZERO = "zero"
    CONSTANT = "constant"
    EDGE = "edge"
    MIRROR = "mirror"
    SYMMETRIC = "symmetric"
    WRAP = "wrap"


class Method(StrEnum):
    """How an array convolution is computed."""

    AUTO = "auto"
    DIRECT = "direct"
    SEPARABLE = "separable"
    FFT = "fft"


class Overflow(StrEnum):
    """What becomes of a sum that the integer type of the result does not hold.

    ::

        raise       ExactnessError, which names the entry
        saturate    the nearest number that the type holds
        wrap        the sum modulo 2**n, n the bits of the type
    """

    RAISE = "raise"
    SATURATE = "saturate"
    WRAP = "wrap"


class Accuracy(StrEnum):
    """What the error of an entry is measured by.

    With x the input, w the taps and ``*`` the convolution::

        normwise     |error[i]| <= c norm(w) norm(x)         the same for every i
        elementwise  |error[i]| <= rtol (|w| * |x|)[i]       small entries are right as well
    """

    NORMWISE = "normwise"
    ELEMENTWISE = "elementwise"


class NanPolicy(StrEnum):
    """What is done with entries of the input that are NaN or infinite; SciPy's names.

    ::

        propagate   they reach the entries that they reach in a direct sum
        omit        they are left out, and the weights of the others make up for them
        raise       an error that names the first
    """

    PROPAGATE = "propagate"
    OMIT = "omit"
    RAISE = "raise"


ModeLike: TypeAlias = Mode | str
AccuracyLike: TypeAlias = Accuracy | str
NanPolicyLike: TypeAlias = NanPolicy | str
BoundaryLike: TypeAlias = Boundary | str
MethodLike: TypeAlias = Method | str
OverflowLike: TypeAlias = Overflow | str

_Option = TypeVar("_Option", bound=StrEnum)

# Names that other libraries give the same thing, and what to write here.
_FOREIGN_BOUNDARIES = {
    "nearest": "'edge' (aaa|abcd|ddd)",
    "replicate": "'edge' (aaa|abcd|ddd)",
    "extend": "'edge' (aaa|abcd|ddd)",
    "fill": "'constant' with fill_value=",
    "pad": "'zero'",
    "zeros": "'zero'",
    "circular": "'wrap' (bcd|abcd|abc)",
    "periodic": "'wrap' (bcd|abcd|abc)",
    "grid-wrap": "'wrap' (bcd|abcd|abc)",
    "grid-mirror": "'symmetric' (cba|abcd|dcb)",
    "grid-constant": "'constant' with fill_value=",
    "symm": "'symmetric' (cba|abcd|dcb)",
    "reflect101": "'mirror' (dcb|abcd|cba)",
}


_AMBIGUOUS = {"reflect": "'mirror' (dcb|abcd) or 'symmetric' (cba|abcd)"}

# Names that other libraries give the same option, and what to write here.
_FOREIGN_OPTIONS = {
    "axis": "axes=",
    "borderType": "boundary=",
    "cval": "fill_value= with boundary='constant'",
    "dilations": "dilation=",
    "fillvalue": "fill_value= with boundary='constant'",
    "mode": "boundary=",
    "nan_treatment": "nan_policy=",
    "output": "out=, or dtype= for a type",
    "padding": "mode=, and boundary= with mode='same'",
    "strides": "stride=",
    "workers": "threads=",
}


def unknown_option(
    name: str, known: Iterable[str], ways_out: Mapping[str, str] = MappingProxyType({})
) -> OptionError:
    """Return the error for an option that is none of `known`.

    `ways_out` says what to write for names that others give the same thing, besides the usual ones.

    Examples
    --------
    >>> print(unknown_option("axis", ["mode", "axes"]))
    option 'axis' is not known: write axes=
    """
    names = list(known)
    close = [f"{other}=" for other in difflib.get_close_matches(name, names, n=1, cutoff=0.75)]
    foreign = ways_out.get(name) or _FOREIGN_OPTIONS.get(name)
    way_out = foreign or "".join(close) or f"one of {', '.join(names)}"
    return OptionError(f"option {name!r} is not known: write {way_out}")


def counted_axes(count: int) -> str:
    """Return the number of axes in words.

    Examples
    --------
    >>> counted_axes(1), counted_axes(2)
    ('1 axis', '2 axes')
    """
    return f"{count} axis" if count == 1 else f"{count} axes"


def _unknown(kind: str, value: object, known: Sequence[str]) -> OptionError:
    close = difflib.get_close_matches(str(value), known, n=1)
    guess = f" Did you mean {close[0]!r}?" if close else ""
    names = ", ".join(repr(name) for name in known)
    return OptionError(f"{kind} {value!r} is not known: write one of {names}.{guess}")


def _as_option(kind: str, options: type[_Option], value: object) -> _Option:
    if isinstance(value, options):
        return value
    if isinstance(value, str):
        try:
            return options(value)
        except ValueError:
            pass
    raise _unknown(kind, value, [option.value for option in options])


def as_mode(value: ModeLike) -> Mode:
    """Return the mode that `value` names.

    Examples
    --------
    >>> as_mode("same")
    <Mode.SAME: 'same'>
    """
    # scipy.ndimage calls boundaries modes.
    name = str(value)
    if name in (*Boundary, *_FOREIGN_BOUNDARIES, *_AMBIGUOUS):
        boundary = (_FOREIGN_BOUNDARIES | _AMBIGUOUS).get(name, repr(name))
        raise OptionError(f"mode {name!r} is a boundary: write mode='same', boundary={boundary}")
    return _as_option("mode", Mode, value)


def as_method(value: MethodLike) -> Method:
    """Return the method that `value` names."""
    return _as_option("method", Method, value)


def as_overflow(value: OverflowLike) -> Overflow:
    """Return what `value` names."""
    return _as_option("overflow", Overflow, value)


def as_accuracy(value: AccuracyLike) -> Accuracy:
    """Return the accuracy that `value` names."""
    return _as_option("accuracy", Accuracy, value)


def as_nan_policy(value: NanPolicyLike) -> NanPolicy:
    """Return the policy that `value` names."""
    return _as_option("nan_policy", NanPolicy, value)


def as_boundary(value: BoundaryLike) -> Boundary:
    """Return the boundary that `value` names.

    Raises
    ------
    OptionError
        For a name that is unknown, or ``"reflect"``, which means `mirror` in NumPy and
        `symmetric` in scipy.ndimage.

    Examples
    --------
    >>> as_boundary("reflect")
    Traceback (most recent call last):
        ...
    faltung.errors.OptionError: boundary 'reflect' is ambiguous: write 'mirror' (dcb|abcd) \
or 'symmetric' (cba|abcd)
    """
    name = str(value)
    if name in _AMBIGUOUS:
        raise OptionError(f"boundary {name!r} is ambiguous: write {_AMBIGUOUS[name]}")
    if name in _FOREIGN_BOUNDARIES:
        raise OptionError(
            f"boundary {name!r} is another library's name: write {_FOREIGN_BOUNDARIES[name]}"
        )
    return _as_option("boundary", Boundary, value)


def as_boundaries(value: BoundaryLike | Sequence[BoundaryLike], axes: int) -> tuple[Boundary, ...]:
    """Return one boundary for each of `axes` axes, from one name or a sequence of names.

    Examples
    --------
    >>> as_boundaries("wrap", 2)
    (<Boundary.WRAP: 'wrap'>, <Boundary.WRAP: 'wrap'>)
    """
    if isinstance(value, str):
        return (as_boundary(value),) * axes
    if not isinstance(value, Sequence):
        raise _unknown("boundary", value, [option.value for option in Boundary])
    boundaries = tuple(as_boundary(name) for name in value)
    if len(boundaries) != axes:
        raise OptionError(
            f"boundary={list(map(str, boundaries))} names {len(boundaries)} boundaries for "
            f"{counted_axes(axes)}: write one name for all, or one for each"
        )
    return boundaries


def as_threads(value: int | None) -> int:
    """Return the number of threads as the core takes it; None stands for the default (0)."""
    if value is None:
        return 0
    try:
        threads = operator.index(value)
    except TypeError:
        threads = -1
    if isinstance(value, bool) or not 1 <= threads <= 1024:
        raise OptionError(f"threads={value!r}: write a whole number from 1 to 1024, or None")
    return threads
