"""Laws with atoms and densities, as weighted sums of both."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.lattice import point
from faltung.distributions.law.draws import Random, as_generator, uniform_draws
from faltung.distributions.law.law import Law
from faltung.distributions.law.vectors import Numbers, Values, vectorized
from faltung.distributions.mixed.bounds import Bounds
from faltung.distributions.mixed.parts import (
    NOTHING,
    Omitted,
    Part,
    lacking,
    log_weighted,
    mixture_of_atoms,
    weighted,
    weighted_shares,
)
from faltung.distributions.numbers.inversion import first_between
from faltung.distributions.numbers.rational import rounded
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats, chained
from faltung.errors import DtypeError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes

_FEW_JUMPS = 256  # so many atoms are looked at one by one
_DRAWN = 1e-3  # a density with less of the largest one's weight does not widen a picture


class Mixed(Bounds, Law):
    """A mixture: with some probability atoms, else one of some laws with a density.

    Made by :func:`mixture`, by ``X.clip(low, high)``, by sums of such laws. `pmf` is that of the
    atoms and `pdf` the density of the rest, neither divided by its share: together they have the
    mass 1.

    Notes
    -----
    cdf and sf are the weighted sums of those of the parts, each from its own side. All terms are
    non-negative, so where the parts have relative accuracy in a tail, the mixture has.
    `error_bound` bounds the *absolute* error of cdf and sf: with weights w that are off by r at
    most, relatively, and parts that are off by b, it is ``sum w b`` and r beside, and the
    roundings of the sum.

    Examples
    --------
    >>> from faltung.distributions import distribution, mixture, point
    >>> claim = mixture([point(0), distribution("expon(2)")], [0.75, 0.25])
    >>> claim.pmf(0), claim.pdf(0.0), claim.sf(0)
    (0.75, 0.125, 0.25)
    >>> claim.ppf([0.5, 0.75]).tolist(), claim.mean()
    ([0.0, 0.0], 0.5)
    """

    def __init__(self) -> None:
        raise DtypeError("write mixture([X, Y], [0.25, 0.75]): a Mixed is made by mixing laws")

    @classmethod
    def _create(cls, parts: Sequence[Part], relative: float, omitted: Omitted = NOTHING) -> Self:
        law = object.__new__(cls)
        law._parts, law._relative, law._omitted = tuple(parts), relative, omitted
        return law

    # --- parts --------------------------------------------------------------------------------

    @property
    def atoms(self) -> Atoms | None:
        """The law of the atoms alone, made one; None without any."""
        first = self._parts[0].law
        return first if isinstance(first, Atoms) else None

    @property
    def atoms_mass(self) -> float:
        """The probability of all atoms together."""
        return self._parts[0].weight if self.atoms is not None else 0.0

    def components(self) -> list[tuple[float, Law]]:
        """Return the weights and the laws that are mixed, the atoms first."""
        return [(part.weight, part.law) for part in self._parts]

    def _smooth(self) -> tuple[Part, ...]:
        return self._parts[1:] if self.atoms is not None else self._parts

    def _grained(self) -> tuple[Part, ...]:
        return self._parts[:1] if self.atoms is not None else ()

    def explain(self) -> str:
        """Return how the law was computed and how accurate it is."""
        atoms, count = self.atoms, len(self._smooth())
        some = "" if atoms is None else "one atom" if len(atoms) == 1 else f"{len(atoms)} atoms"
        discrete = f"{some} with mass {self.atoms_mass:.6g} and " if some else ""
        densities = "one density" if count == 1 else f"{count} densities"
        left = self._omitted.mass
        missing = f"; mass left out <= {left:.2g}" if left else ""
        return (
            f"A mixture of {discrete}{densities}, weighted sums of theirs: cdf and sf have an "
            f"absolute error <= {self.error_bound:.2g} (to expect: {self.error_estimate:.2g}), and "
            f"in the tails the relative accuracy that the parts have{missing}."
        )

    # --- probabilities ------------------------------------------------------------------------

    def pmf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return P(X = x), positive at the atoms alone."""
        self._refuse_exact(exact)
        return weighted(self._grained(), "pmf", x)

    def logpmf(self, x: Numbers) -> Values:
        """Return log P(X = x), -inf elsewhere than at the atoms."""
        return log_weighted(self._grained(), "logpmf", x)

    def pdf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return the density of the continuous part at x; it integrates to the share of that."""
        self._refuse_exact(exact)
        return weighted(self._smooth(), "pdf", x)

    def logpdf(self, x: Numbers) -> Values:
        """Return the logarithm of the density of the continuous part."""
        return log_weighted(self._smooth(), "logpdf", x)

    def cdf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return P(X <= x), summed from the left in each part."""
        self._refuse_exact(exact)
        return vectorized(self._cdf, x)

    def sf(self, x: Numbers, *, exact: bool = False) -> Values:
        """Return P(X > x), summed from the right in each part."""
        self._refuse_exact(exact)
        return vectorized(self._sf, x)

    def logcdf(self, x: Numbers) -> Values:
        """Return log P(X <= x), also below the smallest float."""
        return vectorized(lambda x: self._log("logcdf", self._sf, x), x)

    def logsf(self, x: Numbers) -> Values:
        """Return log P(X > x), also below the smallest float."""
        return vectorized(lambda x: self._log("logsf", self._cdf, x), x)

    def ppf(self, q: Numbers) -> Values:
        """Return an x with ``cdf(x) >= q`` whose lower neighbour in float64 has ``cdf < q``.

        So at an atom it is the atom, and at a level that the cdf keeps for a while the beginning
        of that. As in SciPy ``ppf(0)`` and ``ppf(1)`` are the ends of the support.
        """
        return vectorized(lambda q: self._inverted(self._cdf, q, falls=False), q)

    def isf(self, q: Numbers) -> Values:
        """Return an x with ``sf(x) <= q`` whose lower neighbour in float64 has ``sf > q``."""
        return vectorized(lambda q: self._inverted(self._sf, q, falls=True), q)

    def rvs(
        self,
        size: int | tuple[int, ...] | None = None,
        random_state: Random = None,
        *,
        rng: Random = None,
    ) -> Values:
        """Draw random variates: of each, first the part and then a variate of that.

        For `size`, `random_state` and `rng` see :meth:`Law.rvs`.
        """
        generator = as_generator(random_state, rng)
        uniform = uniform_draws(size, generator)
        levels = np.cumsum([part.weight for part in self._parts])
        chosen = np.searchsorted(levels[:-1], uniform.ravel(), side="right")
        result = np.empty(chosen.shape)
        for i, part in enumerate(self._parts):
            here = np.flatnonzero(chosen == i)
            if len(here):
                result[here] = part.law.rvs(len(here), generator)
        return float(result[0]) if uniform.ndim == 0 else result.reshape(uniform.shape)

    def _inverted(self, share: Callable[[Floats], Floats], q: Floats, *, falls: bool) -> Floats:
        """Return where the share reaches q; jumps at a few atoms are known beforehand."""
        low, high = self.support()
        atoms = self.atoms
        jumps = np.zeros(0) if atoms is None or len(atoms) > _FEW_JUMPS else atoms.points
        wanted = np.where((q > 0) & (q < 1), q, np.nan)
        result = first_between(share, wanted, (low, high), falls=falls, jumps=jumps)
        first, last = (high, low) if falls else (low, high)
        return np.where(q == 0, first, np.where(q == 1, last, result))

    def _cdf(self, x: Floats) -> Floats:
        below = np.minimum(weighted_shares(self._parts, "cdf", x), 1.0)
        return np.where(x >= self.support()[1], 1.0, below)

    def _sf(self, x: Floats) -> Floats:
        above = np.minimum(weighted_shares(self._parts, "sf", x), 1.0)
        return np.where(x < self.support()[0], 1.0, above)

    def _log(self, method: str, rest: Callable[[Floats], Floats], x: Floats) -> Floats:
        """Return the logarithm; from the other side where it is near 0."""
        direct, other = np.asarray(log_weighted(self._parts, method, x)), rest(x)
        return np.where(other < 0.5, np.log1p(-np.minimum(other, 0.5)), direct)

    # --- moments and support ------------------------------------------------------------------

    def mean(self, *, exact: bool = False) -> float:
        """Return the expected value; inf or NaN where a part has none."""
        self._refuse_exact(exact)
        return math.fsum(part.weight * float(part.law.mean()) for part in self._parts)

    def var(self, *, exact: bool = False) -> float:
        """Return the variance; inf or NaN where a part has none."""
        self._refuse_exact(exact)
        mean = self.mean()
        if not math.isfinite(mean):
            return math.nan
        spreads = (float(p.law.var()) + (float(p.law.mean()) - mean) ** 2 for p in self._parts)
        return math.fsum(p.weight * each for p, each in zip(self._parts, spreads, strict=True))

    def support(self) -> tuple[float, float]:
        """Return the smallest and the largest value of the variable; either may be infinite."""
        ends = [part.law.support() for part in self._parts]
        ends.append((self._omitted.low, self._omitted.high))
        return min(low for low, _ in ends), max(high for _, high in ends)

    def _bends(self) -> list[float]:
        return [x for part in self._smooth() for x in part.law._bends()]

    def entropy(self) -> float:
        """Return the differential entropy of a mixture of densities.

        Raises
        ------
        DtypeError
            If there are atoms: a law with both has no entropy in either sense.
        """
        if self.atoms is not None:
            raise DtypeError(
                "a law with atoms and a density has no entropy: take that of its parts"
            )
        return super().entropy()

    def mode(self) -> float:
        """Return the most probable atom; without any, where the density is largest."""
        return super().mode() if self.atoms is None else self.atoms.mode()

    def _central(self, centre: float, order: int) -> float:
        return sum(part.weight * part.law._central(centre, order) for part in self._parts)

    def _expected(self, function: Callable[[Floats], Floats], low: float, high: float) -> float:
        return sum(part.weight * part.law._expected(function, low, high) for part in self._parts)

    # --- operations ---------------------------------------------------------------------------

    def _mapped(self, change: Callable[[Law], Law], place: Callable[[float], float]) -> Law:
        """Return the mixture of the changed parts, which stay of their kind."""
        parts = [Part(part.weight, change(part.law)) for part in self._parts]
        left = self._omitted
        left = left.between(place(left.low), place(left.high))
        return type(self)._create(parts, self._relative, left)

    def _shifted(self, offset: Fraction) -> Law:
        return self._mapped(lambda law: law._shifted(offset), lambda x: x + rounded(offset))

    def _scaled(self, factor: Fraction) -> Law:
        if not factor:
            return point(0)
        return self._mapped(lambda law: law._scaled(factor), lambda x: x * rounded(factor))

    def _closed_plus(self, other: Law) -> Law | None:  # noqa: ARG002
        """Return the sum with another law in closed form, None where there is none."""
        return None

    def _copies(self, n: int) -> Law:
        from faltung.distributions.mixed.sums import copies

        return copies(self, n)

    # --- pictures -----------------------------------------------------------------------------

    def __repr__(self) -> str:
        low, high = self.support()
        return (
            f"Mixed(atoms {self.atoms_mass:.6g}, on [{low:g}, {high:g}], mean {self.mean():.6g}, "
            f"std {self.std():.6g}, error <= {self.error_bound:.2g})"
        )

    def _drawn(self, count: int) -> tuple[Floats, Floats]:
        from faltung.distributions.pictures import grid_over, window_of

        least = _DRAWN * max(part.weight for part in self._smooth())
        shown = [part.law for part in self._smooth() if part.weight >= least]
        starts, stops = zip(*(window_of(law) for law in shown), strict=True)
        points = grid_over((min(starts), max(stops)), count)
        return points, np.asarray(self.pdf(points))

    def _draw(self, ax: Axes, **style: Any) -> None:
        from faltung.distributions.pictures import draw_both, shown_atoms

        points, weights = ((), ()) if self.atoms is None else shown_atoms(self.atoms)
        atoms = np.asarray(points), self.atoms_mass * np.asarray(weights)
        draw_both(ax, self._drawn(801), atoms, **style)

    def _outlines(self) -> list[tuple[list[float], list[float], bool]]:
        atoms = self.atoms
        return [self._outline(), *([] if atoms is None else [atoms._outline()])]

    def _outline(self) -> tuple[list[float], list[float], bool]:
        points, heights = self._drawn(161)
        return points.tolist(), heights.tolist(), False


