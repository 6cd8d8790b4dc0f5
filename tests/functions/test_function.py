"""What a Function does besides being convolved."""

from __future__ import annotations

import copy
import pickle
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import faltung as ft
from faltung.errors import DataError, DtypeError, OptionError, ShapeError
from faltung.functions import Function, box, gaussian, hat
from tests.functions import reference
from tests.functions.strategies import STARTS, VALUES, functions

FACTORS = st.one_of(st.sampled_from([-1.0, 0.5, 2.0, 1 / 3]), st.floats(-1e3, 1e3))


def error_of(function, truth, count=8):
    return reference.largest_error(function, truth, reference.points_of(function, count))


# --- what it is --------------------------------------------------------------------------------


def test_zero_outside_right_piece_at_a_break_last_piece_at_the_end():
    f = Function.from_pieces([0, 1, 2], [[1.0], [2.0]])
    values = f([-0.1, 0, 0.999, 1, 2, 2.1, np.inf, -np.inf])
    assert values.tolist() == [0, 1, 1, 2, 2, 0, 0, 0]


def test_the_right_end_belongs_to_a_function_and_to_the_right_piece_of_a_sum():
    f, g = box(0, 1, 3.0), box(1, 2, 5.0)
    assert f(1.0) == 3.0
    assert g(1.0) == (f + g)(1.0) == 5.0
    assert (f + box(0, 2, 1.0))(1.0) == 1.0


def test_nan_goes_in_and_comes_out():
    assert np.isnan(box(0, 1)(np.nan))


def test_a_number_for_a_number_and_an_array_for_an_array():
    f = Function(lambda t: t**2, (0, 2))
    assert type(f(1)) is float
    assert type(f(np.float32(1))) is float
    assert f(np.ones((2, 3))).shape == (2, 3)
    assert f(np.zeros((0,))).shape == (0,)
    assert f([True, False]).tolist() == [1.0, 0.0]


def test_only_real_numbers_go_in():
    with pytest.raises(DtypeError, match="real numbers, not complex128"):
        box(0, 1)(1j)
    with pytest.raises(DtypeError, match="real numbers"):
        box(0, 1)("0.5")


def test_what_it_says_of_itself():
    f = Function.from_pieces([0, 1, 3], [[1.0, 2.0], [3.0]])
    assert f.domain == (0.0, 3.0)
    assert f.breaks.tolist() == [0, 1, 3]
    assert f.coefficients.tolist() == [[1, 2], [3, 0]]
    assert f.degree == 1
    assert repr(f).startswith("Function on [0, 3]: 2 pieces of degree <= 1, error <= ")


def test_nothing_handed_out_changes_it():
    f = box(0, 1)
    f.breaks[:] = 7
    f.coefficients[:] = 7
    assert f(0.5) == 1.0
    assert f.domain == (0.0, 1.0)


def test_input_is_never_changed_nor_kept():
    breaks, coefficients = np.array([0.0, 1.0]), np.array([[2.0]])
    f = Function.from_pieces(breaks, coefficients)
    breaks[:], coefficients[:] = 9, 9
    assert f(0.5) == 2.0


def test_copies_and_pickles():
    f = ft.convolve(box(0, 1), hat(0, 1, 2))
    for other in (copy.deepcopy(f), pickle.loads(pickle.dumps(f))):
        assert other(0.7) == f(0.7)
        assert [part.domain for part in other.operands or ()] == [(0.0, 1.0), (0.0, 2.0)]


# --- from pieces -------------------------------------------------------------------------------


@given(functions(VALUES, length=9))
def test_evaluation_stays_within_the_bound(f):
    assert error_of(f, lambda x: reference.value(f, x)) <= f.error_bound


