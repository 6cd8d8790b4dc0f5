"""Zeros and extrema: against exact rationals, closed forms, and laws."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from numpy.polynomial import chebyshev, hermite

from faltung.errors import DataError, OptionError
from faltung.functions import Function, box, delta, gaussian, hat
from faltung.functions.polynomials.zeros import least_sizes, near_zeros
from tests.functions import series
from tests.functions.strategies import TAME, functions

INF = np.inf

CALM = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

PLACES = st.lists(
    st.fractions(min_value=-1, max_value=1, max_denominator=64), min_size=1, max_size=6
)


def with_zeros(places):
    """The Chebyshev coefficients of the product of x - place, nearly."""
    return chebyshev.chebfromroots([float(place) for place in places])


# --- zeros of series ------------------------------------------------------------------------------


@CALM
@given(PLACES)
def test_no_zero_is_left_out(places):
    coefficients = with_zeros(places)
    # chebfromroots rounds: some units of the sum of all sizes for each factor.
    noise = 1e-15 * len(places) * np.abs(coefficients).sum()
    near = near_zeros(coefficients[None, :], np.array([noise]))
    for place in places:
        assert any(
            Fraction(low) <= place <= Fraction(high)
            for low, high in zip(near.low.tolist(), near.high.tolist(), strict=True)
        )


@CALM
@given(PLACES, st.floats(-30, 0))
def test_what_is_found_is_near_zero(places, power):
    coefficients = with_zeros(places)
    noise = 10.0**power
    near = near_zeros(coefficients[None, :], np.array([noise]))
    sizes = np.abs(chebyshev.chebval(near.best, coefficients))
    assert (sizes <= 4 * noise + 1e-12 * np.abs(coefficients).sum()).all()


@CALM
@given(st.lists(TAME, min_size=1, max_size=12), st.floats(0, 0.5))
def test_the_least_size(row, noise):
    coefficients = np.array(row)
    least = least_sizes(coefficients[None, :], np.array([noise]))[0]
    x = np.linspace(-1, 1, 2001)
    smallest = np.abs(chebyshev.chebval(x, coefficients)).min()
    assert least <= max(smallest - noise, 0) + 1e-12
    if smallest > 2 * noise + 0.1:
        assert least >= 0.5 * (smallest - noise)


# --- zeros of functions ---------------------------------------------------------------------------


def test_sine():
    f = Function(np.sin, (0, 10))
    assert (np.abs(f.roots() - np.pi * np.arange(4)) <= f.root_bounds() + 1e-15).all()
    assert f.root_bounds().max() < 1e-12


def test_many_zeros():
    f = Function(lambda t: np.sin(200 * t), (0.001, 10))
    roots = f.roots()
    exact = np.pi * np.arange(1, 637) / 200
    assert len(roots) == 636
    assert (np.abs(roots - exact) <= f.root_bounds() + 1e-15).all()


def test_hermite_functions():
    weights = [0] * 10 + [1]
    f = Function(lambda t: hermite.hermval(t, weights) * np.exp(-t * t / 2), (-INF, INF))
    exact = np.polynomial.hermite.hermgauss(10)[0]
    assert len(f.roots()) == 10
    assert (np.abs(f.roots() - exact) <= f.root_bounds() + 1e-15).all()
    assert np.abs(f.roots() - exact).max() < 1e-13


def test_bessel():
    f = Function(np.vectorize(lambda t: float(mp.besselj(0, t))), (0, 30))
    exact = [float(mp.besseljzero(0, k)) for k in range(1, 10)]
    assert len(f.roots()) == 9
    assert (np.abs(f.roots() - exact) <= f.root_bounds() + 1e-14).all()


@pytest.mark.parametrize("order", [2, 3, 4, 6])
def test_zeros_of_higher_order(order):
    f = Function(lambda t: (t - 0.3) ** order * np.exp(t), (-1, 1))
    assert len(f.roots()) == 1
    assert abs(f.roots()[0] - 0.3) <= f.root_bounds()[0]
    assert abs(f.roots()[0] - 0.3) < 1e-4
    assert 1e-9 < f.root_bounds()[0] < 0.02


def test_a_function_without_zeros():
    assert Function(lambda t: np.exp(-t * t), (-INF, INF)).roots().shape == (0,)
    assert box(0, 1).roots().shape == box(0, 1).root_bounds().shape == (0,)


def test_ends_and_kinks():
    assert hat(-1, 0, 1).roots().tolist() == [-1.0, 1.0]
    assert Function(lambda t: np.abs(t - 0.25), (-1, 1)).roots().tolist() == [0.25]
    assert Function(lambda t: np.abs(t) ** 0.5, (-1, 1)).roots().tolist() == [0.0]
    power = Function(lambda t: t**1.5 * (2 - t), (0, 3), singular={0: 1.5})
    assert np.abs(power.roots() - [0, 2]).max() < 1e-14


def test_jumps():
    step = box(0, 1) - box(1, 2)
    assert step.roots().tolist() == []
    assert step.roots(jumps=True).tolist() == [1.0]
    assert step.root_bounds(jumps=True).tolist() == [0.0]
    assert (box(0, 1) + box(1, 2, 2)).roots(jumps=True).tolist() == []
    with pytest.raises(OptionError, match="jumps=1"):
        step.roots(jumps=1)  # type: ignore[arg-type]
    body = Function(lambda t: np.sign(t) * np.exp(-np.abs(t)), (-INF, INF), breaks=[0])
    assert body.roots().tolist() == []
    assert body.roots(jumps=True).tolist() == [0.0]


@CALM
@given(functions(values=TAME))
def test_every_change_of_sign_is_there(f):
    """Between two points of one piece with values of both signs there is a zero."""
    assume(f.coefficients.any(axis=1).all())
    roots, within = f.roots(), f.root_bounds()
    low, high = f.breaks[:-1], f.breaks[1:]
    for index in range(len(f.coefficients)):
        points = np.linspace(low[index], high[index], 15)[1:-1]
        values = [series.derivatives(f, index, x, 0)[0] for x in points.tolist()]
        for k in range(len(points) - 1):
            if values[k] * values[k + 1] < 0:
                near = (roots + within >= points[k]) & (roots - within <= points[k + 1])
                assert near.any()


@CALM
@given(functions(values=TAME, pieces=2), functions(values=TAME, pieces=2))
def test_a_product_has_the_zeros_of_both(f, g):
    low, high = max(f.domain[0], g.domain[0]), min(f.domain[1], g.domain[1])
    assume(low < high)
    try:
        roots = [(each.roots(), each.root_bounds()) for each in (f, g)]
        product = f * g
        found, within = product.roots(), product.root_bounds()
    except DataError:
        assume(False)
    for places, known in roots:
        for place, bound in zip(places.tolist(), known.tolist(), strict=True):
            if low < place - bound and place + bound < high:
                assert (np.abs(found - place) <= within + bound).any()


def test_zero_pieces_are_refused():
    f = box(0, 1) + box(2, 3)
    with pytest.raises(DataError, match=r"all over \[1.0, 2.0\].*restrict"):
        f.roots()
    with pytest.raises(DataError, match="all over"):
        (Function(lambda t: np.exp(-t), (2, INF)) + box(0, 1)).roots()


@pytest.mark.parametrize(
    "f",
    [delta(0), Function(lambda t: np.exp(1j * t), (0, 1)), Function(np.sin, (0, 6), periodic=True)],
    ids=["delta", "complex", "periodic"],
)
def test_what_has_no_order_is_refused(f):
    for ask in (f.roots, f.root_bounds, f.maximum, f.minimum, f.extrema):
        with pytest.raises(OptionError, match="plain real function"):
            ask()


# --- extrema --------------------------------------------------------------------------------------

TOPS: dict[str, tuple[Any, Any, Any]] = {
    "parabola": (Function(lambda t: t * (3 - t), (0, 5)), (1.5, 2.25), (5, -10)),
    "gauss": (Function(lambda t: np.exp(-t * t), (-INF, INF)), (0, 1), (-INF, 0)),
    "odd": (
        Function(lambda t: t * np.exp(-t * t / 2), (-INF, INF)),
        (1, np.exp(-0.5)),
        (-1, -np.exp(-0.5)),
    ),
    "pole": (Function(lambda t: t**-0.5, (0, 1)), (0, INF), (1, 1)),
    "logarithm": (Function(np.log, (0, 1)), (1, 0), (0, -INF)),
    "hat": (hat(-1, 0.5, 1, 3), (0.5, 3), (-1, 0)),
    "growing": (
        Function(lambda t: np.hypot(1, t), (0, INF)),
        (INF, INF),
        (0, 1),
    ),
    "constant at last": (Function(lambda t: -1 / (1 + t * t), (0, INF)) + 1, (None, 1), (0, 0)),
    "boxes": (box(0, 1) - box(2, 3), (0, 1), (2, -1)),
    "negative": (box(0, 1, -2), (0, -2), (0, -2)),
}


@pytest.mark.parametrize("name", TOPS)
def test_the_largest_and_the_smallest_value(name):
    f, top, bottom = TOPS[name]
    for found, (place, value) in ((f.maximum(), top), (f.minimum(), bottom)):
        if np.isinf(value):
            assert found.value == value
        else:
            assert abs(found.value - value) <= found.bound <= 1e-11
        assert place in (None, found.place) or abs(found.place - place) < 1e-6
    assert f.maximum().is_maximum
    assert not f.minimum().is_maximum


@CALM
@given(functions(values=TAME))
def test_no_value_is_beyond_the_extrema(f):
    top, bottom = f.maximum(), f.minimum()
    low, high = f.domain
    values = f(np.linspace(low, high, 400))
    assert values.max() <= top.value + top.bound + f.error_bound
    assert values.min() >= bottom.value - bottom.bound - f.error_bound
    # Both are taken, on one side at least.
    for each in (top, bottom):
        beside = np.nextafter(each.place, [-INF, each.place, INF])
        nearest = np.abs(f(beside) - each.value).min()
        steep = np.abs(f.coefficients).sum() * 1e-8
        assert nearest <= each.bound + f.error_bound + steep


def test_local_extrema():
    turns = Function(np.sin, (0, 6)).extrema()
    assert [turn.is_maximum for turn in turns] == [False, True, False, True]
    assert np.allclose([turn.place for turn in turns], [0, np.pi / 2, 3 * np.pi / 2, 6])
    assert [turn.value for turn in hat(-1, 0, 1).extrema()] == [0.0, 1.0, 0.0]
    assert box(0, 1).extrema() == []
    folded = Function(lambda t: np.abs(np.sin(3 * t)), (0, 3))
    assert [turn.is_maximum for turn in folded.extrema()] == [False, True] * 3 + [False]
    # Rounding in a level part is no turn.
    assert sum(turn.is_maximum for turn in gaussian().extrema()) == 1


@CALM
@given(functions(values=TAME))
def test_maxima_and_minima_alternate(f):
    turns = f.extrema()
    kinds = [turn.is_maximum for turn in turns]
    assert all(one != other for one, other in pairwise(kinds))
    places = [turn.place for turn in turns]
    assert places == sorted(places)
    assert f.domain[0] <= min(places, default=f.domain[0])
    if turns:
        assert max(turn.value for turn in turns) >= f.maximum().value - 2 * f.maximum().bound
