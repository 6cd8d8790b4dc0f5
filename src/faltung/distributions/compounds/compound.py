"""The law of the sum of a random number of independent summands."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, overload

import numpy as np

from faltung.distributions.compounds.panjer import Counts, random_sum
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.grids import gathered
from faltung.distributions.discrete.lattice import point
from faltung.distributions.law.law import Law
from faltung.distributions.law.operands import as_operand, is_law
from faltung.distributions.mixed.mixed import mixed
from faltung.distributions.mixed.mixture import mixture
from faltung.distributions.mixed.parts import Part, mixture_of_atoms
from faltung.distributions.numbers.rational import as_rational, brief
from faltung.distributions.numbers.reach import Reach
from faltung.distributions.numbers.rounding import ROUNDOFF, chained, together
from faltung.distributions.scipy_laws.door import from_scipy, is_scipy
from faltung.distributions.weights.blended import float_weights
from faltung.distributions.weights.exact import ExactWeights
from faltung.errors import DataError, DtypeError, OptionError

_MOST_SUMS = 400
_MOST_ENTRIES = 2**24


@overload
def compound(counts: Any, summand: Atoms, *, neglected: float = 1e-18) -> Atoms: ...
@overload
def compound(counts: Any, summand: Law, *, neglected: float = 1e-18) -> Law: ...
def compound(counts: Any, summand: Law, *, neglected: float = 1e-18) -> Law:
    """Return the law of the sum of a random number of independent copies.

    Parameters
    ----------
    counts
        The law of the number N: a frozen SciPy distribution such as ``scipy.stats.poisson(20)``, or
        a discrete law on 0, 1, 2, ….
    summand
        The law of one of them; N does not depend on them.
    neglected
        How much of the law of N may be cut off where sums are mixed one by one.

    Returns
    -------
    Law
        Discrete if `summand` is; otherwise a :class:`Mixed` with an atom at 0 for N = 0.

    Raises
    ------
    DtypeError
        If `counts` is no discrete law, or `summand` no law.
    DataError
        If N can be negative or no whole number.
    OptionError
        If the work would be too much: says how many terms.

    Notes
    -----
    ===========================  ============================================================
    N binomial (n, p)            the n-fold sum of the mixture of 0 and the summand
    N Poisson or negative        Panjer's recursion, if the summand is on 0, h, 2 h, …: without
    binomial                     negative terms, scaled, and cut off below 1e-300
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
    known = _family(counts)
    if known == "binomial":
        n, p = _parameters(counts)
        return mixture([point(0), law], [1 - p, p]).sum(int(n))
    if isinstance(known, Counts) and isinstance(law, Atoms) and _on_lattice(law):
        return _by_recursion(known, law)
    return _by_mixture(_as_counts(counts), law, neglected)


# --- the law of the number ------------------------------------------------------------------------


def _family(counts: Any) -> Counts | str | None:
    """Return what is known of a frozen law of SciPy beside its probabilities."""
    if not is_scipy(counts) or not hasattr(counts, "dist"):
        return None
    name, parameters = counts.dist.name, _parameters(counts)
    if parameters is None:
        return None
    if name == "poisson" and parameters[0] > 0:
        return Counts(parameters[0])
    if name == "nbinom" and parameters[0] > 0 and 0 < parameters[1] < 1:
        return Counts(parameters[1], parameters[0])
    return "binomial" if name == "binom" and parameters[0].denominator == 1 else None


def _parameters(counts: Any) -> Any:
    """Return the parameters as rationals; None where there is a shift or an array."""
    shapes, location, _ = counts.dist._parse_args(*counts.args, **counts.kwds)
    if location != 0 or not all(np.ndim(shape) == 0 for shape in shapes):
        return None
    values = [float(shape) for shape in shapes]
    if not all(math.isfinite(value) for value in values):
        return None
    return tuple(as_rational(value) for value in values)


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
    weights = law._weights.to_float()
    values = np.zeros(int(places[-1]) + 1)
    values[places.astype(np.int64)] = weights.floats
    sums = random_sum(counts, values, weights.relative)
    lost = sums.neglected + (counts.mean + 1) * weights.neglected
    made = float_weights(sums.values, sums.relative, sums.estimate, lost)
    numbers = np.arange(len(sums.values))
    return gathered(made, Fraction(0), step, numbers, reach=Reach(Fraction(0), math.inf))


def _by_mixture(counts: Atoms, law: Law, neglected: float) -> Law:
    """Return the mixture of the n-fold sums, each made of the one before."""
    numbers, last = _numbers(counts, neglected, exact=isinstance(law, Atoms) and law.exact)
    if isinstance(law, Atoms) and last * last * len(law) > _MOST_ENTRIES:
        raise OptionError(
            f"the sums of up to {brief(last)} summands of {len(law)} points are too many to mix: "
            "give counts as scipy.stats.poisson or nbinom, or round the summand"
        )
    sums: dict[int, Law] = {}
    running: Law = point(0)
    for n in range(last + 1):
        running = running + law if n else running
        if n in numbers:
            sums[n] = running
    return _mixed(counts, numbers, sums)


def _numbers(counts: Atoms, neglected: float, *, exact: bool) -> tuple[dict[int, int], int]:
    """Return {n: index of its probability}, and the largest n."""
    number = [int(counts._start + counts._step * int(k)) for k in counts._indices]
    stop = len(number)
    if not (exact and counts.exact):
        above = np.asarray(counts._weights.above)[1:]
        stop = int(np.argmax(above <= neglected)) + 1 if (above <= neglected).any() else stop
    used = counts._weights.positive()
    chosen = {number[k]: k for k in range(stop) if used[k]}
    last = max(chosen)
    if last > _MOST_SUMS:
        raise OptionError(
            f"there may be {brief(last)} summands, and at most {_MOST_SUMS} sums are mixed: round "
            "the summand to a lattice with discretize(...) and give counts as a law of SciPy, or "
            "write a larger neglected="
        )
    return chosen, last


def _mixed(counts: Atoms, numbers: dict[int, int], sums: dict[int, Law]) -> Law:
    weights, laws = counts._weights, list(sums.values())
    atoms = [law for law in laws if isinstance(law, Atoms)]
    if isinstance(weights, ExactWeights) and len(numbers) == int(weights.positive().sum()):
        factors = weights.fractions()
        if len(atoms) == len(laws):
            return mixture_of_atoms(atoms, [factors[k] for k in numbers.values()])
    floats = weights.to_float()
    chances = [float(floats.floats[k]) for k in numbers.values()]
    lost = max(1.0 - math.fsum(chances), 0.0) + floats.neglected
    relative = chained(floats.relative, ROUNDOFF)
    if len(atoms) < len(laws):
        parts = [Part(chance, law) for chance, law in zip(chances, laws, strict=True)]
        return mixed(parts, relative + lost)
    law = mixture_of_atoms(atoms, [Fraction(chance) for chance in chances], relative)
    known = law._weights.to_float()
    estimate = together(known.estimate, floats.estimate)
    made = float_weights(known.floats, known.relative, estimate, known.neglected + 1.01 * lost)
    return type(law)._create(made, law._start, law._step, law._places, reach=_endless(counts, law))


def _endless(counts: Atoms, law: Atoms) -> Reach | None:
    if math.isfinite(counts.support()[1]):
        return law._reach
    ends = law._ends()
    return Reach(ends.low, math.inf)
