"""Random sums against exact series, closed forms and Fractions."""

from __future__ import annotations

import io
import math
import sys
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from faltung.distributions import (
    Lattice,
    Mixed,
    compound,
    die,
    discretize,
    distribution,
    maximum,
    mixture,
    point,
    product,
)
from faltung.errors import DataError, DtypeError, OptionError
from faltung.progress import progress_bar
from tests.distributions import reference
from tests.distributions.mixed.test_mixture import table

EXPON = distribution("expon(1)")


def exact_random_sum(chances, weights, length):
    """The probabilities of 0 … length - 1 in mpmath, from powers one by one."""
    total = [mpmath.mpf(0)] * length
    running = [mpmath.mpf(1)] + [mpmath.mpf(0)] * (length - 1)
    for chance in chances:
        total = [t + chance * r for t, r in zip(total, running, strict=True)]
        new = [mpmath.mpf(0)] * length
        for j, w in enumerate(weights):
            if w:
                for k in range(length - j):
                    new[k + j] += running[k] * w
        running = new
    return total


@pytest.mark.parametrize("weights", [[0, 2, 1], [3, 0, 1, 4], [5, 1]])
@pytest.mark.parametrize(
    ("frozen", "chance"),
    [
        (
            stats.poisson(3.5),
            lambda n: mpmath.exp(-3.5) * mpmath.mpf(3.5) ** n / mpmath.factorial(n),
        ),
        (
            stats.nbinom(0.75, 0.375),
            lambda n: (
                mpmath.binomial(n - 0.25, n)
                * mpmath.mpf(0.375) ** mpmath.mpf(0.75)
                * mpmath.mpf(0.625) ** n
            ),
        ),
        (
            stats.nbinom(4, 0.5),
            lambda n: mpmath.binomial(n + 3, n) * mpmath.mpf(0.5) ** (n + 4),
        ),
    ],
    ids=["poisson", "nbinom below one", "nbinom"],
)
def test_the_recursion_is_within_its_bound(frozen, chance, weights):
    law = compound(frozen, Lattice(weights, normalize=True))
    with mpmath.workdps(40):
        shares = [mpmath.mpf(w) / sum(weights) for w in weights]
        true = exact_random_sum([chance(n) for n in range(300)], shares, 45)
        for k, p in enumerate(true):
            got = mpmath.mpf(float(law.pmf(k)))
            assert abs(got - p) <= law.error_bound * p + law.neglected_mass
            if p:
                assert abs(got / p - 1) < 1e-13
    assert law.error_bound < 1e-10
    assert law.neglected_mass < 1e-299
    assert law.mean() == pytest.approx(frozen.mean() * Lattice(weights, normalize=True).mean())


def test_a_poisson_number_of_ones_is_poisson():
    law = compound(stats.poisson(1e4), point(1))
    with mpmath.workdps(40):
        for k in (9000, 10_000, 11_000, 13_000):
            logarithm = k * mpmath.log(10**4) - 10**4 - mpmath.loggamma(k + 1)
            assert law.pmf(k) == pytest.approx(float(mpmath.exp(logarithm)), rel=law.error_bound)
            assert law.pmf(k) == pytest.approx(float(mpmath.exp(logarithm)), rel=1e-12)
    assert law.error_bound < 1e-10
    assert law.mean() == pytest.approx(1e4, rel=1e-11)
    assert law.support() == (0.0, math.inf)


def test_random_sums_on_other_lattices():
    law = compound(stats.poisson(2), Lattice([1, 1], start=0.5, step=0.25, normalize=True))
    assert law.pmf(0) == pytest.approx(math.exp(-2), rel=1e-15)
    assert law.pmf(0.5) == pytest.approx(math.exp(-2), rel=1e-14)
    assert law.mean() == pytest.approx(1.25, rel=1e-13)
    signed = compound(stats.poisson(2), Lattice([1, 0, 1], start=-1, normalize=True))
    assert signed.pmf(0) == pytest.approx(stats.skellam(1, 1).pmf(0), rel=1e-10)
    assert signed.neglected_mass < 1e-17


def test_bahnemann_the_exact_one():
    total = compound(
        Lattice([6, 3, 1], normalize=True), Lattice([4, 5, 1], start=1, normalize=True)
    )
    assert total.exact_weights() == [Fraction(n, 1000) for n in (600, 120, 166, 70, 33, 10, 1)]


def test_bahnemann_with_a_density():
    law = compound(stats.poisson(2.5), distribution("gamma(3, 400)"))
    assert isinstance(law, Mixed)
    for x, true in (
        (0, 0.082084998623898795),
        (500, 0.10955001083722469),
        (1000, 0.18672473239569804),
        (2000, 0.3755291437638643),
        (5000, 0.82728343051730625),
        (10000, 0.99343773326030005),
    ):
        assert abs(law.cdf(x) - true) <= law.error_bound
        assert law.cdf(x) == pytest.approx(true, rel=1e-13)
    assert law.mean() == pytest.approx(3000, rel=1e-12)
    assert law.var() == pytest.approx(2.5 * 1200**2 * 4 / 3, rel=1e-11)


