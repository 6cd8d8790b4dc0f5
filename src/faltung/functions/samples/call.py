"""The convolution of sampled data with a resolution function, as a user calls it."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from faltung.errors import DtypeError, OptionError
from faltung.functions.checks import as_flag
from faltung.functions.function import Function
from faltung.functions.samples import resolution
from faltung.functions.samples.axis import as_axis, as_places, as_samples
from faltung.functions.samples.bound import bounds_of
from faltung.functions.samples.even import convolved_evenly
from faltung.functions.samples.of_function import convolved_with_function
from faltung.functions.samples.panels import rule_for
from faltung.functions.samples.result import SampledConvolution
from faltung.functions.samples.shape import Resolution
from faltung.functions.samples.task import Task
from faltung.functions.samples.uneven import convolved_unevenly
from faltung.functions.transform import FloatArray

__all__ = ["convolve_samples"]

_OUTSIDE = ("zero", "edge")


def convolve_samples(
    y: ArrayLike,
    kernel_function: Resolution | Function,
    *,
    x: ArrayLike | None = None,
    dx: float | None = None,
    at: ArrayLike | None = None,
    outside: str = "zero",
    gradient: bool = False,
) -> SampledConvolution:
    """Convolve sampled data with a resolution function, on the data's own axis.

    The samples stand for the function f that joins them by straight lines. What is returned is its
    convolution with the kernel k, the integral of f(s) k(t - s) over s, at every place t of the
    samples: not a sum, so there is no spacing to multiply by, any kernel is right however narrow, and
    the axis may be uneven.

    Parameters
    ----------
    y : array_like
        The samples, shape (n,), n >= 2; or several rows (rows, n), convolved each.
    kernel_function : Resolution or Function
        One of :mod:`faltung.functions.resolution`, or any :class:`faltung.Function`. Its area need
        not be 1: the area of the result is the product of both areas.
    x : array_like, optional
        The places of the samples, rising strictly. A jump is two samples at neighbouring numbers, x
        and ``np.nextafter(x, np.inf)``.
    dx : float, optional
        In place of `x`: the samples are at 0, dx, 2 dx, ….
    at : array_like, optional
        Where the result is wanted; at the places of the samples by default.
    outside : {"zero", "edge"}
        What f is outside: nothing, or the first and the last sample for ever, so that a background does
        not sag at its ends.
    gradient : bool
        Whether to return also the derivatives with respect to the kernel's parameters.

    Returns
    -------
    SampledConvolution
        Unpacks as ``x, y``; with `error_bound`, and `gradient` and `jacobian` for fits.

    Raises
    ------
    OptionError
        If both or neither of `x` and `dx` are given, `outside` is unknown, or a Function is asked
        for a gradient or, with tails, for ``outside="edge"``.
    DataError
        If `x` does not rise, or a number is NaN or infinite.
    ShapeError
        If lengths do not fit.
    DtypeError
        If numbers are not real, or the kernel is no function.

    Notes
    -----
    The weight of each sample is an integral of k times a hat, by Gauss quadrature with an error below
    the rounding. On an even axis they are one kernel, and the convolution of arrays takes
    O(n log n); else O(n) for each point that is wanted, or as many samples as the kernel reaches.
    docs/mathematics/samples.md derives the method and its bound.

    Examples
    --------
    >>> import numpy as np
    >>> from faltung.functions import convolve_samples, resolution
    >>> t = np.linspace(0, 10, 201)
    >>> peak = np.exp(-0.5 * ((t - 4) / 0.5) ** 2)
    >>> x, broad = convolve_samples(peak, resolution.gaussian(1.2), x=t)
    >>> bool(np.argmax(broad) == np.argmax(peak)), round(float(broad.max()), 3)
    (True, 0.385)
    """
    # 1. Whatever is wrong with the arguments, before any work.
    rows = as_samples(y)
    axis = as_axis(x, dx, rows.shape[1])
    points = None if at is None else as_places(at, "at")
    if outside not in _OUTSIDE:
        raise OptionError(f"outside={outside!r} is unknown: write 'zero' or 'edge'")
    wanted = as_flag(gradient, "gradient")
    names: tuple[str, ...]
    # 2. The convolution, and what finds its bounds when they are asked for.
    if isinstance(kernel_function, Function):
        convolved, bounds = convolved_with_function(
            rows, axis, axis.x if points is None else points.ravel(), kernel_function,
            edge=outside == "edge", gradient=wanted,
        )  # fmt: skip
        found, names = [convolved], ()
    elif isinstance(kernel_function, Resolution):
        rule = rule_for(kernel_function, axis.widest, gradient=wanted)
        task = Task(rows, axis, points, kernel_function, outside == "edge", wanted, rule)
        found, bounds = _convolved(task), partial(bounds_of, task)
        names = tuple(kernel_function.parameters) if wanted else ()
    else:
        raise _no_kernel(kernel_function)
    # 3. In the shape of what was given.
    places = axis.x if points is None else points
    shape = places.shape if np.ndim(y) == 1 else (len(rows), *places.shape)
    values, *rest = (each.reshape(shape) for each in found)
    return SampledConvolution(places, values, dict(zip(names, rest, strict=True)), bounds)


def _convolved(task: Task) -> list[FloatArray]:
    """Return the values and, with a gradient, the derivatives, each of shape (rows, points)."""
    on_the_axis = task.at is None and task.axis.spacing is not None
    with np.errstate(over="ignore"):
        found, by_center = convolved_evenly(task) if on_the_axis else convolved_unevenly(task)
    return [*found, by_center] if task.gradient else [found[0]]


def _no_kernel(value: Any) -> DtypeError:
    kind = type(value).__name__
    if isinstance(value, np.ndarray):
        return DtypeError(
            "the kernel is an array: write faltung.convolve(y, kernel) for a kernel that is sampled, "
            "and a function such as faltung.functions.resolution.gaussian(sigma) here"
        )
    if any(value is getattr(resolution, name) for name in resolution.__all__):
        return DtypeError(
            f"the kernel is resolution.{value.__name__} itself: give it its width, for instance "
            f"resolution.{value.__name__}(0.3)"
        )
    if callable(value):
        return DtypeError(
            f"the kernel is a {kind}: make it a Function on its interval, faltung.Function(kernel, "
            "(a, b)), or take one of faltung.functions.resolution"
        )
    return DtypeError(
        f"the kernel is a {kind}, not a function: write for instance "
        "faltung.functions.resolution.gaussian(sigma)"
    )