def test_rows_of_different_lengths():
    f = Function.from_pieces([0, 1, 2], [[1.0], [0.0, 1.0]])
    assert f([0.5, 1.5, 2.0]).tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("breaks", "rows", "error", "words"),
    [
        ([0, 0], [[1]], OptionError, "do not rise"),
        ([1, 0], [[1]], OptionError, "do not rise"),
        ([0], [], OptionError, "at least two"),
        ([0, np.inf], [[1]], OptionError, "at least two finite"),
        ([0, 1], [[1], [2]], ShapeError, "one row for each piece"),
        ([0, 1], [np.ones(66)], OptionError, "at most 65"),
        ([0, 1], [[np.nan]], DataError, "NaN or infinite"),
        ([0, 1], [[1j]], DtypeError, "coefficients must be real numbers, not complex128"),
        (["a", "b"], [[1]], DtypeError, "breaks must be real numbers"),
    ],
    ids=["equal", "falling", "one", "unbounded", "rows", "long", "nan", "complex", "text"],
)
def test_pieces_that_are_refused(breaks, rows, error, words):
    with pytest.raises(error, match=words):
        Function.from_pieces(breaks, rows)


# --- arithmetic --------------------------------------------------------------------------------


@given(functions(VALUES), functions(VALUES))
def test_sum(f, g):
    h = f + g
    assert h.domain == (min(f.domain[0], g.domain[0]), max(f.domain[1], g.domain[1]))
    inside = [x for x in reference.points_of(h, 8) if x not in (f.domain[1], g.domain[1])]
    truth = lambda x: reference.value(f, x) + reference.value(g, x)
    assert reference.largest_error(h, truth, [*inside, h.domain[1]]) <= h.error_bound


@given(functions(VALUES), functions(VALUES))
def test_product(f, g):
    h = f * g
    low, high = max(f.domain[0], g.domain[0]), min(f.domain[1], g.domain[1])
    if low < high:
        assert h.domain == (low, high)
        truth = lambda x: reference.value(f, x) * reference.value(g, x)
        points = reference.points_of(h, 8)
        assert reference.largest_error(h, truth, points[points < high]) <= h.error_bound
    else:
        assert h(reference.points_of(h, 18)).tolist() == [0.0] * 20


def test_product_of_high_degrees_is_cut():
    rng = np.random.default_rng(0)
    f, g = (Function.from_pieces([0, 1], [rng.standard_normal(65)]) for _ in range(2))
    h = f * g
    assert h.degree <= 64
    truth = lambda x: reference.value(f, x) * reference.value(g, x)
    assert error_of(h, truth, 30) <= h.error_bound < 1e-7


@given(functions(VALUES), FACTORS)
def test_multiples(f, factor):
    h = factor * f
    assert error_of(h, lambda x: mp.mpf(factor) * reference.value(f, x)) <= h.error_bound


@given(functions(), st.floats(1e-3, 1e3))
def test_quotients(f, divisor):
    h = f / divisor
    assert error_of(h, lambda x: reference.value(f, x) / mp.mpf(divisor)) <= h.error_bound


@given(functions())
def test_numbers_stand_for_constants_on_the_interval(f):
    t = reference.points_of(f, 20)
    assert np.abs((f + 2)(t) - (f(t) + 2)).max() <= (f + 2).error_bound
    assert np.abs((3 - f)(t) - (3 - f(t))).max() <= (3 - f).error_bound
    assert (f - f)(t).tolist() == [0.0] * len(t)
    assert ((-f)(t) == -f(t)).all()
    assert (+f) is f


def test_numpy_numbers_from_either_side():
    f: Any = box(0, 1)
    assert (np.float64(2) * f)(0.5) == (f * np.int64(2))(0.5) == 2.0
    assert (np.float32(2) + f)(0.5) == 3.0


