"""Convolution and correlation of arrays, as a user calls them."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from faltung.arrays.call import CallOptions
from faltung.arrays.complex_numbers import conjugate
from faltung.arrays.geometry import AxesLike, as_axes
from faltung.arrays.lags import LagsLike, correlate_lags
from faltung.arrays.nan_policy import run_call
from faltung.arrays.short import convolve_shortly
from faltung.arrays.steps import StepsLike
from faltung.arrays.types import CORRELATIONS, as_operand
from faltung.options import (
    AccuracyLike,
    BoundaryLike,
    MethodLike,
    ModeLike,
    NanPolicyLike,
    OverflowLike,
    unknown_option,
)

__all__ = ["OPTION_NAMES", "convolve", "correlate"]

Array = NDArray[Any]


def convolve(
    a: ArrayLike,
    v: ArrayLike,
    mode: ModeLike = "full",
    *,
    boundary: BoundaryLike | Sequence[BoundaryLike] = "zero",
    fill_value: complex = 0.0,
    axes: AxesLike = None,
    method: MethodLike = "auto",
    threads: int | None = None,
    rank_tolerance: float = 0.0,
    dtype: DTypeLike | None = None,
    overflow: OverflowLike = "raise",
    out: Array | None = None,
    accuracy: AccuracyLike = "normwise",
    rtol: float | None = None,
    nan_policy: NanPolicyLike = "propagate",
    mask: ArrayLike | None = None,
    stride: StepsLike = 1,
    dilation: StepsLike = 1,
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
    method : {"auto", "direct", "separable", "fft"}
        ``auto`` takes the one predicted to be fastest. ``separable`` sums one axis after the other,
        for float kernels that are a product of one line for each axis.
    threads : int, optional
        At most so many threads; by default ``FALTUNG_NUM_THREADS``, else the processors this
        process may use. The result does not depend on it.
    rank_tolerance : float
        The share of the kernel's 2-norm that may be left out to make it a sum of a few products of
        lines, from 0 up to below 1; it adds to the bound.
    dtype : dtype, optional
        The type of the result. A float type: the sums are made in NumPy's promotion of it and the
        operands' types, integers as float64, and rounded to it. An integer type: sums of integers
        are exact, sums of floats are rounded to the nearest whole number, ties to even, and
        `overflow` says what becomes of those that do not fit. ``object``: sums of integers as
        Python's integers, of any size.
    overflow : {"raise", "saturate", "wrap"}
        For integer results: an error that names the entry, the nearest number that `dtype` holds,
        or, for integer operands, the sum modulo ``2**n``, n the bits of the result.
    out : numpy.ndarray, optional
        Where the result is written; of the result's shape and dtype.
    accuracy : {"normwise", "elementwise"}
        ``normwise``: the error of every entry is within one bound, see the notes.
        ``elementwise``: within ``rtol`` of the sum of its products' magnitudes, so that for
        non-negative operands every entry has the relative error `rtol`, far tails included.
    rtol : float, optional
        With ``accuracy="elementwise"``; by default 1e-12, for float32 64 times and for float16
        twice the distance from one to the next number. From 3.6e-15 on; from the distance itself
        for the narrower types.
    nan_policy : {"propagate", "omit", "raise"}
        What is done with entries of `a` that are NaN or infinite. ``propagate``: they reach what
        they reach in a direct sum. ``omit``: they are left out, and the weights of the entries
        that are there are scaled up, ``out = conv(a there, v) sum(v) / conv(there, v)``, NaN where
        no weight is left. ``raise``: an error that names the first. See
        :mod:`faltung.arrays.nan_policy` for what lies outside.
    mask : array_like of bool, optional
        Of the shape of `a`; True where an entry is left out as by ``nan_policy="omit"``, whatever
        it holds. Integers are then summed in float64.
    stride : int or sequence of int
        Of the result only every `stride`-th entry on each of `axes`, from the first on; one number
        for all of them or one for each. The others are not computed where that is faster.
    dilation : int or sequence of int
        How far apart the taps of `v` are: k taps reach over ``(k - 1) * dilation + 1`` entries, to
        which modes and boundaries refer. Between the taps nothing is read, so a NaN there stays
        out.

    Returns
    -------
    numpy.ndarray
        Of type `dtype`; by default of NumPy's promotion of the operands' types, long doubles and
        complex numbers included; for integers and booleans int64, or uint64 if both are unsigned,
        always exact. Object arrays are summed by the ``+`` and ``*`` of their entries: Python's
        ints and Fractions are exact.

    Raises
    ------
    ShapeError
        Empty operands, ranks or lengths that do not fit.
    DtypeError
        Types that are not numbers, objects that cannot be multiplied; arrays of other libraries.
    OptionError
        Unknown or excluding options; ``boundary="reflect"``.
    ExactnessError
        With ``overflow="raise"`` sums that do not fit the integer type of the result.
    DataError
        NaN where the result is of an integer type; entries that `nan_policy` does not allow; a
        kernel of sum zero with entries to leave out.

    Notes
    -----
    Each entry of the result is off by at most ``c norm(v) norm(a)``, norms the 2-norms, where
    ``c`` is ``plan(v, a.shape, …).error_factor``: gamma(min(n, 1024) + 2 ceil(2.5 n / 1024)) for n
    taps summed directly, gamma(m) with m the sum of the lines' lengths for lines, to which what the
    product of the lines is off by is added (at most four unit round-offs for each axis, or
    `rank_tolerance`), and gamma(m), m some 12 log2(N), for blocks of N points that are transformed;
    gamma(m) = m u / (1 - m u). ``docs/mathematics/arrays.md`` and
    ``separable.md`` derive them.
    With ``accuracy="elementwise"`` each entry is off by at most ``rtol conv(abs(a), abs(v))[i]`` and,
    below the smallest normal numbers, ``n + 1`` times the smallest number for n taps; intervals of
    outputs that a transform cannot vouch for are transformed on their own, with their leading digits
    exact, or summed directly, whichever is predicted to be fastest
    (``docs/mathematics/elementwise.md``).
    A NaN or infinity in an operand reaches exactly the entries that it reaches in a direct sum.
    Rounded to an integer type, an entry is off by one half more, and by nothing where operands are
    integers (``docs/mathematics/integers.md``).
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
    >>> picture = np.array([[0, 100, 250]], np.uint8)
    >>> ft.convolve(picture, [[1.5]], dtype=np.uint8, overflow="saturate")
    array([[  0, 150, 255]], dtype=uint8)
    >>> float(ft.convolve([1e-200, 1.0], [1e-200, 1.0], accuracy="elementwise")[1])
    2e-200
    >>> ft.convolve([1.0, np.nan, 3.0], [1.0, 1.0, 1.0], mode="same", nan_policy="omit")
    array([1.5, 6. , 4.5])
    >>> ft.convolve([1, 2, 3, 4, 5, 6], [1, 10], mode="valid", stride=2, dilation=3)
    array([14, 36])
    """
    options = CallOptions(
        mode=mode,
        boundary=boundary,
        fill_value=fill_value,
        axes=axes,
        method=method,
        threads=threads,
        rank_tolerance=rank_tolerance,
        result_dtype=dtype,
        overflow=overflow,
        accuracy=accuracy,
        rtol=rtol,
        nan_policy=nan_policy,
        mask=mask,
        stride=stride,
        dilation=dilation,
    )
    return run_call(as_operand("the first operand", a), as_operand("the kernel", v), options, out)


