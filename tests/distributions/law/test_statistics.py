"""SciPy's summary numbers on every kind of law."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from faltung.distributions import Density, Lattice, die, distribution, mixture, point
from faltung.distributions.law.integrals import between, central_moment, excess, shortage
from faltung.errors import DataError, DtypeError, OptionError, ResolutionError
from faltung.functions import Function
from tests.distributions import strategies
from tests.distributions.mixed.test_mixture import table

EXPON = distribution("expon(1)")
NORMAL = distribution("normal(3, 2)")
FAMILIES = [
    stats.norm(3, 2),
    stats.expon(1, 2),
    stats.gamma(2.5),
    stats.uniform(-1, 3),
    stats.beta(2, 3),
    stats.lognorm(0.25),
    stats.logistic(),
    stats.weibull_min(1.5),
]


@pytest.mark.parametrize("above", [-3.0, 1.0, 4.5])
def test_an_indicator_has_the_probability_as_its_expected_value(above):
    assert NORMAL.expect(lambda x: x > above) == pytest.approx(float(NORMAL.sf(above)), rel=1e-12)
    assert NORMAL.expect(lambda x: 1.0 if x <= above else 0.0) == pytest.approx(
        float(NORMAL.cdf(above)), rel=1e-12
    )


def test_the_mean_of_heavy_tails_on_both_sides_does_not_exist():
    assert math.isnan(distribution("student(0.5)").mean())
    assert math.isnan(distribution("student(1)").sum(2).mean())


@pytest.mark.parametrize("frozen", FAMILIES, ids=lambda f: f.dist.name)
def test_densities_agree_with_the_closed_forms_of_scipy(frozen):
    law = distribution(frozen)
    assert law.stats("mv") == pytest.approx(frozen.stats("mv"), rel=1e-12)
    assert law.stats("sk") == pytest.approx(frozen.stats("sk"), rel=1e-8, abs=1e-8)
    assert law.entropy() == pytest.approx(float(frozen.entropy()), rel=1e-8)
    for order in range(5):
        assert law.moment(order) == pytest.approx(float(frozen.moment(order)), rel=1e-9)
    assert law.expect(np.cos) == pytest.approx(frozen.expect(np.cos), rel=1e-6, abs=1e-8)
    assert law.median() == pytest.approx(frozen.median(), rel=1e-12, abs=1e-12)


class KnownLaw:
    """A law that is known by SciPy's methods, all the way into its tails."""

    def __init__(self, frozen):
        self.frozen = frozen

    def _bends(self):
        return []

    def __getattr__(self, name):
        def quiet(*arguments):
            with np.errstate(all="ignore"):
                return getattr(self.frozen, name)(*arguments)

        return quiet


def any_(value: Any) -> Any:
    """What a type checker would refuse."""
    return value


def known(frozen: Any) -> Any:
    """As any law."""
    return KnownLaw(frozen)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
@pytest.mark.parametrize("shape", [0.9, 1.1, 2, 2.5, 3.5, 4.5, 9])
def test_power_tails_have_their_moments_and_no_others(shape, order):
    frozen = stats.pareto(shape)
    value = central_moment(known(frozen), 0.0, order)
    if order >= shape:
        assert value == math.inf
    else:
        assert value == pytest.approx(shape / (shape - order), rel=1e-9)


def test_tails_of_both_signs():
    cauchy, student = known(stats.cauchy()), known(stats.t(3.5))
    assert math.isnan(central_moment(cauchy, 0.0, 1))
    assert central_moment(cauchy, 0.0, 2) == math.inf
    assert central_moment(student, 0.0, 3) == pytest.approx(0, abs=1e-10)
    assert central_moment(student, 0.0, 2) == pytest.approx(3.5 / 1.5, rel=1e-11)
    assert central_moment(student, 0.0, 4) == math.inf


def test_long_tails_that_are_no_powers():
    law = known(stats.lognorm(4.0))
    for order in (1, 2, 3):
        assert excess(law, 0.0, order) == pytest.approx(math.exp(8 * order**2), rel=1e-7)
    heavy = known(stats.weibull_min(0.3))
    assert excess(heavy, 0.0, 2) == pytest.approx(math.gamma(1 + 2 / 0.3), rel=1e-11)


def test_excesses_keep_their_digits_far_out():
    law = known(stats.norm())
    for place in (-40.0, 0.0, 10.0, 35.0):
        with mpmath.workdps(400):  # E (Z - d)+ = f(d) - d S(d)
            true = float(mpmath.npdf(place) - place * mpmath.ncdf(-place))
        assert excess(law, place) == pytest.approx(true, rel=1e-11)
        assert shortage(law, -place) == pytest.approx(excess(law, place), rel=1e-12)
    assert between(law, 3.0, 3.0) == 0.0
    assert between(known(stats.expon()), -2, 1) == pytest.approx(3 - math.exp(-1), rel=1e-13)


@given(strategies.exact_laws, st.integers(0, 5))
def test_exact_moments(x, order):
    true = sum(p * place**order for place, p in table(x).items())
    assert x.moment(order, exact=True) == true
    assert x.moment(order) == float(true)
    assert x.expect(lambda value: value**2, exact=True) == x.moment(2, exact=True)


