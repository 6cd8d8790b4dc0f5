"""One loss on a lattice: above and below the true δ, everywhere, and near it."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.distributions.privacy.dots import Dots, dominated, dominating, heights
from faltung.distributions.privacy.losses import GaussianLosses, LaplaceLosses
from tests.distributions.privacy import reference


def delta(dots: Dots, epsilon: float) -> float:
    losses = float(dots.step) * dots.places
    terms = dots.weights * np.maximum(-np.expm1(epsilon - losses), 0.0)
    return dots.infinite + math.fsum(terms)


def both(losses, step, reach=8.0):
    low, high = max(losses.lowest, -reach), min(losses.highest, reach)
    step = Fraction(step)
    first = math.floor(low / step) - 1
    places = np.arange(first, math.ceil(high / step) + 2)
    return dominated(losses, places, step), dominating(losses, places, step)


rates = st.floats(1e-3, 1.0)
deviations = st.floats(0.4, 5.0)
steps = st.sampled_from([2.0**-3, 2.0**-5, 2.0**-7])


@settings(max_examples=60)
@given(rates, deviations, steps, st.booleans(), st.lists(st.floats(0, 7), min_size=1, max_size=5))
def test_sampled_gaussian_is_between(rate, deviation, step, exchanged, epsilons):
    low, high = both(GaussianLosses(deviation, rate, exchanged), step)
    assert (low.weights >= 0).all()
    assert (high.weights >= 0).all()
    for epsilon in epsilons:
        true = reference.sampled_delta(epsilon, rate, deviation, exchanged=exchanged)
        assert delta(low, epsilon) <= true * (1 + 1e-14)
        assert delta(high, epsilon) >= true * (1 - 1e-14)


@given(st.floats(0.2, 5.0), steps, st.floats(0, 5))
def test_laplace_is_between(scale, step, epsilon):
    low, high = both(LaplaceLosses(scale), step)
    true = reference.laplace_delta(epsilon, scale)
    assert delta(low, epsilon) <= true * (1 + 1e-13) + 1e-16
    assert delta(high, epsilon) >= true * (1 - 1e-13)


@pytest.mark.parametrize("losses", [GaussianLosses(0.8, 0.1, exchanged=False), LaplaceLosses(1.0)])
def test_the_distance_falls_with_the_square_of_the_step(losses):
    distances = []
    for step in (2.0**-5, 2.0**-7):
        low, high = both(losses, step)
        distances.append(delta(high, 0.3) - delta(low, 0.3))
    assert distances[1] < distances[0] / 10


def test_the_dominating_loss_is_exact_at_its_knots():
    _, high = both(GaussianLosses(1.0, 1.0, exchanged=False), 2.0**-6)
    for epsilon in (0.0, 0.5, 3.0, 7.0):
        assert delta(high, epsilon) == pytest.approx(
            reference.gaussian_delta(epsilon, 1.0), rel=1e-11
        )


@given(st.lists(st.floats(0, 1), min_size=2, max_size=9))
def test_heights_are_delta_at_the_knots(weights):
    losses = 0.25 * np.arange(len(weights), dtype=np.float64)
    found = heights(np.array(weights), losses)
    dots = Dots(np.arange(len(weights)), Fraction(1, 4), np.array(weights), 0.0, 0.0)
    np.testing.assert_allclose(found, [delta(dots, x) for x in losses], rtol=1e-13, atol=1e-16)
