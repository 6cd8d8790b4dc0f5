"""The parts of the wing one by one: the transform, the table, the grid, cutting and joining."""

from __future__ import annotations

from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from faltung.functions import Function, bounds, box, convolve, transform
from faltung.functions.polynomials import chebyshev
from faltung.functions.polynomials.gauss import gauss
from faltung.functions.polynomials.grid import sum_grid
from faltung.functions.polynomials.legendre import (
    chebyshev_from_legendre,
    integrate_series,
    legendre_columns,
    legendre_from_chebyshev,
    triangle_table,
)
from faltung.functions.polynomials.limit import limited
from faltung.functions.polynomials.merge import merged
from faltung.functions.polynomials.pieces import Pieces, refined
from tests.functions import reference
from tests.functions.strategies import functions

# --- transform ---------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 17, 64, 65, 130])
def test_nodes_are_correctly_rounded(count):
    with mp.workdps(40):
        exact = [mp.cos(mp.pi * (2 * j + 1) / (2 * count)) for j in reversed(range(count))]
        assert transform.nodes(count).tolist() == [float(mp.chop(x)) for x in exact]


@given(
    hnp.arrays(np.float64, st.integers(1, 130), elements=st.floats(-1, 1)),
    st.sampled_from([1.0, 1e300, 1e-290]),
)
def test_transform_is_within_its_bound(values, size):
    values = values * size
    coefficients = transform.interpolate(values)
    count = len(values)
    with mp.workdps(40):
        cosines = [mp.cos(mp.pi * r / (2 * count)) for r in range(4 * count)]
        error = mp.mpf(0)
        for k, computed in enumerate(coefficients.tolist()):
            exact = sum(
                mp.mpf(v) * cosines[k * (2 * (count - 1 - j) + 1) % (4 * count)]
                for j, v in enumerate(values.tolist())
            ) * (mp.mpf(1 if k == 0 else 2) / count)
            error += abs(exact - computed)
        allowed = 2.1 * np.abs(coefficients / size).sum() + 0.04 * np.abs(values / size).max()
        assert error <= bounds.UNIT * allowed * size + 200 * bounds.TINY


def test_frozen_arrays_cannot_be_spoilt():
    with pytest.raises(ValueError, match="read-only"):
        transform.nodes(5)[0] = 0


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_derivative_undoes_the_antiderivative(length, seed):
    series = np.random.default_rng(seed).standard_normal((3, length))
    back = chebyshev.derivative(chebyshev.antiderivative(series))
    assert np.abs(back - series).max() <= 1e-14 * length * np.abs(series).max()


@given(st.integers(1, 65), st.integers(0, 2**32 - 1))
def test_sizes_bound_what_they_should(length, seed):
    rng = np.random.default_rng(seed)
    series = rng.standard_normal((1, length)) * rng.choice([1, 0.5]) ** np.arange(length)
    x = np.linspace(-1, 1, 4001)
    values = np.polynomial.chebyshev.chebval(x, series[0])
    assert np.abs(values).max() <= bounds.size(series)[0] * (1 + 1e-12)
    assert np.abs(values).mean() <= bounds.mean_size(series)[0] * (1 + 1e-2)
    jumps = abs(values[0]) + abs(values[-1])
    assert np.abs(np.diff(values)).sum() + jumps <= bounds.variation(series)[0] * (1 + 1e-12)
    slopes = np.abs(np.diff(values)) / (x[1] - x[0])
    assert slopes.max() <= bounds.slope(series)[0] * (1 + 1e-9) + 1e-9


# --- the table ---------------------------------------------------------------------------------