@given(strategies.float_lattices())
def test_float_moments(x):
    third = sum(
        Fraction(p) * (x._start + x._step * int(k)) ** 3
        for k, p in zip(x._indices, x._weights.floats.tolist(), strict=True)
    )
    size = max(abs(x.points[0]), abs(x.points[-1])) ** 3
    assert x.moment(3) == pytest.approx(float(third), rel=1e-12, abs=1e-12 * size)


def test_dice():
    two = die(6) + die(6)
    assert two.stats("mvsk") == (7.0, 35 / 6, 0.0, pytest.approx(-0.6342857142857143, rel=1e-14))
    assert two.stats("k") == two.kurtosis()
    assert two.mode() == 7.0
    assert die(6).mode() == 1.0
    assert die(6).entropy() == pytest.approx(math.log(6), rel=1e-15)
    assert math.isnan(point(3).skew())
    assert point(3).entropy() == 0.0
    assert die(6).expect(lb=2, ub=3) == pytest.approx(5 / 6, rel=1e-15)
    assert die(6).expect(lb=2, ub=3, conditional=True) == pytest.approx(2.5, rel=1e-15)
    assert die(6).expect(lb=2, ub=3, conditional=True, exact=True) == Fraction(5, 2)
    assert math.isnan(die(6).expect(lb=7, conditional=True))
    assert die(6).expect(math.sqrt) == pytest.approx(sum(map(math.sqrt, range(1, 7))) / 6)
    skewed = Lattice([0.9, 0.1])
    assert skewed.skew() == pytest.approx(0.8 / 0.3, rel=1e-13)
    assert (-skewed).skew() == pytest.approx(-0.8 / 0.3, rel=1e-13)
    assert (die(2).sum(3) + 10**9).skew() == 0.0


def test_densities_with_jumps_and_poles():
    law = Density(Function.from_pieces([0, 1, 3], [[0.5], [0.25]]))
    assert law.entropy() == pytest.approx(0.5 * math.log(2) + 0.5 * math.log(4), rel=1e-12)
    assert law.mode() <= 1.0
    assert NORMAL.mode() == pytest.approx(3, abs=1e-6)
    assert NORMAL.expect(np.ones_like, lb=3) == pytest.approx(0.5, rel=1e-12)
    assert NORMAL.expect(lb=3, conditional=True) == pytest.approx(
        3 + 2 * math.sqrt(2 / math.pi), rel=1e-11
    )
    noise = law + die(6)
    assert noise.skew() == pytest.approx(law.skew() * (law.var() / noise.var()) ** 1.5, rel=1e-9)


def test_a_mixture_without_atoms_has_an_entropy():
    apart = mixture([distribution("uniform(0, 1)"), distribution("uniform(5, 6)")])
    assert apart.entropy() == pytest.approx(math.log(2), rel=1e-11)
    assert 0 <= apart.mode() <= 6
    with pytest.raises(DtypeError):
        _ = mixture([die(6), NORMAL]).entropy()


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: die(6).stats("mx"), OptionError, "moments='mx'"),
        (lambda: NORMAL.stats(""), OptionError, "letters m, v, s, k"),
        (lambda: NORMAL.stats(5), OptionError, "moments=5"),
        (lambda: NORMAL.moment(-1), OptionError, "order=-1"),
        (lambda: die(6).moment(any_(2.5)), OptionError, "order=2.5"),
        (lambda: die(6).moment(10**9), OptionError, "from 0 to 1000"),
        (lambda: NORMAL.expect(3), DtypeError, "func is a int"),  # type: ignore[arg-type]
        (lambda: die(6).expect("x", exact=True), DtypeError, "func is a str"),  # type: ignore[arg-type]
        (lambda: die(6).expect(float, exact=True), DtypeError, "returned 1.0"),
        (lambda: NORMAL.expect(lb=math.nan), OptionError, "lb=nan"),
        (lambda: NORMAL.expect(lb=2, ub=1), OptionError, "lb=2.0, ub=1.0: write lb <= ub"),
        (lambda: die(6).expect(lb=2, ub=1, exact=True), OptionError, "write lb <= ub"),
        (lambda: NORMAL.expect(lambda x: np.exp(1j * x)), DtypeError, "its real and its imaginary"),
        (lambda: NORMAL.expect(lambda _: [1, 2]), DtypeError, r"func returned \[1, 2\] \(list\)"),
        (lambda: NORMAL.expect(lambda x: np.full_like(x, np.inf)), ResolutionError, "not finite"),
        (lambda: EXPON.expect(np.exp), ResolutionError, "may be infinite"),
        (lambda: die(6).to_float().moment(2, exact=True), OptionError, "exact=True needs"),
    ],
)
def test_what_is_refused(call, error, match):
    with pytest.raises(error, match=match):
        call()


def test_moments_beyond_the_range_of_floats():
    assert Lattice([1, 1], 10**100, 10**99, normalize=True).moment(5) == math.inf
    assert Lattice([0.5, 0.5], 10**100, 10**99).moment(5) == math.inf
    with pytest.raises(DataError):
        Lattice([0.5, 0.5], 10**400)
