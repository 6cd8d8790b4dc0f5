"""The lags of a correlation that are asked for, and no others."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.call import Call, CallOptions, as_call_options, prepare
from faltung.arrays.geometry import AxesLike, Problem, as_axes
from faltung.arrays.run import as_out, run
from faltung.errors import OptionError

__all__ = ["LagsLike", "as_lags", "correlate_lags"]

Array = NDArray[Any]
Order = tuple[int, ...]
LagsLike: TypeAlias = int | range | Sequence[int] | NDArray[np.integer]

# A gap between two runs of lags is computed too where that takes less time than another call,
# some 60 µs, and no more memory than this many entries.
_GAP_PRODUCTS = 2**18
_GAP_ENTRIES = 1024


def as_lags(lags: LagsLike) -> NDArray[np.int64]:
    """Return the lags one by one; a single number m stands for all from -m to m.

    Examples
    --------
    >>> as_lags(2)
    array([-2, -1,  0,  1,  2])
    >>> as_lags(range(3, 0, -1))
    array([3, 2, 1])
    """
    single = np.ndim(lags) == 0
    try:
        given = [lags] if single else list(lags)  # type: ignore[arg-type]
        if any(isinstance(lag, bool | np.bool) for lag in given):
            raise TypeError
        found = np.array([operator.index(lag) for lag in given], np.int64)  # type: ignore[arg-type]
    except (TypeError, OverflowError):
        raise OptionError(f"lags={lags!r}: write whole numbers, lags=10 or range(-5, 20)") from None
    if not len(found) or np.abs(found).max() > 2**62 or (single and found[0] < 0):
        raise OptionError(
            f"lags={lags!r}: write a number m, not negative, for all lags from -m to m, or the lags "
            "themselves, at least one: lags=range(-5, 20)"
        )
    return np.arange(-found[0], found[0] + 1) if single else found


def correlate_lags(
    a: Array, reversed_v: Array, lags: LagsLike, axes: AxesLike, **options: Any
) -> Array:
    """Return the entries of the full correlation that belong to `lags`, in their order.

    Lag l is entry ``l + n_v - 1`` of the full convolution with `reversed_v`. Entries at which the
    operands do not meet are zero. Lags that follow one another are one convolution, of which only
    a part is computed; runs of lags with a wide gap between them are convolutions of their own.
    """
    # 1. The axis, the lags, and where the operands meet.
    out = options.pop("out", None)
    call_options = _as_options(axes, options)
    axis = _as_axis(axes, a, reversed_v)
    wanted = as_lags(lags)
    size_v = reversed_v.shape[axis if reversed_v.ndim == a.ndim else 0]
    meet = (wanted > -size_v) & (wanted < a.shape[axis])
    # 2. The runs of lags, each a call.
    taps = min(size_v, a.shape[axis])
    runs = _runs(np.unique(wanted[meet]), taps) or [(0, 0)]
    calls = [
        prepare(a, reversed_v, call_options, _Part(axis, first + size_v - 1, last - first + 1))
        for first, last in runs
    ]
    # 3. All that is asked for is one run, or the runs are put where they are asked for.
    if len(runs) == 1 and np.array_equal(wanted, np.arange(runs[0][0], runs[0][1] + 1)):
        return run(calls[0], out)
    result = as_out(_with_size(calls[0], axis, len(wanted)), out)
    found = np.zeros(result.shape, result.dtype)  # `out` may be an operand
    for call, (first, last) in zip(calls, runs, strict=True):
        here = np.flatnonzero(meet & (wanted >= first) & (wanted <= last))
        if here.size:
            entries = run(call, None).take(wanted[here] - first, axis)
            found[(slice(None),) * axis + (here,)] = entries
    if out is None:
        return found
    result[...] = found
    return result


class _Part:
    """Takes `size` entries from `start` on of a full convolution, along one axis."""

    def __init__(self, axis: int, start: int, size: int) -> None:
        self._axis, self._start, self._size = axis, start, size

    def __call__(self, problem: Problem, order: Order) -> Problem:
        position = order.index(self._axis)
        start, shape = list(problem.start), list(problem.output_shape)
        start[position - problem.batch], shape[position] = self._start, self._size
        return replace(problem, start=tuple(start), output_shape=tuple(shape))


def _with_size(call: Call, axis: int, size: int) -> Call:
    return replace(call, given=_Part(axis, 0, size)(call.given, call.order))


def _as_options(axes: AxesLike, options: dict[str, Any]) -> CallOptions:
    for name, value in options.items():
        if name not in ("method", "threads") and (name, value) != ("mode", "full"):
            raise OptionError(
                f"{name}={value!r} does not go with lags, beside which only axes, method, threads and "
                "out do: leave one of the two out"
            )
    return as_call_options({"axes": axes, **options})


def _as_axis(axes: AxesLike, a: Array, v: Array) -> int:
    slid = as_axes(axes, a, v)
    if len(slid) != 1:
        raise OptionError(
            f"lags goes along one axis, the operands slide along {len(slid)}: write axes=0"
        )
    return slid[0]


def _runs(lags: NDArray[np.int64], taps: int) -> list[tuple[int, int]]:
    """Return the first and last lag of each run of increasing lags."""
    gaps = np.diff(lags) - 1
    wide = (gaps > 0) & ((gaps > _GAP_ENTRIES) | (gaps > _GAP_PRODUCTS // taps))
    return [
        (int(part[0]), int(part[-1]))
        for part in np.split(lags, np.flatnonzero(wide) + 1)
        if part.size
    ]
