"""What is found in plain code: jumps, bends, poles, roots, and what is narrow."""

from __future__ import annotations

import math

import numpy as np
import pytest

import faltung as ft
from faltung.errors import DataError
from faltung.functions import Function

INF = math.inf


@pytest.mark.parametrize(
    ("function", "places"),
    [
        (lambda t: np.where(t < 0.3, 1.0, 5.0), [0.3]),
        (lambda t: np.where(t < 1 / 3, np.sin(t), np.cos(t)), [1 / 3]),
        (np.vectorize(lambda t: 1.0 if t <= 0.3 else t), [0.3]),
        (lambda t: np.sign(np.sin(7 * t)), [k * np.pi / 7 for k in (1, 2)]),
        (lambda t: np.floor(10 * t), [k / 10 for k in range(1, 10)]),
        (lambda t: np.maximum(t, 0.5) + (t > 0.7), [0.5, 0.7]),
    ],
    ids=["step", "sine", "scalar", "sign", "floor", "kink and step"],
)
def test_jumps_in_plain_code_are_found(function, places):
    f = Function(function, (0, 1))
    assert f.breaks == pytest.approx([0, *places, 1], abs=1e-15)
    assert f.break_bound < 1e-15
    t = np.linspace(0.00001, 0.99999, 1001)
    assert f(t) == pytest.approx(function(t), abs=1e-14)


def test_a_jump_that_was_found_counts_in_the_bounds():
    f = Function(lambda t: np.where(t < 1 / 3, 0.0, 1e10), (0, 1))
    h = ft.convolve(f, f)
    assert h.error_bound >= 1e20 * 2.0**-54
    assert abs(f.integral() - 2e10 / 3) <= f.cumulative().error_bound


@pytest.mark.parametrize(
    ("function", "area"),
    [(np.sqrt, 2 / 3), (np.log, -1), (lambda t: t**-0.5, 2), (lambda t: t**0.3 * np.cos(t), None)],
    ids=["root", "log", "inverse root", "power"],
)
def test_singularity_at_an_end_is_found(function, area):
    f = Function(function, (0, 1))
    t = np.array([1e-200, 1e-9, 0.1, 0.7])
    assert f(t) == pytest.approx(function(t), rel=1e-12)
    if area is not None:
        assert f.integral() == pytest.approx(area, rel=1e-13)


@pytest.mark.parametrize("exponent", [-1, -1.5])
def test_a_pole_without_an_integral_is_refused(exponent):
    with pytest.raises(DataError, match=r"goes like .* has no integral"):
        Function(lambda t: t**exponent, (0, 1))


@pytest.mark.parametrize(
    ("function", "area"),
    [
        (lambda t: np.sqrt(np.abs(t - 0.6)), (0.6**1.5 + 0.4**1.5) / 1.5),
        (lambda t: np.abs(t - 0.6) ** -0.25, (0.6**0.75 + 0.4**0.75) / 0.75),
        (lambda t: np.log(np.abs(t - 0.6)), 0.6 * np.log(0.6) + 0.4 * np.log(0.4) - 1),
        (lambda t: np.cbrt(t - 0.6), (0.4 ** (4 / 3) - 0.6 ** (4 / 3)) * 0.75),
    ],
    ids=["root", "pole", "log", "cube root"],
)
def test_singularity_inside_is_found(function, area):
    f = Function(function, (0, 1))
    assert 0.6 in f.breaks
    t = np.array([0.1, 0.59, 0.6 - 1e-9, 0.6 + 1e-6, 0.9])
    assert f(t) == pytest.approx(function(t), rel=1e-12)
    assert f.integral() == pytest.approx(area, rel=1e-13)


@pytest.mark.parametrize(
    ("function", "places"),
    [
        (lambda t: np.exp(-abs(t)), [0]),
        (lambda t: np.exp(-abs(t - np.pi)), [np.pi]),
        (lambda t: np.where(t < 1.3, np.exp(t), np.exp(-t)), [1.3]),
        (lambda t: np.where(t > 0.7, np.exp(-t), 0.0), [0.7]),
        (lambda t: np.exp(-t * t) * abs(t - 0.3) ** -0.5, [0.3]),
        (lambda t: np.exp(-np.sqrt(abs(t))), [0]),
        (lambda t: np.where(t > 0, t * t * np.exp(-t * t / 2), 0), [0]),
        (lambda t: np.where(t >= 1, t**-2.1, 0), [1]),
        (lambda t: np.exp(-t * t) + 0.1 * np.exp(-1e4 * (t - 2.2) ** 2), []),
    ],
    ids=["laplace", "at pi", "step", "onset", "pole", "root", "maxwell", "pareto", "bump"],
)
def test_sharp_places_on_the_line_are_found(function, places):
    with np.errstate(all="ignore"):
        f = Function(function, (-INF, INF))
        t = np.concatenate([np.linspace(-6, 9, 998), [20, -30]])
        true = function(t)
    assert f.breaks == pytest.approx(places, abs=1e-15)
    assert f(t) == pytest.approx(true, rel=1e-12, abs=1e-280)


@pytest.mark.parametrize(
    ("function", "domain"),
    [
        (lambda t: np.exp(-t * t) + np.exp(-((t - 300) ** 2)), (-INF, INF)),
        (lambda t: np.exp(-t) + np.exp(-((t - 5) ** 2) * 1e4), (0, INF)),
        (lambda t: 1e200 * np.exp(-t * t), (-INF, INF)),
        (lambda t: 1e-200 * np.exp(-t * t), (-INF, INF)),
        (lambda t: abs(t) ** 0.3 * np.exp(-t * t), (-INF, INF)),
        (lambda t: t**-0.5 + 1e-6 * t**-0.75, (0, 1)),
    ],
    ids=["far apart", "spike", "huge", "tiny", "cusp", "two powers"],
)
def test_functions_of_two_scales(function, domain):
    with np.errstate(all="ignore"):
        f = Function(function, domain)
        t = np.concatenate([np.linspace(-3, 9, 1499) + 1e-3, [299.7, 301.1, 1e-150]])
        t = t[(t > domain[0]) & (t < domain[1])]
        true = function(t)
    assert f(t) == pytest.approx(true, rel=1e-11, abs=1e-90 * np.abs(true).max())


def test_a_witness_of_a_spike_is_named_or_met():
    def spiky(t):
        return 1 / (1 + t * t) + (np.abs(t - 2.5) < 1e-2)

    f = Function(spiky, (-INF, INF))
    assert f([2.4, 2.5, 2.6]) == pytest.approx(spiky(np.array([2.4, 2.5, 2.6])), rel=1e-12)


def test_an_onset_at_zero_is_there():
    f = Function(lambda t: np.where(t > 0, np.exp(-abs(t)), 0.0), (-INF, INF))
    assert f.domain[0] == pytest.approx(0, abs=1e-300)
    assert f([-1e-9, 1e-13, 1e-9]) == pytest.approx([0, 1, 1], rel=1e-8)
    assert f.integral() == pytest.approx(1, rel=1e-13)
