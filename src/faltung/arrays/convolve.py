"""Convolution and correlation of arrays: the call, in numbered steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faltung.arrays.exact import require_fit, require_whole, run_fft_exactly
from faltung.arrays.geometry import AxesLike, Problem, as_axes, expand_kernel, make_problem
from faltung.arrays.methods import METHODS
from faltung.arrays.nonfinite import is_finite, run_with_nonfinite
from faltung.arrays.planner import choose
from faltung.arrays.slices import Slicing
from faltung.arrays.types import ArithmeticTypes, arithmetic_types, as_operand
from faltung.errors import OptionError, ShapeError
from faltung.options import (
    Boundary,
    BoundaryLike,
    Method,
    MethodLike,
    Mode,
    ModeLike,
    as_boundaries,
    as_method,
    as_mode,
    as_threads,
)

__all__ = ["Call", "convolve", "correlate", "prepare", "run"]

Array = NDArray[Any]


@dataclass(frozen=True)
class Call:
    """One convolution, checked and laid out, ready to run by `method`."""

    problem: Problem
    order: tuple[int, ...]
    types: ArithmeticTypes
    method: Method
    slicing: Slicing | None
    threads: int
    fortran: bool

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the result."""
        shape = [0] * len(self.order)
        for position, axis in enumerate(self.order):
            shape[axis] = self.problem.output_shape[position]
        return tuple(shape)


def convolve(
    a: ArrayLike,
    v: ArrayLike,
    *,
    mode: ModeLike = "full",
    boundary: BoundaryLike | Sequence[BoundaryLike] = "zero",
    fill_value: float = 0.0,
    axes: AxesLike = None,
    method: MethodLike = "auto",
    threads: int | None = None,
    out: Array | None = None,
) -> Array:
    """Convolve two arrays: ``h[i] = sum over k of a[i - k] v[k]``.

    For one axis and the defaults, the same as::

        h = np.zeros(len(a) + len(v) - 1)
        for k in range(len(v)):
            h[k : k + len(a)] += a * v[k]

    Parameters
    ----------
    a : array_like
        Real numbers or integers, any rank from 1, any strides. Never changed.
    v : array_like
        The kernel, of the same rank, or with as many axes as `axes` names.
    mode : {"full", "same", "valid"}
        Which part of the full convolution is returned; with n and k the lengths on one axis:
        ``full`` all n + k - 1 entries, ``same`` ``full[(k-1)//2 : (k-1)//2 + n]`` (the shape of
        `a`), ``valid`` the entries at which one operand lies within the other.
    boundary : str or sequence of str
        What `a` holds outside its ends (see :class:`faltung.options.Boundary`): ``zero``,
        ``constant``, ``edge``, ``mirror``, ``symmetric`` or ``wrap``, one for all of `axes` or
        one for each. Other than ``zero`` only with ``mode="same"``. With ``zero`` there is
        nothing outside: an infinite tap does not make NaN there.
    fill_value : float
        The value outside for ``boundary="constant"``.
    axes : int or sequence of int, optional
        The axes of `a` on which `v` slides; all by default. Over the others the operands are
        broadcast: ``convolve(picture, kernel, axes=(0, 1))`` takes each channel on its own.
    method : {"auto", "direct", "fft"}
        ``auto`` takes the one predicted to be fastest.
    threads : int, optional
        At most so many threads; by default ``FALTUNG_NUM_THREADS``, else the processors this
        process may use. The result does not depend on it.
    out : numpy.ndarray, optional
        Where the result is written; of the result's shape and dtype.

    Returns
    -------
    numpy.ndarray
        float16, float32 or float64 by NumPy's promotion of the operands' types; for integers and
        booleans int64, or uint64 if both are unsigned, always exact.

    Raises
    ------
    ShapeError
        Empty operands, ranks or lengths that do not fit.
    DtypeError
        Complex, object and other types; arrays of other libraries.
    OptionError
        Unknown or excluding options; ``boundary="reflect"``.
    ExactnessError
        Integers whose sums may not fit 64 bits.

    Notes
    -----
    Each entry of the result is off by at most ``c norm(v) norm(a)``, norms the 2-norms, where
    ``c`` is ``plan(v, a.shape, …).error_factor``: gamma(min(n, 1024) + 2 ceil(2.5 n / 1024)) for n
    taps summed directly and gamma(m), m some 12 log2(N), for blocks of N points that are transformed;
    gamma(m) = m u / (1 - m u). ``docs/mathematics/arrays.md`` derives both.
    A NaN or infinity in an operand reaches exactly the entries that it reaches in a direct sum.
    An entry whose partial sums overflow may be infinite or NaN although the whole sum is not.

    Examples
    --------
    >>> import numpy as np
    >>> import faltung as ft
    >>> ft.convolve([1, 2, 3], [0, 1, 1])
    array([0, 1, 3, 5, 3])
    >>> ft.convolve(np.array([1.0, 2.0, 3.0]), [1.0, 1.0, 1.0], mode="same", boundary="wrap")
    array([6., 6., 6.])
    """
    call = prepare(
        as_operand("the first operand", a),
        as_operand("the kernel", v),
        mode=mode,
        boundary=boundary,
        fill_value=fill_value,
        axes=axes,
        method=method,
        threads=threads,
    )
    return run(call, out)


