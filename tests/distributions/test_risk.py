"""Risk measures against closed forms and exact sums."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from faltung.distributions import compound, die, distribution, maximum, mixture, point, risk
from faltung.errors import DataError, DtypeError, OptionError
from tests.distributions import strategies
from tests.distributions.mixed.test_mixture import table

EXPON = distribution("expon(1)")
NORMAL = distribution("normal(0, 1)")
CLAIM = mixture([point(0), EXPON], [0.9, 0.1])

levels = st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=100)
places = st.fractions(-70, 70, max_denominator=12)


@given(strategies.exact_laws, levels)
def test_expected_shortfall_is_the_mean_of_the_worst(x, level):
    """By filling up the tail from the largest loss on."""
    rest = tail = 1 - level
    total = Fraction(0)
    for loss, p in sorted(table(x).items(), reverse=True):
        taken = min(p, rest)
        total, rest = total + taken * loss, rest - taken
    assert risk.expected_shortfall(x, level, exact=True) == total / tail
    assert risk.expected_shortfall(x, tail=tail, exact=True) == total / tail
    size = max(abs(x.points[0]), abs(x.points[-1]))
    close = pytest.approx(float(total / tail), rel=1e-12, abs=1e-12 * size)
    assert risk.expected_shortfall(x, tail=tail) == close


@pytest.mark.parametrize("law", [die(6), EXPON, CLAIM], ids=["die", "exponential", "mixed"])
def test_many_levels_at_once(law):
    levels = np.array([[0.5, 0.95], [0.9999, 0.2]])
    for measure in (risk.value_at_risk, risk.expected_shortfall):
        for name in ("level", "tail"):
            found = measure(law, **{name: levels})
            alone = [[measure(law, **{name: x}) for x in row] for row in levels.tolist()]
            assert found.shape == (2, 2)
            np.testing.assert_allclose(found, alone, rtol=1e-12)
        assert measure(law, []).shape == (0,)


@given(strategies.exact_laws, places, places)
def test_premiums_of_discrete_laws(x, a, b):
    start, stop = min(a, b), max(a, b) + 1
    over = sum(p * max(loss - start, Fraction(0)) for loss, p in table(x).items())
    limited = sum(p * min(loss, start) for loss, p in table(x).items())
    paid = sum(
        p * min(max(loss - start, Fraction(0)), stop - start) for loss, p in table(x).items()
    )
    assert risk.stop_loss(x, start, exact=True) == over
    assert risk.limited_expected_value(x, start, exact=True) == limited
    assert risk.stop_loss(x, start) == pytest.approx(float(over), rel=1e-13, abs=0)
    assert risk.limited_expected_value(x, start) == pytest.approx(
        float(limited), rel=1e-13, abs=1e-12
    )
    assert risk.layer_premium(x, start, stop - start) == pytest.approx(
        float(paid), rel=1e-13, abs=0
    )
    assert risk.layer(x, start, stop - start).mean(exact=True) == paid


@given(strategies.float_lattices(), st.floats(-60, 60))
def test_premiums_keep_relative_accuracy_in_float_laws(x, place):
    chances = [Fraction(p) for p in x._weights.floats.tolist()]
    points = [x._start + x._step * int(k) for k in x._indices]
    start = Fraction(str(place)) if len(f"{abs(place):.17g}") < 16 else Fraction(place)
    true = sum(p * max(loss - start, Fraction(0)) for loss, p in zip(points, chances, strict=True))
    got = Fraction(risk.stop_loss(x, start))
    span = Fraction(max(points[-1] - start, 0))
    rounding = Fraction(x.error_bound + 1e-14) * true
    assert abs(got - true) <= rounding + span * Fraction(x.neglected_mass + 1e-300)


def test_far_tails_of_dice():
    law = die(6).sum(100)
    for place in (100, 350, 350.5, 550, 599, 599.5):
        exact = risk.stop_loss(law, place, exact=True)
        assert risk.stop_loss(law.to_float(), place) == pytest.approx(
            float(exact), rel=1e-12, abs=0
        )
    assert risk.stop_loss(law, 600) == 0.0
    assert risk.layer_premium(law, 599, 5) == 6.0**-100


def test_exponential_losses():
    with mpmath.workdps(30):
        for place in (-2.0, 0.0, 1.0, 9.0, 18.0):
            true = mpmath.exp(-place) if place >= 0 else 1 - mpmath.mpf(place)
            assert risk.stop_loss(EXPON, place) == pytest.approx(float(true), rel=1e-8)
    assert risk.limited_expected_value(EXPON, [-1, 2]) == pytest.approx([-1, 1 - math.exp(-2)])
    assert risk.value_at_risk(EXPON, 0.99) == pytest.approx(math.log(100), rel=1e-12)
    assert risk.value_at_risk(EXPON, tail=1e-9) == pytest.approx(math.log(1e9), rel=1e-5)
    assert risk.expected_shortfall(EXPON, 0.99) == pytest.approx(math.log(100) + 1, rel=1e-12)
    assert risk.layer_premium(EXPON, 2, 3) == pytest.approx(math.exp(-2) - math.exp(-5), rel=1e-11)
    assert risk.layer(EXPON, 2, 3).mean() == pytest.approx(math.exp(-2) - math.exp(-5), rel=1e-11)


def test_normal_losses():
    tail = stats.norm.pdf(stats.norm.isf(0.01)) / 0.01
    assert risk.expected_shortfall(NORMAL, tail=0.01) == pytest.approx(tail, rel=1e-11)
    assert risk.limited_expected_value(NORMAL, 0) == pytest.approx(-1 / math.sqrt(2 * math.pi))
    assert risk.stop_loss(NORMAL, np.zeros((2, 2))).shape == (2, 2)


def test_losses_with_an_atom():
    assert risk.value_at_risk(CLAIM, 0.8) == 0.0
    assert risk.expected_shortfall(CLAIM, 0.8) == pytest.approx(0.1 / 0.2, rel=1e-12)
    assert risk.expected_shortfall(CLAIM, 0.99) == pytest.approx(math.log(10) + 1, rel=1e-11)
    assert risk.stop_loss(CLAIM, 3) == pytest.approx(0.1 * math.exp(-3), rel=1e-11)
    assert risk.limited_expected_value(CLAIM, 1) == pytest.approx(0.1 * (1 - math.exp(-1)))
    later = maximum(EXPON, EXPON)
    assert risk.stop_loss(later, 2) == pytest.approx(2 * math.exp(-2) - math.exp(-4) / 2, rel=1e-11)


@pytest.mark.parametrize("law", [EXPON, NORMAL, CLAIM, maximum(die(6), EXPON), die(6)], ids=repr)
def test_many_retentions_at_once(law):
    places = np.array([[3.0, 0.5, -2.0, 3.0], [9.0, 4.0, 0.0, 6.5]])
    one_by_one = [[risk.stop_loss(law, place) for place in row] for row in places.tolist()]
    assert risk.stop_loss(law, places) == pytest.approx(np.array(one_by_one), rel=1e-12)
    assert risk.stop_loss(law, []).shape == (0,)


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 8), st.floats(0.1, 5))
def test_layers_add_up(start, width):
    law = maximum(die(6), EXPON)
    parts = risk.layer_premium(law, start, width) + risk.stop_loss(law, start + width)
    assert parts == pytest.approx(risk.stop_loss(law, start), rel=1e-9)


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: risk.value_at_risk(EXPON), OptionError, "level=0.99 or tail=0.01"),
        (lambda: risk.value_at_risk(EXPON, 0.9, tail=0.1), OptionError, "one of the two"),
        (lambda: risk.expected_shortfall(EXPON, 1), OptionError, "level=1: write a probability"),
        (lambda: risk.value_at_risk(EXPON, [0.5, 2]), OptionError, "level=2.0: write a prob"),
        (lambda: risk.value_at_risk(EXPON, [0.5, math.nan]), OptionError, "level=nan"),
        (lambda: risk.value_at_risk(EXPON, "high"), OptionError, "level='high': write a prob"),
        (lambda: risk.value_at_risk(EXPON, [0.5, "high"]), DtypeError, "write a real number"),
        (lambda: risk.expected_shortfall(die(6), [0.5], exact=True), OptionError, "one level"),
        (lambda: risk.expected_shortfall(EXPON, tail=-0.1), OptionError, "tail=-0.1"),
        (lambda: risk.expected_shortfall(EXPON, 0.9, exact=True), OptionError, "discrete law"),
        (lambda: risk.stop_loss(die(6).to_float(), 1, exact=True), OptionError, "exact weights"),
        (lambda: risk.stop_loss(die(6), math.nan), DataError, "retention is nan"),
        (lambda: risk.stop_loss(die(6), [1, math.inf]), DataError, "retention is inf"),
        (lambda: risk.layer(EXPON, 1, 0), OptionError, "limit=0"),
        (lambda: risk.layer_premium(EXPON, 1, -1), OptionError, "limit=-1"),
        (lambda: risk.stop_loss(3, 1), DtypeError, "loss is a int"),  # type: ignore[arg-type]
        (lambda: risk.stop_loss(stats.norm(), 1), DtypeError, "distribution"),
    ],
)
def test_what_is_refused(call, error, match):
    with pytest.raises(error, match=match):
        call()


@pytest.mark.parametrize("index", [1.01, 1.1, 2.0, 3.5])
@pytest.mark.parametrize("place", [1.0, 5.0, 1e6, 1e50])
def test_heavy_tails_have_a_mean_that_is_found(index, place):
    law = distribution(stats.pareto(index))
    a, d = mpmath.mpf(index), mpmath.mpf(place)
    assert risk.stop_loss(law, place) == pytest.approx(float(d ** (1 - a) / (a - 1)), rel=1e-12)
    shortfall = float(a / (a - 1) * mpmath.mpf(0.01) ** (-1 / a))
    assert risk.expected_shortfall(law, tail=0.01) == pytest.approx(shortfall, rel=1e-12)


@pytest.mark.parametrize("law", [stats.cauchy(), stats.pareto(1.0), stats.pareto(0.5)])
def test_heavier_tails_have_none(law):
    law = distribution(law)
    assert risk.stop_loss(law, 5.0) == math.inf
    assert risk.expected_shortfall(law, 0.9) == math.inf
    assert math.isfinite(risk.layer_premium(law, 2.0, 3.0))


def test_shortfall_of_a_clipped_law_counts_part_of_the_atom():
    """From the level 0.8 on: the density up to 1, and the atom at 1."""
    clipped = NORMAL.clip(-1, 1)
    with mpmath.workdps(30):
        place = mpmath.findroot(lambda z: mpmath.ncdf(z) - mpmath.mpf(0.8), 0.84)
        worst = mpmath.npdf(place) - mpmath.npdf(1) + mpmath.ncdf(-1)
        true = float(worst / (1 - mpmath.mpf(0.8)))
    assert risk.expected_shortfall(clipped, 0.8) == pytest.approx(true, rel=1e-12)
    assert risk.expected_shortfall(clipped, 0.9) == 1.0


def test_many_parts_at_once():
    """A compound law of fifty gamma laws against the sum over them."""
    law = compound(distribution(stats.binom(50, 0.5)), distribution(stats.gamma(2)))
    place = 70.0
    with mpmath.workdps(30):
        true = mpmath.fsum(
            mpmath.binomial(50, k)
            * mpmath.mpf(2) ** -50
            * (
                2 * k * mpmath.gammainc(2 * k + 1, place, regularized=True)
                - place * mpmath.gammainc(2 * k, place, regularized=True)
            )
            for k in range(1, 51)
        )
    assert risk.stop_loss(law, place) == pytest.approx(float(true), rel=1e-12)
    at = law.ppf(0.99)
    assert law.cdf(at) >= 0.99 > law.cdf(math.nextafter(at, 0))
