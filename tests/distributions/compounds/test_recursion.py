"""Panjer's recursion in double-double, against the same in 60 digits at any depth."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from scipy import stats

from faltung.distributions import Lattice, compound, die, distribution, point
from faltung.distributions.compounds.panjer import Counts, random_sum
from faltung.errors import OptionError
from tests.distributions import reference

CONTRACT = 1e-12


def exact(value):
    return mpmath.mpf(value.numerator) / value.denominator


def true_values(counts, weights, length):
    """The recursion in mpmath with the weights as they are kept."""
    f = [exact(p) for p in reference.kept(weights)]
    a = mpmath.mpf(0)
    if counts.successes is None:
        b = exact(counts.parameter)
        values = [mpmath.exp(b * (f[0] - 1))]
    else:
        p, n = exact(counts.parameter), exact(counts.successes)
        a, b = 1 - p, (n - 1) * (1 - p)
        values = [(p / (1 - a * f[0])) ** n]
    used = [j for j in range(1, len(f)) if f[j]]
    for s in range(1, length):
        terms = [(a + b * j / s) * f[j] * values[s - j] for j in used if j <= s]
        values.append(mpmath.fsum(terms) / (1 - a * f[0]))
    return values


def assert_contract(counts, weights, length):
    """Each kept number and each logarithm is within its bound, and that within the contract."""
    law = random_sum(counts, weights)
    assert law.relative < CONTRACT / 100
    with mpmath.workdps(60):
        length = min(length, len(law))
        true = true_values(counts, weights, length)
        kept = [exact(p) for p in reference.kept(law.chosen(np.arange(length)))]
        for got, p in zip(kept, true, strict=True):
            assert abs(got - p) <= law.relative * p
        for got, p in zip(law.log_floats[:length].tolist(), true, strict=True):
            if p:
                log = mpmath.log(p)
                assert abs(got - log) <= max(CONTRACT, 4 * math.ulp(float(log)))
            else:
                assert got == -math.inf
    return law


RANDOM = np.random.default_rng(5).random(150)
STEEP = [0.0 if k % 7 == 3 else -37.0 * k for k in range(140)]  # logarithms, down to e^-5000
WILD = [-1.0, -700.0, -2.0, -9000.0, -3.0, -1.0, -20000.0, -0.5, *[-400.0, -1.0] * 40]
SUMMANDS = {
    "few": Lattice([0, 0.4, 0.3, 0.2, 0.1], normalize=True),
    "many": Lattice(RANDOM, normalize=True),
    "steep": Lattice.from_log_weights(STEEP, normalize=True),
    "wild": Lattice.from_log_weights(WILD, normalize=True),
    "rarely positive": Lattice.from_log_weights([0, -3000, -3001], normalize=True),
}
COUNTS = {
    "poisson": Counts(Fraction(0.1) + 20),
    "poisson, large": Counts(Fraction(1500)),
    "nbinom below one": Counts(Fraction(0.375), Fraction(0.3)),
    "nbinom": Counts(Fraction(0.6), Fraction(7.25)),
}


@pytest.mark.parametrize("counts", COUNTS.values(), ids=COUNTS)
@pytest.mark.parametrize("summand", SUMMANDS.values(), ids=SUMMANDS)
def test_every_entry_keeps_the_contract(counts, summand):
    weights = summand._weights.to_float()
    if int(summand._start):
        weights = weights.placed(np.arange(len(weights)) + int(summand._start))
    assert_contract(counts, weights, 300)


def test_the_bound_holds_along_a_long_recursion():
    """Against the closed form: a Poisson number of ones, 1500 levels and more."""
    mu = 1500.25
    law = compound(stats.poisson(mu), point(1))
    assert law.error_bound < 2e-16
    with mpmath.workdps(50):
        kept = reference.kept(law._weights)
        for k in (0, 1, 63, 64, 65, 1000, 1500, 2500, len(kept) - 1):
            true = k * mpmath.log(mu) - mpmath.mpf(mu) - mpmath.loggamma(k + 1)
            got = mpmath.log(exact(kept[k]))
            assert abs(got - true) <= 1e-24 * max(1, abs(true))


def test_nothing_underflows_at_the_lower_end():
    law = compound(stats.poisson(1e4), SUMMANDS["few"])
    assert law.logpmf(0) == -1e4
    assert law.error_bound < 2e-16
    assert law.neglected_mass < 1e-299
    assert law.logpmf(1) == pytest.approx(-1e4 + math.log(4e3), rel=1e-15)
    assert law.logcdf(1) == pytest.approx(-1e4 + math.log1p(4e3), rel=1e-15)
    assert law.mean() == pytest.approx(2e4, rel=1e-13)


def test_deep_claims_are_seen():
    """A claim of 5 has the probability e^-2000; twice 5 and no more is 10 with e^-4000 or so."""
    claim = Lattice.from_log_weights([0, -math.inf, 0, *[-math.inf] * 4, -2000], normalize=True)
    law = compound(stats.poisson(2), claim)
    with mpmath.workdps(50):
        # One claim of 7 and any number of 2, of 0: with rates 2 e^-2000 / 2, 1 and 1.
        for k, twos in ((7, 0), (9, 1), (11, 2)):
            true = -1 - 2000 - mpmath.log(mpmath.factorial(twos))
            assert law.logpmf(k) == pytest.approx(float(true), rel=1e-15)


def test_numbers_that_are_laws_of_a_family():
    by_name = compound(distribution("poisson(3000)"), die(6))
    frozen = compound(stats.poisson(3000), die(6))
    assert by_name.logpmf([0, 7, 10_000]).tolist() == frozen.logpmf([0, 7, 10_000]).tolist()
    assert by_name.logpmf(0) == -3000


def test_a_number_with_an_offset_is_so_many_summands_more():
    claim = SUMMANDS["few"]
    law = compound(stats.poisson(2.5, loc=2), claim)
    other = claim + claim + compound(stats.poisson(2.5), claim)
    assert law.logpmf([2, 3, 50, 300]).tolist() == other.logpmf([2, 3, 50, 300]).tolist()
    geometric = compound(stats.geom(0.25), claim)
    assert geometric.logpmf(1) == pytest.approx(math.log(0.25 * 0.4), rel=1e-15)
    assert geometric.neglected_mass < 1e-299


def test_parameters_are_the_floats_that_they_are():
    """0.1 + 1e5 is not a decimal of few digits; what its last digit changes is seen."""
    mu = 2e4 + 0.1
    law = compound(stats.poisson(mu), point(1))
    assert law.logpmf(0) == -mu
    tenth = compound(stats.poisson(0.1), point(1))
    with mpmath.workdps(40):
        assert tenth.logpmf(40) == float(
            40 * mpmath.log(0.1) - mpmath.mpf(0.1) - mpmath.loggamma(41)
        )


def test_a_binomial_number_of_float_summands_keeps_the_contract():
    claim = SUMMANDS["few"]
    law = compound(stats.binom(3000, 0.3), claim)
    assert law.error_bound < CONTRACT
    with mpmath.workdps(50):
        none, each = 3000 * mpmath.log(1 - mpmath.mpf(0.3)), mpmath.log(mpmath.mpf(0.3))
        one = mpmath.log(mpmath.mpf(0.4)) + each - none / 3000 + none + mpmath.log(3000)
        assert abs(law.logpmf(0) - none) <= CONTRACT
        assert abs(law.logpmf(1) - one) <= CONTRACT
        last = 3000 * (each + mpmath.log(exact(reference.kept(claim._weights)[-1])))
        assert abs(law.logpmf(12_000) - last) <= 4 * math.ulp(float(last))


def test_errors_of_the_summand_count_once_for_each_of_them():
    """Not once for each of thousands of levels: 3 claims of mean 30 are 200 at the very most."""
    claim = distribution("poisson(30)")
    assert isinstance(claim, Lattice)
    r = claim._weights.to_float().relative
    law = compound(stats.poisson(3), claim)
    assert 20 * r < law.error_bound < 250 * r
    assert law.error_bound < CONTRACT
    planted = replace(claim._weights.to_float(), relative=1e-9)
    much = random_sum(Counts(Fraction(3)), planted)
    assert 1e-8 < much.relative < 2.5e-7


def test_a_finite_number_of_float_summands_keeps_the_contract():
    numbers = Lattice([0.5, 0.0, 0.3, 0.2], normalize=True)
    claim = Lattice([0.3, 0.7]).sum(300) + 1
    law = compound(numbers, claim)
    assert law.error_bound < CONTRACT
    assert law._weights.neglected == 0
    shares = [exact(p) for p in reference.kept(numbers._weights)]
    with mpmath.workdps(40):
        low, high = (exact(p) for p in reference.kept(Lattice([0.3, 0.7])._weights))
        deepest = mpmath.log(shares[2]) + 600 * mpmath.log(low)  # two claims of 1
        assert abs(law.logpmf(2) - deepest) <= CONTRACT
        highest = mpmath.log(shares[3]) + 900 * mpmath.log(high)
        assert abs(law.logpmf(903) - highest) <= CONTRACT


def test_summands_on_which_the_recursion_would_take_long_are_refused():
    claim = Lattice.from_log_weights(-3000.0 * (np.arange(4000) % 64), normalize=True)
    with pytest.raises(OptionError, match="powers of two"):
        compound(stats.poisson(600), claim)
