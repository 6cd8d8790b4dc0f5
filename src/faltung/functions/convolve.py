"""The convolution of two functions: h(t) = integral of f(s) g(t - s) ds."""

from __future__ import annotations

from faltung.errors import DtypeError, OptionError
from faltung.functions import contents
from faltung.functions.function import Function


def convolve(f: Function, g: Function, **options: object) -> Function:
    """Convolve two functions: h(t) = integral of f(s) g(t - s) ds, for every t.

    One function is reversed and shifted by t, the two are multiplied, and h(t) is the area
    under the product.

    Parameters
    ----------
    f, g
        Two functions, on intervals [a, b] and [c, d].

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
        If an option is given: all of them are for arrays.
    ResolutionError
        If there are too many pieces (thousands on both sides), or the result is narrower than
        double precision can tell.

    Notes
    -----
    By the Legendre recurrence of N. Hale and A. Townsend, "An algorithm for the convolution of
    Legendre series", SIAM J. Sci. Comput. 36 (2014), for pieces of equal widths; for unequal
    ones see :mod:`faltung.functions.polynomials.patches`.

    Examples
    --------
    >>> from faltung.functions import box, convolve
    >>> hat = convolve(box(-1, 1), box(-1, 1))
    >>> hat([-2, -1, 0, 0.5, 2])
    array([0. , 1. , 2. , 1.5, 0. ])
    """
    for operand in (f, g):
        if not isinstance(operand, Function):
            raise DtypeError(
                f"convolve takes two Functions, not {type(operand).__name__}: make it one with "
                "Function(callable, (a, b))"
            )
    if options:
        names = ", ".join(f"{name}={value!r}" for name, value in options.items())
        raise OptionError(
            f"{names}: functions are convolved whole and to machine precision, and take no options; "
            "those are for arrays. For a part of the result multiply it by box(a, b)"
        )
    return Function._from(contents.convolved(f._content, g._content), operands=(f, g))