def exact_columns(m, count):
    """The left triangle of T_m * T_n for n < count, in rational Chebyshev coefficients.

    By another recurrence than the code's: T'_{n+1} / (n + 1) - T'_{n-1} / (n - 1) = 2 T_n.
    """

    def integral(series):
        padded = [*series, Fraction(0), Fraction(0)]
        result = [Fraction(0)] * (len(series) + 1)
        for k in range(1, len(result)):
            result[k] = (padded[k - 1] * (2 if k == 1 else 1) - padded[k + 1]) / (2 * k)
        result[0] = sum((v if k % 2 else -v for k, v in enumerate(result)), Fraction(0))
        return result

    def combined(*terms):
        result = [Fraction(0)] * max(len(series) for _, series in terms)
        for factor, series in terms:
            for k, value in enumerate(series):
                result[k] += factor * value
        return result

    first = integral([Fraction(0)] * m + [Fraction(1)])
    columns = [first, combined((1, integral(first)), (-1, first))]
    columns.append(combined((4, integral(columns[1])), (1, first)))
    for n in range(2, count - 1):
        jump = Fraction(2 * (n + 1) * (-1) ** n, n * n - 1)
        before = Fraction(n + 1, n - 1)
        columns.append(
            combined((before, columns[n - 1]), (2 * (n + 1), integral(columns[n])), (jump, first))
        )
    return columns[:count]


@pytest.mark.parametrize("m", [1, 2, 3, *range(0, 65, 8)])
def test_table_is_within_its_published_error_of_exact_rationals(m):
    table = triangle_table(65)
    for n, column in enumerate(exact_columns(m, 65)):
        exact = np.array([*column, *[Fraction(0)] * (130 - len(column))])
        computed = [Fraction(value) for value in table[m, n].tolist()]
        error = sum(abs(a - b) for a, b in zip(exact, computed, strict=True))
        assert float(error) <= bounds.TABLE_ERROR


def test_size_of_the_table():
    assert np.abs(triangle_table(65)).sum(axis=2).max() < bounds.TABLE_SIZE


def test_smaller_tables_are_parts_of_the_larger():
    small = triangle_table(16)
    large = triangle_table(33)[:16, :16, :32]
    assert np.abs(small - large).max() <= bounds.TABLE_ERROR


def test_recurrence_is_the_convolution_of_legendre_polynomials():
    """P_1 * P_0 on the left: the integral of x from -1 to y is (y^2 - 1) / 2 = (P_2 - P_0) / 3."""
    series = np.zeros((1, 7))
    series[0, 1] = 1
    assert integrate_series(series)[0, :3] == pytest.approx([-1 / 3, 0, 1 / 3])
    columns = legendre_columns(series, 3)
    assert columns[0, 0, :3] == pytest.approx([-1 / 3, 0, 1 / 3])
    # P_1 * P_1 at t = 0, the right end of the left triangle: integral of s (0 - s) = -2/3.
    assert columns[0, 1].sum() == pytest.approx(-2 / 3)


@pytest.mark.parametrize("length", [1, 2, 5, 65])
def test_conversions_are_inverse(length):
    there, back = legendre_from_chebyshev(length), chebyshev_from_legendre(length)
    assert np.abs(there @ back - np.eye(length)).max() < 1e-15
    assert (back >= 0).all()


# --- the grid ----------------------------------------------------------------------------------


def test_sums_that_nearly_coincide_are_one_break():
    grid = sum_grid(np.array([0, 0.1, 0.2, 0.30000000000000004]), np.array([0.1, 0.2, 0.3]))
    assert len(grid.breaks) == 6
    assert grid.breaks[0] == 0.1
    assert grid.breaks[-1] == 0.30000000000000004 + 0.3
    assert grid.moved.max() < 2e-16


def test_sums_that_differ_are_kept():
    grid = sum_grid(np.array([0, 1.0]), np.array([0, 1.0 + 1e-12]))
    assert len(grid.breaks) == 4
    assert (grid.place == [[0, 2], [1, 3]]).all()
    assert not grid.moved.any()


def test_a_chain_of_small_gaps_is_cut():
    f = np.concatenate([np.arange(60) * 2.0**-51, [1.0]])
    grid = sum_grid(f, np.array([0.0, 1.0]))
    assert 2 < len(grid.breaks) < 61 * 2
    assert (np.diff(grid.breaks) > 0).all()
    assert (np.diff(grid.place, axis=0) >= 0).all()
    assert grid.moved.max() <= 64 * bounds.UNIT * 2


