"""A convolution that is planned before it is made: its method, cost and error bound."""

from __future__ import annotations

import html
import math
import operator
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from faltung import _core
from faltung.arrays.accuracy import explain_accuracy
from faltung.arrays.adjoint import Adjoint
from faltung.arrays.bounds import norms, typical_sum, underflow, unit_roundoff
from faltung.arrays.call import Call, CallOptions, as_call_options, prepare
from faltung.arrays.entry_bounds import bound_of_entries
from faltung.arrays.geometry import Problem
from faltung.arrays.kept import KeptSpectra
from faltung.arrays.methods import METHODS
from faltung.arrays.missing import require_known, with_own_mask
from faltung.arrays.nan_policy import present_part, run_call
from faltung.arrays.plain import is_plain, require_rationals
from faltung.arrays.planner import predicted
from faltung.arrays.run import run
from faltung.arrays.separable import separable_roundings
from faltung.arrays.types import arithmetic_types, as_dtype, as_operand, require_numbers
from faltung.errors import DtypeError, ShapeError
from faltung.options import Method

if TYPE_CHECKING:
    from scipy.sparse.linalg import LinearOperator

__all__ = ["Plan", "plan"]

Array = NDArray[Any]


class Plan:
    """A kernel, the shape of the arrays it will be applied to, and the method chosen for them.

    Made by :func:`plan`. Immutable, safe to share between threads, picklable. A plan that transforms
    keeps the transform of its kernel from its first call on.

    Attributes
    ----------
    shape : tuple of int
        The shape of the arrays the plan takes.
    method : str
        ``"direct"``, ``"separable"`` or ``"fft"``.
    error_factor : float
        ``c`` of the bound ``c norm(kernel) norm(array)``; 0 for integers, `rtol` with
        ``accuracy="elementwise"``, NaN for objects that are not exact.
    """

    def __init__(
        self,
        kernel: Array,
        shape: tuple[int, ...],
        dtype: np.dtype[Any],
        options: CallOptions,
    ) -> None:
        require_known((dtype, kernel.dtype), options)
        self._kernel = kernel.copy()
        self._kernel.setflags(write=False)
        self._options = with_own_mask(options, shape)
        self._dtype = dtype
        self.shape = shape
        # A single zero, broadcast, has the shape without the memory.
        self._call = self._prepare(np.broadcast_to(np.zeros((), dtype), shape))
        self.method = str(self._call.method)
        self.error_factor = self._factor(self._call.method)
        self._reused = self._as_reused()
        self._short = self._short_options()

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, "_short"):  # the last that is set when a plan is made
            raise AttributeError(
                f"{name} cannot be set: a plan stays as it was made; make another with "
                "ft.plan(kernel, shape, …)"
            )
        super().__setattr__(name, value)

    def __reduce__(self) -> tuple[type[Plan], tuple[Any, ...]]:
        return Plan, (self._kernel, self.shape, self._dtype, self._options)

    def _prepare(self, array: Array, **changed: Any) -> Call:
        return prepare(array, self._kernel, replace(self._options, **changed))

    def _as_reused(self) -> Call | None:
        """Return the call whose taps, and their transforms, serve every array; None if there is none."""
        call, options = self._call, self._options
        swapped = not np.may_share_memory(call.given.taps, self._kernel)
        every = options.nan_policy == "propagate" and options.mask is None and call.rtol is None
        if (
            call.types.compute.kind not in "fc"
            or is_plain(call.types.compute)
            or swapped
            or not every
        ):
            return None
        taps = call.problem.taps
        return replace(call, given=replace(call.given, taps=taps), kept=KeptSpectra(taps))

    def _short_options(self) -> dict[str, Any] | None:
        """Return the options with which the core alone may do what is planned; None if it may not."""
        given = {field.name: getattr(self._options, field.name) for field in fields(CallOptions)}
        if self.method == Method.FFT or any(isinstance(x, np.ndarray) for x in given.values()):
            return None
        return {name: value for name, value in given.items() if value != getattr(CallOptions, name)}

    def _run_short(self, array: Array) -> Array | None:
        """Return the result where the core alone can make it, else None."""
        if array.shape != self.shape or array.dtype != self._dtype:
            return None
        if self._short is not None:
            return cast("Array | None", _core.convolve_small(array, self._kernel, self._short))
        call = self._reused
        if call is None or call.kept is None or not array.flags.c_contiguous:
            return None
        if not call.types.compute == call.types.result == array.dtype:
            return None
        out = np.empty(call.shape, array.dtype)
        views = array.transpose(call.order), out.transpose(call.order)
        return out if call.kept.repeat(*views, call.threads) else None

    def _layout_of(self, operand: Array) -> Problem:
        return self._prepare(operand, method="direct", rank_tolerance=0.0).problem

    def _factor(self, method: Method) -> float:
        types = self._call.float_types
        if types.exact:
            return 0.0
        if self._call.rtol is not None:
            return self._call.rtol  # no sum of magnitudes is above the product of the norms
        factor = METHODS[method].error_factor(self._call.problem)
        wide = any(o.dtype.kind in "iu" and o.itemsize == 8 for o in self._operands)
        if wide and types.compute.kind in "fc":
            # Two operands rounded once each, and norms taken of them afterwards.
            factor += 3 * unit_roundoff(types.compute) * (1 + factor)
        if types.result == types.compute:
            return factor
        # The sum, at most (1 + factor) times the norms, is rounded once more.
        return factor + unit_roundoff(types.result) * (1 + factor)

    @property
    def _operands(self) -> tuple[Array, Array]:
        return self._call.given.input, self._call.given.taps

    def __call__(self, array: ArrayLike, out: Array | None = None) -> Array:
        """Return the convolution of `array` with the kernel.

        Raises
        ------
        ShapeError, DtypeError
            If `array` has not the shape or not the type of the plan.
        """
        if out is None and type(array) is np.ndarray:
            short = self._run_short(array)
            if short is not None:
                return short
        operand = self._as_array(array)
        if self._reused is not None:
            return run(self._reused.of(operand), out)
        # Whether a transform of integers is exact depends on the integers.
        method = self._options.method if self._call.types.exact else self.method
        return run_call(operand, self._kernel, replace(self._options, method=method), out)

    @property
    def _planned(self) -> CallOptions:
        return replace(self._options, method=self.method)

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

    def error_bound(self, array: ArrayLike) -> float | Array:
        """Return a proved bound on the absolute error of every entry of ``plan(array)``.

        For sums of floats saturated in an integer type, of the exact sum saturated there.
        ``error_factor * norm(kernel) * norm(array)``, the array continued by its boundaries, and
        what underflow may add. Infinite where a partial sum might overflow. With
        ``accuracy="elementwise"``, and where entries are left out, an array: one bound for each
        entry.
        """
        operand = self._as_array(array)
        if self._call.types.exact or require_rationals(self._prepare(operand).problem):
            return 0.0
        bounds = bound_of_entries(operand, self._kernel, self._planned)
        if bounds is not None:
            return bounds + self._rounding()
        types = self._call.float_types
        taps_norm, input_norm = norms(self._layout_of(operand), scaled=self.method == Method.FFT)
        scale = taps_norm * input_norm
        if scale * (1 + self.error_factor) >= float(np.finfo(types.result).max):
            return math.inf
        products = self._call.problem.tap_count
        if self.method == Method.SEPARABLE:
            products = max(products, separable_roundings(self._call.problem)[0])
        return self.error_factor * scale + underflow(products, types) + self._rounding()

    def error_estimate(self, array: ArrayLike) -> float:
        """Return the error to expect: usually within a factor of 100 of the largest true error.

        Rounding errors taken as independent and of mean zero (Higham & Mary, A new approach to
        probabilistic rounding error analysis, SIAM J. Sci. Comput. 41(5), 2019): the square root
        of their number in place of their number.
        """
        operand = self._as_array(array)
        if self._call.types.exact or require_rationals(self._prepare(operand).problem):
            return 0.0
        problem = self._layout_of(present_part(operand, self._kernel, self._options))
        typical = typical_sum(problem)
        deviation, roundings = 0.0, float(min(problem.tap_count, 1024))
        if self.method == Method.SEPARABLE:
            roundings, deviation = separable_roundings(self._call.problem)
        elif self.method == Method.FFT:
            roundings = 3 * math.log2(max(math.prod(problem.reach), 2))
        types = self._call.float_types
        rounding = 2 * unit_roundoff(types.compute) * math.sqrt(roundings)
        if types.result != types.compute:
            rounding += unit_roundoff(types.result)
        return (rounding + deviation) * typical + self._rounding()

    def _rounding(self) -> float:
        """Return how much rounding sums of floats to an integer type may change."""
        return 0.5 if self._call.types.result.kind in "iu" else 0.0

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
        types = self._call.types
        operands = f"{self.shape} {types.result} convolved with {self._kernel.shape}"
        lines = [
            f"{operands}, {self._options.mode}, {names}: {self.method}",
            f"{'method':>9}{'predicted time':>18}{'extra memory':>16}{'error factor':>15}",
        ]
        for method in METHODS:
            if method is Method.FFT and is_plain(types.compute):
                continue
            seconds, size = predicted(self._call.problem, method, types)
            if math.isinf(seconds) and method != self.method:
                continue
            lines.append(
                f"{method:>9}{seconds * 1e3:>15.3g} ms{size / 2**20:>12.3g} MiB"
                f"{self._factor(method):>15.2g}"
            )
        if types.exact:
            lines.append(
                "Exact. Predicted for small numbers: large ones may take longer, or another method."
            )
        return "\n".join([*lines, *explain_accuracy(self._call)])

    def adjoint(self) -> Adjoint:
        """Return the adjoint map: ``vdot(y, plan(x)) == vdot(plan.adjoint()(y), x)``.

        Examples
        --------
        >>> import numpy as np
        >>> import faltung as ft
        >>> plan = ft.plan([1, 10], 3, dtype=int)
        >>> plan.adjoint()(np.array([1, 0, 2, 5]))
        array([ 1, 20, 52])
        """
        return Adjoint(self._call, self._kernel, self._options, self.shape)

    def as_linear_operator(self) -> LinearOperator:
        """Return SciPy's view of the plan, for its solvers: of flat arrays, with the adjoint.

        Examples
        --------
        >>> import numpy as np
        >>> import faltung as ft
        >>> ft.plan([1.0, 2.0], 3).as_linear_operator() @ np.ones(3)
        array([1., 3., 3., 2.])
        """
        from scipy.sparse.linalg import LinearOperator

        adjoint, dtype = self.adjoint(), self._call.types.result
        return LinearOperator(
            (math.prod(adjoint.shape), math.prod(self.shape)),
            matvec=lambda x: self(_as_type(x, self._dtype).reshape(self.shape)).ravel(),
            rmatvec=lambda y: adjoint(_as_type(y, dtype).reshape(adjoint.shape)).ravel(),
            dtype=dtype,
        )

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.explain())}</pre>"

    def __repr__(self) -> str:
        return (
            f"Plan(kernel {self._kernel.shape}, array {self.shape}, method {self.method!r}, "
            f"error factor {self.error_factor:.2g})"
        )


