"""The convolution against 50 digits, its laws, its bounds and what it refuses."""

from __future__ import annotations

import time
from functools import partial

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import faltung as ft
from faltung.errors import DataError, DtypeError, OptionError, ResolutionError
from faltung.functions import Function, box, convolve, gaussian
from tests.functions import reference
from tests.functions.strategies import STARTS, VALUES, functions


def random_function(rng, *, pieces=None, degree=None):
    """Pieces of random widths, equal or not, near zero or not, of wild or tame sizes."""
    pieces = int(rng.integers(1, 5)) if pieces is None else pieces
    degree = int(rng.choice([0, 1, 2, 3, 5, 8, 12, 20])) if degree is None else degree
    widths = (
        rng.uniform(0.2, 1, pieces),
        np.full(pieces, 0.25),
        10.0 ** rng.uniform(-3, 1, pieces),
    )[rng.integers(3)]
    start = rng.choice([0.0, rng.normal(), 100 * rng.normal()])
    coefficients = rng.standard_normal((pieces, degree + 1))
    coefficients *= rng.choice([1, 0.7, 0.4]) ** np.arange(degree + 1)
    if rng.integers(3) == 0:
        coefficients *= 10.0 ** rng.uniform(-5, 5, (pieces, 1))
    return Function.from_pieces(start + np.concatenate([[0], np.cumsum(widths)]), coefficients)


def true_error(h, f, g, count=6, rng=None):
    points = reference.points_of(h, count)
    if rng is not None:
        points = rng.choice(points, count)
    return reference.largest_error(h, lambda t: reference.convolution(f, g, t), points)


# --- right -------------------------------------------------------------------------------------


def test_bound_holds_and_estimate_is_near():
    rng = np.random.default_rng(1)
    ratios = []
    for _ in range(150):
        f, g = random_function(rng), random_function(rng)
        h = convolve(f, g)
        error = true_error(h, f, g, rng=rng)
        assert error <= h.error_bound
        if error > 0:
            ratios.append(h.error_estimate / error)
    assert 0.01 <= np.median(ratios) <= 100


@pytest.mark.parametrize(("m", "n"), [(0, 0), (0, 64), (64, 64), (40, 30), (7, 50)])
@pytest.mark.parametrize("width", [1.0, 0.37])
def test_high_degrees(m, n, width):
    rng = np.random.default_rng(m + n)
    f = Function.from_pieces([0, width], [rng.standard_normal(m + 1)])
    g = Function.from_pieces([-1, 0], [rng.standard_normal(n + 1)])
    h = convolve(f, g)
    assert h.degree <= 64
    size = np.abs(f.coefficients).sum() * np.abs(g.coefficients).sum() * min(width, 1)
    error = true_error(h, f, g, count=3)
    assert error <= h.error_bound
    assert error <= 1e-14 * size


def test_callables_against_quadrature():
    """From two callables to the result, every error on the way included in the bound."""
    f = Function(lambda s: np.exp(-s) * np.cos(3 * s), (0, 2))
    g = Function(lambda s: np.where(s < 0.5, 1 / (1 + s**2), np.sin(s)), (-1, 3), breaks=[0.5])
    h = convolve(f, g)

    def integrand(t, s):
        x = t - s
        return mp.exp(-s) * mp.cos(3 * s) * (1 / (1 + x**2) if x < 0.5 else mp.sin(x))

    def truth(t):
        cuts = [max(mp.mpf(0), t - 3), t - mp.mpf(0.5), min(mp.mpf(2), t + 1)]
        return mp.quad(partial(integrand, t), sorted(min(max(cut, 0), 2) for cut in cuts))

    points = [-0.9, 0.1, 0.5, 1.3, 2.6, 3.4, 4.9]
    assert reference.largest_error(h, truth, points) <= h.error_bound < 1e-11
    assert reference.largest_error(h, truth, points) <= 3e-15


