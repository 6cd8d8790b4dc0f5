"""The mixture of some laws, by what kinds they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, overload

import numpy as np

from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.law.law import Law
from faltung.distributions.law.operands import as_operand, is_law
from faltung.distributions.mixed.mixed import mixed
from faltung.distributions.mixed.parts import Part, mixture_of_atoms
from faltung.distributions.numbers.rounding import ROUNDOFF
from faltung.distributions.weights.exact import ExactWeights
from faltung.distributions.weights.given import as_weights
from faltung.errors import DtypeError, ShapeError


@overload
def mixture(laws: Iterable[Atoms], weights: Any = None, *, normalize: bool = False) -> Atoms: ...
@overload
def mixture(laws: Iterable[Law], weights: Any = None, *, normalize: bool = False) -> Law: ...
def mixture(laws: Iterable[Law], weights: Any = None, *, normalize: bool = False) -> Law:
    """Return the law of a variable that is drawn from one of some laws, chosen by chance.

    Parameters
    ----------
    laws
        At least one; discrete laws, densities and mixtures in any order.
    weights
        The probability of each law, as for :class:`Lattice`; equal ones by default.
    normalize
        Divide the weights by their sum, which otherwise is 1.

    Returns
    -------
    Law
        A discrete law if all are, exact if weights and laws are exact; a :class:`Mixed` otherwise.

    Raises
    ------
    ShapeError
        No laws, or not one weight for each.
    DtypeError
        If one of `laws` is no law.
    DataError
        Negative, NaN or infinite weights, or a sum other than 1.

    Notes
    -----
    A mixture is not a sum: its cdf is the weighted sum of the cdfs, and all terms are non-negative.
    For discrete laws each probability is a sum of products, in double-double and at any depth,
    within the larger of the relative bounds of the laws.

    Examples
    --------
    >>> from faltung.distributions import die, distribution, point
    >>> mixture([die(4), die(6)]).pmf(4, exact=True)
    Fraction(5, 24)
    >>> claim = mixture([point(0), distribution("expon(1)")], [0.2, 0.8])
    >>> claim.cdf(0), claim.mean()
    (0.2, 0.8)
    """
    chosen = _as_laws(laws)
    if weights is None:
        weights = [Fraction(1, len(chosen))] * len(chosen)
    read = as_weights(weights, normalize=normalize)
    if len(read) != len(chosen):
        raise ShapeError(
            f"{len(chosen)} laws and {len(read)} weights: write one weight for each law"
        )
    used = np.flatnonzero(read.positive()).tolist()
    factors = read.fractions()
    atoms = [law for law in (chosen[i] for i in used) if isinstance(law, Atoms)]
    relative = None if isinstance(read, ExactWeights) else read.relative
    if len(atoms) == len(used):
        return mixture_of_atoms(atoms, [factors[i] for i in used], relative)
    parts = [Part(float(factors[i]), chosen[i]) for i in used]
    return mixed(parts, (relative or 0.0) + ROUNDOFF)


def _as_laws(laws: Any) -> list[Law]:
    if isinstance(laws, str | Mapping) or is_law(laws) or not isinstance(laws, Iterable):
        raise DtypeError(
            f"laws are a {type(laws).__name__}: write a list of laws, and their weights after it"
        )
    chosen = [as_operand(law) for law in laws]
    if not chosen:
        raise ShapeError("there are no laws to mix: write at least one")
    for i, law in enumerate(chosen):
        if not is_law(law):
            raise DtypeError(
                f"law {i} is a {type(law).__name__}: write laws, point(x) for a constant, and the "
                "weights after them, mixture([X, Y], [0.2, 0.8])"
            )
    return [law for law in chosen if is_law(law)]
