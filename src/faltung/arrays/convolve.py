"""Convolution and correlation of arrays, as a user calls them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faltung.arrays.call import CallOptions, prepare
from faltung.arrays.complex_numbers import conjugate
from faltung.arrays.geometry import AxesLike, as_axes
from faltung.arrays.run import run
from faltung.arrays.types import as_operand
from faltung.options import BoundaryLike, MethodLike, ModeLike

__all__ = ["convolve", "correlate"]

Array = NDArray[Any]


def convolve(
    a: ArrayLike,
    v: ArrayLike,
    *,
    mode: ModeLike = "full",
    boundary: BoundaryLike | Sequence[BoundaryLike] = "zero",
    fill_value: complex = 0.0,
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
        Numbers of any type, any rank from 1, any strides. Never changed.
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
    fill_value : float or complex
        The value outside for ``boundary="constant"``; complex only with complex operands.
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
        Of NumPy's promotion of the operands' types, long doubles and complex numbers included; for
        integers and booleans int64, or uint64 if both are unsigned, always exact. Object arrays are
        summed by the ``+`` and ``*`` of their entries: Python's ints and Fractions are exact.

    Raises
    ------
    ShapeError
        Empty operands, ranks or lengths that do not fit.
    DtypeError
        Types that are not numbers, objects that cannot be multiplied; arrays of other libraries.
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
    A complex result has the real and imaginary parts that real sums of the parts make.
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
        CallOptions(mode, boundary, fill_value, axes, method, threads),
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
    """Correlate two arrays: ``h[i] = sum over k of a[i + k - (n_v - 1)] conj(v[k])``.

    The same as :func:`convolve` with the conjugate of `v` reversed along the axes on which it slides::

        convolve(a, v[::-1].conj())

    A complex `v` is conjugated, as :func:`numpy.correlate` and :func:`scipy.signal.correlate` do.

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
    kernel = np.flip(conjugate(kernel), slid if kernel.ndim == array.ndim else None)
    return convolve(array, kernel, axes=axes, out=out, **options)
