"""Operands that are off their places, or cut off, convolved with functions with tails and poles."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import ArrayLike

from faltung import Function, convolve
from faltung.functions import box, gaussian, heaviside

# Where doubles are 1.9e-6 apart.
_FAR = Fraction(10**10) + Fraction(1, 3)


def _exponential() -> Function:
    return Function(lambda x: np.exp(-x), (0, np.inf))


def _pole() -> Function:
    return Function(lambda x: x**-0.5, (0, 1))


def _box_with_pole(t: ArrayLike) -> np.ndarray:
    """Return box(0, 1) * x^(-1/2) on [0, 1]."""
    t = np.asarray(t, dtype=np.float64)
    rising = 2 * np.sqrt(np.clip(t, 0, 1))
    return np.asarray(np.where(t < 1, rising, 2 - 2 * np.sqrt(np.clip(t - 1, 0, 1))))


def _require_bound(h: Function, points: ArrayLike, true: ArrayLike) -> np.ndarray:
    points = np.asarray(points, dtype=np.float64)
    bounds = h._whole.error_bounds(points)
    assert (np.abs(h(points) - true) <= bounds).all()
    return np.asarray(bounds)


@pytest.mark.parametrize("offset", [0, 1000, 10**6, 10**8, -(10**10), 10**12])
def test_pieces_that_begin_at_one_double_hide_none(offset):
    t = np.arange(128) / 64 + 1 / 1024
    for h in (
        convolve(box(0, 1).shift(offset), _pole()),
        convolve(box(0, 1), _pole().shift(offset)),
        convolve(box(0, 1).shift(-offset), _pole()).reflect().reflect().shift(2 * offset),
    ):
        assert h(offset + t) == pytest.approx(_box_with_pole(t), abs=1e-13)
    back = convolve(box(0, 1).shift(-offset), _pole()).reflect()
    assert back(offset - t) == pytest.approx(_box_with_pole(t), abs=1e-13)


def test_a_displaced_jump_counts_in_a_convolution_with_tails():
    points = 1e10 + np.array([-3, 0.5, 2, 40])
    exact = np.array([float(Fraction(x) - _FAR) for x in points.tolist()])
    lorentz = Function(lambda x: 1 / (1 + x * x), (-np.inf, np.inf))
    h = convolve(box(0, 1).shift(_FAR), lorentz)
    _require_bound(h, points, np.arctan(exact) - np.arctan(exact - 1))
    assert h.error_bound < 1e-5
    h = convolve(heaviside().shift(_FAR), gaussian())
    _require_bound(h, points, [0.5 * math.erfc(-t / math.sqrt(2)) for t in exact])
    assert h.error_bound < 1e-5
    inside = 1e10 + np.array([0.5, 1, 1.25, 1.5, 2, 2.3])
    exact = np.array([float(Fraction(x) - _FAR) for x in inside.tolist()])
    _require_bound(convolve(box(0, 1).shift(_FAR), _pole()), inside, _box_with_pole(exact))


def test_a_displaced_jump_leaves_the_tail_its_digits():
    h = convolve(box(Fraction(1, 3), 1), _exponential())
    factor = math.e - math.exp(1 / 3)
    assert h([30.0, 300.0]) == pytest.approx(factor * np.exp([-30.0, -300.0]), rel=1e-12)
    assert h.relative_error_bound(1, 300) < 1e-10


def test_a_gaussian_that_was_cut_has_no_relative_accuracy_beyond():
    steep = Function(lambda x: np.exp(-np.abs(50 * x)), (-np.inf, np.inf), breaks=[0])
    h = convolve(gaussian(), steep)
    # Nearly 2 / 50 of the Gaussian's value.
    points = np.array([9.5, 10, 11, 12])
    true = math.sqrt(1 / 2 / math.pi) * np.exp(-(points**2) / 2) * 2 / 50 * (1 + points**2 / 2500)
    bounds = _require_bound(h, points, true)
    assert bounds.max() < 1e-17
    assert h.relative_error_bound(9.5, 12) > 1
    total = gaussian() + steep
    _require_bound(total, [12.0], [math.exp(-72) / math.sqrt(2 * math.pi)])
    assert total.error_bound < 1e-9