# The names of all options, those that only have a name.
OPTION_NAMES = tuple(list(inspect.signature(convolve).parameters)[2:])


def correlate(
    a: ArrayLike,
    v: ArrayLike,
    mode: ModeLike = "full",
    *,
    lags: LagsLike | None = None,
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
    a, v, mode, axes, out
        As in :func:`convolve`.
    lags : int or range or sequence of int, optional
        Only the entries at these lags, in their order: all from -m to m for a number m. Along one
        axis, and with nothing outside the operands; 0 where they do not meet. Lag l is `v` moved
        by l entries along `a` (:func:`scipy.signal.correlation_lags`)::

            a           a0 a1 a2 a3 a4
            v, lag -1   v1 v2                  a0 v1 + a1 v2
            v, lag  0   v0 v1 v2               a0 v0 + a1 v1 + a2 v2
            v, lag  2         v0 v1 v2         a2 v0 + a3 v1 + a4 v2

        Time and memory go with the number of lags; a gap of at most 1024 lags may be filled. Of the
        options below only ``method`` and ``threads`` go with it.
    **options
        ``boundary fill_value method threads rank_tolerance dtype overflow accuracy rtol
        nan_policy mask stride dilation`` of :func:`convolve`, with the same defaults.

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
    >>> ft.correlate(signal, signal, lags=range(3))
    array([5., 2., 0.])
    """
    for name in options:
        if name not in OPTION_NAMES:
            raise unknown_option(name, ["lags", *OPTION_NAMES])
    array = as_operand("the first operand", a, CORRELATIONS)
    kernel = as_operand("the kernel", v, CORRELATIONS)
    slid = as_axes(axes, array, kernel)
    kernel = np.flip(conjugate(kernel), slid if kernel.ndim == array.ndim else None)
    if lags is not None:
        return correlate_lags(array, kernel, lags, axes, mode=mode, out=out, **options)
    if out is None:
        result = convolve_shortly(array, kernel, {"mode": mode, "axes": axes, **options})
        if result is not None:
            return result
    return convolve(array, kernel, mode, axes=axes, out=out, **options)
