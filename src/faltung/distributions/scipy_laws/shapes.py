"""What is known of SciPy's continuous families: where they bend, which of them are refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from scipy import special

FloatArray = NDArray[np.float64]
Density: TypeAlias = Callable[[FloatArray], FloatArray]

_Shapes = tuple[float, ...]

# Where a density bends, jumps or has a pole inside its support, in units of loc and scale.
_BENDS: dict[str, Callable[[_Shapes], _Shapes]] = {
    "triang": lambda shapes: shapes,
    "trapezoid": lambda shapes: shapes,
    "crystalball": lambda shapes: (-shapes[0],),
    "irwinhall": lambda shapes: tuple(map(float, range(1, int(shapes[0])))),
    "loglaplace": lambda _: (1.0,),
    **dict.fromkeys(
        ("laplace", "laplace_asymmetric", "dgamma", "dweibull", "gennorm", "skewcauchy"),
        lambda _: (0.0,),
    ),
}

# Families whose density is no smooth function between a few places, or takes hours to sample.
REFUSED = {
    "ksone": "its density bends at as many places as there are samples, up to thousands",
    "kstwo": "SciPy differentiates its cdf numerically, which leaves a few digits of the density",
    "levy_stable": "SciPy computes its density by quadrature, a point at a time and to some digits",
    "studentized_range": "SciPy computes its density by double quadrature, seconds for each point",
    "vonmises": "it is a law on the circle, whose density has no integral on the line; "
    "scipy.stats.vonmises_line is the one between -pi and pi",
}


def inner_breaks(frozen: Any) -> list[float]:
    """Return the places inside the support where a frozen density is sharp."""
    shapes, location, scale = frozen.dist._parse_args(*frozen.args, **frozen.kwds)
    bins = getattr(frozen.dist, "_hbins", None)
    if bins is not None:
        return [location + scale * float(edge) for edge in bins]
    find = _BENDS.get(frozen.dist.name)
    bends = find(tuple(map(float, shapes))) if find else ()
    return [location + scale * float(bend) for bend in bends]


def values_of(frozen: Any) -> Density:
    """Return the function that gives the values of a frozen standard density.

    SciPy's own, but for the families where its formula cancels in a tail, or sums too few terms.
    """
    own = _BETTER.get(frozen.dist.name)
    if own is None:
        return cast("Density", frozen.pdf)
    shapes, _, _ = frozen.dist._parse_args(*frozen.args, **frozen.kwds)
    return own(*map(float, shapes))


def _cosine() -> Density:
    """Return (1 + cos x) / (2 pi) without cancellation where cos x is near -1."""
    return lambda x: np.cos(x / 2) ** 2 / np.pi


def _jf_skew_t(a: float, b: float) -> Density:
    """Return Jones and Faddy's density, with 1 - x / r as (a + b) / (r (r + x)), r^2 = a + b + x^2."""
    root = math.sqrt(a + b)
    scale = math.exp((a + b - 1) * math.log(2) + special.betaln(a, b)) * root

    def values(x: FloatArray) -> FloatArray:
        size = np.abs(x)
        r = np.hypot(size, root)
        large, small = 1 + size / r, root / r * (root / (r + size))
        plus, minus = np.where(x > 0, large, small), np.where(x > 0, small, large)
        return np.asarray(plus ** (a + 0.5) * minus ** (b + 0.5) / scale)

    return values


def _ncf(first: float, second: float, noncentral: float) -> Density:
    """Return the mixture of beta prime densities, with the weights of Poisson.

    Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions, vol. 2, 2nd ed., section 30.2.
    """
    mean = noncentral / 2
    reach = _WIDE * math.sqrt(mean) + _MORE
    j = np.arange(max(math.floor(mean - reach), 0), math.ceil(mean + reach))
    weights = special.xlogy(j, mean) - mean - special.gammaln(j + 1)
    weights -= special.betaln(first / 2 + j, second / 2)

    def values(x: FloatArray) -> FloatArray:
        z = np.multiply.outer(first / second * np.asarray(x), np.ones(len(j)))
        powers = (first / 2 + j - 1) * np.log(z) - (first / 2 + second / 2 + j) * np.log1p(z)
        return np.asarray(np.exp(powers + weights).sum(axis=-1) * (first / second))

    return values


# Of Poisson's law so many standard deviations on each side, and so many terms more.
_WIDE, _MORE = 12.0, 60.0

_BETTER: dict[str, Callable[..., Density]] = {
    "cosine": _cosine,
    "jf_skew_t": _jf_skew_t,
    "ncf": _ncf,
}
