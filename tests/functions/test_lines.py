"""Functions with tails and poles: closed forms on the line, refusals, and what is done to them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

import faltung as ft
from faltung.errors import DataError, DtypeError, OptionError, ResolutionError
from faltung.functions import Function, box, contents
from faltung.functions.chains.integrals import integral
from faltung.functions.pictures.curves import outline, window

INF = math.inf
ROOT_PI = math.sqrt(math.pi)


def xlog(u):
    return u * math.log(abs(u)) - u if u else 0.0


# What users would type: nothing here says where the poles are, but for the one inside.
MAKERS = {
    "gauss": lambda: Function(lambda t: np.exp(-t * t), (-INF, INF)),
    "odd gauss": lambda: Function(lambda t: t * np.exp(-t * t), (-INF, INF)),
    "sech": lambda: Function(lambda t: 1 / np.cosh(t), (-INF, INF)),
    "lorentz": lambda: Function(lambda t: 1 / (1 + t * t), (-INF, INF)),
    "squared lorentz": lambda: Function(lambda t: (1 + t * t) ** -2.0, (-INF, INF)),
    "decay": lambda: Function(lambda t: np.exp(-t), (0, INF)),
    "fast decay": lambda: Function(lambda t: np.exp(-2 * t), (0, INF)),
    "laplace": lambda: Function(lambda t: np.exp(-abs(t)), (-INF, INF), breaks=[0]),
    "step": lambda: Function(1, (0, INF)),
    "sech squared": lambda: Function(lambda t: np.cosh(t) ** -2.0, (-INF, INF)),
    "half": lambda: Function(lambda t: t**-0.5, (0, INF)),
    "third": lambda: Function(lambda t: t ** (-2 / 3), (0, INF)),
    "chi2_1": lambda: Function(lambda t: np.exp(-t / 2) / np.sqrt(2 * np.pi * t), (0, INF)),
    "gamma 2.5": lambda: Function(lambda t: t**1.5 * np.exp(-t) / math.gamma(2.5), (0, INF)),
    "arcsine": lambda: Function(lambda t: 1 / (np.pi * np.sqrt(1 - t * t)), (-1, 1)),
    "log": lambda: Function(lambda t: np.log(abs(t)), (-1, 1), singular={0: "log"}),
    "levy": lambda: Function(lambda t: t**-1.5 * np.exp(-0.5 / t), (0, INF)),
    "box": lambda: box(-1, 1),
}


@pytest.fixture(scope="module")
def made():
    cache = {}

    def get(name):
        if name not in cache:
            cache[name] = MAKERS[name]()
        return cache[name]

    return get


def log_box(t):
    low, high = max(-1.0, t - 1), min(1.0, t + 1)
    return xlog(high) - xlog(low)


# f, g, f * g, places, and the relative accuracy of it and of the formula.
CLOSED_FORMS = [
    ("gauss", "gauss", lambda t: ROOT_PI / 2**0.5 * math.exp(-t * t / 2), [0, 1, 5, 10, 20, 30]),
    (
        "odd gauss",
        "gauss",
        lambda t: ROOT_PI / 2**0.5 * t / 2 * math.exp(-t * t / 2),
        [1, -5, 10, 20],
    ),
    ("sech", "sech", lambda t: 2 * t / math.sinh(t), [0.5, 3, -30, 300, 600]),
    ("lorentz", "lorentz", lambda t: 2 * math.pi / (4 + t * t), [0, 1, -10, 1e3, 1e8, 1e50]),
    (
        "squared lorentz",
        "squared lorentz",
        lambda t: math.pi * (20 + t * t) / (4 + t * t) ** 3,
        [0, 1, 10, 1e3, 1e6],
    ),
    (
        "gauss",
        "lorentz",
        lambda t: math.pi * special.wofz(t + 1j).real,
        [0, 0.1, 1, -3, 10, 1e3, 1e8],
    ),
    ("decay", "decay", lambda t: t * math.exp(-t), [1e-12, 1e-3, 0.5, 1, 30, 40, 300]),
    (
        "decay",
        "fast decay",
        lambda t: math.exp(-t) * -math.expm1(-t),
        [1e-12, 1e-3, 0.5, 1, 30, 300],
    ),
    (
        "decay",
        "gauss",
        lambda t: ROOT_PI / 2 * math.exp(0.25 - t) * math.erfc(0.5 - t),
        [-15, -5, -1, 0, 1, 5, 50, 300],
    ),
    ("laplace", "laplace", lambda t: (1 + abs(t)) * math.exp(-abs(t)), [0, -3, 0.1, 3, 50]),
    ("step", "step", lambda t: t, [1e-12, 1, 50, 1e10, 1e100]),
    ("step", "decay", lambda t: -math.expm1(-t), [1e-12, 1e-3, 0.5, 1, 50, 1e10]),
    ("step", "gauss", lambda t: ROOT_PI / 2 * math.erfc(-t), [-10, -3, 0, 3, 20]),
    ("step", "sech squared", lambda t: 2 / (1 + math.exp(-2 * t)), [-100, -3, 0, 3, 20]),
    ("half", "half", lambda _: math.pi, [1e-200, 1e-3, 0.5, 1, 1e10, 1e50]),
    (
        "half",
        "third",
        lambda t: t ** (-1 / 6) * special.beta(1 / 2, 1 / 3),
        [1e-30, 1e-3, 0.5, 1, 1e10],
    ),
    ("half", "step", lambda t: 2 * math.sqrt(t), [1e-200, 1e-3, 0.5, 1, 1e10]),
    ("chi2_1", "chi2_1", lambda t: math.exp(-t / 2) / 2, [1e-200, 1e-3, 0.5, 1, 100, 1000]),
    (
        "gamma 2.5",
        "gamma 2.5",
        lambda t: t**4 * math.exp(-t) / 24,
        [1e-30, 1e-3, 0.5, 1, 100, 400],
    ),
    (
        "arcsine",
        "arcsine",
        lambda t: special.ellipkm1(t * t / 4) / math.pi**2,
        [0.5, -1.5, 1e-3, 1e-8, 1e-15, 1e-100, 1.999],
    ),
    ("log", "box", log_box, [0, 0.3, 0.5, 1, -1.5, 1.9]),
    (
        "levy",
        "levy",
        lambda t: 2 * math.sqrt(2 * math.pi) * t**-1.5 * math.exp(-2 / t),
        [0.01, 0.1, 1, 10, 1e5, 1e20],
    ),
    ("gauss", "box", lambda t: ROOT_PI / 2 * (math.erf(t + 1) - math.erf(t - 1)), [0, 0.5, 1]),
    (
        "lorentz",
        "step",
        lambda t: math.atan2(1, -t),
        [-1e8, -1e3, -1, 0, 1, 1e3, 1e8],
    ),
]


@pytest.mark.parametrize(
    ("first", "second", "exact", "places"),
    CLOSED_FORMS,
    ids=[f"{case[0]} and {case[1]}" for case in CLOSED_FORMS],
)
def test_closed_forms_to_the_ends_of_their_tails(made, first, second, exact, places):
    h = ft.convolve(made(first), made(second))
    t = np.array(places, dtype=float)
    true = np.array([exact(place) for place in places])
    bound = contents.error_bounds(h._content, t)
    assert (np.abs(h(t) - true) <= bound + 4e-15 * np.abs(true)).all()
    assert h(t) == pytest.approx(true, rel=2e-12)


def test_a_rule_does_not_depend_on_the_order(made):
    t = np.array([-3.0, 0.01, 0.7, 4.0, 60.0])
    for one, other in [("gauss", "decay"), ("chi2_1", "lorentz"), ("laplace", "box")]:
        f, g = made(one), made(other)
        assert ft.convolve(f, g)(t) == pytest.approx(ft.convolve(g, f)(t), rel=1e-11, abs=1e-290)


def test_the_integral_of_the_result_is_the_product_of_the_integrals(made):
    for one, other in [
        ("gauss", "sech"),
        ("chi2_1", "decay"),
        ("arcsine", "gauss"),
        ("levy", "box"),
    ]:
        f, g = made(one), made(other)
        product = f.integral() * g.integral()
        assert ft.convolve(f, g).integral() == pytest.approx(product, rel=1e-12)


def test_moved_and_stretched(made):
    t = np.array([-2.0, 0.3, 5.0, 30.0])
    for name in ("gauss", "laplace", "decay", "chi2_1", "lorentz"):
        f = made(name)
        assert f.shift(0.1)(t) == pytest.approx(f(t - 0.1), rel=1e-13)
        assert f.scale(3)(t) == pytest.approx(f(t / 3), rel=1e-13)
        assert f.reflect()(t) == pytest.approx(f(-t), rel=1e-13)
        assert (f.scale(-0.7) * 2 / 3)(t) == pytest.approx(f(t / -0.7) * 2 / 3, rel=1e-13)


def test_shifts_go_through(made):
    h = ft.convolve(made("decay").shift(2), made("gauss").scale(0.5))
    exact = ft.convolve(made("decay"), made("gauss").scale(0.5))
    t = np.array([-1.0, 0.0, 3.0, 50.0])
    assert h(t + 2) == pytest.approx(exact(t), rel=1e-12)


def test_sums_and_products(made):
    t = np.array([-3.0, 1e-9, 0.4, 2.0, 25.0])
    pairs = [("gauss", "lorentz"), ("chi2_1", "gauss"), ("decay", "box"), ("laplace", "decay")]
    for one, other in pairs:
        f, g = made(one), made(other)
        assert (f + g)(t) == pytest.approx(f(t) + g(t), rel=1e-12)
        assert (f * g)(t) == pytest.approx(f(t) * g(t), rel=1e-12)
        assert (f - g)(t) == pytest.approx(f(t) - g(t), rel=1e-12, abs=1e-13)


def test_integrals_of_any_part(made):
    assert made("gauss").integral(3, INF) == pytest.approx(ROOT_PI / 2 * math.erfc(3), rel=1e-13)
    assert made("decay").integral(50, INF) == pytest.approx(math.exp(-50), rel=1e-13)
    assert made("lorentz").integral(-INF, -1e10) == pytest.approx(1e-10, rel=1e-13)
    assert made("lorentz").integral(1, 1e20) == pytest.approx(math.atan(1e20) - math.pi / 4)
    assert made("chi2_1").integral(0, 1e-20) == pytest.approx(2e-10 / math.sqrt(2 * math.pi))
    assert made("arcsine").integral() == pytest.approx(1, rel=1e-14)
    assert made("gauss").integral(1, -1) == -made("gauss").integral(-1, 1)


def test_cumulative_goes_on_to_infinity(made):
    distribution = made("chi2_1").cumulative()
    t = np.array([-1.0, 1e-20, 0.3, 4.0, 1e9])
    assert distribution(t) == pytest.approx(special.chdtr(1, np.maximum(t, 0)), rel=1e-13)
    assert distribution.domain == (0, INF)


def test_normalize(made):
    assert made("lorentz").normalize()(0.0) == pytest.approx(1 / math.pi, rel=1e-14)


@pytest.mark.parametrize(("one", "other"), [("step", "half"), ("lorentz", "step")])
def test_divergent_integrals_are_refused(made, one, other):
    f, g = made(one), made(other)
    with pytest.raises(DataError, match=r"diverges.* exponents add up to less than -1"):
        ft.convolve(f, g.reflect() if one == "step" else Function(lambda t: abs(t), (-INF, INF)))
    with pytest.raises(DataError, match="integral diverges"):
        made("step").integral()


def test_a_constant_meets_a_lorentz_curve_and_no_other_constant(made):
    constant = Function(2.0, (-INF, INF))
    assert ft.convolve(made("lorentz"), constant)([-5, 0, 1e3]) == pytest.approx(2 * math.pi)
    with pytest.raises(DataError, match="diverges"):
        ft.convolve(constant, constant)


def test_what_swings_to_infinity_is_refused():
    for swinging in (np.sinc, lambda t: np.cos(t) / (1 + t * t)):
        with pytest.raises(ResolutionError, match="swings all the way to infinity"):
            Function(swinging, (-INF, INF))


def test_what_is_zero_everywhere_it_is_looked_at_is_refused():
    with pytest.raises(DataError, match=r"say where it is, with breaks"):
        Function(lambda t: np.exp(-((t - 1000.1) ** 2) * 1e9), (-INF, INF))


def test_far_from_zero():
    f = Function(lambda t: np.exp(-((t - 1000) ** 2)), (-INF, INF))
    assert f.integral() == pytest.approx(ROOT_PI, rel=1e-13)
    assert ft.convolve(f, f)(2000.0) == pytest.approx(ROOT_PI / 2**0.5, rel=1e-13)


@pytest.mark.parametrize("exponent", [-1, -2.5, math.nan, "pole", None, True])
def test_a_singular_place_wants_an_exponent(exponent):
    with pytest.raises(OptionError, match="not an exponent above -1"):
        Function(lambda t: t, (0, 1), singular={0: exponent})


@pytest.mark.parametrize(
    ("interval", "breaks", "singular"),
    [
        ((0, INF), [-1], {}),
        ((-INF, 0), [], {2: -0.5}),
        ((0, INF), [INF], {}),
        ((0, 1), 3, {0: 0.5}),
    ],
)
def test_places_outside_are_refused(interval, breaks, singular):
    with pytest.raises(OptionError, match=r"lies outside|write a list of numbers"):
        Function(np.exp, interval, breaks, singular=singular)


def test_nan_on_a_half_line_is_named():
    with pytest.raises(DataError, match=r"is nan at x = "):
        Function(lambda t: np.sqrt(t - 1), (0, INF))


def test_it_shows_itself(made):
    f = made("lorentz")
    assert repr(f).startswith("Function on [-inf, inf]: ")
    assert "3.14159" in f._repr_html_()
    assert "diverges" in made("step")._repr_html_()
    for name in ("levy", "chi2_1", "arcsine"):
        assert "nan" not in made(name)._repr_html_()


def test_a_lognormal_law_in_both_tails():
    f = Function(lambda t: np.exp(-(np.log(t) ** 2) / 2) / t, (0, INF))
    t = 10.0 ** np.arange(-14, 15)
    assert f(t) == pytest.approx(np.exp(-(np.log(t) ** 2) / 2) / t, rel=1e-12)
    law = f.normalize()
    # P(X + Y > 50), known from 40-digit quadrature.
    assert ft.convolve(law, law).integral(50, INF) == pytest.approx(1.079782108381844e-4, rel=1e-12)


def test_the_relative_bound_holds_over_the_tails(made):
    h = ft.convolve(made("gauss"), made("gauss"))
    assert h.relative_error_bound(-10, 10) < 2e-11
    bound = h.relative_error_bound()
    assert bound < 1e-10
    t = np.linspace(-35, 35, 500)
    assert h(t) == pytest.approx(ROOT_PI / 2**0.5 * np.exp(-t * t / 2), rel=bound)
    assert ft.convolve(made("lorentz"), made("lorentz")).relative_error_bound() < 1e-11
    assert made("odd gauss").relative_error_bound(1, 20) < 1e-11
    assert made("odd gauss").relative_error_bound(-1, 1) == INF
    assert box(0, 1).relative_error_bound() < 1e-14


def test_what_lies_beyond_the_last_double_is_counted():
    f = Function(lambda t: (1 + t) ** -1.02, (0, INF))
    assert f.integral() == pytest.approx(50, rel=1e-10)
    g = Function(lambda t: np.exp(-t * t), (-INF, INF))
    assert (contents.error_bounds(g._content, np.array([27.0, -30.0])) > 1e-300).all()


def test_slow_convergence_is_refused():
    f = Function(lambda t: (1 + abs(t)) ** -0.75, (-INF, INF), breaks=[0])
    with pytest.raises(DataError, match="converges too slowly"):
        ft.convolve(f, f)


def test_zero_stays_zero(made):
    zero = 0 * made("gauss")
    assert ft.convolve(zero, made("gauss"))([-1.0, 0.0, 2.0]).tolist() == [0, 0, 0]


def test_what_is_drawn(made):
    assert window(made("half")) == (0, 10)
    low, high = window(made("lorentz"))
    assert -100 < low < -5
    assert 5 < high < 100
    for name in ("half", "log", "arcsine"):
        places, values = outline(made(name))
        assert np.isnan(values[np.isin(places, made(name).breaks)]).any()
        assert np.nanmax(np.abs(values)) < 30


def test_area_nearer_to_a_pole_than_doubles_go_is_refused():
    with pytest.raises(DataError, match=r"cannot be seen.*singular="):
        Function(lambda t: 1 / (t * np.log(t) ** 2), (0, 0.5))
    f = Function(lambda t: 1 / (t * np.log(t) ** 2), (2, INF))
    value, bound = integral(contents.as_body(f._content), 2, INF)
    assert abs(value - 1 / np.log(2)) <= bound < 1e-2


def test_an_end_of_an_integral_is_a_number(made):
    with pytest.raises(DtypeError, match="an end of the interval"):
        made("gauss").integral(0, "x")


def test_oscillations_of_many_periods_are_refused_soon():
    f = Function(lambda t: np.exp(-t) * np.cos(20 * t), (0, INF))
    with pytest.raises(ResolutionError, match="the convolution cannot be resolved"):
        ft.convolve(f, f)