def test_operands_that_make_no_sense():
    f: Any = box(0, 1)
    wrongs: list[Any] = ["1", [1.0], np.ones(2), None]
    for wrong in wrongs:
        with pytest.raises(TypeError):
            f + wrong
        with pytest.raises(TypeError):
            wrong * f
        with pytest.raises(TypeError):
            f - wrong
    with pytest.raises(TypeError):
        f / f
    with pytest.raises(OptionError, match="divided by 0, "):
        f / 0
    with pytest.raises(OptionError, match="what is 0 as a double"):
        f / Fraction(1, 10**400)
    with pytest.raises(OptionError, match="finite"):
        f * np.nan


def test_overflow_is_an_error():
    big = box(0, 1, 1e308)
    for overflow in (lambda: big + big, lambda: big * big, lambda: big * 10, lambda: big / 0.1):
        with pytest.raises(DataError, match="overflows double precision"):
            overflow()


# --- calculus ----------------------------------------------------------------------------------


@given(functions(VALUES))
def test_antiderivative(f):
    whole = f.cumulative()
    with mp.workdps(30):
        for x in reference.points_of(f, 3):
            cuts = [b for b in f.breaks.tolist() if b < x] + [x]
            true = mp.mpf(0)
            for i, ends in enumerate(pairwise(cuts)):
                piece = partial(reference.piece_value, f, i)
                true += mp.quad(piece, ends, method="gauss-legendre")
            assert abs(mp.mpf(whole(x)) - true) <= whole.error_bound


@given(functions(), st.floats(-60, 60), st.floats(-60, 60), st.floats(-60, 60))
def test_integrals_add_up(f, a, b, c):
    room = 1e-13 * (1 + np.abs(f.coefficients).sum() * np.ptp(f.domain))
    assert f.integral(a, c) == pytest.approx(f.integral(a, b) + f.integral(b, c), abs=room)
    assert f.integral(a, b) == -f.integral(b, a)
    assert f.integral(-np.inf, np.inf) == pytest.approx(f.integral(), abs=room)


def test_integral_of_exp():
    f = Function(np.exp, (0, 1))
    assert f.integral() == pytest.approx(np.e - 1, abs=1e-15)
    assert f.integral(0.5, 7) == pytest.approx(np.e - np.exp(0.5), abs=1e-15)
    assert f.integral(2, 3) == 0.0
    with pytest.raises(OptionError, match="finite"):
        f.integral(np.nan, 1)


def raised(k, x):
    return x**k


def test_moments():
    g = gaussian(2.0, 1.0)
    powers = [Function(partial(raised, k), g.domain) for k in range(5)]
    moments = [(g * power).integral() for power in powers]
    assert moments == pytest.approx([1, 1, 5, 13, 73], rel=1e-12)


# --- the variable moved ------------------------------------------------------------------------


@given(functions(), STARTS, FACTORS)
def test_stretched_and_shifted(f, offset, factor):
    assume(abs(factor) > 1e-2)
    h = f.compose_linear(factor, offset)

    def truth(x):
        return reference.value(f, (x - mp.mpf(offset)) / mp.mpf(factor))

    # Between the breaks: at a jump the rounded break decides on which side a point lies.
    edges = h.breaks
    inner = edges[:-1] + np.diff(edges) * np.array([[0.01], [0.4], [0.77]])
    assert reference.largest_error(h, truth, inner.ravel()) <= h.error_bound


@given(functions())
def test_reflected(f):
    h = f.reflect()
    assert h.breaks.tolist() == (-f.breaks[::-1]).tolist()
    t = np.setdiff1d(reference.points_of(f, 20), f.breaks)
    assert np.abs(h(-t) - f(t)).max(initial=0) <= f.error_bound
    assert h.reflect().coefficients.tolist() == f.coefficients.tolist()


def test_reflected_takes_the_other_side_of_a_break():
    f = Function.from_pieces([0, 1, 2], [[1.0], [2.0]])
    for h in (f.reflect(), f.scale(-1)):
        assert (f(1.0), h(-1.0)) == (2.0, 1.0)
        assert h([-2.0, -1.5, -0.5, 0.0]).tolist() == f([2.0, 1.5, 0.5, 0.0]).tolist()
        assert h.break_bound == 0.0


