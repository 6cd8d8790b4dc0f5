"""The convolution of two functions: h(t) = integral of f(s) g(t - s) ds."""

from __future__ import annotations

from faltung.errors import DtypeError, OptionError
from faltung.functions.function import Function
from faltung.functions.whole import bilinear
from faltung.functions.whole.whole import Whole
from faltung.functions.whole.windows import restricted
from faltung.options import Mode, ModeLike, as_mode


def convolve(f: Function, g: Function, *, mode: ModeLike = "full", **options: object) -> Function:
    """Convolve two functions: h(t) = integral of f(s) g(t - s) ds, for every t.

    One function is reversed and shifted by t, the two are multiplied, and h(t) is the area
    under the product.

    Parameters
    ----------
    f, g
        Two functions, on intervals [a, b] and [c, d]. If one has a period, so has the result; if
        both have, they must have the same, and the integral is over one period.
    mode : {"full", "same", "valid"}
        ``full``: h on [a + c, b + d]. ``same``: only on [a, b], the domain of f. ``valid``: only
        where the reversed and shifted domain of one lies within that of the other.

    Returns
    -------
    Function
        h, on [a + c, b + d]. ``h.operands`` is ``(f, g)``, and ``h.error_bound`` bounds the
        distance of h from the true convolution at every point.

    Raises
    ------
    DtypeError
        If an operand is not a Function.
    OptionError
        If another option is given, for all others are for arrays; if a part of the result is
        asked for and the periods differ or no shift is valid.
    DataError
        If the integral diverges, or overflows.
    ResolutionError
        If there are too many pieces (thousands on both sides, of no common width); if the integrand
        swings too often or falls too slowly; if an algebraic tail meets a function with a period; if
        the result is narrower than double precision can tell.

    Notes
    -----
    Polynomials: by the recurrence of N. Hale and A. Townsend, "An algorithm for the convolution of
    Legendre series", SIAM J. Sci. Comput. 36 (2014), kept as a table; many pieces of one width by a
    transform over their index. Tails and poles: by Gauss quadrature at each point that is asked for,
    with as many nodes as a bound on the integrand says, resolved anew; their accuracy is relative.
    Complex functions by their parts, deltas exactly, periods by adding up all copies.
    docs/mathematics/functions.md, tails.md and wholes.md derive the bounds.

    Examples
    --------
    >>> from faltung.functions import box, convolve
    >>> hat = convolve(box(-1, 1), box(-1, 1))
    >>> hat([-2, -1, 0, 0.5, 2])
    array([0. , 1. , 2. , 1.5, 0. ])
    """
    _require_functions(f, g, "convolve")
    if options:
        names = ", ".join(f"{name}={value!r}" for name, value in options.items())
        raise OptionError(
            f"{names}: functions are convolved to machine precision, and take no option but mode; "
            "the others are for arrays"
        )
    part = as_mode(mode)
    whole = bilinear.convolved(f._whole, g._whole)
    return Function._from(_part_of(whole, f, g, part), operands=(f, g))


def correlate(f: Function, g: Function, *, mode: ModeLike = "full", **options: object) -> Function:
    """Correlate two functions: h(t) = integral of f(s + t) times the conjugate of g(s) ds.

    The same as ``convolve(f, g.reflect().conj())``, and what ``faltung.correlate`` does for arrays:
    h is large at t where f, moved back by t, looks like g.

    Parameters
    ----------
    f, g
        Two functions, on intervals [a, b] and [c, d].
    mode : {"full", "same", "valid"}
        As for :func:`convolve`; ``full`` is [a - d, b - c].

    Returns
    -------
    Function
        h; ``h.operands`` is ``(f, g.reflect().conj())``.

    Raises
    ------
    DtypeError, OptionError, DataError, ResolutionError
        As :func:`convolve`.

    Examples
    --------
    >>> from faltung.functions import box, correlate
    >>> h = correlate(box(5, 7), box(0, 2))
    >>> h.domain, h(5.0)
    ((3.0, 7.0), 2.0)
    """
    _require_functions(f, g, "correlate")
    return convolve(f, g.reflect().conj(), mode=mode, **options)


def _require_functions(f: object, g: object, name: str) -> None:
    for operand in (f, g):
        if not isinstance(operand, Function):
            raise DtypeError(
                f"{name} takes two Functions, not {type(operand).__name__}: make it one with "
                "Function(callable, (a, b))"
            )


def _part_of(whole: Whole, f: Function, g: Function, mode: Mode) -> Whole:
    """Return the part of a convolution that is asked for."""
    if mode is Mode.FULL or whole.period is not None:
        return whole
    (a, b), (c, d) = f.domain, g.domain
    if mode is Mode.SAME:
        return restricted(whole, a, b)
    low, high = a + d, b + c
    if low > high:
        low, high = high, low
    if not low < high:
        raise OptionError(
            f"no shift is valid: neither of [{a:g}, {b:g}] and [{c:g}, {d:g}] lies within the "
            "other, moved; write mode='same' or mode='full'"
        )
    return restricted(whole, low, high)