def correlate(
    a: ArrayLike,
    v: ArrayLike,
    *,
    axes: AxesLike = None,
    out: Array | None = None,
    **options: Any,
) -> Array:
    """Correlate two arrays: ``h[i] = sum over k of a[i + k - (n_v - 1)] v[k]``.

    The same as :func:`convolve` with `v` reversed along the axes on which it slides::

        convolve(a, v[::-1])

    Entry ``i`` of the full correlation belongs to lag ``i - (len(v) - 1)``: at lag 0 the operands
    lie on each other from their first entries on.

    Parameters
    ----------
    a, v, axes, out
        As in :func:`convolve`.
    **options
        ``mode boundary fill_value method threads`` of :func:`convolve`, with the same defaults.

    Returns
    -------
    numpy.ndarray
        As :func:`convolve` returns, with the same error bound.

    Examples
    --------
    >>> import faltung as ft
    >>> signal = [0.0, 0.0, 1.0, 2.0, 0.0]
    >>> int(ft.correlate(signal, [1.0, 2.0], mode="valid").argmax())
    2
    """
    array, kernel = as_operand("the first operand", a), as_operand("the kernel", v)
    slid = as_axes(axes, array, kernel)
    kernel = np.flip(kernel, slid if kernel.ndim == array.ndim else None)
    return convolve(array, kernel, axes=axes, out=out, **options)


def prepare(
    a: Array,
    v: Array,
    *,
    mode: ModeLike,
    boundary: BoundaryLike | Sequence[BoundaryLike],
    fill_value: float,
    axes: AxesLike,
    method: MethodLike,
    threads: int | None,
) -> Call:
    """Check everything that can be wrong with a call, before any work is done."""
    # 1. The axes on which the kernel slides; the kernel gets the array's rank.
    slid = as_axes(axes, a, v)
    kernel = expand_kernel(v, a.ndim, slid)
    # 2. The options.
    which, how, workers = as_mode(mode), as_method(method), as_threads(threads)
    boundaries = _as_boundaries(boundary, len(slid), which)
    fill = _as_fill_value(fill_value, boundaries)
    # 3. The types of the sums and of the result.
    types = arithmetic_types(a.dtype, v.dtype, negative=fill < 0)
    if types.exact:
        require_whole(fill)
    else:
        with np.errstate(over="ignore"):
            fill = float(types.compute.type(fill))
    # 4. The index ranges.
    problem, order = make_problem(
        a, kernel, axes=slid, mode=which, boundaries=boundaries, fill_value=fill
    )
    if types.exact:
        require_fit(problem, types.result, workers)
    problem = problem.with_operands(
        _cast(problem.input, types.compute), _cast(problem.taps, types.compute), fill
    )
    # 5. The method.
    chosen, slicing = choose(problem, how, types)
    fortran = a.flags.f_contiguous and not a.flags.c_contiguous
    return Call(problem, order, types, chosen, slicing, workers, fortran)


