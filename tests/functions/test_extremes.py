"""Bounds beside the smallest and the largest double: they neither vanish nor cease to be numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest

from faltung.errors import DataError, OptionError, ResolutionError
from faltung.functions import Function, box, convolve, gaussian
from tests.functions import exact
from tests.functions.test_bounds import around, off, planted, told

# --- beside the smallest double ----------------------------------------------------------------


@pytest.mark.parametrize("steps", [1, 3, 5])
@pytest.mark.parametrize("rows", [[[1e300], [0.0]], [[1e300, -3e299, 1e299], [0.0]]])
def test_a_sliver_a_few_of_the_smallest_doubles_wide(steps, rows):
    """Half its width is no double."""
    sliver = steps * 5e-324
    f = Function.from_pieces([0, sliver, 1], rows)
    mean = Fraction(rows[0][0]) - Fraction([*rows[0], 0, 0][2]) / 3
    whole = f.cumulative()
    error = abs(Fraction(whole(sliver)) - mean * Fraction(sliver))
    assert error <= whole.error_bound
    assert error <= 1e-15 * mean * Fraction(sliver)
    h = convolve(Function.from_pieces([0, sliver], rows[:1]), box(0, 1))
    assert abs(Fraction(h(0.5)) - mean * Fraction(sliver)) <= h.error_bound


def test_how_far_a_jump_is_off_does_not_underflow():
    """Stretched below the smallest double and back: the end at 1/2 + 1e-20 was rounded to 1/2."""
    f = box(0.5, 1.5).shift(Fraction(1, 10**20))
    for factor in (2.0**-1060, 2.0**1000, 2.0**60):
        f = f.scale(factor)
        assert f.break_bound > 0
        assert f._pieces.misplaced.area > 0
    assert f.domain == (0.5, 1.5)
    assert f.break_bound >= 1e-20
    far = planted(box(0, 1e300), area=1e290, reach=1e290).scale(Fraction(1, 10**330))
    assert far.break_bound >= 1e-40
    assert far._pieces.misplaced.area >= 1e-40


@pytest.mark.parametrize("factor", [1e-200, Fraction(1, 10**200)])
def test_what_is_misplaced_does_not_underflow(factor):
    f = planted(box(0, 1), area=1e-200, height=1e-200, outside=1e-200) * factor
    g = planted(box(0, 1), area=1e-200, height=1e-200, outside=1e-200) / (1 / Fraction(factor))
    for misplaced in (f._pieces.misplaced, g._pieces.misplaced):
        assert min(misplaced.area, misplaced.height, misplaced.outside) > 0


@pytest.mark.parametrize("tenths", [7, 13, 14, 16, 24, 26])
@pytest.mark.parametrize("height", [5e-324, 1e-322, 1e-300])
def test_a_divisor_near_the_smallest_double(tenths, height):
    """The double that stands for it is up to 43 % off."""
    divisor = Fraction(tenths, 10) * Fraction(5e-324)
    f = Function(height, (0, 1)) / divisor
    error = abs(Fraction(f(0.5)) - Fraction(height) / divisor)
    assert 0 < error <= f.error_bound <= 1.1 * error
    d = planted(Function(height, (0, 1)), bound=height, area=height, outside=height) / divisor
    least = Fraction(height) / divisor
    assert d.error_bound >= error + least
    assert d._pieces.misplaced.outside >= least
    assert d._pieces.misplaced.area >= least


def test_a_function_is_normalized_with_an_integral_that_is_hardly_known():
    f = planted(box(0, 1), bound=0.4).normalize()
    for height in (0.6, 1.4):
        assert abs(1 - 1 / height) * 1.0 <= f.error_bound


# --- beside the largest double -----------------------------------------------------------------


def test_the_convolution_of_a_box_nearly_as_high_as_the_largest_double():
    """Twice its height, which a jump may be off by, is infinite; by how little it moved is not."""
    f = (box(0.1, 1.1) * 1.5e308).shift(1 / 3)
    true = exact.Lines.of(box(0.1, 1.1)).times(1.5e308).moved(1, 1 / 3)
    narrow = exact.box(0, 1e-3)
    h = convolve(f, box(0, 1e-3))
    assert off(h, lambda x: true.convolved(narrow, x), around(h)) <= h.error_bound < 1e293
    part = f * box(0, 1)
    one = exact.box(0, 1)
    points = [x for x in told(part) if x != 1.0]
    assert off(part, lambda x: true(x) * one(x), points) <= part.error_bound < 1e295
    apart = f * box(2, 3)
    assert apart.error_bound == 0.0
    whole = part.cumulative()
    assert abs(Fraction(whole(1.0)) - true.product_area(one, 1)) <= whole.error_bound < 1e295


def test_a_straight_line_nearly_as_high_as_the_largest_double():
    f = Function.from_pieces([0.1, 0.100001], [[0.0, 1.7e308]])
    moved = f.shift(0.1)
    true = exact.Lines.of(f).moved(1, 0.1)
    assert off(moved, true, told(moved)) <= moved.error_bound < 1e298


@pytest.mark.parametrize("sigma", [1e-300, 1e-150, 1e150, 1e300])
def test_gaussians_of_any_width(sigma):
    """All bounds are those of the standard one, stretched."""
    f = gaussian(sigma)
    h = convolve(f, f)
    for function, deviation in ((f, sigma), (h, 2**0.5 * sigma)):
        peak = 0.3989422804014327 / deviation
        assert abs(function(0.0) - peak) <= function.error_bound + 1e-15 * peak
        assert function.error_bound <= 1e-12 * peak
        assert 0 < function.error_estimate <= function.error_bound
        assert abs(function.integral() - 1) <= function.cumulative().error_bound < 1e-11


def test_a_sum_of_far_and_wide_functions_keeps_what_is_misplaced_finite():
    f = gaussian().shift(Fraction(1, 3)).scale(1e300) / 1e300
    h = convolve(f, f)
    assert h._pieces.misplaced.area < 1e-10
    assert h.cumulative().error_bound < 1e-10


def test_a_bound_that_overflows_is_refused():
    f = Function.from_pieces([0.7, 0.7000000000000002, 1.6], [[3e164], [1e-160]])
    with pytest.raises(DataError, match="error bound of the convolution overflows"):
        convolve(f, f)
    f = planted(box(0, 1), bound=1e300, outside=1e300)
    g = box(2, 3, 1e10)
    for make in (
        lambda: f * g,
        lambda: f * 1e10,
        lambda: f / 1e-10,
        lambda: f * f,
        lambda: convolve(f, f),
    ):
        with pytest.raises(DataError, match="error bound of .* overflows"):
            make()


@pytest.mark.parametrize("factor", [1.7e308, Fraction(179, 100) * 10**308])
def test_a_stretch_beyond_the_largest_double_is_refused(factor):
    with pytest.raises(OptionError, match="wider than the largest double"):
        box(-1, 1).scale(factor)
    with pytest.raises(ResolutionError, match="width of the convolution"):
        convolve(box(-0.4, 0.4).scale(factor), box(-0.4, 0.4).scale(factor))
    with pytest.raises(DataError, match="the antiderivative overflows"):
        box(-0.4, 0.4, 1e10).scale(factor).cumulative()


def test_an_integral_of_pieces_whose_sizes_add_up_to_more_than_the_largest_double():
    f = Function.from_pieces([-2, -1, 0.5], [[6e307, 6e307, -5e307], [1e307, 1e307, 1e307]])
    whole = f.cumulative()
    true = Fraction(6e307) + Fraction(5e307) / 3 + (Fraction(1e307) - Fraction(1e307) / 3) * 3 / 2
    assert abs(Fraction(whole(0.5)) - true) <= whole.error_bound < 1e294