@given(functions(VALUES), functions(VALUES))
@settings(max_examples=60)
def test_wild_sizes(f, g):
    h = convolve(f, g)
    assert true_error(h, f, g, count=3) <= h.error_bound


def test_inherited_errors_are_counted():
    """The operands are far off what they stand for; so may the result be, and it says so."""
    f = Function(lambda t: np.cos(3 * t) + 1e-11 * np.sin(1e9 * t), (0, 1))
    g = Function(np.exp, (0, 2))
    exact = Function(lambda t: np.cos(3 * t), (0, 1))
    h = convolve(f, g)
    t = np.linspace(0, 3, 500)
    assert f.error_bound > 1e-11
    assert h.error_bound > 1e-11
    assert np.abs(h(t) - convolve(exact, g)(t)).max() <= h.error_bound


def test_repeated_convolution_adds_errors_and_joins_pieces():
    g = gaussian(1.0, 0.3)
    h = g
    for _ in range(9):
        h = convolve(h, g)
    t = np.linspace(-20, 26, 1001)
    exact = np.exp(-((t - 3) ** 2) / 20) / np.sqrt(20 * np.pi)
    error = np.abs(h(t) - exact).max()
    assert error <= h.error_bound < 1e-10
    assert len(h.breaks) <= 12
    assert h.integral() == pytest.approx(1, abs=1e-13)


# --- laws --------------------------------------------------------------------------------------


def close(left, right):
    """Whether two functions agree at all their breaks and between, within their bounds."""
    t = np.concatenate([reference.points_of(each, 40) for each in (left, right)])
    distance = np.abs(left(t) - right(t)).max()
    return distance <= left.error_bound + right.error_bound


@given(functions(VALUES), functions(VALUES))
def test_commutes(f, g):
    assert close(convolve(f, g), convolve(g, f))


@given(functions(pieces=2), functions(pieces=2), functions(pieces=2))
def test_associates(f, g, k):
    assert close(convolve(convolve(f, g), k), convolve(f, convolve(g, k)))


@given(functions(), functions(pieces=2), functions(pieces=2))
def test_distributes(f, g, k):
    assert close(convolve(f, g + k), convolve(f, g) + convolve(f, k))


@given(functions(), functions(), st.floats(-1e3, 1e3))
def test_scales(f, g, factor):
    assert close(convolve(factor * f, g), factor * convolve(f, g))


@given(functions(), functions(), STARTS)
def test_shifts(f, g, distance):
    assert close(convolve(f.shift(distance), g), convolve(f, g).shift(distance))


@given(functions(), functions())
def test_reflects(f, g):
    assert close(convolve(f.reflect(), g.reflect()), convolve(f, g).reflect())


@given(functions(), functions())
def test_integral_of_the_convolution_is_the_product_of_integrals(f, g):
    h = convolve(f, g)
    low, high = h.domain
    room = (high - low) * h.error_bound
    parts = [max(abs(each.integral()), 1.0) * (np.ptp(each.domain) + 1) for each in (f, g)]
    assert h.integral() == pytest.approx(
        f.integral() * g.integral(), abs=room + 1e-12 * np.prod(parts)
    )


@given(functions(), functions())
def test_value_is_the_area_under_the_product(f, g):
    h = convolve(f, g)
    t = 0.4 * h.domain[0] + 0.6 * h.domain[1]
    product = f * g.reflect().shift(t)
    room = h.error_bound + np.ptp(product.domain) * product.error_bound
    # A jump may be rounded to the other side of the nearest point.
    jump = 1e-13 * (1 + abs(t)) * np.abs(f.coefficients).sum() * np.abs(g.coefficients).sum()
    assert h(t) == pytest.approx(product.integral(), abs=room + jump)


