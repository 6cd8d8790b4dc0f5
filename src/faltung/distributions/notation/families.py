"""The families that the notation knows by name, with their standard parameters.

Locations and scales are exact rationals: the standard law is moved and stretched by them, and the
bounds count what that rounds. A shape has no such way: it is rounded to the nearest float, and the
law that is meant is the one with that shape.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import Any

from faltung.distributions.discrete.lattice import Lattice, point
from faltung.distributions.families.bounded import Triangular
from faltung.distributions.families.inverse_gaussian import InverseGaussian
from faltung.distributions.families.makers import named
from faltung.distributions.families.named import NamedDensity
from faltung.distributions.law.law import Law
from faltung.distributions.numbers.rational import brief, rounded
from faltung.distributions.scipy_laws.door import from_frozen
from faltung.errors import DataError

_EXACT_TRIALS = 500
_MOST_TRIALS = 10**15  # where neighbours are still distinct floats
_LARGEST_LOGARITHM = 700


@dataclass(frozen=True)
class Family:
    """A named family: what its parameters are called, and how its law is made from them."""

    parameters: tuple[str, ...]
    law: Callable[..., Law]


@lru_cache(maxsize=64)
def _standard(family: str, *shapes: float) -> Law:
    """Return SciPy's law at location 0 and scale 1; the same one again for the same shapes."""
    law = named(family, *shapes)
    if law is not None:
        return law
    from scipy import stats  # slow to import, and dice need none of it

    return from_frozen(getattr(stats, family)(*shapes))


def _moved(law: Law, scale: Fraction, offset: Fraction = Fraction(0)) -> Law:
    return scale * law + offset


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


def _refuse_beyond(name: str, value: Fraction) -> None:
    """Refuse an exact location that is beyond the floats; one below them is as good as 0."""
    if abs(rounded(value)) == math.inf:
        _float(name, value)


def _scale(name: str, value: Fraction) -> Fraction:
    """Return an exact scale, which is positive and within the range of float64."""
    _positive(name, value)
    return value


def _probability(value: Fraction, *, positive: bool = False) -> Fraction:
    if not 0 <= value <= 1 or (positive and value == 0):
        low = "above 0" if positive else "from 0"
        raise DataError(f"p is {brief(value, 6)} and must be a probability {low} to 1")
    return value


def _ascending(**values: Fraction) -> None:
    names, numbers = list(values), list(values.values())
    if numbers[0] == numbers[-1]:
        number = brief(numbers[0], 6)
        raise DataError(f"low and high are both {number}: write point({number}) for a constant")
    if sorted(numbers) != numbers:
        order = " <= ".join(names)
        raise DataError(f"{', '.join(brief(v, 6) for v in numbers)} must ascend: {order}")


def _normal(mean: Fraction, std: Fraction) -> Law:
    _refuse_beyond("mean", mean)
    return _moved(_standard("norm"), _scale("std", std), mean)


def _uniform(low: Fraction, high: Fraction) -> Law:
    _ascending(low=low, high=high)
    _refuse_beyond("low", low)
    return _moved(_standard("uniform"), _scale("high - low", high - low), low)


def _expon(scale: Fraction) -> Law:
    return _moved(_standard("expon"), _scale("scale", scale))


def _gamma(shape: Fraction, scale: Fraction) -> Law:
    return _moved(_standard("gamma", _positive("shape", shape)), _scale("scale", scale))


def _beta(a: Fraction, b: Fraction) -> Law:
    return _standard("beta", _positive("a", a), _positive("b", b))


def _triangular(low: Fraction, mode: Fraction, high: Fraction) -> Law:
    _ascending(low=low, mode=mode, high=high)
    _refuse_beyond("low", low)
    _scale("high - low", high - low)
    family = Triangular((mode - low) / (high - low))
    return NamedDensity(family, low, high - low)


def _lognormal(mu: Fraction, sigma: Fraction) -> Law:
    if abs(mu) > _LARGEST_LOGARITHM:
        raise DataError(
            f"mu is {brief(mu, 6)}, and exp(mu) beyond the range of float64: write a mu from "
            f"-{_LARGEST_LOGARITHM} to {_LARGEST_LOGARITHM}"
        )
    return _moved(_standard("lognorm", _positive("sigma", sigma)), _exponential(mu))


def _exponential(x: Fraction) -> Fraction:
    """Return exp(x) to 50 digits: an error that no bound of float64 can see."""
    with localcontext(prec=60):
        return Fraction((Decimal(x.numerator) / Decimal(x.denominator)).exp())


def _weibull(shape: Fraction, scale: Fraction) -> Law:
    return _moved(_standard("weibull_min", _positive("shape", shape)), _scale("scale", scale))


def _pareto(shape: Fraction, scale: Fraction) -> Law:
    return _moved(_standard("pareto", _positive("shape", shape)), _scale("scale", scale))


def _chi2(df: Fraction) -> Law:
    return _standard("chi2", _positive("df", df))


def _erlang(k: Fraction, scale: Fraction) -> Law:
    if k.denominator != 1 or k < 1:
        raise DataError(
            f"k is {brief(k, 6)} and must be a whole number >= 1: write gamma(shape, scale)"
        )
    return _gamma(k, scale)


def _student(df: Fraction) -> Law:
    return _standard("t", _positive("df", df))


def _of_place(family: str) -> Callable[[Fraction, Fraction], Law]:
    """Return what makes a law of its location and scale."""

    def law(loc: Fraction, scale: Fraction) -> Law:
        _refuse_beyond("loc", loc)
        return _moved(_standard(family), _scale("scale", scale), loc)

    return law


def _inverse_gaussian(mean: Fraction, shape: Fraction) -> Law:
    _positive("mean", mean)
    _positive("mean / shape", mean / _scale("shape", shape))
    return NamedDensity(InverseGaussian(mean / shape), Fraction(0), shape)


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
    return _standard("binom", int(n), _float("p", _probability(p)))


def _poisson(mu: Fraction) -> Law:
    return _standard("poisson", _positive("mu", mu))


def _geometric(p: Fraction) -> Law:
    return _standard("geom", _float("p", _probability(p, positive=True)))


def _point(x: Fraction) -> Any:
    return point(x)


FAMILIES = {
    "normal": Family(("mean", "std"), _normal),
    "uniform": Family(("low", "high"), _uniform),
    "expon": Family(("scale",), _expon),
    "gamma": Family(("shape", "scale"), _gamma),
    "beta": Family(("a", "b"), _beta),
    "triangular": Family(("low", "mode", "high"), _triangular),
    "weibull": Family(("shape", "scale"), _weibull),
    "logistic": Family(("loc", "scale"), _of_place("logistic")),
    "laplace": Family(("loc", "scale"), _of_place("laplace")),
    "cauchy": Family(("loc", "scale"), _of_place("cauchy")),
    "levy": Family(("loc", "scale"), _of_place("levy")),
    "pareto": Family(("shape", "scale"), _pareto),
    "student": Family(("df",), _student),
    "chi2": Family(("df",), _chi2),
    "erlang": Family(("k", "scale"), _erlang),
    "inverse_gaussian": Family(("mean", "shape"), _inverse_gaussian),
    "lognormal": Family(("mu", "sigma"), _lognormal),
    "bernoulli": Family(("p",), _bernoulli),
    "binomial": Family(("n", "p"), _binomial),
    "poisson": Family(("mu",), _poisson),
    "geometric": Family(("p",), _geometric),
    "point": Family(("x",), _point),
}