def test_binomial_numbers_are_sums_of_mixtures():
    law = compound(stats.binom(10, 0.25), die(6))
    other = mixture([point(0), die(6)], [Fraction(3, 4), Fraction(1, 4)]).sum(10)
    assert table(law) == table(other)
    claims = compound(stats.binom(3, 0.5), distribution("expon(1)"))
    assert claims.pmf(0) == pytest.approx(0.125, rel=1e-14)


@settings(max_examples=30)
@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=5).filter(any),
    st.lists(st.integers(0, 5), min_size=1, max_size=4).filter(any),
    st.sampled_from([0, 1, -2, Fraction(1, 3)]),
)
def test_exact_random_sums(counts, weights, start):
    law = compound(Lattice(counts, normalize=True), Lattice(weights, start, normalize=True))
    chances, summand = reference.table(counts), reference.table(weights, start)
    true: dict[Fraction, Fraction] = {}
    for n, chance in chances.items():
        for x, p in reference.copies(summand, int(n)).items():
            true[x] = true.get(x, Fraction(0)) + chance * p
    assert table(law) == true


def test_other_numbers_are_mixed():
    law = compound(stats.geom(0.5), die(4))
    assert law.mean() == pytest.approx(5, rel=1e-13)
    assert law.pmf(1) == pytest.approx(1 / 8, rel=1e-14)
    assert law.neglected_mass < 1e-16
    assert law.support() == (1.0, math.inf)
    shifted = compound(stats.poisson(2, loc=1), die(4))
    assert shifted.pmf(1) == pytest.approx(math.exp(-2) / 4, rel=1e-12)
    assert compound(die(3), point(2)).pmf(4, exact=True) == Fraction(1, 3)
    assert compound(stats.poisson(3), point(0)).pmf(0) == pytest.approx(1, rel=1e-15)


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: compound(stats.norm(), die(6)), DtypeError, "discrete law on 0, 1, 2"),
        (lambda: compound(3, die(6)), DtypeError, "counts is a int"),
        (lambda: compound(die(6), 3), DtypeError, "summand is a int"),  # type: ignore[call-overload]
        (lambda: compound(die(6) - 2, die(6)), DataError, "such as -1"),
        (lambda: compound(die(6) / 2, die(6)), DataError, "whole number"),
        (lambda: compound(stats.poisson(1e9), die(6)), OptionError, "coarser step"),
        (
            lambda: compound(stats.poisson(1e4), distribution("normal(0, 1)")),
            OptionError,
            "at most 400 sums",
        ),
        (lambda: compound(die(300), die(500)), OptionError, "too many to mix"),
        (lambda: compound(die(6), EXPON, neglected=0), OptionError, "neglected=0: write a small"),
        (lambda: compound(die(6), EXPON, neglected="few"), OptionError, "neglected='few'"),  # type: ignore[call-overload]
    ],
)
def test_what_is_refused(call, error, match):
    with pytest.raises(error, match=match):
        call()


def test_random_sums_far_out():
    """From own sides: the tail of a Poisson number of dice, by its own series."""
    law = compound(stats.poisson(1), die(6))
    with mpmath.workdps(60):
        shares = [mpmath.mpf(0)] + [mpmath.mpf(1) / 6] * 6
        chances = [mpmath.exp(-1) / mpmath.factorial(n) for n in range(80)]
        true = exact_random_sum(chances, shares, 300)
        tail = sum(true[120:])
        assert law.sf(119) == pytest.approx(float(tail), rel=1e-12)
    assert np.all(law.weights >= 0)


# --- densities far out ----------------------------------------------------------------------------


def test_a_geometric_number_of_exponential_claims_is_exponential():
    law = compound(stats.geom(0.2), EXPON)
    assert isinstance(law, Mixed)
    x = np.array([1.0, 50.0, 200.0, 300.0])
    with mpmath.workdps(30):
        true = np.array([float(mpmath.exp(-mpmath.mpf(t) / 5)) for t in x])
    assert (abs(law.sf(x) / true - 1) <= law.relative_error_bound(x, of="sf")).all()
    assert law.relative_error_bound(50.0, of="sf") < 1e-12
    assert 0 < law.neglected_mass < 1e-38  # of more than 400 claims


