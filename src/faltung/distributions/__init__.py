"""Probability distributions and the laws of sums of independent random variables."""

from __future__ import annotations

from faltung.distributions import privacy, risk
from faltung.distributions.algebra import add
from faltung.distributions.compounds.compound import compound
from faltung.distributions.continuous.density import Density
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.discrete.lattice import Lattice, die, point
from faltung.distributions.discrete.pairs import Pair, Pairs, pairs
from faltung.distributions.discrete.points import Discrete, empirical
from faltung.distributions.door import distribution
from faltung.distributions.families.named import NamedDensity
from faltung.distributions.law.law import Law
from faltung.distributions.mixed.mixed import Mixed
from faltung.distributions.mixed.mixture import mixture
from faltung.distributions.named.poisson_binomial import poisson_binomial
from faltung.distributions.named.sums import generalized_chi2, hypoexponential, irwin_hall
from faltung.distributions.named.tweedie import Tweedie, tweedie
from faltung.distributions.notation.reader import parse
from faltung.distributions.operations.discretize import discretize
from faltung.distributions.operations.extremes import maximum, minimum
from faltung.distributions.operations.products import exponential, logarithm, power, product

__all__ = [
    "Atoms",
    "Density",
    "Discrete",
    "Lattice",
    "Law",
    "Mixed",
    "NamedDensity",
    "Pair",
    "Pairs",
    "Tweedie",
    "add",
    "compound",
    "die",
    "discretize",
    "distribution",
    "empirical",
    "exponential",
    "generalized_chi2",
    "hypoexponential",
    "irwin_hall",
    "logarithm",
    "maximum",
    "minimum",
    "mixture",
    "pairs",
    "parse",
    "point",
    "poisson_binomial",
    "power",
    "privacy",
    "product",
    "risk",
    "tweedie",
]
