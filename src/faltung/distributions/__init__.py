"""Probability distributions and the laws of sums of independent random variables."""

from __future__ import annotations

from faltung.distributions.algebra import add
from faltung.distributions.atoms import Atoms
from faltung.distributions.density import Density
from faltung.distributions.discrete import Discrete, empirical
from faltung.distributions.door import distribution
from faltung.distributions.lattice import Lattice, die, point
from faltung.distributions.law import Law
from faltung.distributions.notation import parse
from faltung.distributions.pairs import Pair, Pairs, pairs

__all__ = [
    "Atoms",
    "Density",
    "Discrete",
    "Lattice",
    "Law",
    "Pair",
    "Pairs",
    "add",
    "die",
    "distribution",
    "empirical",
    "pairs",
    "parse",
    "point",
]