@given(functions(pieces=3), functions(pieces=3))
def test_derivative_moves_to_either_operand(f, g):
    """(F * g)' = f * g for F the antiderivative of f, away from where F is cut off."""
    whole = f.cumulative()
    h, wanted = convolve(whole, g), convolve(f, g)
    stop = min(f.domain[1] + g.domain[0], wanted.domain[1])
    low = wanted.domain[0]
    total = wanted.integral(low, stop)
    room = h.error_bound + (stop - low + 1) * wanted.error_bound + 1e-12
    assert h(stop) == pytest.approx(total, abs=room * 2)


# --- the result --------------------------------------------------------------------------------


def test_result_remembers_its_operands():
    f, g = box(0, 1), box(0, 2)
    h = ft.convolve(f, g)
    assert h.operands == (f, g)
    assert f.operands is None
    assert (h + f).operands is None


def test_domain_is_the_sum_of_the_domains():
    h = convolve(box(-1, 2), box(10, 11.5))
    assert h.domain == (9.0, 13.5)
    assert h(8.9) == h(13.6) == 0.0


def test_breaks_of_nearly_equal_sums_are_merged():
    grid = np.arange(11) * 0.1
    f = Function.from_pieces(grid, np.arange(1.0, 11)[:, None])
    h = convolve(f, f)
    assert len(h.breaks) == 21
    assert true_error(h, f, f) <= h.error_bound < 1e-11


def test_zero_functions():
    zero = Function(0.0, (0, 1))
    h = convolve(zero, box(0, 1))
    assert h([0.3, 1.2]) == pytest.approx([0, 0], abs=0)
    assert h.error_bound < 1e-300


def test_sum_with_a_gap():
    f = box(0, 1) + box(5, 6)
    h = convolve(f, box(0, 1))
    assert h([1.0, 3.0, 6.0]) == pytest.approx([1, 0, 1], abs=1e-15)


def test_large_and_small_numbers_do_not_overflow_on_the_way():
    h = convolve(box(0, 1, 1e300), box(0, 1, 1e-300))
    assert h(1.0) == pytest.approx(1.0, rel=1e-15)


def test_ten_by_ten_pieces_of_degree_thirty_are_fast():
    rng = np.random.default_rng(5)
    f, g = (random_function(rng, pieces=10, degree=30) for _ in range(2))
    convolve(f, g)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        convolve(f, g)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.5


# --- refused -----------------------------------------------------------------------------------


def test_other_things_are_refused():
    with pytest.raises(DtypeError, match=r"Function\(callable"):
        convolve(box(0, 1), np.exp)  # type: ignore[arg-type]
    with pytest.raises(DtypeError, match="two operands of one kind"):
        ft.convolve(box(0, 1), [1.0, 2.0])  # type: ignore[call-overload]


def test_options_of_arrays_are_refused():
    with pytest.raises(OptionError, match=r"boundary='wrap': functions are convolved to"):
        ft.convolve(box(0, 1), box(0, 1), boundary="wrap")
    with pytest.raises(OptionError, match="mode 'wrap' is a boundary"):
        ft.convolve(box(0, 1), box(0, 1), mode="wrap")


def test_too_many_pieces_are_refused():
    edges = np.sort(np.random.default_rng(0).uniform(0, 1, 3001))
    f = Function.from_pieces(edges, np.ones((3000, 20)))
    with pytest.raises(ResolutionError, match="3000 pieces and 3000 pieces are too many"):
        convolve(f, f)


def test_too_many_overlaps_are_refused():
    edges = np.sort(np.random.default_rng(0).uniform(0, 1, 151))
    f = Function.from_pieces(edges, np.ones((150, 65)))
    with pytest.raises(ResolutionError, match="150 pieces and 150 pieces are too many"):
        convolve(f, f)


def test_overflow_is_refused():
    with pytest.raises(DataError, match="overflows"):
        convolve(box(0, 1, 1e300), box(0, 1, 1e300))


def test_too_narrow_for_its_place_is_refused():
    with pytest.raises(ResolutionError, match="nearer to 0"):
        convolve(box(0, 1e-9), box(1e16, 1e16 + 2))