def _cast(operand: Array, dtype: np.dtype[Any]) -> Array:
    # One number that stands for a whole array (a plan is made with it) stays one number.
    if operand.ndim and not any(operand.strides):
        first = operand[(slice(1),) * operand.ndim].astype(dtype, copy=False)
        return np.broadcast_to(first, operand.shape)
    return operand.astype(dtype, copy=False)


def _as_boundaries(
    boundary: BoundaryLike | Sequence[BoundaryLike], axes: int, mode: Mode
) -> tuple[Boundary, ...]:
    boundaries = as_boundaries(boundary, axes)
    beyond = [name for name in boundaries if name is not Boundary.ZERO]
    if beyond and mode is not Mode.SAME:
        raise OptionError(
            f"boundary {str(beyond[0])!r} goes with mode='same' alone: mode {str(mode)!r} returns "
            "what the operands themselves hold; write mode='same' or boundary='zero'"
        )
    if {Boundary.ZERO, Boundary.CONSTANT} <= set(boundaries):
        raise OptionError(
            f"boundary={[str(name) for name in boundaries]} leaves open what lies outside on both "
            "axes: write 'constant' for both, or pad one first"
        )
    return boundaries


def _as_fill_value(fill_value: float, boundaries: tuple[Boundary, ...]) -> float:
    try:
        fill = float(fill_value)
    except (TypeError, ValueError):
        raise OptionError(f"fill_value={fill_value!r}: write a real number") from None
    if fill != 0 and Boundary.CONSTANT not in boundaries:
        raise OptionError(
            f"fill_value={fill_value!r} goes with boundary='constant' alone: write that, or leave "
            "fill_value out"
        )
    return fill


def run(call: Call, out: Array | None) -> Array:
    """Fill `out`, or a new array, with the result of a call."""
    # 6. The result, in the memory order of the input.
    result = _as_out(call, out)
    own = out is None or (_is_writable_in_place(out) and not _shares_memory(out, call.problem))
    target = result if own else np.empty_like(result, subok=False)
    # 7. The sums.
    view = target.transpose(call.order)
    if call.types.exact:
        _run_exact(call, view)
    else:
        _run_float(call, view)
    if target is not result:
        result[...] = target
    return result


def _as_out(call: Call, out: Array | None) -> Array:
    if out is None:
        return np.empty(call.shape, call.types.result, order="F" if call.fortran else "C")
    if getattr(out, "shape", None) != call.shape:
        raise ShapeError(
            f"out has shape {getattr(out, 'shape', None)}, the result has {call.shape}: write "
            f"out=numpy.empty({call.shape}, {str(call.types.result)!r})"
        )
    if out.dtype != call.types.result or not out.flags.writeable:
        state = "" if out.flags.writeable else " and is read-only"
        raise OptionError(
            f"out has dtype {out.dtype}{state}, the result has {call.types.result}: write "
            f"out=numpy.empty({call.shape}, {str(call.types.result)!r})"
        )
    return out


def _is_writable_in_place(out: Array) -> bool:
    in_steps = all(stride % out.itemsize == 0 for stride in out.strides)
    return out.flags.aligned and out.dtype.isnative and in_steps


def _shares_memory(out: Array, problem: Problem) -> bool:
    return np.may_share_memory(out, problem.input) or np.may_share_memory(out, problem.taps)


def _run_exact(call: Call, view: Array) -> None:
    if call.slicing is not None:
        run_fft_exactly(call.problem, call.slicing, view, call.threads)
    else:
        METHODS[Method.DIRECT].run(call.problem, view, call.threads)


def _run_float(call: Call, view: Array) -> None:
    problem = call.problem
    sums = view if view.dtype == call.types.compute else np.empty(view.shape, call.types.compute)
    entry = METHODS[call.method]
    # The direct sum lets a NaN in the input through where it belongs, but must not multiply an
    # infinite tap with the nothing beyond a zero boundary; a transform looks for itself.
    finite = is_finite(problem.taps) and np.isfinite(problem.fill_value)
    if not (finite and entry.run(problem, sums, call.threads)):
        run_with_nonfinite(problem, sums, lambda p, to: entry.run(p, to, call.threads))
    if sums is not view:
        with np.errstate(over="ignore"):
            view[...] = sums
