"""How accurate a law with a density is: absolute bounds, and relative ones at each x."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from faltung.distributions.continuous.aside import with_apart
from faltung.distributions.continuous.checked import facts_of
from faltung.distributions.continuous.facts import Facts, largest_value
from faltung.distributions.continuous.mixture import (
    Places,
    is_pure,
    joined,
    mass_within,
    mixed,
    mixing_bound,
    wander,
    wandering,
)
from faltung.distributions.continuous.shares import Share, table_of
from faltung.distributions.law.vectors import Numbers, Values, vectorized
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats, likely, together
from faltung.errors import OptionError
from faltung.functions import contents
from faltung.functions.chains import primitive
from faltung.functions.chains.knots import Tail
from faltung.functions.polynomials.pieces import Pieces

if TYPE_CHECKING:
    from faltung.distributions.discrete.atoms import Atoms
    from faltung.functions import Function

Which: TypeAlias = Literal["cdf", "sf", "pdf"]

# Below the least normal double a value is off by so much.
_UNDERFLOW = 2.0**-1074

# Both sides together tell what one of them lacks up to a little; more than so much tells that part of
# the density was missed.
_MORE, _MISSED = 1.01, 1e-12


class Accuracy:
    """The bounds and estimates of a law with a density."""

    _function: Function
    _atoms: Atoms
    _density_at: Callable[[Floats], Floats]
    _share_below: Callable[[Floats], Floats]
    _share_above: Callable[[Floats], Floats]
    _sum_title: Callable[[], str]

    @cached_property
    def _facts(self) -> Facts:
        return facts_of(self._function, self._below, self._above)

    @cached_property
    def _below(self) -> Share:
        return Share(self._function, 1)

    @cached_property
    def _above(self) -> Share:
        return Share(self._function, -1)

    @cached_property
    def _places(self) -> Places | None:
        """Where the atoms are, None if the only one is 0."""
        return None if is_pure(self._atoms) else Places.of(self._atoms)

    @property
    def function(self) -> Function:
        """The density as a function.

        Its `error_bound` does not count what is uncertain in the weights of atoms:
        `pdf_error_bound` does. The atoms are taken where they are, not at their floats.

        Raises
        ------
        OptionError
            If more than 64 atoms were added to it; `pdf` has no such limit.
        """
        return joined(with_apart(self._function, self._facts.apart), self._atoms)

    @cached_property
    def error_bound(self) -> float:
        """The bound on the absolute error of every cdf and sf."""
        integrals = max(self._below.error_bound, self._above.error_bound)
        moved = mass_within(self._function, wander(self._function, self._places), self._below)
        mixing = mixing_bound(self._atoms)
        known = integrals + self._facts.cdf_bound + self._gap + moved
        return known * (1 + mixing) + mixing

    @cached_property
    def _gap(self) -> float:
        """By how much cdf + sf differs from 1 beyond both bounds: 0, unless one of them does not hold.

        The two integrals are made each from its own end, so that one tells of the other.
        """
        x = table_of(self._function._content)
        whole = self._below.values(x) + self._above.values(x)
        known = self._below.errors(x) + self._above.errors(x) + 2 * ROUNDOFF
        lost = self._facts.lost_mass + self._facts.apart.area
        return _MORE * max(float((np.abs(whole - 1) - known - lost).max()), 0.0)

    @property
    def _astray(self) -> float:
        """What is to be added to bounds of the density: infinity where the two sides differ so far.

        Something of it was missed then, and it may be anything there.
        """
        return math.inf if self._gap > _MISSED else 0.0

    @cached_property
    def error_estimate(self) -> float:
        """The absolute error of cdf and sf to expect."""
        integrals = max(self._below.error_estimate, self._above.error_estimate)
        weights = self._atoms._weights
        mixing = together(weights.error_estimate, likely(len(weights))) if len(weights) > 1 else 0.0
        moved = mass_within(self._function, wander(self._function, self._places), self._below) / 4
        known = together(integrals, mixing, moved) + self._facts.cdf_estimate + self._gap
        return min(known, self.error_bound)

    @cached_property
    def pdf_error_bound(self) -> float:
        """The bound on the absolute error of the density, farther than `break_bound` from a jump.

        Poles are left aside, as in :attr:`faltung.Function.error_bound`.
        """
        seen = wandering(self._function, self._places).error_bound
        largest, facts = largest_value(self._function), self._facts
        own, mixing = (
            seen + facts.lost_density + facts.apart.relative * largest + self._astray,
            mixing_bound(self._atoms),
        )
        return own + (own + largest) * mixing

    def relative_error_bound(self, x: Numbers, *, of: Which = "cdf") -> Values:
        """Return a bound on the relative error of cdf, sf or pdf at x.

        It counts all that is known: the density as it was sampled, the weights of atoms, the place of
        x between them, underflow. For a callable, SciPy's laws among them, it rests on the samples
        taken. What a law of SciPy's own cdf disagrees by is not counted here, but in `error_bound`.

        Parameters
        ----------
        x
            Where: a number or an array.
        of
            ``"cdf"``, ``"sf"`` or ``"pdf"``. For the pdf it holds farther than `break_bound` from jumps.

        Returns
        -------
        float or array
            Infinite where the value is 0 though the true one need not be; 0 where both are.

        Raises
        ------
        OptionError
            If `of` is something else.

        Examples
        --------
        >>> from scipy import stats
        >>> from faltung.distributions import distribution
        >>> law = distribution(stats.cauchy()) + distribution(stats.norm())
        >>> law.relative_error_bound(1e100, of="sf") < 1e-10
        True
        """
        return vectorized(lambda x: self._relative(of, x, expected=False), x)

    def relative_error_estimate(self, x: Numbers, *, of: Which = "cdf") -> Values:
        """Return the relative error of cdf, sf or pdf to expect at x.

        Parameters and errors are those of :meth:`relative_error_bound`.
        """
        return vectorized(lambda x: self._relative(of, x, expected=True), x)

    def _relative(self, of: str, x: Floats, *, expected: bool) -> Floats:
        """Return errors divided by values."""
        parts = {"cdf": self._share_below, "sf": self._share_above, "pdf": self._density_at}
        if of not in parts:
            raise OptionError(f'of={of!r}: write of="cdf", of="sf" or of="pdf"')
        value = mixed(parts[of], self._places, x)
        error = mixed(lambda t: self._off(of, t, expected=expected), self._places, x)
        mixing = self._atoms._weights.error_estimate if expected else mixing_bound(self._atoms)
        mixing = 0.0 if is_pure(self._atoms) else mixing
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            relative = error / value
            own = self._own(of, value, expected=expected) + mixing + ROUNDOFF
        sure = (error == 0) & (value == 0)
        whole = np.where((value >= 1) & (of != "pdf"), 0.0, own)
        return np.where(sure, 0.0, np.where(value > 0, relative + whole, np.inf))

    def _own(self, of: str, value: Floats, *, expected: bool) -> Floats:
        """Return how far the density that is kept is from the one that is meant, as a part of values."""
        apart = self._facts.apart
        if expected:
            relative, area = apart.relative_estimate, apart.area_estimate
        else:
            relative, area = apart.relative, apart.area
        if of == "pdf":
            return np.full_like(value, relative)
        return np.minimum(relative, area / value)

    def _off(self, of: str, x: Floats, *, expected: bool) -> Floats:
        """Return the absolute error of one part of the law, without atoms, at points beside them."""
        if of == "pdf":
            function = wandering(self._function, self._places)
            known = contents.error_bounds(function._content, x) + self._facts.lost_density
            return known / 100 if expected else known + _UNDERFLOW + self._astray
        share, value = (
            (self._below, self._share_below) if of == "cdf" else (self._above, self._share_above)
        )
        distance = wander(self._function, self._places) + 2 * ROUNDOFF * np.abs(x)
        apart: Floats | float = 0.0
        if self._places is not None:
            apart = np.abs(value(x + distance) - value(x - distance))
        if expected:
            return share.estimates(x) + apart / 4 + self._gap
        own = share.errors(x)
        tiny = np.where((value(x) < 2.0**-1022) & (own > 0), _UNDERFLOW, 0.0)
        return own + apart + self._facts.lost_mass + self._gap + tiny

    @property
    def break_bound(self) -> float:
        """How far the density may seem to jump from where it does, for breaks and atoms are rounded.

        Nearer to a jump than this, `pdf` may return the value of the other side. It is 0 where
        nothing was rounded, and where the density has no jump.

        Examples
        --------
        >>> import faltung as ft
        >>> from faltung.distributions import Density, Lattice
        >>> pulse = Density(ft.Function(1.0, (0, 1))) + Lattice([0.5, 0.5], start=0.1)
        >>> 0 < pulse.break_bound < 3e-16
        True
        """
        return wandering(self._function, self._places).break_bound

    @property
    def neglected_mass(self) -> float:
        """The probability that the density lacks at most: falling tails below 1e-290 or so."""
        return self._facts.lost_mass + self._tails + self._atoms.neglected_mass

    @cached_property
    def _tails(self) -> float:
        """Bound the mass beyond the distances to which the tails are followed."""
        content = self._function._content
        if isinstance(content, Pieces):
            return 0.0
        return float(
            sum(
                primitive.beyond(content, reach, side).bound
                for reach, side in ((content.left, -1), (content.right, 1))
                if reach.tail is Tail.FALLING
            )
        )

    def explain(self) -> str:
        """Return how the law was computed and how accurate it is."""
        shape = self._function
        mixed = "" if is_pure(self._atoms) else f", added to {len(self._atoms)} atoms"
        title = self._sum_title()
        summed = f", the law of {title}" if title else ""
        lost = self.neglected_mass
        missing = f"; mass left out <= {lost:.2g}" if lost else ""
        return (
            f"A density of {len(shape.coefficients)} pieces on [{shape.domain[0]:.6g}, "
            f"{shape.domain[1]:.6g}]{summed}{mixed}: cdf and sf have an absolute error <= "
            f"{self.error_bound:.2g} (to expect: {self.error_estimate:.2g}){missing}; "
            "relative_error_bound(x) tells that in the tails."
        )
