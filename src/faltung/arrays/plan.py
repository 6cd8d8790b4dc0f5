"""A convolution that is planned before it is made: its method, cost and error bound."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from faltung.arrays.bounds import norms, typical_sum, underflow, unit_roundoff
from faltung.arrays.call import Call, CallOptions, as_call_options, prepare
from faltung.arrays.methods import METHODS
from faltung.arrays.plain import is_plain, require_rationals
from faltung.arrays.run import run
from faltung.arrays.types import arithmetic_types, as_operand, require_numbers
from faltung.errors import DtypeError, ShapeError
from faltung.options import Method

__all__ = ["Plan", "plan"]

Array = NDArray[Any]


class Plan:
    """A kernel, the shape of the arrays it will be applied to, and the method chosen for them.

    Made by :func:`plan`. Immutable, safe to share between threads, picklable.

    Attributes
    ----------
    shape : tuple of int
        The shape of the arrays the plan takes.
    method : str
        ``"direct"`` or ``"fft"``.
    error_factor : float
        ``c`` of the bound ``c norm(kernel) norm(array)``; 0 for integers, NaN for objects that are
        not exact.
    """

    def __init__(
        self,
        kernel: Array,
        shape: tuple[int, ...],
        dtype: np.dtype[Any],
        options: CallOptions,
    ) -> None:
        self._kernel = kernel.copy()
        self._kernel.setflags(write=False)
        self._options = options
        self._dtype = dtype
        self.shape = shape
        # A single zero, broadcast, has the shape without the memory.
        self._call = self._prepare(np.broadcast_to(np.zeros((), dtype), shape))
        self.method = str(self._call.method)
        self.error_factor = self._factor(self._call.method)

    def __reduce__(self) -> tuple[type[Plan], tuple[Any, ...]]:
        return Plan, (self._kernel, self.shape, self._dtype, self._options)

    def _prepare(self, array: Array, **changed: Any) -> Call:
        return prepare(array, self._kernel, replace(self._options, **changed))

    def _factor(self, method: Method) -> float:
        types = self._call.types
        if types.exact:
            return 0.0
        factor = METHODS[method].error_factor(self._call.problem)
        if types.result == types.compute:
            return factor
        # The sum, at most (1 + factor) times the norms, is rounded once more.
        return factor + unit_roundoff(types.result) * (1 + factor)

    def __call__(self, array: ArrayLike, out: Array | None = None) -> Array:
        """Return the convolution of `array` with the kernel.

        Raises
        ------
        ShapeError, DtypeError
            If `array` has not the shape or not the type of the plan.
        """
        operand = self._as_array(array)
        # Whether a transform of integers is exact depends on the integers.
        method = self._options.method if self._call.types.exact else self.method
        return run(self._prepare(operand, method=method), out)

    def _as_array(self, array: ArrayLike) -> Array:
        operand = as_operand("the array", array)
        if operand.shape != self.shape:
            raise ShapeError(
                f"the array has shape {operand.shape}, the plan is for {self.shape}: make another "
                "with ft.plan(kernel, array.shape)"
            )
        if arithmetic_types(operand.dtype, self._kernel.dtype) != arithmetic_types(
            self._dtype, self._kernel.dtype
        ):
            raise DtypeError(
                f"the array has dtype {operand.dtype}, the plan is for {self._dtype}: make another "
                f"with ft.plan(kernel, array.shape, dtype={str(operand.dtype)!r})"
            )
        return operand

    def error_bound(self, array: ArrayLike) -> float:
        """Return a proved bound on the absolute error of every entry of ``plan(array)``.

        ``error_factor * norm(kernel) * norm(array)``, the array continued by its boundaries, and
        what underflow may add. Infinite where a partial sum might overflow.
        """
        operand = self._as_array(array)
        if self._call.types.exact or require_rationals(self._prepare(operand).problem):
            return 0.0
        types, problem = self._call.types, self._call.problem
        taps_norm, input_norm = norms(self._prepare(operand, method="direct").problem)
        scale = taps_norm * input_norm
        if scale >= np.finfo(types.result).max:
            return math.inf
        return self.error_factor * scale + underflow(problem.tap_count, types)

    def error_estimate(self, array: ArrayLike) -> float:
        """Return the error to expect: usually within a factor of 100 of the largest true error.

        Rounding errors taken as independent and of mean zero (Higham & Mary, A new approach to
        probabilistic rounding error analysis, SIAM J. Sci. Comput. 41(5), 2019): the square root
        of their number in place of their number.
        """
        operand = self._as_array(array)
        if self._call.types.exact or require_rationals(self._prepare(operand).problem):
            return 0.0
        problem = self._prepare(operand, method="direct").problem
        typical = typical_sum(problem)
        if self.method == Method.FFT:
            roundings = 3 * math.log2(max(math.prod(problem.reach), 2))
        else:
            roundings = min(problem.tap_count, 1024)
        types = self._call.types
        rounding = 2 * unit_roundoff(types.compute) * math.sqrt(roundings)
        if types.result != types.compute:
            rounding += unit_roundoff(types.result)
        return rounding * typical

    def explain(self) -> str:
        """Return a table of the candidate methods: predicted time, memory, bound.

        Examples
        --------
        >>> import numpy as np
        >>> import faltung as ft
        >>> print(ft.plan(np.ones(9), 1000).explain().splitlines()[0])
        (1000,) float64 convolved with (9,), full, zero: direct
        """
        boundary = self._options.boundary
        names = boundary if isinstance(boundary, str) else ", ".join(map(str, boundary))
        types = f"{self.shape} {self._call.types.result} convolved with {self._kernel.shape}"
        lines = [
            f"{types}, {self._options.mode}, {names}: {self.method}",
            f"{'method':>8}{'predicted time':>18}{'extra memory':>16}{'error factor':>15}",
        ]
        for method, entry in METHODS.items():
            if method is Method.FFT and is_plain(self._call.types.compute):
                continue
            seconds, size = entry.seconds(self._call.problem), entry.bytes(self._call.problem)
            lines.append(
                f"{method:>8}{seconds * 1e3:>15.3g} ms{size / 2**20:>12.3g} MiB"
                f"{self._factor(method):>15.2g}"
            )
        return "\n".join(lines)

    def __repr__(self) -> str:
        return (
            f"Plan(kernel {self._kernel.shape}, array {self.shape}, method {self.method!r}, "
            f"error factor {self.error_factor:.2g})"
        )


def plan(
    kernel: ArrayLike,
    shape: int | Sequence[int],
    *,
    dtype: DTypeLike = np.float64,
    **options: Any,
) -> Plan:
    """Plan the convolution of arrays of one shape with `kernel`.

    Parameters
    ----------
    kernel : array_like
        The second operand of :func:`convolve`.
    shape : int or sequence of int
        The shape of the first operand.
    dtype : dtype
        The type of the first operand.
    **options
        ``mode boundary fill_value axes method threads`` of :func:`convolve`.

    Returns
    -------
    Plan
        To be called with an array; ``print(plan.explain())`` shows the candidates.

    Examples
    --------
    >>> import numpy as np
    >>> import faltung as ft
    >>> smooth = ft.plan(np.ones(5) / 5, 100, mode="same", boundary="edge")
    >>> smooth(np.ones(100))[:3]
    array([1., 1., 1.])
    """
    given = as_call_options(options)
    kind = np.dtype(dtype)
    require_numbers("the array of the plan", kind)
    try:
        sizes = tuple(map(operator.index, shape if isinstance(shape, Sequence) else [shape]))
    except TypeError:
        sizes = ()
    if not sizes or min(sizes) < 1:
        raise ShapeError(f"shape={shape!r}: write positive whole numbers, such as (480, 640)")
    return Plan(
        as_operand("the kernel", kernel), sizes, kind,
        given,
    )  # fmt: skip
