"""The law of the sum of a random number of independent summands."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any, overload

import numpy as np

from faltung.distributions.compounds.panjer import Counts, random_sum
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.grids import gathered
from faltung.distributions.discrete.known import Known
from faltung.distributions.discrete.lattice import Lattice, point
from faltung.distributions.discrete.points import arranged
from faltung.distributions.families.named import NamedDensity
from faltung.distributions.families.sums import closed_copies
from faltung.distributions.law.law import Law
from faltung.distributions.law.operands import as_operand, is_law
from faltung.distributions.mixed.mixed import mixed
from faltung.distributions.mixed.mixture import mixture
from faltung.distributions.mixed.parts import Omitted, Part, mixture_of_atoms
from faltung.distributions.named.tweedie import poisson_of_gammas
from faltung.distributions.numbers.rational import brief, is_number, written
from faltung.distributions.numbers.reach import Reach
from faltung.distributions.numbers.rounding import ROUNDOFF, Floats, chained, together
from faltung.distributions.scipy_laws.door import from_scipy, is_scipy
from faltung.distributions.weights.exact import ExactWeights
from faltung.errors import DataError, DtypeError, OptionError
from faltung.progress import progress_bar

_MOST_SUMS = 400
_MOST_NEGLECTED, _LEAST_NEGLECTED = 1e-18, 1e-300
_MOST_ENTRIES = 2**24


@overload
def compound(counts: Any, summand: Atoms, *, neglected: float | None = None) -> Atoms: ...
@overload
def compound(counts: Any, summand: Law, *, neglected: float | None = None) -> Law: ...
def compound(counts: Any, summand: Law, *, neglected: float | None = None) -> Law:
    """Return the law of the sum of a random number of independent copies.

    Parameters
    ----------
    counts
        The law of the number N: a frozen SciPy distribution such as ``scipy.stats.poisson(20)``, or
        a discrete law on 0, 1, 2, ….
    summand
        The law of one of them; N does not depend on them.
    neglected
        How much of the law of N may be cut off where sums are mixed one by one. By default 1e-18,
        and where sums of the summands have closed forms 1e-300, or what is beyond 400 of them.

    Returns
    -------
    Law
        Discrete if `summand` is; otherwise a :class:`Mixed` with an atom at 0 for N = 0, which
        counts what was cut off in its bounds.

    Raises
    ------
    DtypeError
        If `counts` is no discrete law, or `summand` no law.
    DataError
        If N can be negative or no whole number.
    OptionError
        If the work would be too much: says how many terms; if `neglected` is no probability.

    Notes
    -----
    ===========================  ============================================================
    N binomial (n, p)            the n-fold sum of the mixture of 0 and the summand
    N Poisson, geometric or      Panjer's recursion, if the summand is on 0, h, 2 h, …: without
    negative binomial            negative terms, in double-double at any depth, and cut where less
                                 than 1e-300 lies beyond
    N Poisson, gamma summands    Tweedie's law: both tails are series without negative terms
    any other N, other summands  the mixture of the n-fold sums, exact for exact laws
    ===========================  ============================================================

    Examples
    --------
    >>> import scipy.stats
    >>> from faltung.distributions import Lattice, die
    >>> total = compound(Lattice([6, 3, 1], normalize=True), Lattice([4, 5, 1], 1, normalize=True))
    >>> [str(p) for p in total.exact_weights()]
    ['3/5', '3/25', '83/500', '7/100', '33/1000', '1/100', '1/1000']
    >>> round(compound(scipy.stats.poisson(20), die(6)).mean(), 9)
    70.0
    """
    law = as_operand(summand)
    if not is_law(law):
        raise DtypeError(f"summand is a {type(summand).__name__}: make it a law")
    if neglected is not None and (not is_number(neglected) or not 0 < neglected < 1):
        raise OptionError(f"neglected={written(neglected)}: write a small positive probability")
    known = _family(counts)
    if known is not None and (total := _of_family(known, law)) is not None:
        return total
    return _by_mixture(_as_counts(counts), law, neglected)


def _of_family(known: Known, law: Law) -> Law | None:
    """Return the sum for a number of a family, which may begin at an offset; None if none helps."""
    if known.offset:
        if known.family != "binom" and not isinstance(law, Atoms):
            return None  # the mixture of the sums has more digits than a sum with what is mixed
        rest = _of_family(replace(known, offset=0), law)
        return None if rest is None else law.sum(known.offset) + rest
    if known.family == "binom":
        n, p = known.shapes
        return mixture([point(0), law], [1 - p, p]).sum(int(n))
    if known.family == "poisson" and isinstance(law, NamedDensity):
        return poisson_of_gammas(known.shapes[0], law)
    if not isinstance(law, Atoms) or not _on_lattice(law):
        return None
    parameter, *successes = known.shapes[::-1]
    return _by_recursion(Counts(parameter, *successes), law)


# --- the law of the number ------------------------------------------------------------------------


def _family(counts: Any) -> Known | None:
    """Return the family of a number if it has one that helps, with exact parameters."""
    if isinstance(counts, Lattice):
        known = counts._known if counts._start >= 0 else None
    else:
        known = _frozen_family(counts)
    if known is None or known.offset < 0 or known.offset > _MOST_SUMS:
        return None
    first, last = known.shapes[0], known.shapes[-1]
    if known.family == "poisson":
        return known if first > 0 else None
    if known.family == "nbinom":
        return known if first > 0 and 0 < last < 1 else None
    return known if known.family == "binom" and first.denominator == 1 else None


def _frozen_family(counts: Any) -> Known | None:
    """Return the family of a frozen law of SciPy; None where its parameters are no numbers."""
    if not is_scipy(counts) or not hasattr(counts, "dist"):
        return None
    shapes, location, _ = counts.dist._parse_args(*counts.args, **counts.kwds)
    if not all(np.ndim(each) == 0 and math.isfinite(each) for each in (*shapes, location)):
        return None
    if not shapes or location != int(location):
        return None
    exact = tuple(Fraction(float(shape)) for shape in shapes)
    known = Known.of(counts.dist.name, exact)
    return replace(known, offset=known.offset + int(location))


def _as_counts(counts: Any) -> Atoms:
    law = from_scipy(counts) if is_scipy(counts) else counts
    if not isinstance(law, Atoms):
        raise DtypeError(
            f"counts is a {type(counts).__name__}: write a discrete law on 0, 1, 2, …, such as "
            "scipy.stats.poisson(20)"
        )
    start = law._start
    whole = start.denominator == 1 and (law._step.denominator == 1 or len(law) == 1)
    if start < 0 or not whole:
        raise DataError(
            f"counts takes values such as {law.points[0]:.10g}: a number of summands is a whole "
            "number >= 0"
        )
    return law


# --- the ways -------------------------------------------------------------------------------------


def _on_lattice(law: Atoms) -> bool:
    """Tell whether the points are 0, h, 2 h, … of which more than 0 has probability."""
    return law._start >= 0 and law._exact_ends()[1] > 0 and _first_place(law).denominator == 1


def _first_place(law: Atoms) -> Fraction:
    step = law._step if len(law) > 1 else law._start
    return law._start / step


def _by_recursion(counts: Counts, law: Atoms) -> Atoms:
    step = law._step if len(law) > 1 else law._start
    places = law._indices + int(_first_place(law)) if len(law) > 1 else np.array([1])
    made = random_sum(counts, law._weights.to_float().placed(places.astype(np.int64)))
    return gathered(
        made, Fraction(0), step, np.arange(len(made)), reach=Reach(Fraction(0), math.inf)
    )


def _by_mixture(counts: Atoms, law: Law, neglected: float | None) -> Law:
    """Return the mixture of the n-fold sums."""
    numbers, last = _numbers(counts, law, neglected)
    if isinstance(law, Atoms) and last * last * len(law) > _MOST_ENTRIES:
        raise OptionError(
            f"the sums of up to {brief(last)} summands of {len(law)} points are too many to mix: "
            "give counts as scipy.stats.poisson or nbinom, or round the summand"
        )
    made: dict[int, Law] = {0: point(0), 1: law}
    sums: dict[int, Law] = {}
    with progress_bar(len(numbers), "sums of terms", None, delay=1.0) as bar:
        for n in numbers:
            sums[n] = _sum(n, made)
            bar.advance()
    return _mixed(counts, law, numbers, sums)


def _sum(n: int, made: dict[int, Law]) -> Law:
    """Return the sum of n copies and keep it; of densities from halves: so the fewest lie on each other."""
    if n not in made:
        part = 1 if isinstance(made[1], Atoms) else n // 2
        made[n] = _sum(n - part, made) + _sum(part, made)
    return made[n]


def _numbers(counts: Atoms, law: Law, neglected: float | None) -> tuple[dict[int, int], int]:
    """Return {n: index of its probability}, and the largest n."""
    number = [int(counts._start + counts._step * int(k)) for k in counts._indices]
    stop = len(number)
    if not (isinstance(law, Atoms) and law.exact and counts.exact):
        above = np.asarray(counts._weights.above)[1:]
        stop = _first_below(above, _MOST_NEGLECTED if neglected is None else neglected)
        if neglected is None and _is_closed(law):
            affordable = int(np.searchsorted(number, _MOST_SUMS, side="right"))
            stop = max(stop, min(_first_below(above, _LEAST_NEGLECTED), affordable))
    used = counts._weights.positive()
    some = (k for k in range(len(number)) if used[k] and number[k])
    stop = stop if neglected else max(stop, next(some, 0) + 1)  # few summands are not none
    chosen = {number[k]: k for k in range(stop) if used[k]}
    last = max(chosen)
    if last > _MOST_SUMS:
        raise OptionError(
            f"there may be {brief(last)} summands, and at most {_MOST_SUMS} sums are mixed: round "
            "the summand to a lattice with discretize(...) and give counts as a law of SciPy, or "
            "write a larger neglected="
        )
    return chosen, last


def _first_below(above: Floats, mass: float) -> int:
    """Return how many numbers are to be kept for no more than a mass to be beyond them."""
    reached = above <= mass
    return int(np.argmax(reached)) + 1 if reached.any() else len(above)


def _is_closed(law: Law) -> bool:
    """Tell whether sums of copies have a name."""
    return isinstance(law, NamedDensity) and closed_copies(law._located(), 2) is not None


def _mixed(counts: Atoms, law: Law, numbers: dict[int, int], sums: dict[int, Law]) -> Law:
    weights, laws = counts._weights, list(sums.values())
    atoms = [law for law in laws if isinstance(law, Atoms)]
    if isinstance(weights, ExactWeights) and len(numbers) == int(weights.positive().sum()):
        factors = weights.fractions()
        if len(atoms) == len(laws):
            return mixture_of_atoms(atoms, [factors[k] for k in numbers.values()])
    chosen = np.array(list(numbers.values()))
    scaled = weights.to_float()
    chances = scaled.chosen(chosen).fractions()
    lost = scaled.neglected
    if int(weights.positive().sum()) > len(chosen):
        lost += 1.01 * float(scaled.above[chosen[-1] + 1])
    if len(atoms) < len(laws):
        parts = [Part(float(chance), law) for chance, law in zip(chances, laws, strict=True)]
        left = Omitted(lost).between(*_ends(counts, law))
        return mixed(parts, chained(scaled.relative, ROUNDOFF), left)
    total = mixture_of_atoms(atoms, chances, scaled.relative)
    known = total._weights.to_float()
    estimate = together(known.estimate, scaled.estimate)
    made = replace(known, estimate=estimate, neglected=known.neglected + lost)
    reach = _endless(counts, total)
    return arranged(made, total._start, total._step, total._indices, reach=reach)


def _ends(counts: Atoms, law: Law) -> tuple[float, float]:
    """Return the ends of sums of any number of copies that may be."""
    few, many = counts.support()
    low, high = law.support()
    return low * (many if low < 0 else few), high * (many if high > 0 else few)


def _endless(counts: Atoms, law: Atoms) -> Reach | None:
    if math.isfinite(counts.support()[1]):
        return law._reach
    ends = law._ends()
    return Reach(ends.low, math.inf)
