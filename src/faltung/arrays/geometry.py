"""Axes, shapes and index ranges: from the operands of a call to a problem with one layout."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.layout import CoreLayout, core_layout
from faltung.errors import OptionError, ShapeError
from faltung.options import Boundary, Mode

if TYPE_CHECKING:
    from faltung.arrays.lowrank import Separation

__all__ = [
    "AxesLike",
    "Problem",
    "as_axes",
    "broadcast_batch",
    "expand_kernel",
    "make_problem",
    "source_indices",
]

Array = NDArray[Any]
AxesLike: TypeAlias = int | Sequence[int] | NDArray[np.integer] | None


@dataclass(frozen=True)
class Problem:
    """``out[i] = sum over k of taps[k] * input[start + stride i - dilation k]``, i, k tuples of indices.

    The axes of `input`, `taps` and the output are first `batch` axes on which every position has
    its own taps, then the axes on which the taps slide. Outside its ends the input is continued
    by `boundaries`, one for each sliding axis::

        position    start - dilation (taps-1)  …  start  …  start + stride (output-1)
                    └ first read                            └ last read

    Attributes
    ----------
    input, taps : numpy.ndarray
        Of equal rank. On batch axes both are broadcast to the same length.
    start : tuple of int
        For each sliding axis, the index in the full convolution of the first output.
    stride, dilation : tuple of int
        For each sliding axis, the steps in it from one output to the next and from one tap to the
        next.
    output_shape : tuple of int
        For all axes.
    rank_tolerance : float
        The share of the norm of `taps` that the separable method may leave out.
    separation : Separation, optional
        The lines of the separable method where they are known beforehand.
    """

    input: Array
    taps: Array
    batch: int
    start: tuple[int, ...]
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    output_shape: tuple[int, ...]
    boundaries: tuple[Boundary, ...]
    fill_value: float
    rank_tolerance: float = 0.0
    separation: Separation | None = None

    @property
    def sliding_input_shape(self) -> tuple[int, ...]:
        """The lengths of the input on the sliding axes."""
        return self.input.shape[self.batch :]

    @property
    def sliding_taps_shape(self) -> tuple[int, ...]:
        """The lengths of the taps on the sliding axes."""
        return self.taps.shape[self.batch :]

    @property
    def sliding_output_shape(self) -> tuple[int, ...]:
        """The lengths of the output on the sliding axes."""
        return self.output_shape[self.batch :]

    @property
    def tap_count(self) -> int:
        """The number of products in one output."""
        return math.prod(self.sliding_taps_shape)

    @property
    def reach(self) -> tuple[int, ...]:
        """For each sliding axis, how many positions there are from the first to the last read."""
        return tuple(self.last(i) - self.first(i) + 1 for i in range(len(self.start)))

    def first(self, i: int) -> int:
        """Return the first position that is read on sliding axis i."""
        return self.start[i] - (self.sliding_taps_shape[i] - 1) * self.dilation[i]

    def last(self, i: int) -> int:
        """Return the last position that is read on sliding axis i."""
        return self.start[i] + (self.sliding_output_shape[i] - 1) * self.stride[i]

    def positions(self, i: int) -> NDArray[np.int64]:
        """Return the positions from the first to the last that is read on sliding axis i."""
        return np.arange(self.first(i), self.last(i) + 1)

    @cached_property
    def layout(self) -> CoreLayout:
        """The layout in which the core takes the problem."""
        first = [self.first(i) for i in range(len(self.start))]
        steps = list(zip(self.stride, self.dilation, strict=True))
        return core_layout(self.input, self.batch, first, self.boundaries, steps)

    def with_operands(self, input: Array, taps: Array, fill_value: float) -> Problem:
        """Return the same problem for other operands of the same shapes."""
        if input is self.input and taps is self.taps and fill_value is self.fill_value:
            return self
        changed = replace(self, input=input, taps=taps, fill_value=fill_value)
        if taps is self.taps:
            return changed
        return replace(changed, rank_tolerance=0.0, separation=None)


def as_axes(axes: AxesLike, a: Array, v: Array) -> tuple[int, ...]:
    """Return the axes of `a` on which `v` slides, not negative, in the order they were given.

    Raises
    ------
    ShapeError
        If ranks differ and `axes` does not say how they belong together.
    OptionError
        If `axes` names an axis that does not exist, or one twice.
    """
    if axes is None:
        if a.ndim != v.ndim:
            raise ShapeError(_rank_message(a.shape, v.shape))
        return tuple(range(a.ndim))
    numbers = _whole_numbers(axes)
    if not numbers:
        raise OptionError(
            f"axes={axes!r} names no axis to slide along: write axes=0, or leave it out"
        )
    if any(not -a.ndim <= axis < a.ndim for axis in numbers):
        raise OptionError(f"axes={axes!r}: the first operand has the axes 0 to {a.ndim - 1}")
    found = tuple(axis % a.ndim for axis in numbers)
    if len(set(found)) != len(found):
        raise OptionError(f"axes={axes!r} names an axis twice: write each once")
    if v.ndim == len(found) != a.ndim and list(found) != sorted(found):
        raise OptionError(
            f"axes={axes!r} is out of order for a kernel with just these axes: transpose the "
            f"kernel and write axes={tuple(sorted(found))}"
        )
    if v.ndim not in (a.ndim, len(found)):
        raise ShapeError(
            f"the kernel has {v.ndim} axes, axes={axes!r} names {len(found)}, the first operand "
            f"has {a.ndim}: give the kernel {len(found)} axes, or {a.ndim} to broadcast the others"
        )
    return found


def _whole_numbers(axes: int | Sequence[int] | NDArray[np.integer]) -> list[int]:
    given = [axes] if np.ndim(axes) == 0 else list(axes)  # type: ignore[arg-type]
    try:
        if any(isinstance(axis, bool | np.bool) for axis in given):
            raise TypeError
        return [operator.index(axis) for axis in given]  # type: ignore[arg-type]
    except TypeError:
        raise OptionError(f"axes={axes!r}: write whole numbers, axes=(0, 1)") from None


def _rank_message(a: tuple[int, ...], v: tuple[int, ...]) -> str:
    text = f"operands of shapes {a} and {v} have {len(a)} and {len(v)} axes"
    if len(v) > len(a):
        return f"{text}: swap them, or give the first operand the missing axes"
    # A last axis of at most four is nearly always the channels of a picture.
    first = 0 if a[-1] <= 4 else len(a) - len(v)
    axes = tuple(range(first, first + len(v)))
    shown = axes if len(axes) > 1 else axes[0]
    return f"{text}: write axes={shown!r} to slide the second along those axes of the first"


def expand_kernel(v: Array, rank: int, axes: tuple[int, ...]) -> Array:
    """Return `v` with an axis of length one wherever it does not slide.

    Examples
    --------
    >>> expand_kernel(np.ones((3, 5)), 3, (0, 1)).shape
    (3, 5, 1)
    """
    if v.ndim == rank:
        return v
    return v[tuple(slice(None) if axis in axes else None for axis in range(rank))]


def make_problem(
    a: Array,
    v: Array,
    *,
    axes: tuple[int, ...],
    mode: Mode,
    boundaries: tuple[Boundary, ...],
    fill_value: float,
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
    in_order: bool = False,
) -> tuple[Problem, tuple[int, ...]]:
    """Bring two operands of equal rank into the layout of a problem.

    The longer operand may become the input, unless they are to stay `in_order`.

    Returns
    -------
    problem : Problem
    order : tuple of int
        ``out.transpose(order)`` has the problem's layout.
    """
    _require_broadcast(a.shape, v.shape, axes)
    dilation = _useful_dilation(a, v, (axes, boundaries, dilation), mode)
    lengths = [(a.shape[d], (v.shape[d] - 1) * e + 1) for d, e in zip(axes, dilation, strict=True)]
    if set(boundaries) == {Boundary.ZERO}:
        _require_one_within(lengths, (a.shape, v.shape, axes), mode)
        # Here the two commute, unless there are gaps in one: the smaller one makes the taps.
        sizes_of_both = [math.prod(each) for each in zip(*lengths, strict=True)]
        commute = set(dilation) == {1} and not in_order
        if commute and sizes_of_both[1] > sizes_of_both[0]:
            a, v = v, a
    starts, sizes = _ranges(lengths, mode)
    sizes = [(size - 1) // s + 1 for size, s in zip(sizes, stride, strict=True)]
    stride = tuple(s if size > 1 else 1 for size, s in zip(sizes, stride, strict=True))
    if mode is Mode.SAME:
        shape = [a.shape[d] for d in axes]
        starts, dilation = _within_periods(shape, boundaries, starts, dilation)
    # An axis without taps of its own is one on which a single tap slides: no batch.
    batch = [d for d in range(a.ndim) if d not in axes and v.shape[d] > 1]
    sliding = [d for d in range(a.ndim) if d not in batch]
    order = tuple(batch + sliding)
    where = {axis: i for i, axis in enumerate(axes)}
    output_shape = tuple(
        sizes[where[d]] if d in where else max(a.shape[d], v.shape[d]) for d in order
    )
    problem = Problem(
        input=broadcast_batch(a.transpose(order), output_shape, len(batch)),
        taps=broadcast_batch(v.transpose(order), output_shape, len(batch)),
        batch=len(batch),
        start=tuple(starts[where[d]] if d in where else 0 for d in sliding),
        stride=tuple(stride[where[d]] if d in where else 1 for d in sliding),
        dilation=tuple(dilation[where[d]] if d in where else 1 for d in sliding),
        output_shape=output_shape,
        boundaries=tuple(boundaries[where[d]] if d in where else Boundary.ZERO for d in sliding),
        fill_value=fill_value,
    )
    return problem, order


def broadcast_batch(operand: Array, output_shape: tuple[int, ...], batch: int) -> Array:
    """Return `operand` with its first `batch` axes as long as those of the output."""
    if not batch:
        return operand
    return np.broadcast_to(operand, output_shape[:batch] + operand.shape[batch:])


def _require_broadcast(a: tuple[int, ...], v: tuple[int, ...], axes: tuple[int, ...]) -> None:
    for d in range(len(a)):
        if d not in axes and 1 not in (a[d], v[d]) and a[d] != v[d]:
            raise ShapeError(
                f"shapes {a} and {v} differ on axis {d}, which axes={axes} leaves out: lengths "
                f"there must be equal or one; add {d} to axes to convolve along it"
            )


def _ranges(lengths: list[tuple[int, int]], mode: Mode) -> tuple[list[int], list[int]]:
    """Start in the full convolution and length of the output, for each axis."""
    if mode is Mode.SAME:
        return [(k - 1) // 2 for _, k in lengths], [n for n, _ in lengths]
    if mode is Mode.FULL:
        return [0] * len(lengths), [n + k - 1 for n, k in lengths]
    return [min(each) - 1 for each in lengths], [max(each) - min(each) + 1 for each in lengths]


def _require_one_within(
    lengths: list[tuple[int, int]],
    given: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]],
    mode: Mode,
) -> None:
    if mode is Mode.VALID and any(k > n for n, k in lengths) and any(k < n for n, k in lengths):
        a, v, axes = given
        raise ShapeError(
            f"mode 'valid' needs one operand to be at least as long as the other on every axis; "
            f"shapes {a} and {v} are mixed on axes {axes}: write mode='full' or 'same'"
        )


def _useful_dilation(
    a: Array,
    v: Array,
    given: tuple[tuple[int, ...], tuple[Boundary, ...], tuple[int, ...]],
    mode: Mode,
) -> tuple[int, ...]:
    """Return the smallest dilation that gives the same, 1 for a single tap.

    With ``mode="same"`` all taps but those in the middle of a very wide kernel read beyond the ends,
    where an array that does not repeat itself is the same everywhere.
    """
    if set(given[2]) == {1}:
        return given[2]
    found = []
    for axis, boundary, dilation in zip(*given, strict=True):
        n = a.shape[axis]
        clips = mode is Mode.SAME and _period(boundary, n) is None
        wide = min(dilation, 2 * n + 1) if clips else dilation
        found.append(wide if v.shape[axis] > 1 else 1)
    return tuple(found)


def _within_periods(
    shape: list[int], boundaries: tuple[Boundary, ...], starts: list[int], dilation: tuple[int, ...]
) -> tuple[list[int], tuple[int, ...]]:
    """Return starts and dilations with whole periods of the continued array left out."""
    if set(dilation) == {1}:
        return starts, dilation
    periods = [_period(boundary, n) for boundary, n in zip(boundaries, shape, strict=True)]
    long = [p is not None and e > p for p, e in zip(periods, dilation, strict=True)]
    starts = [
        s % (p or 1) if is_long else s for s, p, is_long in zip(starts, periods, long, strict=True)
    ]
    return starts, tuple(
        e % (p or 1) or p or e if is_long else e
        for e, p, is_long in zip(dilation, periods, long, strict=True)
    )


def _period(boundary: Boundary, size: int) -> int | None:
    """Return after how many positions the continued array repeats itself, None if it does not."""
    return {
        Boundary.WRAP: size,
        Boundary.SYMMETRIC: 2 * size,
        Boundary.MIRROR: max(1, 2 * size - 2),
    }.get(boundary)


def source_indices(
    boundary: Boundary, positions: NDArray[np.int64], size: int
) -> NDArray[np.int64]:
    """Return the index in [0, size) that each position reads, -1 where the fill value is.

    Examples
    --------
    >>> source_indices(Boundary.MIRROR, np.arange(-3, 7), 4)
    array([3, 2, 1, 0, 1, 2, 3, 2, 1, 0])
    """
    if boundary in (Boundary.ZERO, Boundary.CONSTANT):
        return np.where((positions >= 0) & (positions < size), positions, -1)
    if boundary is Boundary.EDGE:
        return positions.clip(0, size - 1)
    if boundary is Boundary.WRAP:
        return positions % size
    period = _period(boundary, size) or size
    remainder = positions % period
    last = period if boundary is Boundary.MIRROR else period - 1
    return np.minimum(remainder, last - remainder)
