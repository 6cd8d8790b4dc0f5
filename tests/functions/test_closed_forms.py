"""Convolutions with compact support whose answer is a formula."""

from __future__ import annotations

from math import comb, factorial

import numpy as np
import pytest

import faltung as ft
from faltung.functions import Function, box, gaussian, hat


def check(h, exact, at=None):
    """The formula over the whole domain, within the bound and within 1e-14 of the size."""
    low, high = h.domain
    t = np.linspace(low, high, 2001) if at is None else np.asarray(at, dtype=float)
    true = exact(t)
    error = np.abs(h(t) - true).max()
    # The formula itself is evaluated with a few roundings.
    assert error <= h.error_bound + 1e-14 * np.abs(true).max()
    assert error <= 1e-14 * np.abs(h(np.linspace(low, high, 2001))).max()


@pytest.mark.parametrize(("a", "b"), [(1.0, 1.0), (3.0, 1.0), (1.0, 7.0), (0.3, 0.1), (1e-3, 10.0)])
def test_box_and_box(a, b):
    h = ft.convolve(box(-a / 2, a / 2), box(-b / 2, b / 2))
    check(h, lambda t: np.clip((a + b) / 2 - np.abs(t), 0, min(a, b)))


def test_box_and_box_at_a_point():
    assert ft.convolve(box(-1.5, 1.5), box(-0.5, 0.5))(1.25) == 0.75


def test_box_and_hat():
    h = ft.convolve(box(-0.5, 0.5), hat(-1, 0, 1))
    check(h, lambda t: np.where(abs(t) <= 0.5, 0.75 - t**2, (1.5 - abs(t)) ** 2 / 2))
    assert h(0.3) == pytest.approx(0.66, abs=1e-15)
    assert h(-1.2) == pytest.approx(0.045, abs=1e-15)


def spline(n, t):
    """The centred B-spline of degree n, by its sum of truncated powers."""
    terms = [
        (-1) ** k * comb(n + 1, k) * np.maximum(t + (n + 1) / 2 - k, 0) ** n for k in range(n + 2)
    ]
    return np.sum(terms, axis=0) / factorial(n)


@pytest.mark.parametrize("degree", range(1, 7))
def test_splines_by_repeated_convolution(degree):
    one = box(-0.5, 0.5)
    h = one
    for _ in range(degree):
        h = ft.convolve(h, one)
    # The alternating sum loses digits, more of them to the right: its left half is used.
    t = np.linspace(-(degree + 1) / 2, 0, 500)
    assert np.abs(h(t) - spline(degree, t)).max() < 1e-13
    assert h.domain == (-(degree + 1) / 2, (degree + 1) / 2)
    assert np.abs(h(t) - h(-t)).max() <= 1e-15


def test_two_cubic_splines_make_one_of_degree_seven():
    one = box(-0.5, 0.5)
    two = ft.convolve(one, one)
    cubic = ft.convolve(two, two)
    h = ft.convolve(cubic, cubic)
    at = [0, 0.7, -3.25]
    known = [0.479365079365079365, 0.340013400892857143, 2.64848981584821428e-5]
    assert h(at) == pytest.approx(known, rel=0, abs=3e-16)


def test_line_and_box():
    h = ft.convolve(Function(lambda t: t, (-1, 1)), box(-1, 1))
    check(h, lambda t: t * (2 - np.abs(t)) / 2)


@pytest.mark.parametrize("k", [1, 5, 20, 100])
def test_cosine_and_itself(k):
    f = Function(lambda t: np.cos(k * t), (-1, 1))
    h = ft.convolve(f, f)
    t = np.linspace(-2, 2, 999)
    rest = 2 - np.abs(t)
    exact = rest * np.cos(k * t) / 2 + np.sin(k * rest) / (2 * k)
    assert np.abs(h(t) - exact).max() < 3e-16 * max(k, 4)


def test_cosine_and_itself_at_points():
    f = Function(lambda t: np.cos(5 * t), (-1, 1))
    h = ft.convolve(f, f)
    known = [-0.507057713982726400, 0.146506043869152102]
    assert h([0.5, -1.5]) == pytest.approx(known, rel=0, abs=1e-15)


def test_parabola_and_itself():
    f = Function(lambda t: 1 - t**2, (-1, 1))
    h = ft.convolve(f, f)
    check(h, lambda t: (2 - np.abs(t)) ** 3 * (t**2 + 6 * np.abs(t) + 4) / 30)
    assert h(0) == pytest.approx(16 / 15, abs=1e-15)
    assert h(0.5) == pytest.approx(0.815625, abs=1e-15)


def test_powers_from_zero():
    """t^m * t^n = m! n! / (m + n + 1)! t^(m + n + 1), up to where the shorter one ends."""
    m, n = 3, 5
    f = Function(lambda t: t**m, (0, 1))
    g = Function(lambda t: t**n, (0, 2))
    h = ft.convolve(f, g)
    factor = factorial(m) * factorial(n) / factorial(m + n + 1)
    check(h, lambda t: factor * t ** (m + n + 1), np.linspace(0, 1, 100))


@pytest.mark.parametrize("s", [1.0, 0.3, 0.01])
def test_gaussians(s):
    h = ft.convolve(gaussian(), gaussian(s, 1.0))
    sigma = np.sqrt(1 + s**2)
    t = np.linspace(-8, 8, 999)
    exact = np.exp(-(((t - 1) / sigma) ** 2) / 2) / (sigma * np.sqrt(2 * np.pi))
    assert np.abs(h(t) - exact).max() < 3e-15
    assert h(1.0) == pytest.approx(exact.max(), abs=1e-5)


def test_gaussian_and_hat():
    h = ft.convolve(gaussian(), hat(-1, 0, 1))
    assert h(0) == pytest.approx(0.368746380372507241, rel=0, abs=1e-15)


def test_exponential_and_box():
    f = Function(lambda t: np.exp(-t), (0, 40))
    h = ft.convolve(f, box(0, 1))
    t = np.linspace(1, 40, 500)
    assert np.abs(h(t) - np.exp(-t) * (np.e - 1)).max() < 2e-15
    t = np.linspace(0, 1, 500)
    assert np.abs(h(t) - (1 - np.exp(-t))).max() < 2e-15


def test_far_from_zero():
    """Shifts add: the same shape, a million away."""
    f = Function(lambda t: 1 - (t - 1e6) ** 2, (1e6 - 1, 1e6 + 1))
    h = ft.convolve(f, f)
    t = np.linspace(-2, 2, 257)
    exact = (2 - np.abs(t)) ** 3 * (t**2 + 6 * np.abs(t) + 4) / 30
    assert np.abs(h(2e6 + t) - exact).max() < 1e-14


def test_many_pieces():
    """A staircase of a thousand boxes of one width is a box; its convolution is a hat."""
    edges = np.arange(1001) / 1000
    f = Function.from_pieces(edges, np.ones((1000, 1)))
    h = ft.convolve(f, box(0, 1))
    check(h, lambda t: 1 - np.abs(t - 1))
