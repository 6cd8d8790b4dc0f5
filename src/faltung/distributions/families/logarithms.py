"""The law of log Z for a positive variable of a family, with tails of its own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from faltung.distributions.families.bounded import Beta, Triangular
from faltung.distributions.families.compounds import GammaClaims
from faltung.distributions.families.family import DEEPEST, Family, Generator, Place, Size
from faltung.distributions.families.gamma_sums import GammaSum
from faltung.distributions.families.heavy import Lomax
from faltung.distributions.families.waiting import Exponential, Gamma
from faltung.distributions.numbers.quadrature import integrate
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats

_FARTHEST = 690.0  # whose exponential is a float on either side
_DEEPEST_LOGARITHM = -math.log(DEEPEST)
_BEYOND = 740.0  # a density below exp(-740) adds nothing to an integral
_GRID = np.concatenate([np.geomspace(1e-9, 1e-2, 30)[:-1], np.geomspace(1e-2, 1e12, 700)])
_MARGIN = 1.25  # for what lies between the points of the grid


@dataclass(frozen=True)
class LogOf(Family):
    """log(Z / h) for a positive Z, h the upper end of its support, or 1 where there is none.

    P(log(Z / h) <= t) is Z's own cdf at h e^t, and its distance from the upper end is
    -h expm1(t). Where e^t is no float, a tail like z^p is exp(p t) exactly, to 1e-299 of it.
    """

    inner: Family

    @property
    def name(self) -> str:  # type: ignore[override]
        """What the logarithm is taken of."""
        return f"log of {self.inner.name}"

    @property
    def shapes(self) -> dict[str, float]:
        return self.inner.shapes

    @property
    def rounded_shapes(self) -> float:
        return self.inner.rounded_shapes

    @property
    def high(self) -> Fraction | float:
        return Fraction(0) if self._bounded else math.inf

    @property
    def _bounded(self) -> bool:
        return isinstance(self.inner.high, Fraction)

    @property
    def _unit(self) -> float:
        return float(self.inner.high) if self._bounded else 1.0

    # --- probabilities ------------------------------------------------------------------------

    def _at(self, t: Floats) -> Place:
        near = np.clip(t, -_FARTHEST, _FARTHEST)
        rest = -self._unit * np.expm1(near) if self._bounded else np.full_like(t, np.inf)
        return Place(self._unit * np.exp(near), rest)

    def logpdf(self, at: Place) -> Floats:
        place = self._at(at.z)
        inside = self.inner.logpdf(place) + np.log(place.z)
        lower, upper = powers(self.inner)
        beyond = self._beyond(at.z)
        return np.asarray(inside + np.where(at.z < 0, lower, -upper) * beyond)

    def cdf(self, at: Place) -> Floats:
        below, t = self.inner.cdf(self._at(at.z)), at.z
        falling = below * np.exp(np.minimum(powers(self.inner)[0] * self._beyond(t), 0.0))
        return np.where(t > _FARTHEST, 1 - self.sf(at), falling) if np.any(t > 0) else falling

    def sf(self, at: Place) -> Floats:
        above, t = self.inner.sf(self._at(at.z)), at.z
        falling = above * np.exp(np.minimum(-powers(self.inner)[1] * self._beyond(t), 0.0))
        lower = below_farthest(self)
        if not lower:
            return np.asarray(falling)
        return np.where(t < -_FARTHEST, 1 - lower * np.exp(self._sunk(t)), falling)

    def _sunk(self, t: Floats) -> Floats:
        """Return how far the logarithm of the cdf has fallen beyond the floats."""
        return np.asarray(np.minimum(powers(self.inner)[0] * self._beyond(t), 0.0))

    def _beyond(self, t: Floats) -> Floats:
        """Return how far beyond -690 or 690 a point is, with its sign; 0 between."""
        return np.asarray(t - np.clip(t, -_FARTHEST, _FARTHEST))

    def logcdf(self, at: Place) -> Floats:
        inside = self.inner.logcdf(self._at(at.z)) + self._sunk(at.z)
        return np.where(at.z > _FARTHEST, super().logcdf(at), inside)

    def logsf(self, at: Place) -> Floats:
        fallen = np.minimum(-powers(self.inner)[1] * self._beyond(at.z), 0.0)
        inside = self.inner.logsf(self._at(at.z)) + fallen
        return np.where(at.z < -_FARTHEST, super().logsf(at), inside)

    # --- accuracy -----------------------------------------------------------------------------

    @property
    def condition(self) -> float:
        """The largest of t f'/f, t f/F and t f/S where these are at least 1e-300, on a grid."""
        return _condition(self)

    @property
    def roundings(self) -> float:
        # e^t is rounded no more than the standardised z that the family's own bound counts.
        return self.inner.error_bound / ROUNDOFF + 4 * _DEEPEST_LOGARITHM

    # --- moments ------------------------------------------------------------------------------

    def moment(self, order: int) -> float:
        return _integral(self, 0.0, order)

    def central(self) -> tuple[float, float, float, float]:
        return _central(self)

    def entropy(self) -> None:
        return None

    def mode(self) -> None:
        return None

    def bends(self) -> tuple[float, ...]:
        """Return the logarithms of those of Z."""
        return tuple(math.log(bend / self._unit) for bend in self.inner.bends() if bend > 0)

    def draw(self, generator: Generator, size: Size) -> Floats | None:
        if powers(self.inner)[0] < 1:
            return None  # of a small shape some draws are no floats
        drawn = self.inner.draw(generator, size)
        return None if drawn is None else np.asarray(np.log(drawn / self._unit))


