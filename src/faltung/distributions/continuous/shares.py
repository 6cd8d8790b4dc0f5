"""The share of a density on one side of x, with what it may be off by at each x."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from faltung.distributions.numbers.rounding import ROUNDOFF, Floats
from faltung.functions import Function, contents
from faltung.functions.bounds import Deviation
from faltung.functions.chains.knots import Tail
from faltung.functions.contents import Content
from faltung.functions.polynomials.pieces import Pieces

# Points of a table in each piece, and in what is left of the doubles beyond an algebraic tail.
_INSIDE, _OUTSIDE = 8, 40

# A piece without a near end is looked at down to this part of its far end.
_NEAREST = 1e-300

# More than two roundings.
_MORE = 1 + 4 * ROUNDOFF

_LEAST_NORMAL = 2.0**-1022
_LARGEST = float(np.finfo(np.float64).max)


@dataclass(frozen=True, eq=False)
class Share:
    """The integral of a density over all s <= x, or with side -1 over all s >= x.

    Attributes
    ----------
    density
        Its integral is 1.
    side
        From which side it is integrated.
    """

    density: Function
    side: int

    def stretched(self, density: Function, factor: Fraction) -> Stretched:
        """Return the share of factor X on the same side of X; its density is given."""
        # A factor may be hardly a float, or none.
        exponent = factor.numerator.bit_length() - factor.denominator.bit_length()
        mantissa = float(factor / Fraction(2) ** exponent)
        side = self.side if factor > 0 else -self.side
        return Stretched(density, side, self, mantissa, exponent)

    @property
    def error_bound(self) -> float:
        """The bound on the absolute error of any value."""
        return self.function.error_bound

    @property
    def error_estimate(self) -> float:
        """The absolute error to expect."""
        return self.function.error_estimate

    @cached_property
    def function(self) -> Function:
        """The integral from the left as a function of side * x."""
        seen = self.density if self.side > 0 else self.density.reflect()
        return seen.cumulative()

    @property
    def _content(self) -> Content:
        return self.function._content

    def values(self, x: Floats) -> Floats:
        """Return the share at each x, between 0 and 1."""
        seen = self.side * x
        inside = np.clip(contents.evaluate(self._content, seen), 0.0, 1.0)
        inside = np.where(np.isnan(x), np.nan, inside)
        low, high = self.function.domain
        # The density has no mass at a point: at the end of its domain all of it is counted.
        return np.where(seen >= min(high, self._last), 1.0, np.where(seen <= low, 0.0, inside))

    @cached_property
    def _last(self) -> float:
        """Where the pieces end: a rounding before the end of the domain, maybe."""
        content = self._content
        if isinstance(content, Pieces) or np.isinf(self.function.domain[1]):
            return np.inf
        return float(content.chain.high.max())

    def errors(self, x: Floats) -> Floats:
        """Return a bound on the absolute error of each value."""
        return self._off(self._content, x)

    def estimates(self, x: Floats) -> Floats:
        """Return the error to expect of each value."""
        return self._off(self._expected, x)

    def _off(self, content: Content, x: Floats) -> Floats:
        seen = self.side * x
        known = contents.error_bounds(content, seen)
        low, high = self.function.domain
        outside = (seen >= high) | (seen <= low)
        if np.isinf(low) or np.isinf(high):
            # All of the law is on one side of infinity.
            known = np.where(np.isinf(seen), 0.0, known)
            outside &= ~np.isinf(seen)
        known = np.where(outside, content.misplaced.outside, known)
        # A subnormal x has few digits itself.
        rough = np.flatnonzero((x != 0) & (np.abs(x) < _LEAST_NORMAL))
        known[rough] += np.abs(self.values(2 * x[rough]) - self.values(x[rough] / 2))
        return known

    @cached_property
    def _expected(self) -> Content:
        """The same with the errors to expect in place of the bounds."""
        content = self._content
        if isinstance(content, Pieces):
            return content
        own = content.chain.deviation.estimate
        return replace(content, chain=replace(content.chain, deviation=Deviation(own, own)))


@dataclass(frozen=True, eq=False)
class Stretched(Share):
    """A share of a multiple, which is that of the variable itself at x / factor.

    So it is as accurate however large or small the factor is.
    """

    base: Share
    mantissa: float
    exponent: int

    def _quotients(self, x: Floats) -> Floats:
        with np.errstate(over="ignore", under="ignore"):
            return np.ldexp(x / self.mantissa, -self.exponent)

    def values(self, x: Floats) -> Floats:
        """Return the share at each x, between 0 and 1."""
        return self.base.values(self._quotients(x))

    def errors(self, x: Floats) -> Floats:
        """Return a bound on the absolute error of each value."""
        return self.base.errors(self._quotients(x)) + self._between(x)

    def estimates(self, x: Floats) -> Floats:
        """Return the error to expect of each value."""
        return self.base.estimates(self._quotients(x)) + self._between(x) / 4

    def _between(self, x: Floats) -> Floats:
        """Return what lies between the quotients that may be meant: factor and quotient are rounded."""
        t = self._quotients(x)
        with np.errstate(over="ignore"):
            return np.abs(self.base.values(t * _MORE) - self.base.values(t / _MORE))

    @cached_property
    def _rounded(self) -> float:
        """Return the largest mass between two quotients that may be meant."""
        table = table_of(self.base.density._content)
        with np.errstate(invalid="ignore", over="ignore", under="ignore"):
            steep = np.abs(table) * np.abs(self.base.density(table))
        return 2 * (_MORE - 1) * float(steep[np.isfinite(steep)].max(initial=1.0))

    @property
    def error_bound(self) -> float:
        """The bound on the absolute error of any value."""
        return self.base.error_bound + self._rounded

    @property
    def error_estimate(self) -> float:
        """The absolute error to expect."""
        return self.base.error_estimate + self._rounded / 4


def table_of(content: Content) -> Floats:
    """Return points all over the domain of a function, its ends among them, if it has any."""
    if isinstance(content, Pieces):
        inner = np.linspace(content.breaks[:-1], content.breaks[1:], 33, axis=1)[:, :-1]
        return np.append(inner.ravel(), content.breaks[-1])
    chain = content.chain
    near = np.maximum(chain.near, np.maximum(_NEAREST * chain.far, _LEAST_NORMAL))
    part = np.linspace(0, 1, _INSIDE + 1)[:, None]
    with np.errstate(over="ignore", under="ignore"):
        even = chain.near + (chain.far - chain.near) * part
        curved = near * (chain.far / near) ** part
    both = chain.anchors + chain.sides * np.concatenate([even, curved])
    parts = [both.ravel(), [end for end in content.domain if np.isfinite(end)]]
    for reach, knot, side in (
        (content.left, content.knots[0], -1),
        (content.right, content.knots[-1], 1),
    ):
        if reach.tail is Tail.ALGEBRAIC and reach.stop < _LARGEST / 4:
            far = np.geomspace(reach.stop, _LARGEST / 4, _OUTSIDE)
            parts.append(np.append(knot.at + side * far, side * _LARGEST))
        elif reach.tail is Tail.FALLING:
            parts.append(np.array([knot.at + side * reach.stop, side * _LARGEST]))
    low, high = content.domain
    table = np.unique(np.concatenate(parts))
    return np.asarray(table[(table >= low) & (table <= high)])
