"""Families as laws: wild parameters and points against arbitrary precision, quantiles, moments."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from faltung.distributions import (
    Density,
    NamedDensity,
    die,
    distribution,
    generalized_chi2,
    hypoexponential,
    irwin_hall,
    parse,
    point,
)
from faltung.distributions.families.makers import STANDARD, named
from faltung.errors import DataError, OptionError
from tests.distributions.families import exact

ROOMS: dict[str, list[tuple[float, float]]] = {
    "norm": [],
    "lognorm": [(0.01, 8)],
    "logistic": [],
    "laplace": [],
    "expon": [],
    "gamma": [(0.01, 2000)],
    "weibull_min": [(0.1, 60)],
    "invgauss": [(1e-3, 1e3)],
    "uniform": [],
    "triang": [(0, 1)],
    "beta": [(0.05, 300), (0.05, 300)],
    "lomax": [(0.1, 100)],
    "t": [(0.2, 300)],
    "cauchy": [],
    "levy": [],
}
SHAPES = {
    "lognorm": (0.8,),
    "gamma": (2.5,),
    "erlang": (3,),
    "chi2": (3,),
    "weibull_min": (1.7,),
    "weibull_max": (1.7,),
    "triang": (0.3,),
    "beta": (2.5, 1.5),
    "powerlaw": (2.5,),
    "pareto": (5.5,),
    "lomax": (5.5,),
    "t": (6.5,),
    "invgauss": (0.7,),
}
places = st.fractions(-100, 100, max_denominator=100)
scales = st.fractions(Fraction(1, 100), 100, max_denominator=100)
signs = st.sampled_from([1, -1])


@st.composite
def laws(draw, name):
    """A law of a family with exact parameters, and those of its standard law."""
    shapes = tuple(draw(st.floats(low, high, allow_subnormal=False)) for low, high in ROOMS[name])
    if name == "triang":
        shapes = (Fraction(round(shapes[0] * 100), 100),)
    law = named(name, *shapes)
    assert law is not None
    factor, offset = draw(scales) * draw(signs), draw(places)
    return factor * law + offset, shapes


@pytest.mark.parametrize("name", ROOMS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_every_value_is_within_the_bound(name, data):
    law, shapes = data.draw(laws(name))
    level = 10.0 ** -data.draw(st.floats(0.1, 299))
    x = law.ppf(level) if data.draw(st.booleans()) else law.isf(level)
    low, high = law.support()
    gap = min(abs(x - low), abs(x - high)) / float(abs(law.scale))
    if not (low < x < high) or gap < 1e-290 or abs(x) > 1e300:
        return
    true = exact.values(name, shapes, law.loc, law.scale, x)
    for got, value in zip((law.pdf(x), law.cdf(x), law.sf(x)), true, strict=True):
        if value >= 1e-300:
            assert abs(got / value - 1) <= law.error_bound
    for got, value in zip((law.logpdf(x), law.logcdf(x), law.logsf(x)), true, strict=True):
        if value >= 1e-300:
            log = mpmath.log(value)
            assert abs(got - log) <= law.error_bound + 4e-16 * abs(log)


@pytest.mark.parametrize("name", STANDARD)
def test_moments_and_the_rest_agree_with_scipy(name):
    frozen = getattr(stats, name)(*SHAPES.get(name, ()), loc=0.5, scale=2)
    law = distribution(frozen)
    assert isinstance(law, NamedDensity)
    assert law.support() == pytest.approx(frozen.support())
    assert law.median() == pytest.approx(frozen.median(), rel=1e-12)
    assert law.entropy() == pytest.approx(frozen.entropy(), rel=1e-9)
    if name in ("cauchy", "levy", "levy_l"):
        assert not np.isfinite(law.mean())
        return
    mean, variance, skew, kurtosis = (float(value) for value in frozen.stats("mvsk"))
    assert law.mean() == pytest.approx(mean, rel=1e-13)
    assert law.var() == pytest.approx(variance, rel=1e-12)
    assert law.skew() == pytest.approx(skew, rel=1e-9, abs=1e-12)
    assert law.kurtosis() == pytest.approx(kurtosis, rel=1e-8, abs=1e-11)
    for order in range(1, 5):
        assert law.moment(order) == pytest.approx(frozen.moment(order), rel=1e-9)
    assert law.moment(0) == 1


@pytest.mark.parametrize("name", STANDARD)
def test_a_mode_is_no_lower_than_its_neighbours(name):
    law = named(name, *SHAPES.get(name, ()))
    assert law is not None
    top = law.mode()
    if name == "arcsine":
        assert law.pdf(top) == math.inf
        return
    around = top + np.linspace(-1e-3, 1e-3, 11)
    assert (law.pdf(around) <= law.pdf(top) * (1 + 1e-12)).all()
    assert law.pdf_error_bound >= law.pdf(top) * law.error_bound * (1 - 1e-9)


@pytest.mark.parametrize("name", ROOMS)
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_quantiles_invert(name, data):
    law, _ = data.draw(laws(name))
    q = data.draw(st.one_of(st.floats(1e-300, 1, exclude_max=True), st.floats(1e-300, 1e-200)))
    x = law.ppf(q)
    assert law.cdf(x) >= q > law.cdf(math.nextafter(x, -math.inf))
    y = law.isf(q)
    assert law.sf(y) <= q < law.sf(math.nextafter(y, -math.inf))
    assert (law.ppf(0), law.ppf(1)) == law.support()
    assert np.isnan(law.ppf([-0.1, 1.1, np.nan])).all()


@pytest.mark.parametrize("name", ROOMS)
def test_the_ends_of_the_line(name):
    shapes = tuple(0.5 * (low + high) if name != "triang" else 0.5 for low, high in ROOMS[name])
    law = named(name, *shapes)
    assert law is not None
    x = np.array([-np.inf, np.inf, np.nan])
    np.testing.assert_array_equal(law.cdf(x), [0, 1, np.nan])
    np.testing.assert_array_equal(law.sf(x), [1, 0, np.nan])
    np.testing.assert_array_equal(law.pdf(x), [0, 0, np.nan])
    np.testing.assert_array_equal(law.logcdf(x), [-np.inf, 0, np.nan])
    np.testing.assert_array_equal(law.logsf(x), [0, -np.inf, np.nan])
    wild = np.array([-1.7e308, -1e200, -1.0, -1e-320, 0.0, 1e-320, 1e-310, 1.0, 1e200, 1.7e308])
    for values in (law.cdf(wild), law.sf(wild)):
        assert ((values >= 0) & (values <= 1)).all()
    assert (law.pdf(wild) >= 0).all()
    assert law.pdf([]).shape == (0,)
    assert law.cdf([[0.5, 1.0]]).shape == (1, 2)


def test_logarithms_far_below_the_floats():
    with mpmath.workdps(40):
        cases = [
            ("normal(0, 1)", "logsf", 1e4, mpmath.log(mpmath.erfc(1e4 / mpmath.sqrt(2)) / 2)),
            (
                "gamma(2.5, 1)",
                "logsf",
                5e3,
                mpmath.log(mpmath.gammainc(2.5, 5000, regularized=True)),
            ),
            ("gamma(2.5, 1)", "logcdf", 1e-200, 2.5 * mpmath.log(1e-200) - mpmath.loggamma(3.5)),
            ("beta(3, 700)", "logsf", 0.99, mpmath.log(exact.beta(mpmath.mpf(0.99), 3, 700)[2])),
            ("student(300)", "logsf", 1e3, mpmath.log(exact.t(mpmath.mpf(1000), 300)[2])),
            (
                "inverse_gaussian(1, 1)",
                "logsf",
                1e4,
                mpmath.log(exact.invgauss(mpmath.mpf(10**4), 1)[2]),
            ),
            ("levy(0, 1)", "logcdf", 1e-4, mpmath.log(mpmath.erfc(mpmath.sqrt(5000)))),
            ("weibull(3, 1)", "logcdf", 1e-150, 3 * mpmath.log(1e-150)),
        ]
        for text, method, x, true in cases:
            assert getattr(parse(text), method)(x) == pytest.approx(float(true), rel=1e-13)


def test_atoms_keep_the_relative_accuracy_of_both_tails():
    law = parse("normal(1/3, 2)") + die(6)
    assert isinstance(law, NamedDensity)
    with mpmath.workdps(40):
        for x in (-60.0, -3.0, 4.1, 70.0):
            known = [exact.values("norm", (), Fraction(1, 3) + k, 2, x) for k in range(1, 7)]
            true = [sum(part) / 6 for part in zip(*known, strict=True)]
            for got, value in zip((law.pdf(x), law.cdf(x), law.sf(x)), true, strict=True):
                assert abs(got / value - 1) <= law.error_bound < 1e-12
    assert law.mean() == pytest.approx(1 / 3 + 3.5)
    assert law.var() == pytest.approx(4 + 35 / 12)
    assert law.skew() == 0
    assert law.moment(2) == pytest.approx(law.var() + law.mean() ** 2)
    draws = np.asarray(law.rvs(4000, rng=1))
    assert abs(draws.mean() - law.mean()) < 0.2
    assert "6 atoms" in repr(law)
    assert "6 atoms" in law.explain()
    pieces = law._generic
    assert law.entropy() == pytest.approx(pieces.entropy(), rel=1e-12)
    assert law.mode() == pytest.approx(pieces.mode(), rel=1e-6)


def test_sums_without_a_closed_form_have_entropy_and_mode():
    law = hypoexponential([1, Fraction(1, 2)])  # f = exp(-x / 2) - exp(-x)
    assert law.entropy() == pytest.approx(2, rel=1e-9)
    assert law.mode() == pytest.approx(2 * math.log(2), rel=1e-6)


def test_a_point_mass_moves_a_law():
    law = parse("cauchy(0, 1)") + point(Fraction(1, 3))
    assert isinstance(law, NamedDensity)
    assert law.loc == Fraction(1, 3)
    assert isinstance(law * 0, type(point(0)))


def test_what_is_said():
    law = parse("gamma(2.5, 1/3)")
    assert isinstance(law, NamedDensity)
    assert (
        repr(law)
        == f"NamedDensity(gamma(loc=0, scale=0.333333, a=2.5), relative error <= {law.error_bound:.2g})"
    )
    assert "where it is at least 1e-300" in law.explain()
    assert law.relative_error_bound([1.0, -1.0, 1e5], of="sf").tolist() == [
        law.error_bound,
        0,
        math.inf,
    ]
    assert law.relative_error_estimate(1.0, of="sf") == law.error_estimate
    assert law.break_bound == law.neglected_mass == 0
    with pytest.raises(OptionError, match='write of="cdf"'):
        law.relative_error_bound(1.0, of="mean")
    orders: list[Any] = [-1, 1.5, True]
    for order in orders:
        with pytest.raises(OptionError, match="write a whole number >= 0"):
            law.moment(order)


def test_scales_and_locations_beyond_the_floats():
    with pytest.raises(OptionError, match="beyond double precision"):
        _ = parse("normal(0, 1)") * Fraction(10) ** 308
    with pytest.raises(DataError, match="beyond the range"):
        _ = parse("normal(0, 1)") + 10**400


def test_shapes_out_of_reach_go_another_way():
    assert named("gamma", 1e9) is None
    assert named("gumbel_r") is None


def test_a_family_of_ones_own_is_not_taken_for_scipys():
    class Mine(stats.rv_continuous):  # type: ignore[misc]
        def _pdf(self, x):
            return np.exp(-x)

    law = distribution(Mine(a=0, name="norm")())
    assert not isinstance(law, NamedDensity)
    assert law.support()[0] == 0


def test_pieces_are_made_at_the_first_sum_without_a_closed_form():
    x, y = parse("normal(0, 1)"), parse("logistic(1, 1/2)")
    total = x + y
    assert isinstance(total, Density)
    assert not isinstance(total, NamedDensity)
    reverse = y + x
    for point_ in (-3.0, 0.5, 4.0):
        assert total.cdf(point_) == pytest.approx(reverse.cdf(point_), rel=1e-9)
    # P(X + Y <= 3) is the mean of the logistic's cdf at 3 - X.
    assert total.cdf(3.0) == pytest.approx(float(1 - _mean_sf(3.0)), rel=1e-10)


def _mean_sf(x):
    with mpmath.workdps(20):
        return mpmath.quad(
            lambda t: mpmath.npdf(t) / (1 + mpmath.exp(2 * (x - t - 1))), [-12, -3, 0, 3, 12]
        )


def standard(name: str) -> Any:
    return named(name, *SHAPES.get(name, ()))


DRAWN: dict[str, Callable[[], Any]] = {
    **{name: partial(standard, name) for name in STANDARD},
    "moved": lambda: 2 * standard("beta") + 1,
    "sum of gammas": lambda: hypoexponential([1, 2, 3]),
    "noncentral": lambda: generalized_chi2([1, 2], [3, 1], noncentralities=[2, 0]),
    "irwin_hall": lambda: irwin_hall(4),
    "turned": lambda: -parse("gamma(2, 3)"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_draws_have_the_law(name):
    """Kolmogorov's distance of 4,000 draws is above 0.031 once in a thousand times."""
    law = DRAWN[name]()
    draws = np.sort(law.rvs((40, 100), rng=20260729).ravel())
    steps = np.arange(4001) / 4000
    below = law.cdf(draws)
    assert max((steps[1:] - below).max(), (below - steps[:-1]).max()) < 0.031
    np.testing.assert_array_equal(law.rvs(3, 5), law.rvs(3, random_state=5))
    assert isinstance(law.rvs(rng=1), float)
    assert law.rvs(0, rng=1).shape == (0,)
    with pytest.raises(OptionError, match="size=-1"):
        law.rvs(-1)


def test_draws_by_the_older_generator():
    law = parse("normal(1, 2)")
    assert law.rvs(3, np.random.RandomState(1)).shape == (3,)


@pytest.mark.parametrize(
    "law",
    [
        parse("normal(0, 1/10)") + die(6),
        hypoexponential([1, 2, 3]),
        irwin_hall(30),
        parse("beta(0.7, 3)"),
    ],
    ids=["atoms", "gamma sum", "irwin_hall", "beta"],
)
def test_a_value_does_not_depend_on_what_else_is_asked_for(law):
    x = np.asarray(law.ppf(np.linspace(0.001, 0.999, 200)))
    for part in (law.pdf, law.cdf, law.sf, law.logsf):
        np.testing.assert_array_equal(part(x), [part(value) for value in x.tolist()])
