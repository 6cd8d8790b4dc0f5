"""Named laws by SciPy's names and shapes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from faltung.distributions.families.bells import Laplace, Logistic, Lognormal, Normal
from faltung.distributions.families.bounded import Beta, Triangular, Uniform
from faltung.distributions.families.family import Family
from faltung.distributions.families.heavy import Cauchy, Levy, Lomax, Student
from faltung.distributions.families.inverse_gaussian import InverseGaussian
from faltung.distributions.families.named import NamedDensity
from faltung.distributions.families.sums import root
from faltung.distributions.families.waiting import Exponential, Gamma, Weibull
from faltung.distributions.numbers.rational import as_rational

_Standard: TypeAlias = tuple[Family, Fraction, Fraction]  # what is at loc 0 and scale 1 for SciPy

_ONE, _NONE = Fraction(1), Fraction(0)
_LARGEST_SHAPE = 1e8  # up to which series and continued fractions end within their terms
_SMALLEST_SHAPE = 1e-8


def _plain(make: Callable[..., Family]) -> Callable[..., _Standard]:
    return lambda *shapes: (make(*shapes), _NONE, _ONE)


def _turned(make: Callable[..., Family]) -> Callable[..., _Standard]:
    return lambda *shapes: (make(*shapes), _NONE, -_ONE)


STANDARD: dict[str, Callable[..., _Standard]] = {
    "norm": _plain(Normal),
    "lognorm": _plain(Lognormal),
    "logistic": _plain(Logistic),
    "laplace": _plain(Laplace),
    "expon": _plain(Exponential),
    "gamma": _plain(lambda a: Gamma(Fraction(a))),
    "erlang": _plain(lambda a: Gamma(Fraction(a))),
    "chi2": lambda df: (Gamma(Fraction(df) / 2), _NONE, 2 * _ONE),
    "weibull_min": _plain(Weibull),
    "weibull_max": _turned(Weibull),
    "rayleigh": lambda: (Weibull(2.0), _NONE, root(2 * _ONE)),
    "uniform": _plain(Uniform),
    "triang": _plain(lambda c: Triangular(as_rational(c))),
    "beta": _plain(Beta),
    "powerlaw": _plain(lambda a: Beta(a, 1.0)),
    "arcsine": _plain(lambda: Beta(0.5, 0.5)),
    "semicircular": lambda: (Beta(1.5, 1.5), -_ONE, 2 * _ONE),
    "pareto": lambda b: (Lomax(b), _ONE, _ONE),
    "lomax": _plain(Lomax),
    "t": _plain(Student),
    "cauchy": _plain(Cauchy),
    "levy": _plain(Levy),
    "levy_l": _turned(Levy),
    "invgauss": _plain(lambda mu: InverseGaussian(Fraction(mu))),
    "wald": _plain(lambda: InverseGaussian(_ONE)),
}


def named(name: str, *shapes: float) -> NamedDensity | None:
    """Return the law that SciPy calls so, at location 0 and scale 1; None if it has no own tails.

    Parameters
    ----------
    name
        As in ``scipy.stats``.
    shapes
        In SciPy's order, and inside their domain. The triangular mode is read as a decimal, others
        are the floats that they are. Shapes below 1e-8 or above 1e8 give None: the tails are not
        known to the last digits there.

    Examples
    --------
    >>> named("chi2", 3.0)
    NamedDensity(gamma(loc=0, scale=2, a=1.5), relative error <= 5e-13)
    """
    make = STANDARD.get(name)
    within = all(_SMALLEST_SHAPE <= shape <= _LARGEST_SHAPE for shape in shapes)
    if make is None or not (within or name == "triang"):
        return None
    family, loc, scale = make(*(shape if name == "triang" else float(shape) for shape in shapes))
    return NamedDensity(family, loc, scale)