def test_shift_and_scale():
    f = hat(0, 1, 2)
    assert f.shift(3)(4.0) == 1.0
    assert f.scale(3)(3.0) == 1.0
    assert f.scale(-1)(-1.0) == 1.0


def test_moves_that_are_refused():
    with pytest.raises(OptionError, match="factor is 0"):
        box(0, 1).scale(0)
    with pytest.raises(OptionError, match="tell apart"):
        box(0, 1e-3).shift(1e17)
    with pytest.raises(OptionError, match="tell apart or hold"):
        box(0, 1).scale(1e308).scale(1e10)


# --- named -------------------------------------------------------------------------------------


def test_box_hat_and_gaussian():
    assert box(1, 3, 0.5).integral() == 1.0
    assert hat(0, 1, 3, 2.0)([0, 0.5, 1, 2, 3]).tolist() == [0, 1, 2, 1, 0]
    g = gaussian(0.5, 2.0)
    assert g.integral() == pytest.approx(1, abs=1e-15)
    truth = lambda x: (
        mp.exp(-(((x - 2) / mp.mpf(0.5)) ** 2) / 2) / (mp.mpf(0.5) * mp.sqrt(2 * mp.pi))
    )
    assert reference.largest_error(g, truth, np.linspace(-4, 8, 101)) <= g.error_bound


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: box(1, 0), "reversed"),
        (lambda: hat(0, 0, 1), "peak"),
        (lambda: hat(0, 2, 1), "peak"),
        (lambda: gaussian(0.0), "sigma"),
        (lambda: gaussian(-1.0), "sigma"),
        (lambda: gaussian(np.inf), "finite"),
        (lambda: gaussian(1e-310), "peak, 0.4 / sigma"),
        (lambda: gaussian(Fraction(1, 10**330)), "peak, 0.4 / sigma"),
    ],
    ids=["box", "hat", "hat outside", "zero", "negative", "infinite", "tiny", "tinier"],
)
def test_named_functions_that_are_refused(make, words):
    with pytest.raises(OptionError, match=words):
        make()


def test_a_product_that_underflows_is_within_its_bound():
    f = Function.from_pieces([0, 1], [[1e-160, 1e-161]])
    assert (f * f).error_bound >= 2.0**-1074


# --- near the ends of the range ----------------------------------------------------------------


def test_coefficients_near_the_largest_double():
    """Their sum is a double; sums on the way to a value or a bound are not."""
    f = Function.from_pieces([-1, 1], [[1e306] * 65])
    points = np.linspace(-1, 1, 41)
    with mp.workdps(30):
        errors = [abs(reference.value(f, mp.mpf(x)) - f(x)) for x in points[:-1].tolist()]
    assert f(1.0) == pytest.approx(65e306, rel=1e-13)
    assert max(errors) <= f.error_bound < 1e297
    assert f.error_estimate < 1e294
    assert f._repr_html_().startswith("<")
    assert (f.shift(0.1))(1.1) == pytest.approx(65e306, rel=1e-13)


def test_what_overflows_from_the_start_is_refused():
    with pytest.raises(DataError, match="sum of the coefficients overflows"):
        Function.from_pieces([0, 1], [[1e308] * 3])
    with pytest.raises(OptionError, match="wider than the largest double"):
        Function.from_pieces([-1.7e308, 1.7e308], [[1.0]])
    with pytest.raises(DataError, match="the integral overflows"):
        box(0, 1e300, 1e100).integral()


def test_numbers_below_the_smallest_normal_one():
    f = Function.from_pieces([0, 1], [[1e-320, 3e-321, 1e-321]])
    assert error_of(f, lambda x: reference.value(f, x)) <= f.error_bound
    whole = f.cumulative()
    with mp.workdps(30):
        true = mp.quad(lambda x: reference.value(f, x), [0, 1])
        assert abs(true - whole(1.0)) <= whole.error_bound
