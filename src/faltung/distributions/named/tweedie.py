"""Compound Poisson laws of gamma claims: an atom at 0 and a density beside it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from faltung.distributions.continuous.mixture import is_pure
from faltung.distributions.discrete.lattice import point
from faltung.distributions.families.compounds import GammaClaims
from faltung.distributions.families.named import NamedDensity
from faltung.distributions.families.quantiles import quantiles
from faltung.distributions.families.sums import gamma_parts
from faltung.distributions.law.draws import Random, as_generator, drawn
from faltung.distributions.law.law import Law
from faltung.distributions.law.vectors import Numbers, Values, vectorized
from faltung.distributions.mixed.mixed import Mixed
from faltung.distributions.mixed.parts import Part
from faltung.distributions.numbers.rational import as_rational, nearest_float, rounded, written
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats, chained, log_of_part
from faltung.distributions.pictures import draw_both
from faltung.errors import DataError, OptionError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LARGEST_RATE = 10_000  # of claims, and of claims times their shape
_ROUNDINGS = 8 * ROUNDOFF  # of the shares and of the sum


class Tweedie(Mixed):
    """An atom, and beside it the density of a sum of gamma claims; made by :func:`tweedie`.

    `pmf` is that of the atom and `pdf` the density of the rest, neither divided by its share: they
    have the mass 1 together. `error_bound` bounds the relative error of pmf, pdf, cdf and sf
    wherever they are at least 1e-300. The sum of two of one claim law, so of one power and one
    scale, is one again, with the rates added; any other sum is that of a :class:`Mixed`.
    """

    def __init__(self, family: GammaClaims, loc: Fraction, scale: Fraction) -> None:
        self._family, self._place = family, loc
        self._rest = NamedDensity(family, loc, scale)
        self._atom, self._share = math.exp(-family.rate), -math.expm1(-family.rate)
        parts = Part(self._atom, point(loc)), Part(self._share, self._rest)
        self._parts = parts if self._atom else parts[1:]  # one below the floats is none
        self._relative = _ROUNDINGS

    @property
    def atom(self) -> tuple[float, float]:
        """The place of the atom and its probability."""
        return rounded(self._place), self._atom

    @property
    def rest(self) -> NamedDensity:
        """The law given that there is a claim."""
        return self._rest

    # --- probabilities ------------------------------------------------------------------------

    def pmf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return P(X = x), which is not 0 at the atom alone."""
        self._refuse_exact(exact)
        return vectorized(lambda x: self._at_atom(x, self._atom, 0.0), x)

    def logpmf(self, x: Numbers) -> Values:
        """Return log P(X = x)."""
        return vectorized(lambda x: self._at_atom(x, -self._family.rate, -np.inf), x)

    def _at_atom(self, x: Floats, there: float, elsewhere: float) -> Floats:
        values = np.where(x == self.atom[0], there, elsewhere)
        return np.where(np.isnan(x), np.nan, values)

    def pdf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return the density of what is no atom."""
        self._refuse_exact(exact)
        return vectorized(lambda x: self._share * np.asarray(self._rest.pdf(x)), x)

    def logpdf(self, x: Numbers) -> Values:
        """Return the logarithm of the density of what is no atom."""
        return vectorized(lambda x: math.log(self._share) + np.asarray(self._rest.logpdf(x)), x)

    def cdf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return P(X <= x), from the left."""
        self._refuse_exact(exact)
        return vectorized(self._cdf, x)

    def sf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return P(X > x), from the right."""
        self._refuse_exact(exact)
        return vectorized(self._sf, x)

    def logcdf(self, x: Numbers) -> Values:
        """Return log P(X <= x)."""
        return vectorized(lambda x: log_of_part(self._cdf(x), self._sf(x)), x)

    def logsf(self, x: Numbers) -> Values:
        """Return log P(X > x)."""
        return vectorized(lambda x: log_of_part(self._sf(x), self._cdf(x)), x)

    def _cdf(self, x: Floats) -> Floats:
        here = np.where(x >= self.atom[0], self._atom, 0.0)
        below = np.minimum(here + self._share * self._rest._cdf(x), 1.0)
        return np.where(x >= self.support()[1], 1.0, below)

    def _sf(self, x: Floats) -> Floats:
        here = np.where(x < self.atom[0], self._atom, 0.0)
        above = np.minimum(here + self._share * self._rest._sf(x), 1.0)
        return np.where(x < self.support()[0], 1.0, above)

    def ppf(self, q: Numbers) -> Values:
        """Return an x with ``cdf(x) >= q`` whose lower neighbour in float64 has ``cdf < q``."""
        return vectorized(lambda q: quantiles(self._cdf, q, self.support(), falls=False), q)

    def isf(self, q: Numbers) -> Values:
        """Return an x with ``sf(x) <= q`` whose lower neighbour in float64 has ``sf > q``."""
        return vectorized(lambda q: quantiles(self._sf, q, self.support(), falls=True), q)

    def rvs(
        self,
        size: int | tuple[int, ...] | None = None,
        random_state: Random = None,
        *,
        rng: Random = None,
    ) -> Values:
        """Draw random variates: numbers of claims, and gamma claims; see :meth:`Law.rvs`."""
        generator = as_generator(random_state, rng)
        counts = drawn(lambda: np.asarray(generator.poisson(self._family.rate, size)), size)
        claims = generator.standard_gamma(self._family.claim * counts)  # 0 for the shape 0
        result = float(self._place) + float(self._rest.scale) * np.asarray(claims)
        return float(result) if result.ndim == 0 else result

    # --- moments and accuracy -----------------------------------------------------------------

    def mean(self, *, exact: bool = False) -> float:
        """Return the expected value."""
        self._refuse_exact(exact)
        claims = self._family.rate * self._family.claim
        return rounded(self._place + self._rest.scale * Fraction(claims))

    def var(self, *, exact: bool = False) -> float:
        """Return the variance."""
        self._refuse_exact(exact)
        claims = self._family.rate * self._family.claim * (self._family.claim + 1)
        return rounded(self._rest.scale**2 * Fraction(claims))

    def support(self) -> tuple[float, float]:
        """Return the ends of the support."""
        return self._rest.support()

    @property
    def error_bound(self) -> float:
        """The bound on the relative error of pmf, pdf, cdf and sf."""
        return chained(self._rest.error_bound, _ROUNDINGS)

    @property
    def error_estimate(self) -> float:
        """The relative error to expect."""
        return self._rest.error_estimate + ROUNDOFF

    @property
    def neglected_mass(self) -> float:
        """Nothing is neglected."""
        return 0.0

    def explain(self) -> str:
        """Return how the law was computed and how accurate it is."""
        return (
            f"An atom with probability {self._atom:.6g} at {self.atom[0]:g}, and a Poisson number of "
            f"gamma claims (rate {self._family.rate:.6g}, shape {self._family.claim:.6g}, scale "
            f"{float(self._rest.scale):.6g}): sums of non-negative terms from either side, relative "
            f"error <= {self.error_bound:.2g} where they are at least 1e-300."
        )

    # --- operations ---------------------------------------------------------------------------

    def _shifted(self, offset: Fraction) -> Tweedie:
        return Tweedie(self._family, self._place + offset, self._rest.scale)

    def _scaled(self, factor: Fraction) -> Law:
        if factor == 0:
            return point(0)
        return Tweedie(self._family, self._place * factor, self._rest.scale * factor)

    def _copies(self, n: int) -> Law:
        if n == 0:
            return point(0)
        family = _checked(n * self._family.rate, self._family.claim)
        return Tweedie(family, n * self._place, self._rest.scale)

    def _closed_plus(self, other: Law) -> Tweedie | None:
        """Return the sum with claims of the same law: Poisson numbers add up."""
        if not isinstance(other, Tweedie) or other._rest.scale != self._rest.scale:
            return None
        if other._family.claim != self._family.claim:
            return None
        family = _checked(self._family.rate + other._family.rate, self._family.claim)
        return Tweedie(family, self._place + other._place, self._rest.scale)

    def __repr__(self) -> str:
        return (
            f"Tweedie(atom {self._atom:.6g} at {self.atom[0]:g}, mean {self.mean():.6g}, std "
            f"{self.std():.6g}, relative error <= {self.error_bound:.2g})"
        )

    def _draw(self, ax: Axes, **style: Any) -> None:
        points, heights = self._rest._drawn(801)
        place, probability = np.reshape(self.atom, (2, 1))
        draw_both(ax, (points, self._share * heights), (place, probability), **style)

    def _outlines(self) -> list[tuple[list[float], list[float], bool]]:
        return [self._outline(), ([self.atom[0]], [self._atom], True)]

    def _outline(self) -> tuple[list[float], list[float], bool]:
        points, heights = self._rest._drawn(161)
        return points.tolist(), (self._share * heights).tolist(), False


def tweedie(mean: Any, dispersion: Any, power: Any) -> Tweedie:
    """Return the Tweedie law with a power between 1 and 2: a Poisson number of gamma claims.

    With mean mu, dispersion phi and power p the rate of claims is mu^(2-p) / (phi (2-p)), their
    shape (2-p) / (p-1) and their scale phi (p-1) mu^(p-1); the variance is phi mu^p
    (Jørgensen 1987). There is an atom exp(-rate) at 0.

    Parameters
    ----------
    mean, dispersion
        Positive numbers.
    power
        A number above 1 and below 2.

    Raises
    ------
    DtypeError, DataError
        For what are no numbers, or none that are positive.
    OptionError
        If the power is not between 1 and 2, or more than 10,000 claims are expected, or shapes above
        10,000 in all.

    Examples
    --------
    >>> claims = tweedie(mean=2.0, dispersion=1.5, power=1.5)
    >>> round(claims.pmf(0), 12), round(claims.sf(10), 12)
    (0.151735245439, 0.005057733434)
    """
    exponent = as_rational(power, "power")
    if not 1 < exponent < 2:
        raise OptionError(
            f"power={written(power)}: write a number above 1 and below 2; at 1 it is "
            "Poisson's law times the dispersion, at 2 the gamma law"
        )
    mu, phi = _as_positive(mean, "mean"), _as_positive(dispersion, "dispersion")
    lower, upper = float(2 - exponent), float(exponent - 1)
    with np.errstate(over="ignore"):
        rate = float(np.float64(mu) ** lower / (phi * lower))
        scale = float(phi * upper * np.float64(mu) ** upper)
    family = _checked(rate, float((2 - exponent) / (exponent - 1)))
    return Tweedie(family, Fraction(0), as_rational(scale, "scale"))


def _as_positive(value: Any, what: str) -> float:
    number = as_rational(value, what)
    if number <= 0:
        raise DataError(f"{what} is {written(number)} and must be positive")
    return nearest_float(number)


def poisson_of_gammas(rate: Fraction, claim: NamedDensity) -> Tweedie | None:
    """Return the sum of a Poisson number of claims; None if they are not gamma variables from 0 on.

    None, too, if rate or shape are no floats, or the series would be long.
    """
    family, loc, scale = claim._located()
    parts = gamma_parts(family, scale) or []
    if loc or not is_pure(claim._atoms) or len(parts) != 1 or parts[0].noncentrality:
        return None
    exact = Fraction(float(rate)), Fraction(float(parts[0].shape))
    if exact != (rate, parts[0].shape) or not _is_short(float(rate), float(parts[0].shape)):
        return None
    return Tweedie(GammaClaims(float(rate), float(parts[0].shape)), loc, parts[0].scale)


def _is_short(rate: float, claim: float) -> bool:
    """Tell whether the series has a bearable length."""
    return 0 < rate <= _LARGEST_RATE and rate * claim <= _LARGEST_RATE and claim >= 1e-8


def _checked(rate: float, claim: float) -> GammaClaims:
    """Return the family, if its series has a bearable length."""
    if not _is_short(rate, claim):
        raise OptionError(
            f"{rate:.6g} claims of shape {claim:.6g} are expected, and at most {_LARGEST_RATE} are "
            "summed, nor their shapes beyond that: take a gamma or a normal law with this mean and "
            "variance"
        )
    return GammaClaims(rate, claim)