def test_a_function_of_slivers_convolves_within_its_bound():
    breaks = np.concatenate([np.arange(40) * 2.0**-51, [1.0]])
    f = Function.from_pieces(breaks, np.arange(1.0, 41)[:, None])
    h = convolve(f, box(0, 1))
    t = [0.3, 0.99, 1.4, 1.99]
    truth = lambda x: reference.convolution(f, box(0, 1), x)
    assert reference.largest_error(h, truth, t) <= h.error_bound < 1e-10


# --- cutting and joining -----------------------------------------------------------------------


@given(functions(), st.lists(st.floats(-60, 60), max_size=5))
def test_refined_is_the_same_function(f, places):
    breaks = np.union1d(f.breaks, places)
    pieces = refined(f._pieces, breaks)
    assert pieces.breaks.tolist() == breaks.tolist()
    other = Function._of(pieces)
    points = np.setdiff1d(reference.points_of(f, 10), f.domain[1])
    truth = lambda x: reference.value(f, x)
    assert reference.largest_error(other, truth, points) <= other.error_bound


def test_refined_copies_whole_pieces_exactly():
    f = Function.from_pieces([0, 1, 2], [[1 / 3, 0.1], [0.7, 0.2]])
    pieces = refined(f._pieces, np.array([-1, 0, 1, 1.5, 2, 3]))
    assert pieces.coefficients[1].tolist() == [1 / 3, 0.1]
    assert not pieces.coefficients[[0, 4]].any()
    assert pieces.deviation.bound[1] == 0


def test_limited_cuts_only_what_is_too_high():
    coefficients = np.zeros((2, 130))
    coefficients[0, 129] = 1.0
    coefficients[1, 3] = 1.0
    raw = Pieces(np.array([0.0, 1.0, 2.0]), coefficients, bounds.Deviation.zero(2))
    pieces = limited(raw)
    assert pieces.coefficients.shape[1] <= 65
    assert pieces.breaks[-2:].tolist() == [1.0, 2.0]
    assert len(pieces.breaks) >= 4
    f = Function._of(pieces)
    x = np.linspace(0, 1, 500)
    exact = np.cos(129 * np.arccos(2 * x - 1))
    assert np.abs(f(x) - exact)[:-1].max() <= f.error_bound + 1e-12
    assert len(pieces.breaks) <= 9


def test_what_is_cut_goes_into_the_bound():
    coefficients = np.array([[1.0, 1e-17, 1e-17]])
    raw = Pieces(np.array([0.0, 1.0]), coefficients, bounds.Deviation.zero(1))
    pieces = limited(raw)
    assert pieces.coefficients.tolist() == [[1.0]]
    assert pieces.deviation.bound[0] == pytest.approx(2e-17)


def test_pieces_of_one_polynomial_are_joined():
    f = Function(lambda t: t**3 - t, (-1, 2), breaks=np.linspace(-1, 2, 14))
    pieces = merged(f._pieces)
    assert pieces.breaks.tolist() == [-1, 2]
    joined = Function._of(pieces)
    truth = lambda t: t**3 - t
    error = reference.largest_error(joined, truth, reference.points_of(joined, 50))
    assert error <= joined.error_bound < 1e-11


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_pieces_that_differ_are_not_joined(order):
    f = Function(lambda t: np.where(t > 0, t**order, 0) + t, (-1, 1), breaks=[0])
    assert merged(f._pieces).count == 2


@given(functions())
def test_joining_keeps_the_function_within_its_bound(f):
    fine = refined(
        f._pieces, np.unique(np.concatenate([f.breaks, np.linspace(f.domain[0], f.domain[1], 7)]))
    )
    joined = Function._of(merged(fine))
    points = np.setdiff1d(reference.points_of(f, 10), f.breaks)
    truth = lambda x: reference.value(f, x)
    if len(points):
        assert reference.largest_error(joined, truth, points) <= joined.error_bound


# --- quadrature --------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 33, 65])
def test_gauss_rules_are_correctly_rounded(count):
    nodes, weights = gauss(count)
    exact_nodes, exact_weights = reference.gauss(count)
    assert nodes.tolist() == [float(mp.chop(x)) for x in exact_nodes]
    assert weights.tolist() == [float(w) for w in exact_weights]