def _as_type(vector: Array, dtype: np.dtype[Any]) -> Array:
    """Return a vector in the type of a plan, which may round it but cuts off no part of it."""
    if not np.can_cast(vector.dtype, dtype, "same_kind"):
        raise DtypeError(
            f"the vector has dtype {vector.dtype}, the plan is for {dtype}, which does not hold it: "
            f"make another with ft.plan(kernel, array.shape, dtype={str(vector.dtype)!r})"
        )
    return vector.astype(dtype, copy=False)


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
        ``mode boundary fill_value axes method threads rank_tolerance overflow accuracy rtol
        nan_policy mask stride dilation`` of :func:`convolve`, and ``result_dtype``, which is its ``dtype``.

    Returns
    -------
    Plan
        To be called with an array; ``print(plan.explain())`` shows the candidates.

    Raises
    ------
    ShapeError, DtypeError, OptionError
        What :func:`convolve` would refuse for every array of this shape and type.

    Examples
    --------
    >>> import numpy as np
    >>> import faltung as ft
    >>> smooth = ft.plan(np.ones(5) / 5, 100, mode="same", boundary="edge")
    >>> smooth(np.ones(100))[:3]
    array([1., 1., 1.])
    >>> brighten = ft.plan(
    ...     [[1.5]], (1, 2), dtype=np.uint8, result_dtype=np.uint8, overflow="saturate"
    ... )
    >>> brighten(np.array([[100, 250]], np.uint8))
    array([[150, 255]], dtype=uint8)
    """
    given = as_call_options(options, beside=("dtype",))
    kind = as_dtype(dtype).newbyteorder("=")
    require_numbers("the array of the plan", kind)
    return Plan(as_operand("the kernel", kernel), _as_shape(shape), kind, given)


def _as_shape(shape: int | Sequence[int]) -> tuple[int, ...]:
    if getattr(shape, "shape", ()):
        raise ShapeError(
            "shape is an array, and a plan is made for all arrays of one shape: write "
            "ft.plan(kernel, array.shape), and call it with the array"
        )
    try:
        sizes = tuple(map(operator.index, shape if isinstance(shape, Sequence) else [shape]))
    except TypeError:
        sizes = ()
    if not sizes or min(sizes) < 1:
        raise ShapeError(f"shape={shape!r}: write positive whole numbers, such as (480, 640)")
    return sizes
