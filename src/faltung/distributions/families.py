"""The families that the notation knows by name, with their standard parameters."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from faltung.distributions.lattice import Lattice, point
from faltung.distributions.law import Law
from faltung.distributions.rational import brief, rounded
from faltung.distributions.scipy_laws import from_frozen
from faltung.errors import DataError

_EXACT_TRIALS = 500
_MOST_TRIALS = 10**15  # where neighbours are still distinct floats
_LARGEST_LOGARITHM = 700


@dataclass(frozen=True)
class Family:
    """A named family: what its parameters are called, and how its law is made from them."""

    parameters: tuple[str, ...]
    law: Callable[..., Law]


def _scipy(family: str, *arguments: float, **scaling: float) -> Law:
    from scipy import stats  # slow to import, and dice need none of it

    return from_frozen(getattr(stats, family)(*arguments, **scaling))


def _float(name: str, value: Fraction) -> float:
    """Return a parameter as the float that SciPy takes; too large or too small ones have none."""
    number = rounded(value)
    if abs(number) == math.inf or (number == 0 and value != 0):
        size = (
            "beyond the range of float64 (1.8e308)"
            if number
            else "below the range of float64 (4.9e-324)"
        )
        raise DataError(f"{name} is {brief(value, 6)}, {size}: write one within it")
    return number


def _positive(name: str, value: Fraction) -> float:
    if value <= 0:
        raise DataError(f"{name} is {brief(value, 6)} and must be positive")
    return _float(name, value)


def _probability(value: Fraction, *, positive: bool = False) -> Fraction:
    if not 0 <= value <= 1 or (positive and value == 0):
        low = "above 0" if positive else "from 0"
        raise DataError(f"p is {brief(value, 6)} and must be a probability {low} to 1")
    return value


def _ascending(**values: Fraction) -> None:
    names, numbers = list(values), list(values.values())
    if sorted(numbers) != numbers or numbers[0] == numbers[-1]:
        order = " <= ".join(names)
        raise DataError(f"{', '.join(brief(v, 6) for v in numbers)} must ascend: {order}")


def _normal(mean: Fraction, std: Fraction) -> Law:
    return _scipy("norm", _float("mean", mean), _positive("std", std))


def _uniform(low: Fraction, high: Fraction) -> Law:
    _ascending(low=low, high=high)
    return _scipy("uniform", _float("low", low), _float("high - low", high - low))


def _expon(scale: Fraction) -> Law:
    return _scipy("expon", scale=_positive("scale", scale))


def _gamma(shape: Fraction, scale: Fraction) -> Law:
    return _scipy("gamma", _positive("shape", shape), scale=_positive("scale", scale))


def _beta(a: Fraction, b: Fraction) -> Law:
    return _scipy("beta", _positive("a", a), _positive("b", b))


def _triangular(low: Fraction, mode: Fraction, high: Fraction) -> Law:
    _ascending(low=low, mode=mode, high=high)
    width = high - low
    share = rounded((mode - low) / width)
    return _scipy("triang", share, _float("low", low), _float("high - low", width))


def _lognormal(mu: Fraction, sigma: Fraction) -> Law:
    if abs(mu) > _LARGEST_LOGARITHM:
        raise DataError(
            f"mu is {brief(mu, 6)}, and exp(mu) beyond the range of float64: write a mu from "
            f"-{_LARGEST_LOGARITHM} to {_LARGEST_LOGARITHM}"
        )
    return _scipy("lognorm", _positive("sigma", sigma), scale=math.exp(mu))


def _bernoulli(p: Fraction) -> Law:
    return Lattice([1 - _probability(p), p])


def _binomial(n: Fraction, p: Fraction) -> Law:
    if n.denominator != 1 or n < 0:
        raise DataError(f"n is {brief(n, 6)} and must be a whole number >= 0")
    if n > _MOST_TRIALS:
        raise DataError(
            f"n is {brief(n, 6)}, more trials than {brief(_MOST_TRIALS)}: write normal(mean, std) "
            "in place of so many"
        )
    if n <= _EXACT_TRIALS:
        return _bernoulli(p).sum(int(n))
    return _scipy("binom", int(n), _float("p", _probability(p)))


def _poisson(mu: Fraction) -> Law:
    return _scipy("poisson", _positive("mu", mu))


def _geometric(p: Fraction) -> Law:
    return _scipy("geom", _float("p", _probability(p, positive=True)))


def _point(x: Fraction) -> Any:
    return point(x)


FAMILIES = {
    "normal": Family(("mean", "std"), _normal),
    "uniform": Family(("low", "high"), _uniform),
    "expon": Family(("scale",), _expon),
    "gamma": Family(("shape", "scale"), _gamma),
    "beta": Family(("a", "b"), _beta),
    "triangular": Family(("low", "mode", "high"), _triangular),
    "lognormal": Family(("mu", "sigma"), _lognormal),
    "bernoulli": Family(("p",), _bernoulli),
    "binomial": Family(("n", "p"), _binomial),
    "poisson": Family(("mu",), _poisson),
    "geometric": Family(("p",), _geometric),
    "point": Family(("x",), _point),
}
