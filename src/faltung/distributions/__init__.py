"""Probability distributions and the laws of sums of independent random variables."""

from __future__ import annotations

from faltung.distributions.algebra import add
from faltung.distributions.continuous.density import Density
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.lattice import Lattice, die, point
from faltung.distributions.discrete.pairs import Pair, Pairs, pairs
from faltung.distributions.discrete.points import Discrete, empirical
from faltung.distributions.door import distribution
from faltung.distributions.families.named import NamedDensity
from faltung.distributions.law.law import Law
from faltung.distributions.named.sums import generalized_chi2, hypoexponential, irwin_hall
from faltung.distributions.named.tweedie import Tweedie, tweedie
from faltung.distributions.notation.reader import parse

__all__ = [
    "Atoms",
    "Density",
    "Discrete",
    "Lattice",
    "Law",
    "NamedDensity",
    "Pair",
    "Pairs",
    "Tweedie",
    "add",
    "die",
    "distribution",
    "empirical",
    "generalized_chi2",
    "hypoexponential",
    "irwin_hall",
    "pairs",
    "parse",
    "point",
    "tweedie",
]
