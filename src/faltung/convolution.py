"""The one operation: looks at the kind of the operands and calls the wing that knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from numpy import ndarray

from faltung.arrays import convolve as _convolve_arrays
from faltung.arrays import correlate as _correlate_arrays
from faltung.arrays import plan
from faltung.arrays.convolve import OPTION_NAMES
from faltung.arrays.short import convolve_alike, convolve_shortly, convolve_widened
from faltung.arrays.types import as_operand
from faltung.errors import DtypeError, OptionError
from faltung.options import unknown_option

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from faltung.distributions import Law
    from faltung.functions import Function
    from faltung.options import ModeLike

__all__ = ["convolve", "correlate", "plan"]


@overload
def convolve(f: Function, g: Function, **options: Any) -> Function: ...
@overload
def convolve(f: Law, g: Law, **options: Any) -> Law: ...
@overload
def convolve(f: ArrayLike, g: ArrayLike, mode: Any = None, **options: Any) -> NDArray[Any]: ...
def convolve(f: Any, g: Any, mode: ModeLike | None = None, **options: Any) -> Any:
    """Convolve two arrays, two functions or two probability distributions.

    One operand is reversed and shifted, the two are multiplied and summed, for every shift::

        arrays          h[i] = sum over k of f[i - k] g[k]
        functions       h(t) = integral of f(s) g(t - s) ds
        distributions   the law of X + Y for independent X and Y

    Parameters
    ----------
    f, g
        Two array-likes (see :func:`faltung.arrays.convolve`, which takes the options), two
        :class:`faltung.Function` or two :class:`faltung.Law`.
    mode : {"full", "same", "valid"}, optional
        For arrays and functions: which part is returned, ``full`` by default.
    **options
        For arrays: ``boundary fill_value axes method threads dtype overflow out accuracy rtol
        nan_policy mask rank_tolerance stride dilation``.

    Returns
    -------
    numpy.ndarray or Function or Law
        The same kind as the operands.

    Raises
    ------
    DtypeError
        If the operands are of different kinds.

    Notes
    -----
    Arrays: ``mode="full"`` by default, n + k - 1 entries on each axis; NumPy's promotion of the two
    types, whole numbers exact in 64 bits or refused; each entry off by at most
    ``c norm(f) norm(g)``, c from ``plan(g, f.shape).error_factor``. Functions and distributions
    carry their ``error_bound``. Each wing's page of ``docs/mathematics`` derives its bound and names
    its sources.

    Examples
    --------
    >>> import faltung as ft
    >>> ft.convolve([1.0, 2.0, 3.0], [0.0, 1.0, 0.5])
    array([0. , 1. , 2.5, 4. , 1.5])
    """
    if mode is not None:
        options["mode"] = mode
    # Two arrays have a way of their own, before anything else is looked at; each further name
    # that is looked up, and each call, is felt in the shortest sums.
    if type(f) is type(g) is ndarray:
        result = convolve_alike(f, g, options)
        if result is not None:
            return result
        result = convolve_widened(f, g, options)
        return _convolve_generally(f, g, options) if result is None else result
    kind = _one_kind(f, g, "convolve")
    if kind == "function":
        from faltung.functions import convolve as convolve_functions

        return convolve_functions(f, g, **options)
    if kind == "law":
        from faltung.distributions import add

        if options:
            names = ", ".join(f"{name}={value!r}" for name, value in options.items())
            raise OptionError(
                f"{names}: the law of a sum is found whole, and takes no options; those are for "
                "arrays. Leave them out"
            )
        return add(f, g)
    first, second = as_operand("the first operand", f), as_operand("the kernel", g)
    result = convolve_shortly(first, second, options)
    return _convolve_generally(first, second, options) if result is None else result


def _convolve_generally(f: Any, g: Any, options: dict[str, Any]) -> Any:
    for name in options:
        if name not in OPTION_NAMES:
            raise unknown_option(name, OPTION_NAMES)
    return _convolve_arrays(f, g, **options)


@overload
def correlate(f: Function, g: Function, mode: Any = None, **options: Any) -> Function: ...
@overload
def correlate(f: ArrayLike, g: ArrayLike, mode: Any = None, **options: Any) -> NDArray[Any]: ...
def correlate(f: Any, g: Any, mode: ModeLike | None = None, **options: Any) -> Any:
    """Correlate two arrays or two functions: g is moved, not reversed, multiplied and summed.

    The same as convolving with the conjugate of g reversed::

        arrays          h[i] = sum over k of f[i + k - (n_g - 1)] conj(g[k])
        functions       h(t) = integral of f(s + t) conj(g(s)) ds

    Parameters
    ----------
    f, g
        Two array-likes (see :func:`faltung.arrays.correlate`, which takes the options) or two
        :class:`faltung.Function` (see :func:`faltung.functions.correlate`).
    mode : {"full", "same", "valid"}, optional
        Which part is returned, ``full`` by default.
    **options
        For arrays: those of :func:`convolve`, and ``lags``.

    Returns
    -------
    numpy.ndarray or Function
        The same kind as the operands.

    Raises
    ------
    DtypeError
        If the operands are of different kinds, or probability distributions.

    Notes
    -----
    Each entry is off by at most what :func:`convolve` states.

    Examples
    --------
    >>> import faltung as ft
    >>> signal = [0.0, 0.0, 1.0, 2.0, 0.0]
    >>> int(ft.correlate(signal, [1.0, 2.0], mode="valid").argmax())
    2
    """
    kind = _one_kind(f, g, "correlate")
    if kind == "law":
        raise DtypeError("laws are not correlated: the law of a difference is X - Y")
    if mode is not None:
        options["mode"] = mode
    if kind == "function":
        from faltung.functions import correlate as correlate_functions

        return correlate_functions(f, g, **options)
    return _correlate_arrays(f, g, **options)


def _one_kind(f: object, g: object, name: str) -> str:
    """Return the kind of two operands, or refuse two of different kinds."""
    kinds = {_kind_of(f), _kind_of(g)}
    if "resolution" in kinds:
        raise DtypeError(
            f"{name} takes no resolution function: {_way_with(kinds - {'resolution'})}"
        )
    if len(kinds) > 1:
        raise DtypeError(
            f"{name} takes two operands of one kind, not {type(f).__name__} and "
            f"{type(g).__name__}: {_way_out(kinds)}"
        )
    return kinds.pop()


def _kind_of(operand: object) -> str:
    """Return 'array', or another kind that the operand's class says it is."""
    return getattr(type(operand), "_faltung_kind", "array")


def _way_with(others: set[str]) -> str:
    """Return what to write for a resolution function with an operand of another kind, or of its own."""
    if "array" in others:
        return "for samples y at places x write faltung.functions.convolve_samples(y, kernel, x=x)"
    if "function" in others:
        return "make it a Function, ft.Function(kernel, (-numpy.inf, numpy.inf))"
    if "law" in others:
        return "make it a law, for instance ft.distribution(scipy.stats.norm(center, sigma))"
    return "faltung.functions.resolution.convolve(f, g) joins two"


def _way_out(kinds: set[str]) -> str:
    if "function" in kinds:
        return "make the other one a function too, ft.Function(callable, (a, b))"
    return "make the other one a law too, ft.distribution(...) or Lattice(weights)"
