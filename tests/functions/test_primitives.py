"""Integrals up to x, as far out as doubles go, and convolutions that begin with nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special, stats

import faltung as ft
from faltung.functions import Function

INF = math.inf


@pytest.mark.parametrize("x", [1.0, 1e3, 1e50, 1e100, 1e150, 1e180, 1e200, 1e250, 1e300, 1e307])
def test_algebraic_tails_to_the_end_of_the_doubles(x):
    """2 arctan(1 / x) / pi, without cancellation; the density is not followed beyond 1e145."""
    above = Function(lambda t: 1 / (np.pi * (1 + t * t)), (-INF, INF)).cumulative()
    true = math.atan2(1, x) / math.pi
    assert abs(above(-x) / true - 1) <= above.relative_error_bound(-x * 1.001, -x * 0.999) < 1e-9
    assert above(-x) == pytest.approx(true, rel=1e-11)


@pytest.mark.parametrize("exponent", [1.05, 1.1, 1.5, 3.0])
def test_what_lies_beyond_the_end_of_a_tail_is_counted(exponent):
    power = Function(lambda t: exponent * (1 - t) ** (-1 - exponent), (-INF, 0)).cumulative()
    for x in (0.0, 1e10, 1e100, 1e200):
        assert power(-x) == pytest.approx((1 + x) ** -exponent, rel=1e-11)


def test_a_value_of_zero_has_no_bound_of_zero():
    below = Function(lambda t: np.exp(-t * t), (-INF, INF)).cumulative()
    assert below(-40.0) == 0.0
    assert below.relative_error_bound(-40.1, -39.9) == INF


def test_a_step_in_a_long_constant_is_found():
    """The tails end at 1e6 and 1e7, and all the mass lies within 10."""
    made = Function(stats.johnsonsu(2.55, 2.25))
    above = made.reflect().cumulative()
    x = stats.johnsonsu(2.55, 2.25).ppf([1e-3, 0.1, 0.5, 0.9])
    np.testing.assert_allclose(above(-x), [0.999, 0.9, 0.5, 0.1], rtol=1e-12)
    narrow = Function(lambda t: np.exp(-t * t / 2) / np.sqrt(2 * np.pi), (-INF, INF))
    below = (narrow.scale(1e-8) * 1e8).cumulative()
    np.testing.assert_allclose(below(np.array([-1e-8, 0, 1e-8])), special.ndtr([-1, 0, 1]))


def test_what_grows_has_an_integral_that_grows():
    ramp = ft.functions.heaviside().cumulative()
    assert [ramp(x) for x in (0.5, 3.0, 1e100)] == pytest.approx([0.5, 3.0, 1e100], rel=1e-14)


def test_convolutions_that_begin_with_nothing():
    """A pole, and what dies away towards its knot or is no power there."""
    pole = Function(stats.gamma(0.3))
    lognormal = ft.convolve(pole, Function(stats.lognorm(1)))
    assert lognormal.integral() == pytest.approx(1, rel=1e-12)
    weibull = ft.convolve(Function(stats.chi2(1)), Function(stats.weibull_min(1.5)))
    assert weibull.integral() == pytest.approx(1, rel=1e-12)
    # Near 0 it is a beta integral: x times 1.5 B(1/2, 3/2) / sqrt(2 pi).
    slope = 1.5 * special.beta(0.5, 1.5) / math.sqrt(2 * math.pi)
    assert weibull(1e-100) == pytest.approx(slope * 1e-100, rel=1e-12)
