"""Pieces of one width: the lattice they lie on, their convolution by transforms, and its bounds."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import faltung as ft
from faltung import _core
from faltung.functions import Function, bounds, box
from faltung.functions.polynomials import cells, lattice, recut
from faltung.functions.polynomials.chebyshev import clenshaw, evaluate_rows
from faltung.functions.polynomials.legendre import table_of
from tests.functions import reference


def true_error(h, f, g, points):
    return reference.largest_error(h, lambda t: reference.convolution(f, g, t), points)


def staircase(rng, count, degree, *, start=0.0, width=0.1, spread=0):
    """`count` pieces of one width, each anything."""
    rows = rng.standard_normal((count, degree + 1)) * 10.0 ** rng.uniform(-spread, 0, (count, 1))
    return Function.from_pieces(start + width * np.arange(count + 1), rows)


def lattice_of(f, g):
    return lattice.lattice_of(f._pieces, g._pieces)


# --- the sums over all pairs -------------------------------------------------------------------

SHAPES = [(1, 1, 1, 1), (2, 1, 1, 3), (1, 5, 7, 2), (5, 4, 3, 9), (16, 17, 16, 8), (31, 3, 50, 65)]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_transform_and_the_sum_of_all_pairs_agree(shape, instruction_set):
    p, m, q, n = shape
    rng = np.random.default_rng(p)
    f, g = rng.uniform(-0.5, 0.5, (p, m)), rng.uniform(-0.5, 0.5, (q, n))
    f[0, 0] = g[-1, 0] = 0.75
    one, bound = cells._directly(f, g)
    other, wider = cells._by_transform(f, g)
    apart = bounds.size(one - other)
    assert (apart <= bound.bound + wider.bound).all()
    assert np.median(apart) <= 100 * np.median(wider.estimate)
    # The bound is no larger than it has to be for the worst data: a few hundred roundings.
    product = np.linalg.norm(f, axis=0).sum() * np.linalg.norm(g, axis=0).sum()
    assert (wider.bound <= 3000 * bounds.UNIT * product).all()


def test_the_number_of_threads_changes_no_bit():
    rng = np.random.default_rng(2)
    f, g = rng.standard_normal((130, 20)), rng.standard_normal((75, 30))
    table = table_of(20, 30)
    one, two = np.empty((2, 205, 50))
    _core.convolve_cells(f, g, table, one, 1)
    _core.convolve_cells(f, g, table, two, 3)
    assert (one == two).all()


@pytest.mark.parametrize("count", [3, 40])
def test_boxes_of_whole_heights(count):
    """In rational numbers: the values at the breaks are sums of products of heights."""
    rng = np.random.default_rng(count)
    a, b = rng.integers(-9, 10, (2, count))
    f, g = (Function.from_pieces(np.arange(count + 1.0), heights[:, None]) for heights in (a, b))
    h = ft.convolve(f, g)
    exact = np.concatenate([[0], np.convolve(a, b), [0]])
    assert np.abs(h(np.arange(2.0 * count + 1)) - exact).max() <= h.error_bound <= 1e-10


@pytest.mark.parametrize("spread", [0, 12])
@pytest.mark.parametrize("width", [0.125, 0.1])
def test_many_pieces_hold_their_bound(width, spread):
    """Widths of 0.1 put no break where it should be."""
    rng = np.random.default_rng(7)
    f = staircase(rng, 61, 3, start=0.3, width=width, spread=spread)
    g = staircase(rng, 47, 6, start=-2.0, width=width, spread=spread)
    assert lattice_of(f, g)
    assert f._pieces.count * g._pieces.count > cells._FEW_PAIRS
    h = ft.convolve(f, g)
    points = rng.choice(reference.points_of(h, 12), 12)
    error = true_error(h, f, g, points)
    assert error <= h.error_bound <= 1e-9


def test_the_estimate_is_near():
    rng = np.random.default_rng(8)
    ratios = []
    for _ in range(6):
        f = staircase(rng, int(rng.integers(33, 60)), int(rng.integers(0, 12)), width=0.25)
        g = staircase(rng, int(rng.integers(33, 60)), int(rng.integers(0, 12)), width=0.25)
        h = ft.convolve(f, g)
        points = rng.choice(reference.points_of(h, 6), 4)
        error = true_error(h, f, g, points)
        assert error <= h.error_bound
        ratios.append(h.error_estimate / error)
    assert 0.1 <= np.median(ratios) <= 1000


@pytest.mark.parametrize("k", [30.0, 540.0, 4000.0])
def test_cosines_against_their_closed_form(k):
    f = Function(lambda x: np.cos(k * x), (-1, 1))
    h = ft.convolve(f, f)

    def truth(t):
        rest = 2 - abs(t)
        return rest * mp.cos(k * t) / 2 + mp.sin(k * rest) / (2 * k)

    points = np.linspace(-2, 2, 301)
    error = reference.largest_error(h, truth, points)
    # cos itself is given to k units at best.
    assert error <= h.error_bound
    assert error <= 4 * (k + 10) * bounds.UNIT
    assert h.error_estimate <= 1000 * error


def test_cosines_of_unequal_widths():
    k = 540.0
    f = Function(lambda x: np.cos(k * x), (-1, 1))
    g = Function(lambda x: np.cos(k * x), (-2, 2))
    h = ft.convolve(f, g)
    t = np.linspace(-1, 1, 301)
    exact = np.cos(k * t) * (1 + np.sin(2 * k) / (2 * k))
    assert np.abs(h(t) - exact).max() <= h.error_bound + 1e-15 * k
    assert np.abs(h(t) - exact).max() <= 1e-12


def test_thousands_of_pieces_stay_few():
    """A convolution has the pieces that its operands have together, not their product."""
    f = Function.from_pieces(np.arange(3001) / 3000, np.ones((3000, 1)))
    g = Function.from_pieces(np.arange(2001) / 3000, np.ones((2000, 1)))
    h = ft.convolve(f, g)
    assert h._pieces.count == 3
    assert abs(h(0.8) - 2 / 3) <= h.error_bound <= 1e-8


@pytest.mark.parametrize(("sigma", "most"), [(0.1, 60), (0.01, 100), (1e-3, 400)])
def test_what_operands_are_not_known_to_makes_no_pieces(sigma, most):
    """Hardly anything is left of a fast cosine: the noise of its samples is no reason for pieces."""
    f = Function(lambda x: np.cos(4000 * x), (-1, 1))
    g = Function(lambda x: np.exp(-((x / sigma) ** 2)), (-6 * sigma, 6 * sigma))
    h = ft.convolve(f, g)
    x = np.linspace(-0.3, 0.3, 101)
    exact = np.cos(4000 * x) * sigma * np.sqrt(np.pi) * np.exp(-((4000 * sigma) ** 2) / 4)
    assert h._pieces.count <= most
    assert np.abs(h(x) - exact).max() <= h.error_bound <= 1e-10
    assert np.abs(h(x) - exact).max() <= 1e-14


# --- the lattice -------------------------------------------------------------------------------


def test_a_wide_piece_is_cut_where_that_saves_work():
    rng = np.random.default_rng(3)
    f = staircase(rng, 100, 20, width=2.0**-6)
    breaks = np.delete(f.breaks, [40, 41, 70])
    rows = np.delete(f.coefficients, [40, 41, 70], axis=0)
    wide = Function.from_pieces(breaks, rows)
    found = lattice_of(wide, f)
    assert found is not None
    assert found.f.count == found.g.count == 100
    assert found.width == 2.0**-6
    assert found.displaced == 0.0
    x = np.linspace(wide.domain[0], wide.domain[1], 1001)
    assert np.abs(found.f.evaluate(x) - wide(x)).max() <= found.f.deviation.bound.max() + 1e-11


def test_widths_in_a_ratio_of_small_numbers_have_a_lattice():
    rng = np.random.default_rng(4)
    f, g = staircase(rng, 60, 30, width=0.2), staircase(rng, 60, 30, width=0.3, start=7.0)
    found = lattice_of(f, g)
    assert found is not None
    assert found.width == pytest.approx(0.1)
    assert (found.f.count, found.g.count) == (120, 180)


def test_a_few_pieces_are_not_cut():
    assert lattice_of(box(0, 1), box(0, 1e-3)) is None
    assert lattice_of(box(0, 1), box(0, 1)) is not None


@pytest.mark.parametrize("ratio", [np.pi, 2**0.5, 11 / 13])
def test_other_widths_have_none(ratio):
    rng = np.random.default_rng(5)
    f, g = staircase(rng, 40, 20, width=1.0), staircase(rng, 40, 20, width=ratio)
    assert lattice_of(f, g) is None


def test_pieces_as_narrow_as_roundings_have_none():
    f = Function.from_pieces([1e9, 1e9 + 2.0**-20, 1e9 + 2.0**-19], [[1.0], [2.0]])
    assert lattice_of(f, f) is None


@given(
    st.floats(-1e6, 1e6),
    st.floats(1e-3, 1e3),
    st.integers(2, 200),
    st.floats(-4, 4),
)
def test_how_far_breaks_stray_is_known(start, width, count, apart):
    breaks = start + np.arange(count + 1) * width
    breaks[count // 2] += apart * np.spacing(abs(breaks[-1]))
    places = [Fraction(breaks[0]) + i * Fraction(width) for i in range(count + 1)]
    exact = max(abs(Fraction(b) - place) for b, place in zip(breaks.tolist(), places, strict=True))
    stray = Fraction(lattice._stray(breaks, width))
    assert exact <= stray <= exact * Fraction(1.02) + Fraction(np.spacing(np.abs(breaks).max()))


def test_breaks_at_their_places_do_not_stray():
    assert lattice._stray(-1 + np.arange(4097) / 2048, 2.0**-11) == 0.0


def test_the_variation_of_a_function():
    rng = np.random.default_rng(6)
    f = staircase(rng, 9, 4)
    x = np.sort(
        np.concatenate(
            [np.linspace(f.domain[0], f.domain[1], 20001), np.nextafter(f.breaks[1:-1], -1)]
        )
    )
    values = np.concatenate([[0.0], f(x), [0.0]])
    assert np.abs(np.diff(values)).sum() <= lattice.total_variation(f._pieces)
    straight = Function.from_pieces([0, 1, 2], [[1.0, 1.0], [1.0, -1.0]])
    assert lattice.total_variation(straight._pieces) == pytest.approx(4, rel=0.02)


# --- cutting anew ------------------------------------------------------------------------------


def cubic(breaks):
    """x^3 - x on the pieces between `breaks`: each says the same, but for rounding."""
    low, high = np.array(breaks[:-1]), np.array(breaks[1:])
    m, w = (low + high) / 2, (high - low) / 2
    rows = [m**3 - m + 1.5 * m * w**2, 3 * m**2 * w - w + 0.75 * w**3, 1.5 * m * w**2, w**3 / 4]
    return Function.from_pieces(breaks, np.stack(rows, axis=1))


@pytest.fixture
def always_anew(monkeypatch):
    monkeypatch.setattr(recut, "_ENOUGH", 0)
    monkeypatch.setattr(recut, "_GAIN", 0)


@pytest.mark.parametrize("last", [1.0, 1.03, 1 + 1e-9, 0.9 + 1e-13, 3.1])
@pytest.mark.parametrize("start", [0.0, -0.7, 100.0])
def test_cells_and_a_rest_make_the_whole(always_anew, start, last):
    f = cubic(np.linspace(0, last, 6) + start)
    g = cubic(np.arange(8) * 0.1 - 0.35)
    found = recut.recut(f._pieces, g._pieces)
    assert found is not None
    assert found.lattice.width == pytest.approx(0.1)
    h = ft.convolve(f, g)
    points = reference.points_of(h, 12)
    error = true_error(h, f, g, points)
    assert error <= h.error_bound <= 1e-8 * max(1.0, abs(start) ** 3)
    assert true_error(ft.convolve(g, f), f, g, points[::2]) <= h.error_bound


def test_what_is_misplaced_keeps_its_size_whichever_is_cut(always_anew):
    """Operands of sizes far apart, one of them moved to breaks that are no doubles."""
    f = (cubic(np.linspace(0, 1.03, 6)) * 1e80).shift(1 / 3)
    g = cubic(np.arange(8) * 0.1) * 1e-90
    areas = []
    for one, other in ((f, g), (g, f)):
        assert recut.recut(one._pieces, other._pieces) is not None
        h = ft.convolve(one, other)
        areas.append(h._pieces.misplaced.area)
        assert true_error(h, one, other, reference.points_of(h, 8)) <= h.error_bound <= 1e-18
    assert f._pieces.misplaced.area > 0
    assert 0 < areas[0] == pytest.approx(areas[1], rel=1e-6)
    assert areas[0] <= 1e-20


def test_breaks_that_mean_something_stay(always_anew):
    f = Function.from_pieces(np.linspace(0, 1, 6), np.eye(5))
    g = cubic(np.arange(8) * 0.11)
    assert lattice_of(f, g) is None
    assert recut.recut(f._pieces, g._pieces) is None
    h = ft.convolve(f, g)
    assert true_error(h, f, g, reference.points_of(h, 9)) <= h.error_bound <= 1e-11


@pytest.mark.parametrize("end", [2.1, np.pi, 9.7])
def test_long_series_of_any_widths(end):
    k = 540.0
    f = Function(lambda x: np.cos(k * x), (-1, 1))
    g = Function(lambda x: np.cos(k * x), (-1.7, end))
    assert lattice_of(f, g) is None
    assert recut.recut(f._pieces, g._pieces) is not None
    h = ft.convolve(f, g)
    t = np.linspace(-0.7, end - 1, 501)
    exact = np.cos(k * t) * (1 + np.sin(2 * k) / (2 * k))
    assert np.abs(h(t) - exact).max() <= h.error_bound <= 1e-9
    assert np.abs(h(t) - exact).max() <= 1e-15 * k * end


# --- many points, many rows --------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 7, 300, 40_000])
def test_the_piece_of_every_point_is_found(count):
    """Breaks in clusters, so that some buckets hold many and most none."""
    rng = np.random.default_rng(count)
    inner = np.concatenate(
        [rng.uniform(0, 1, count // 2), rng.normal(0.3, 1e-7, count - count // 2)]
    )
    breaks = np.unique(np.concatenate([[-1.0], inner, [2.0]]))
    f = Function.from_pieces(breaks, np.arange(1.0, len(breaks))[:, None])
    x = np.concatenate([rng.uniform(-2, 3, 30_000), breaks, np.nextafter(breaks, -9)])
    x = rng.permutation(np.concatenate([x, [np.nan, np.inf, -np.inf]]))
    index = np.clip(np.searchsorted(breaks, x, side="right"), 1, len(breaks) - 1)
    expected = np.where((x >= breaks[0]) & (x <= breaks[-1]), index, 0.0)
    expected[np.isnan(x)] = np.nan
    np.testing.assert_array_equal(f._pieces.evaluate(x), expected)


@given(st.integers(1, 40), st.integers(1, 65), st.integers(0, 150), st.integers(0, 9))
def test_rows_are_evaluated_as_by_the_recurrence(rows, length, points, zeros):
    rng = np.random.default_rng(rows)
    coefficients = rng.standard_normal((rows, length))
    coefficients[:, max(length - zeros, 1) :] = 0.0
    x = rng.uniform(-1, 1, (rows, points))
    plain = clenshaw(coefficients.T[:, :, None], x)
    bound = 2 * bounds.evaluation(coefficients).bound[:, None]
    assert (np.abs(evaluate_rows(coefficients, x) - plain) <= bound).all()


ROWS = st.lists(
    st.one_of(st.floats(-2, 2), st.sampled_from([1e308, 1e-308, 5e-324, 0.0, np.inf])),
    min_size=1,
    max_size=9,
)


@given(ROWS)
def test_sums_and_roots_of_rows(row):
    values = np.array([row, row[::-1]])
    total = bounds.size(values)
    root = bounds.typical(values)
    if np.isinf(values).any():
        assert np.isinf(total).all()
        assert np.isinf(root).all()
        return
    exact = sum(abs(Fraction(value)) for value in row)
    if exact < 1.7e308:
        assert total == pytest.approx(float(exact), rel=1e-14)
        squares = mp.sqrt(sum(mp.mpf(value) ** 2 for value in row))
        assert root == pytest.approx(float(squares), rel=1e-14, abs=1e-323)


def test_pairs_of_neighbours_that_were_refused_are_joined_once_they_can_be():
    """Four quarters of a parabola, the breaks of which no joint may keep."""
    f = Function(lambda x: x**2, (0, 1), breaks=[0.25, 0.5, 0.75])
    h = ft.convolve(f, box(0, 1))
    assert h._pieces.count == 2
    assert all(low < high for low, high in pairwise(h.breaks))


def test_the_core_refuses_sizes_that_do_not_match():
    rows, one = np.ones((2, 3)), np.ones(3)
    index = np.array([0, 1])
    interpolation = _core.Interpolation(np.eye(3), np.eye(3), np.zeros((3, 3)))
    for call, arguments in (
        (_core.sum_rows, (rows, np.ones((3, 4)), 1)),
        (_core.sum_rows, (np.ones((2, 0)), rows, 1)),
        (_core.weigh_rows, (rows, np.ones(4), np.ones(2), np.ones(2))),
        (_core.convolve_cells, (rows, rows, np.ones((3, 3, 5)), np.ones((4, 6)), 1)),
        (_core.convolve_cells, (rows, rows, np.ones((3, 3, 6)), np.ones((3, 6)), 1)),
        (_core.Interpolation, (np.eye(3), np.eye(2), np.eye(3))),
        (interpolation.coefficients, (np.ones((2, 4)), np.ones((2, 4)), 1)),
        (_core.add_runs, (rows, index, index + 2, one, one, np.ones((2, 3)), rows, 1)),
        (_core.add_runs, (rows, index - 1, index, one, one, np.ones((2, 3)), rows, 1)),
        (_core.add_numbers, (rows, index, index + 2, np.ones((2, 3)))),
        (
            _core.integrate_middles,
            (rows, index + 1, rows, index, np.ones(2), one, one, np.ones((2, 3)), 1),
        ),
    ):
        with pytest.raises(ValueError, match="[a-z]"):
            call(*arguments)