def mixed(parts: Sequence[Part], relative: float, omitted: Omitted = NOTHING) -> Law:
    """Return the mixture of some laws: one of atoms alone, a density alone, or both.

    The weights are non-negative and each within `relative` of what is meant; with what is omitted
    they sum to one. Mixtures among the laws are dissolved, and all atoms become one part.
    """
    flat: list[Part] = []
    inner_bound = 0.0
    for part in parts:
        if isinstance(part.law, Mixed):
            flat += [Part(part.weight * inner.weight, inner.law) for inner in part.law._parts]
            inner_bound = max(inner_bound, chained(part.law._relative, ROUNDOFF))
            omitted = omitted.plus(part.law._omitted.times(part.weight))
        elif part.weight > 0:
            flat.append(part)
    atoms = [part for part in flat if isinstance(part.law, Atoms)]
    smooth = [part for part in flat if not isinstance(part.law, Atoms)]
    if not smooth or not atoms:
        parts = [_merged(atoms)] if atoms else _distinct(smooth)
    else:
        parts = [_merged(atoms), *_distinct(smooth)]
    if len(parts) == 1 and isinstance(parts[0].law, Atoms):
        return lacking(parts[0].law, omitted.mass)
    if len(parts) == 1 and not omitted.mass:
        return parts[0].law
    return Mixed._create(parts, chained(relative, inner_bound), omitted)


def _merged(parts: Sequence[Part]) -> Part:
    """Return the atoms of several parts as one."""
    mass = math.fsum(part.weight for part in parts)
    if len(parts) == 1:
        return parts[0]
    laws = [part.law.to_float() for part in parts if isinstance(part.law, Atoms)]
    factors = [Fraction(part.weight) / Fraction(mass) for part in parts]
    return Part(mass, mixture_of_atoms(laws, factors, 2 * ROUNDOFF))


def _distinct(parts: Sequence[Part]) -> list[Part]:
    """Return the parts with equal ones, the same object twice, added."""
    weights: dict[int, float] = {}
    for part in parts:
        weights[id(part.law)] = weights.get(id(part.law), 0.0) + part.weight
    laws = {id(part.law): part.law for part in parts}
    return [Part(weight, laws[key]) for key, weight in weights.items()]
