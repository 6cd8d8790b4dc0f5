"""The work of a call: the result is made, filled and checked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung.arrays.call import Call
from faltung.arrays.complex_numbers import are_both_complex, is_complex, run_complex
from faltung.arrays.elementwise import run_elementwise
from faltung.arrays.geometry import Problem
from faltung.arrays.methods import METHODS
from faltung.arrays.narrow import run_rounded, run_whole
from faltung.arrays.nonfinite import is_finite, run_with_nonfinite
from faltung.arrays.plain import is_plain, run_plain
from faltung.errors import OptionError, ShapeError
from faltung.options import Method

__all__ = ["as_out", "run"]

Array = NDArray[Any]


def run(call: Call, out: Array | None) -> Array:
    """Fill `out`, or a new array, with the result of a call."""
    # 6. The result, in the memory order of the input.
    result = as_out(call, out)
    own = out is None or (_is_writable_in_place(out) and not _shares_memory(out, call.given))
    target = result if own else np.empty_like(result, subok=False)
    # 7. The sums.
    view = target.transpose(call.order)
    if call.types.exact:
        run_whole(call, view)
    elif call.types.result.kind in "iu":
        run_rounded(call, view, _run_float)
    else:
        _run_float(call, view)
    if target is not result:
        result[...] = target
    return result


def as_out(call: Call, out: Array | None) -> Array:
    """Return the array that the result of a call goes to: `out`, checked, or a new one."""
    if out is None:
        return np.empty(call.shape, call.types.result, order="F" if call.fortran else "C")
    if not isinstance(out, np.ndarray):
        raise OptionError(
            f"out is a {type(out).__name__}, and results are written to NumPy arrays: write "
            f"out=numpy.empty({call.shape}, {str(call.types.result)!r})"
        )
    if out.shape != call.shape:
        raise ShapeError(
            f"out has shape {out.shape}, the result has {call.shape}: write "
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


def _run_float(call: Call, view: Array) -> None:
    problem = call.problem
    if call.rtol is not None:
        run_elementwise(problem, call.method, call.rtol, view, call.threads)
        return
    sums = view if view.dtype == call.types.compute else np.empty(view.shape, call.types.compute)
    if is_complex(problem):
        whole = call.method is Method.FFT and are_both_complex(problem)
        if not (whole and _run_method(call, problem, sums)):
            run_complex(problem, sums, lambda p, to: _run_real(call, p, to))
    else:
        _run_real(call, problem, sums)
    if sums is not view:
        with np.errstate(over="ignore"):
            view[...] = sums


def _run_real(call: Call, problem: Problem, sums: Array) -> None:
    if is_plain(problem.input.dtype):
        run_plain(problem, sums)
        return
    # The direct sum lets a NaN in the input through where it belongs, but must not multiply an
    # infinite tap with the nothing beyond a zero boundary; a transform looks for itself.
    finite = is_finite(problem.taps) and np.isfinite(problem.fill_value)
    if not (finite and _run_method(call, problem, sums)):
        run_with_nonfinite(problem, sums, lambda p, to: _run_method(call, p, to))


def _run_method(call: Call, problem: Problem, sums: Array) -> bool:
    if call.method is Method.FFT and call.kept is not None:
        return call.kept.run(problem, sums, call.threads)
    return METHODS[call.method].run(problem, sums, call.threads)
