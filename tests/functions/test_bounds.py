"""What every bound must count, each part of it where nothing else can make up for it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from faltung.errors import OptionError, ResolutionError
from faltung.functions import Function, box, convolve, hat
from faltung.functions.bounds import Deviation
from faltung.functions.polynomials.misplaced import Misplaced
from tests.functions import exact


def off(function, truth, points):
    """The largest distance from an exact truth, as a Fraction."""
    values = function(np.asarray(points, dtype=float)).tolist()
    pairs = zip(values, points, strict=True)
    return max((abs(Fraction(v) - truth(Fraction(x))) for v, x in pairs), default=Fraction(0))


def around(function, reach=0.0):
    """Points between the breaks, at them, beside them, and `reach` away from them."""
    breaks = function.breaks
    beside = [np.nextafter(breaks, side) for side in (-np.inf, np.inf)]
    spread = breaks[:-1] + np.diff(breaks) * np.array([[0.013], [0.41], [0.77], [0.99]])
    far = [breaks - reach, breaks + reach]
    return np.unique(np.concatenate([breaks, *beside, spread.ravel(), *far])).tolist()


# --- breaks that collapse ----------------------------------------------------------------------


def assert_bounds(f, g, points):
    """The convolution and its integral, against rational numbers."""
    h, a, b = convolve(f, g), exact.Lines.of(f), exact.Lines.of(g)
    assert off(h, lambda x: a.convolved(b, x), points) <= h.error_bound
    whole = h.cumulative()
    inside = [x for x in points if h.domain[0] <= x <= h.domain[1]]
    assert off(whole, lambda x: a.convolved_area(b, x), inside) <= whole.error_bound
    return h


def test_a_sliver_that_holds_all_the_mass_and_is_lost():
    f = Function.from_pieces([0, 1e-16, 1], [[1e16], [0.0]])
    h = assert_bounds(f, f, [0.0, 5e-17, 1e-16, 2e-16, 0.5, 2.0])
    assert h(1e-16) == 0.0
    assert h.error_bound >= 1e16


@pytest.mark.parametrize("place", [1.0, -1e6, 3e8, 1e10])
@pytest.mark.parametrize("heights", [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.5), (0.25, 0.5)])
def test_slivers_of_one_unit_in_the_last_place(place, heights):
    sliver = np.spacing(abs(place))
    f = Function.from_pieces([place, place + sliver], [heights])
    wide = Function.from_pieces([0, sliver, 1, 1 + 3 * sliver], [[1.0], heights, [-1.0]])
    for g in (f, wide):
        h = convolve(g, wide)
        assert_bounds(g, wide, around(h))


@given(
    st.sampled_from([0.0, 1.0, 1e6, 1e10]),
    st.lists(st.integers(1, 200), min_size=1, max_size=6),
    st.lists(st.floats(-1, 1), min_size=12, max_size=12),
)
def test_pieces_a_few_units_in_the_last_place_wide(place, steps, values):
    """Sums of such breaks merge in every way: parts, pairs and chains of them collapse."""
    unit = 2.0**-52 * max(place, 1.0)
    breaks = place + unit * np.concatenate([[0], np.cumsum(steps)])
    rows = np.reshape(values, (6, 2))[: len(steps)]
    f = Function.from_pieces([*breaks, place + 1], [*rows, [0.5]])
    h = convolve(f, f)
    a = exact.Lines.of(f)
    assert off(h, lambda x: a.convolved(a, x), around(h)) <= h.error_bound


# --- breaks that were rounded ------------------------------------------------------------------

SHAPES = st.sampled_from(
    [
        box(0.1, 1.1),
        box(-3, 5, 0.125),
        hat(-1, 0, 1),
        hat(0.1, 0.3, 1.7, 2.0),
        Function.from_pieces([0, 0.2, 0.7, 1.3], [[1.0, 0.5], [-0.3], [0.1, -2.0]]),
        Function.from_pieces([0.1, 1.1], [[0.5, 0.5]]),
    ]
)
MOVES = st.tuples(
    st.one_of(
        st.sampled_from([Fraction(1), Fraction(1, 3), Fraction(10, 7), Fraction(3)]),
        st.sampled_from([1e-8, 1e8, 1 / 3, 0.5]).map(Fraction),
        st.fractions(0, 10, max_denominator=50).filter(lambda c: c > 0),
    ),
    st.one_of(
        st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(10**10) + Fraction(1, 7)]),
        st.sampled_from([0.1, 1e10, -1e12]).map(Fraction),
        st.floats(-1e12, 1e12).map(Fraction),
    ),
)


def moved_pair(shape, moves):
    """A shape moved one time after the other, and the same exactly."""
    f, true = shape, exact.Lines.of(shape)
    for factor, offset in moves:
        try:
            f = f.compose_linear(factor, offset)
        except OptionError:
            reject()
        true = true.moved(factor, offset)
    return f, true


def told(function):
    """Points at which the bound is published to hold: not within `break_bound` of a break.

    Nor the right end of the domain, which is closed, and open in :mod:`tests.functions.exact`.
    """
    reach = function.break_bound
    near = Fraction(reach)
    points = [x for x in around(function, 1.001 * reach) if x != function.domain[1]]
    breaks = [Fraction(b) for b in function.breaks.tolist()]
    return [x for x in points if not near or min(abs(Fraction(x) - b) for b in breaks) > near]


def assert_areas(function, truth):
    """The antiderivative on the domain, whatever lies where."""
    whole = function.cumulative()
    low, high = function.domain
    points = [x for x in around(function) if low <= x <= high]
    assert off(whole, truth, points) <= whole.error_bound


@given(SHAPES, st.lists(MOVES, min_size=1, max_size=3))
def test_moves(shape, moves):
    f, true = moved_pair(shape, moves)
    assert off(f, true, told(f)) <= f.error_bound
    assert_areas(f, true.area)


@given(st.sampled_from([hat(-1, 0, 1), hat(0.1, 0.3, 1.7)]), MOVES)
def test_no_value_of_a_continuous_function_is_excluded(shape, move):
    f, _ = moved_pair(shape, [move])
    assert f.break_bound == 0.0


def test_a_jump_that_was_shifted_there_and_back_says_how_far_off_it_is():
    f = box(0.1, 1.1).shift(10**10).shift(-(10**10))
    truth = exact.Lines.of(box(0.1, 1.1))
    assert f.breaks[0] - 0.1 > 1e-8
    assert f.breaks[0] - 0.1 <= f.break_bound < 1e-5
    assert f(0.1 + 1e-8) == 0.0
    assert off(f, truth, told(f)) <= f.error_bound < 2e-15
    assert off(f, truth, [0.1 + 1e-8]) > f.error_bound
    assert_areas(f, truth.area)


@given(SHAPES, SHAPES, MOVES, MOVES)
def test_sums_and_products_of_moved_functions(first, second, move, other):
    f, a = moved_pair(first, [move])
    g, b = moved_pair(second, [(move[0], move[1] + other[0])])
    total, product = f + g / 3, f * g
    assert off(total, lambda x: a(x) + b(x) / 3, told(total)) <= total.error_bound
    assert_areas(total, lambda x: a.area(x) + b.area(x) / 3)
    assert off(product, lambda x: a(x) * b(x), told(product)) <= product.error_bound
    assert_areas(product, lambda x: a.product_area(b, x))


def test_what_cancels_but_for_rounding_still_counts():
    """One box minus the same box by another way: zero, or spikes of height 1 beside the ends."""
    f = box(0.1, 1.1).shift(10**10)
    g = box(0.1, 1.1).shift(0.1).shift(Fraction(10**10) - Fraction(0.1))
    spikes = (f - g) * (f - g)
    assert spikes.cumulative().error_bound >= 1e-7
    assert convolve(spikes, spikes).error_bound > 0


def test_domains_that_only_touch_because_of_rounding():
    f, a = moved_pair(box(0.1, 1.1), [(Fraction(1), Fraction(10**10))])
    g, b = moved_pair(box(1.1, 2.1), [(Fraction(1), Fraction(10**10) - Fraction(1, 10**7))])
    product = f * g
    assert a.product_area(b, 10**11) > 0
    assert off(product, lambda x: a(x) * b(x), told(product)) <= product.error_bound
    assert_areas(product, lambda x: a.product_area(b, x))


@given(SHAPES, SHAPES, st.lists(MOVES, min_size=1, max_size=2), MOVES)
@settings(max_examples=60)
def test_convolutions_of_moved_functions(first, second, moves, other):
    """They are continuous: the bound holds everywhere."""
    f, a = moved_pair(first, moves)
    g, b = moved_pair(second, [other])
    try:
        h = convolve(f, g)
    except ResolutionError:
        reject()
    assert h.break_bound == 0.0
    points = around(h)
    assert off(h, lambda x: a.convolved(b, x), points) <= h.error_bound
    assert_areas(h, lambda x: a.convolved_area(b, x))


def test_a_box_far_away_and_a_hat():
    f, a = moved_pair(box(0.1, 1.1), [(Fraction(1), Fraction(10**10))])
    h = convolve(f, hat(-1, 0, 1))
    b = exact.hat(-1, 0, 1)
    error = off(h, lambda x: a.convolved(b, x), around(h))
    assert 1e-8 < error <= h.error_bound < 1e-5
    assert h.error_estimate <= 100 * error
    for factor, offset in ((Fraction(1), 10**6), (Fraction(1, 3), Fraction(1, 3))):
        moved, true = h.compose_linear(factor, offset), h.domain
        assert moved.break_bound == 0.0
        truth = lambda x, c=factor, o=offset: a.convolved(b, (x - o) / c)
        assert off(moved, truth, around(moved)) <= moved.error_bound
        assert true[0] * float(factor) + float(offset) == pytest.approx(moved.domain[0])


# --- numbers that are no doubles ---------------------------------------------------------------


@given(SHAPES, st.fractions(-5, 5, max_denominator=99).filter(bool))
def test_fractions_are_not_rounded_unnoticed(shape, number):
    true = exact.Lines.of(shape)
    points = [x for x in around(shape) if x != shape.domain[1]]
    for made, truth in (
        (shape * number, lambda x: true(x) * number),
        (shape / number, lambda x: true(x) / number),
        (shape + number, lambda x: (true(x) + number) * (shape.domain[0] <= x < shape.domain[1])),
    ):
        assert off(made, truth, points) <= made.error_bound


@pytest.mark.parametrize("number", [Fraction(1, 3), np.longdouble(1) / 3, 2**60 + 1])
def test_the_distance_from_the_nearest_double_is_in_the_deviation(number):
    one = Function(1.0, (0, 1))
    exactly = Fraction(*number.as_integer_ratio())
    distance = abs(exactly - Fraction(float(number)))
    assert (one * number)._pieces.deviation.bound[0] >= distance + Fraction(2) ** -53 * exactly
    quotient = abs(1 / exactly - 1 / Fraction(float(number)))
    assert (one / number)._pieces.deviation.bound[0] >= quotient + Fraction(2) ** -53 / exactly
    assert (one + number)._pieces.deviation.bound[0] >= distance + Fraction(2) ** -53 * exactly


# --- each number of what is misplaced, planted -------------------------------------------------


def planted(function, *, bound=0.0, **misplaced):
    """The function, said to be off by so much."""
    pieces = function._pieces
    deviation = Deviation(*np.full((2, pieces.count), bound))
    return Function._of(replace(pieces, deviation=deviation, misplaced=Misplaced(**misplaced)))


def test_what_lies_outside_counts_in_sums_and_products():
    f = planted(box(0, 1), area=0.25, height=0.125, outside=0.125)
    g = planted(box(0, 3, 2.0), bound=0.5)
    assert f.error_bound == 0.125
    assert (f + g).error_bound >= 0.5 + 0.125
    assert (f * box(2, 3, 4.0)).error_bound >= 0.125 * 4
    assert (f * 3).error_bound >= 0.375
    assert (f / 0.25).error_bound >= 0.5


def test_what_lies_outside_a_convolution_has_an_integral():
    """The operand has an area of 1/4 anywhere, all of it outside the domain maybe."""
    h = convolve(planted(box(0, 1), area=0.25, height=0.25), box(0, 3, 2.0))
    assert h._pieces.misplaced.area >= 0.25 * 6
    assert h._pieces.misplaced.outside >= 0.25 * 2
    assert h.error_bound >= 0.25 * 2


def test_a_step_that_is_no_jump_is_in_the_bound():
    """Two pieces that differ by one rounding: beside the break either may be meant."""
    f = Function.from_pieces([0, 0.3, 1], [[1.0], [1.0 + 2.0**-52]])
    g = planted(f, bound=1e-15).shift(0.1)
    assert g.break_bound > 0  # the ends of the domain are jumps
    assert g._pieces.deviation.bound.min() >= 1e-15 + 2.0**-52


# --- inherited errors --------------------------------------------------------------------------


def test_what_a_narrow_operand_is_off_counts_by_its_integral():
    """A density 1e-4 wide and 1e4 high, off by one, and a wide one: each limit on its own."""
    narrow, wide = box(0, 1e-4, 1e4), box(0, 1e4, 1e-4)
    e = 1.0
    for h in (convolve(planted(narrow, bound=e), wide), convolve(wide, planted(narrow, bound=e))):
        assert 1e-4 * e * 1e-4 <= h.error_bound <= 1.1 * 1e-4 * e * 1e-4
    d = 1e-6
    for h in (convolve(narrow, planted(wide, bound=d)), convolve(planted(wide, bound=d), narrow)):
        assert d <= h.error_bound <= 1.1 * d


@pytest.mark.parametrize(("e", "d"), [(0.5, 0.25), (2.0, 8.0)])
def test_both_operands_as_far_off_as_they_may_be(e, d):
    """Boxes that stand for boxes of another height: the bound is met, with the product of both."""
    f, g = planted(box(0, 1, 1.0), bound=e), planted(box(0, 3, 2.0), bound=d)
    true = (1 + e) * (2 + d)
    assert true - 2 <= convolve(f, g).error_bound <= 1.1 * (true - 2)
    jumps = planted(box(0, 1), area=e, height=e), planted(box(0, 3, 2.0), area=d, height=d)
    assert e * 2 + d + e * d <= convolve(*jumps).error_bound <= 1.1 * (e * 2 + d + e * d)
