"""Mixtures: of discrete laws exactly, of others within their bounds."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.distributions import Atoms, Mixed, add, die, distribution, mixture, point
from faltung.distributions.continuous.blends import one_density
from faltung.errors import DataError, DtypeError, OptionError, ShapeError
from tests.distributions import reference, strategies

EXPON = distribution("expon(1)")
NORMAL = distribution("normal(0, 1)")
CLAIM = mixture([point(0), EXPON], [Fraction(1, 4), Fraction(3, 4)])


def table(law):
    """{point: probability} of an exact law."""
    places = [law._start + law._step * int(k) for k in law._indices]
    return {x: p for x, p in zip(places, law._exact().fractions(), strict=True) if p}


@given(
    st.lists(strategies.exact_laws, min_size=1, max_size=4),
    st.lists(st.integers(0, 9), min_size=4, max_size=4),
)
def test_exact_mixtures_are_weighted_sums(laws, counts):
    weights = counts[: len(laws)]
    if not any(weights):
        weights[0] = 1
    mixed = mixture(laws, weights, normalize=True)
    true: dict[Fraction, Fraction] = {}
    for law, weight in zip(laws, weights, strict=True):
        for x, p in table(law).items():
            true[x] = true.get(x, Fraction(0)) + p * Fraction(weight, sum(weights))
    assert isinstance(mixed, Atoms)
    assert table(mixed) == {x: p for x, p in true.items() if p}


@given(strategies.float_lattices(), strategies.float_lattices(), st.floats(0.01, 0.99))
def test_float_mixtures_are_within_their_bound(x, y, weight):
    weights = [Fraction(weight), 1 - Fraction(weight)]
    mixed = mixture([x, y], [weight, 1 - weight])
    true: dict[Fraction, Fraction] = {}
    for law, share in zip((x, y), weights, strict=True):
        places = [law._start + law._step * int(k) for k in law._indices]
        for place, p in zip(places, law._weights.floats.tolist(), strict=True):
            true[place] = true.get(place, Fraction(0)) + Fraction(p) * share
    for place, p in true.items():
        got = Fraction(mixed.pmf(place))
        allowed = Fraction(mixed.error_bound) * p + Fraction(mixed.neglected_mass)
        assert abs(got - p) <= allowed + Fraction(x.error_bound + y.error_bound) * p


def test_equal_weights_by_default():
    assert table(mixture([die(2), die(4)])) == {
        1: Fraction(3, 8),
        2: Fraction(3, 8),
        3: Fraction(1, 8),
        4: Fraction(1, 8),
    }
    assert mixture([EXPON]) is EXPON
    assert mixture([EXPON, EXPON]) is EXPON


def test_a_law_with_an_atom_and_a_density():
    assert isinstance(CLAIM, Mixed)
    with mpmath.workdps(30):
        for x in (0.0, 1e-9, 0.5, 3.0, 20.0):
            tail = mpmath.mpf(3) / 4 * mpmath.exp(-mpmath.mpf(x))
            assert abs(CLAIM.sf(x) - tail) <= CLAIM.error_bound
            assert abs(CLAIM.cdf(x) - (1 - tail)) <= CLAIM.error_bound
            assert abs(CLAIM.pdf(x) - tail) < 1e-12
    assert CLAIM.pmf([0, 1]).tolist() == [0.25, 0.0]
    assert CLAIM.logpmf(0) == math.log(0.25)
    assert CLAIM.logpmf(1) == -math.inf
    assert CLAIM.cdf(-1e-300) == 0.0
    assert CLAIM.sf(-1e-300) == 1.0
    assert CLAIM.error_bound < 1e-11
    assert CLAIM.atoms_mass == 0.25
    assert CLAIM.support() == (0.0, math.inf)
    assert math.isnan(CLAIM.cdf(math.nan))


def test_logarithms_come_from_the_smaller_side():
    law = mixture([die(6).sum(500), NORMAL], [0.5, 0.5])
    assert law.logsf(2999) == pytest.approx(-500 * math.log(6) - math.log(2), rel=1e-12)
    assert law.logcdf(2999.5) <= 0
    near = mixture([point(0), point(40), EXPON], [0.5, 1e-20, 0.5])
    assert near.logcdf(39.5) == pytest.approx(-1e-20, rel=1e-2)


def test_moments_of_mixtures():
    mean, square = 0.75, 1.5
    assert CLAIM.mean() == pytest.approx(mean, rel=1e-14)
    assert CLAIM.var() == pytest.approx(square - mean**2, rel=1e-13)
    third = 0.75 * 6 - 3 * mean * square + 2 * mean**3
    assert CLAIM.skew() == pytest.approx(third / CLAIM.var() ** 1.5, rel=1e-11)
    assert CLAIM.moment(3) == pytest.approx(4.5, rel=1e-11)
    assert CLAIM.expect(lambda x: x + 1) == pytest.approx(1.75, rel=1e-11)
    assert CLAIM.mode() == 0.0
    with pytest.raises(DtypeError, match="no entropy"):
        CLAIM.entropy()


@given(st.floats(1e-300, 1, exclude_max=True), st.floats(-2, 12))
def test_galois_inequality_through_jumps_and_flat_stretches(q, x):
    law = mixture([point(-1), die(6) * 2, distribution("uniform(7, 8)")], [0.25, 0.25, 0.5])
    for place in (x, law.ppf(q), np.nextafter(law.ppf(q), -np.inf)):
        assert (law.ppf(q) <= place) == (q <= law.cdf(place))
    for place in (x, law.isf(q), np.nextafter(law.isf(q), -np.inf)):
        assert (law.isf(q) <= place) == (law.sf(place) <= q)


def test_quantiles_at_the_ends_and_at_atoms():
    assert CLAIM.ppf([0, 0.1, 0.25]).tolist() == [0.0, 0.0, 0.0]
    assert CLAIM.ppf(1) == CLAIM.isf(0) == math.inf
    assert CLAIM.isf(1) == 0.0
    assert CLAIM.isf(1e-9) == pytest.approx(math.log(0.75e9), rel=1e-5)
    assert np.isnan(CLAIM.ppf([-0.1, 1.1, math.nan])).all()


def test_sums_of_mixtures_are_mixtures_of_sums():
    total = CLAIM.sum(12)
    with mpmath.workdps(30):
        for x in (0.0, 2.0, 9.0, 25.0):
            true = sum(
                mpmath.binomial(12, k)
                * mpmath.mpf(3) ** k
                / mpmath.mpf(4) ** 12
                * mpmath.gammainc(k, x, regularized=True)
                for k in range(1, 13)
            )
            assert abs(total.sf(x) - true) <= total.error_bound < 1e-8
    assert total.pmf(0) == pytest.approx(0.25**12, rel=1e-14)
    assert total.mean() == pytest.approx(9, rel=1e-12)
    assert (CLAIM + CLAIM).cdf(1.5) == pytest.approx(CLAIM.sum(2).cdf(1.5), rel=1e-13)


@pytest.mark.parametrize("other", [die(6), NORMAL, mixture([die(4), NORMAL]), 3])
def test_sums_with_every_kind_of_law(other):
    for total in (CLAIM + other, other + CLAIM):
        mean = other if isinstance(other, int) else other.mean()
        assert isinstance(total, Mixed | type(NORMAL))
        assert total.mean() == pytest.approx(0.75 + mean, rel=1e-12)
        x = np.array([-1.0, 0.0, 1.0, 2.5, 7.0])
        assert (np.abs(total.cdf(x) + total.sf(x) - 1) <= 2 * total.error_bound + 1e-15).all()


def test_a_die_and_a_claim():
    total = CLAIM + die(6)
    true = reference.cdf(reference.table([1] * 6, start=1), 3) / 4
    rest = sum(0.75 * (1 - math.exp(-(3.5 - k))) / 6 for k in (1, 2, 3))
    assert total.cdf(3.5) == pytest.approx(float(true) + rest, rel=1e-12)
    assert total.pmf(3) == pytest.approx(1 / 24, rel=1e-15)


def test_many_densities_become_one_function():
    parts = [distribution(f"normal({k}, 1)") for k in range(9)]
    law = mixture([point(0), *parts])
    total = law.sum(3)
    assert isinstance(total, Mixed)
    assert total.mean() == pytest.approx(3 * law.mean(), rel=1e-12)
    assert total.var() == pytest.approx(3 * law.var(), rel=1e-11)
    assert total.cdf(90.0) == pytest.approx(1, abs=1e-12)


def test_shifts_and_multiples():
    moved = 2 * CLAIM - 1
    assert moved.pmf(-1) == 0.25
    assert moved.sf(3) == pytest.approx(CLAIM.sf(2), rel=1e-14)
    assert (-CLAIM).cdf(-2) == pytest.approx(CLAIM.sf(2), rel=1e-14)
    assert (0 * CLAIM).pmf(0) == 1.0
    assert CLAIM.sum(0).pmf(0) == 1.0


def test_draws_have_the_shares_of_the_parts():
    draws = CLAIM.rvs(20_000, 1)
    assert abs((draws == 0).mean() - 0.25) < 0.02
    assert abs(draws.mean() - 0.75) < 0.03
    assert CLAIM.rvs((2, 3), rng=2).shape == (2, 3)
    assert isinstance(CLAIM.rvs(random_state=3), float)


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 9), st.floats(0.05, 0.95))
def test_mixing_is_linear_in_sums(n, weight):
    """(w A + (1 - w) D) + E is w (A + E) + (1 - w) (D + E)."""
    law = mixture([die(n), NORMAL], [weight, 1 - weight]) + EXPON
    other = mixture([die(n) + EXPON, NORMAL + EXPON], [weight, 1 - weight])
    x = np.linspace(-3, 12, 31)
    assert (np.abs(law.cdf(x) - other.cdf(x)) <= law.error_bound + other.error_bound).all()


@pytest.mark.parametrize(
    ("laws", "weights", "error", "match"),
    [
        ([], None, ShapeError, "no laws"),
        ([die(6)], [0.5, 0.5], ShapeError, "1 laws and 2 weights"),
        ([die(6), EXPON], [0.5, 0.6], DataError, "sum to 1.1"),
        ([die(6), EXPON], [-0.5, 1.5], DataError, "weight 0 is -0.5"),
        ([die(6), 3], None, DtypeError, "law 1 is a int"),
        (die(6), None, DtypeError, "a list of laws"),
        ("d6", None, DtypeError, "a list of laws"),
        ([0.2, die(6)], None, DtypeError, "law 0 is a float"),
    ],
)
def test_what_is_no_mixture(laws, weights, error, match):
    with pytest.raises(error, match=match):
        mixture(laws, weights)


def test_a_mixture_is_made_by_mixing():
    with pytest.raises(DtypeError, match="write mixture"):
        Mixed()


def test_more_copies_than_can_be_known():
    assert isinstance(CLAIM, Mixed)
    vague = Mixed._create(CLAIM._parts, 0.4)
    with pytest.raises(OptionError, match="nothing would be known"):
        vague.sum(10**20)


def test_pictures_show_atoms_and_density():
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    CLAIM.plot(ax=axes, label="claim")
    assert axes.lines
    assert len(axes.figure.axes) == 2
    html = CLAIM._repr_html_()
    assert html.count("<path") == 2
    assert "mixture of one atom" in html
    assert "Mixed(atoms 0.25" in repr(CLAIM)


@pytest.mark.parametrize("method", ["logcdf", "logsf", "logpdf", "logpmf", "pdf", "pmf"])
@pytest.mark.parametrize(
    "law", [CLAIM, mixture([NORMAL, EXPON], [0.5, 0.5])], ids=["atoms", "none"]
)
def test_a_mixture_is_not_a_number_where_x_is_not(law, method):
    with np.errstate(all="raise", under="ignore"):
        assert math.isnan(getattr(law, method)(math.nan))


def test_a_portfolio_of_different_heavy_claims_keeps_its_bound():
    """Five policies have more pairs than are added one by one; far out one claim makes the sum."""
    chances, sizes = [0.05, 0.01, 0.02, 0.03, 0.04], [0.5, 1, 2, 3, 0.5]
    claim = distribution("pareto(1.5, 1)")
    policies = [
        mixture([point(0), size * claim], [1 - p, p])
        for p, size in zip(chances, sizes, strict=True)
    ]
    total = add(*policies)
    assert isinstance(total, Mixed)
    assert total.error_bound < 1e-11
    assert total.pmf(0) == pytest.approx(math.prod(1 - p for p in chances), rel=1e-14)
    assert total.relative_error_bound(1e6, of="sf") < 1e-6
    first = sum(p * claim.sf(1e6 / size) for p, size in zip(chances, sizes, strict=True))
    assert abs(total.sf(1e6) / first - 1) < 1e-4


def test_densities_made_one_function_are_no_farther_off_than_the_farthest():
    claim = distribution("lognormal(0, 1)")
    laws = [claim + claim, 7 * claim, 49 * claim, distribution("gamma(2, 3)")]
    weights = [0.4, 0.3, 0.2, 0.1]
    joined = one_density(list(zip(weights, laws, strict=True)))
    apart = mixture(laws, weights)
    assert isinstance(apart, Mixed)
    x = np.array([0.1, 1.0, 10.0, 100.0, 1e4])
    assert joined.error_bound < 1e-11
    for of in ("cdf", "sf"):
        value, true = getattr(joined, of)(x), getattr(apart, of)(x)
        bounds = joined.relative_error_bound(x, of=of)
        assert (abs(value / true - 1) <= bounds + apart.relative_error_bound(x, of=of)).all()
        assert (bounds < 1e-8).all()