@pytest.mark.parametrize(
    ("counts", "chance"),
    [
        (stats.poisson(3), lambda n: mpmath.exp(-3) * mpmath.mpf(3) ** n / mpmath.factorial(n)),
        (stats.nbinom(2, 0.5), lambda n: (n + 1) * mpmath.mpf(0.5) ** (n + 2)),
        (
            stats.poisson(3, loc=1),
            lambda n: mpmath.exp(-3) * mpmath.mpf(3) ** (n - 1) / mpmath.factorial(n - 1),
        ),
    ],
    ids=["poisson", "nbinom", "moved"],
)
def test_gamma_claims_are_right_far_out(counts, chance):
    law = compound(counts, distribution("gamma(2, 3)"))
    assert isinstance(law, Mixed)
    first = 1 if counts.pmf(0) == 0 else 0
    for x in (1.0, 100.0, 500.0):
        with mpmath.workdps(30):
            z = mpmath.mpf(x) / 3
            true = mpmath.fsum(
                chance(n) * mpmath.gammainc(2 * n, 0, z, regularized=True) for n in range(1, 200)
            )
            above = mpmath.fsum(
                chance(n) * mpmath.gammainc(2 * n, z, mpmath.inf, regularized=True)
                for n in range(1, 300)
            )
            true += 0 if first else chance(0)
        assert abs(law.sf(x) / float(above) - 1) <= law.relative_error_bound(x, of="sf") < 1e-10
        assert abs(law.cdf(x) / float(true) - 1) <= law.relative_error_bound(x) < 1e-10


def test_what_is_cut_off_is_in_the_bounds_of_all_that_is_made_of_it():
    law = compound(stats.geom(0.5), EXPON, neglected=1e-3)
    true = distribution("expon(2)")
    lost = law.neglected_mass
    assert 5e-4 < lost < 1.1e-3
    assert "mass left out <= " in law.explain()
    x = np.array([0.5, 5.0, 20.0, 40.0])
    cases: list[tuple[Any, Any]] = [
        (law, true),
        (law + 3, true + 3),
        (-2 * law, -2 * true),
        (law + law, distribution("gamma(2, 2)")),
        (law.sum(3), distribution("gamma(3, 2)")),
        (law.truncate(high=10), true.truncate(high=10)),
        (law.truncate(1, 10), true.truncate(1, 10)),
        (abs(-law), true),
        (maximum(law, law), maximum(true, true)),
        (law.order_statistic(2, 3), true.order_statistic(2, 3)),
    ]
    for made, meant in cases:
        assert made.error_bound >= lost
        for of in ("cdf", "sf"):
            places = -x if made.support()[0] < 0 else x
            known, value = getattr(meant, of)(places), getattr(made, of)(places)
            assert (abs(value - known) <= made.error_bound).all()
            bound = made.relative_error_bound(places, of=of)
            assert (abs(value - known)[value > 0] <= (bound * value)[value > 0] * (1 + 1e-9)).all()
    layer, clipped = law.clip(1, 4), true.clip(1, 4)
    assert abs(layer.pmf(4) - clipped.pmf(4)) <= layer.error_bound
    grid = discretize(law, 0.5, "lower")
    assert grid.neglected_mass >= lost
    assert product(law, die(2)).neglected_mass >= lost


def test_the_support_is_that_of_all_numbers_of_summands():
    law = compound(stats.poisson(3), distribution("uniform(-1, 2)"), neglected=1e-3)
    assert law.support() == (-math.inf, math.inf)
    assert (2 * law.clip(low=0)).support() == (0.0, math.inf)
    assert compound(stats.poisson(3), distribution("uniform(0, 1)")).isf(0) == math.inf
    assert compound(stats.geom(0.5), distribution("uniform(1, 2)")).support() == (1.0, math.inf)


def test_few_claims_are_not_none():
    law = compound(stats.poisson(1e-20), distribution("lognormal(0, 1)"))
    assert abs(law.sf(1.0) / 0.5e-20 - 1) < 1e-12


def test_many_heavy_claims_are_known():
    law = compound(stats.poisson(2), distribution("lognormal(1, 1.5)"))
    assert isinstance(law, Mixed)
    assert float(law.relative_error_bound(50.0, of="sf")) < 1e-10
    assert law.cdf(50.0) + law.sf(50.0) == pytest.approx(1, abs=1e-11)
    assert law.mean() == pytest.approx(2 * math.exp(2.125), rel=1e-12)


def test_of_a_few_numbers_only_their_sums_are_made():
    counts = Lattice([0.5, 0.5], start=0, step=300)
    law = compound(counts, distribution("uniform(0, 1)"))
    assert law.mean() == pytest.approx(75, rel=1e-12)
    assert law.cdf(0) == pytest.approx(0.5, rel=1e-12)


def test_long_work_shows_a_bar_to_those_who_look(monkeypatch):
    pytest.importorskip("tqdm", reason="bars are drawn by tqdm")
    shown = io.StringIO()
    shown.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", shown)
    with progress_bar(3, "sums of terms", None) as bar:
        bar.advance()
    with progress_bar(3, "a moment", None, delay=60.0) as bar:
        bar.advance()
    assert "sums of terms" in shown.getvalue()
    assert "a moment" not in shown.getvalue()
