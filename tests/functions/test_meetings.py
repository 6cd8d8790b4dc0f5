"""What meets at a place or in one function: deltas and periods, parts on different domains."""

from __future__ import annotations

import numpy as np
import pytest

from faltung import Function
from faltung.errors import DataError
from faltung.functions import box, convolve, delta, heaviside


def test_a_delta_picks_a_value_of_a_function_with_a_period():
    wave = Function(np.cos, (0, 2 * np.pi), periodic=True)
    (row,) = (wave * delta(7, 2.0)).deltas
    assert row.place == 7
    assert abs(row.weight - 2 * np.cos(7)) <= row.bound < 1e-12
    comb = (wave * (delta(0) + delta(3))).deltas
    assert np.allclose([row.weight for row in comb], np.cos([0, 3]), atol=1e-13)


def test_a_delta_at_the_end_of_an_integral_counts_whole_in_every_period():
    comb = delta(0, 2.0).periodize(1) + box(0, 1).periodize(1)
    for low, high, deltas in (
        (0, 0.5, 1),
        (0.5, 1, 1),
        (-0.5, 0.5, 1),
        (3, 5.25, 3),
        (0.25, 0.5, 0),
    ):
        assert comb.integral(low, high) == pytest.approx(2 * deltas + high - low)
        assert comb.integral(high, low) == pytest.approx(-2 * deltas - high + low)
    # Whole periods have their own deltas, and not the first of the next one.
    assert comb.integral(0, 3) == pytest.approx(9)
    assert comb.integral() == pytest.approx(3)


def test_an_antiderivative_stays_at_its_last_value_up_to_the_end_of_the_domain():
    with_delta = (box(0, 1) + delta(2)).cumulative()
    assert with_delta([0.5, 1.5, 1.99]) == pytest.approx([0.5, 1, 1])
    of_two = (box(0, 1) + 1j * box(0, 2)).cumulative()
    assert of_two([0.5, 1.5]) == pytest.approx([0.5 + 0.5j, 1 + 1.5j])
    with_gap = box(0, 1).periodize(2).cumulative()
    assert with_gap([0.5, 1.5]) == pytest.approx([0.5, 1])
    to_infinity = (box(0, 1) + 1j * heaviside()).cumulative()
    assert to_infinity([0.5, 7.0]) == pytest.approx([0.5 + 0.5j, 1 + 7j])


def test_an_antiderivative_has_the_domain_of_the_function():
    pole = Function(lambda x: x**-0.5, (0, 1)).cumulative()
    assert pole.domain == (0.0, 1.0)
    assert pole([0.25, 2.0]) == pytest.approx([1, 0])
    half = Function(lambda x: np.exp(x), (-np.inf, 0)).cumulative()
    assert half.domain == (-np.inf, 0.0)
    assert half([-50.0, 1.0]) == pytest.approx([np.exp(-50), 0], rel=1e-11)


def test_the_antiderivative_of_a_complex_delta_of_no_weight_that_is_known():
    rest = delta(0, 1j) / 3 * 3 - delta(0, 1j) + box(-1, 1)
    assert rest.cumulative()(0.5) == pytest.approx(1.5)


def test_a_weight_beyond_the_doubles_is_refused():
    for made in (
        lambda: delta(0, 1e308) * 1e10,
        lambda: convolve(delta(0, 1e308), delta(0, 1e308)),
        lambda: delta(0, order=5).scale(1e100),
    ):
        with pytest.raises(DataError, match="weight of the delta"):
            made()


def test_the_valid_part_does_not_ask_which_is_the_longer_one():
    one, other = box(0, 1), heaviside()
    for pair in ((one, other), (other, one)):
        assert convolve(*pair, mode="valid").domain == (1.0, np.inf)