def powers(family: Family) -> tuple[float, float]:
    """Return p and q for P(Z < z) as z^p near 0 and P(Z > z) as z^-q far out; 0 where unknown."""
    lower = upper = 0.0
    match family:
        case Exponential():
            lower = 1.0
        case Gamma():
            lower = family.a
        case GammaSum():
            lower = float(family.shape)
        case GammaClaims():
            lower = family.claim
        case Beta():
            lower = family.a
        case Lomax():
            lower, upper = 1.0, family.b
        case Triangular():
            lower = 2.0 if family.c else 1.0
    return lower, upper


def is_followed(family: Family) -> bool:
    """Tell whether both tails of log Z are known as far as they are at least 1e-300."""
    lower, upper = powers(family)
    law = LogOf(family)
    with np.errstate(all="ignore"):
        below, above = (law._at(np.array([end])) for end in (-_FARTHEST, _FARTHEST))
        left = lower > 0 or float(family.cdf(below)[0]) < DEEPEST
        right = law._bounded or upper > 0 or float(family.sf(above)[0]) < DEEPEST
    return left and right


@lru_cache(maxsize=128)
def below_farthest(law: LogOf) -> float:
    """Return P(log Z < -690)."""
    return float(law.inner.cdf(law._at(np.array([-_FARTHEST])))[0])


@lru_cache(maxsize=128)
def _grid(law: LogOf) -> tuple[Floats, Floats]:
    """Return points where the density counts, and its logarithms."""
    t = np.concatenate([-_GRID[::-1], [] if law._bounded else [0.0, *_GRID]])
    with np.errstate(all="ignore"):
        logs = law.logpdf(Place(t, -t if law._bounded else np.full_like(t, np.inf)))
    kept = np.flatnonzero((logs > -_BEYOND) & np.isfinite(logs))
    kept = np.arange(max(kept[0] - 1, 0), min(kept[-1] + 2, len(t)))
    return t[kept], logs[kept]


@lru_cache(maxsize=128)
def _condition(law: LogOf) -> float:
    t, logs = _grid(law)
    place = Place(t, -t if law._bounded else np.full_like(t, np.inf))
    with np.errstate(all="ignore"):
        steep = np.abs(np.diff(logs)) / np.diff(t) * np.maximum(np.abs(t[1:]), np.abs(t[:-1]))
        known = np.minimum(logs[1:], logs[:-1]) > -_DEEPEST_LOGARITHM
        ratios = [np.abs(t) * np.exp(logs - part(place)) for part in (law.logcdf, law.logsf)]
        deep = logs > -_DEEPEST_LOGARITHM
    largest = max(np.max(each[deep & np.isfinite(each)], initial=1.0) for each in ratios)
    return _MARGIN * float(max(largest, np.max(steep[known & np.isfinite(steep)], initial=1.0)))


def _integral(law: LogOf, centre: float, order: int) -> float:
    """Return E (log Z - centre)^order."""
    t, _ = _grid(law)
    edges = np.unique([*t[::10], t[-1], *law.bends(), *([0.0] if law._bounded else [])])

    def integrand(t: Floats) -> Floats:
        place = Place(t, -t if law._bounded else np.full_like(t, np.inf))
        with np.errstate(all="ignore"):
            heights = np.exp(law.logpdf(place))
        return np.asarray((t - centre) ** order * np.where(np.isfinite(heights), heights, 0.0))

    return integrate(integrand, edges)


@lru_cache(maxsize=128)
def _central(law: LogOf) -> tuple[float, float, float, float]:
    mean = _integral(law, 0.0, 1)
    second, third, fourth = (_integral(law, mean, order) for order in (2, 3, 4))
    return mean, second, third / second**1.5, fourth / second**2 - 3
