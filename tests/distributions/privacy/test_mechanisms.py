"""Composed mechanisms between their bounds, and bad input."""

from __future__ import annotations

import math

import mpmath as mp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.distributions import privacy
from faltung.distributions.privacy.accountant import delta_of
from faltung.distributions.privacy.losses import GaussianLosses
from faltung.errors import DataError, DtypeError, OptionError
from tests.distributions.privacy import reference


@settings(max_examples=10, deadline=None)
@given(st.floats(0.7, 8.0), st.integers(1, 20), st.floats(0, 5))
def test_gaussian_answers_compose_to_one(multiplier, n, epsilon):
    low, high = privacy.gaussian(multiplier).compose(n).delta(epsilon, tolerance=0.02)
    true = reference.gaussian_delta(epsilon, multiplier / math.sqrt(n))
    assert low <= true <= high
    assert high - low <= 0.02 * high


@pytest.mark.parametrize("delta", [1e-3, 1e-8, 1e-20, 1e-40, 1e-200])
def test_epsilon_at_small_delta(delta):
    low, high = privacy.gaussian(3.0).compose(9).epsilon(delta)
    assert high - low <= 1e-3
    assert reference.gaussian_delta(high, 1.0) <= delta <= reference.gaussian_delta(low, 1.0)


def test_sampled_twice():
    pair = privacy.subsampled_gaussian(0.1, 0.9).compose(2)
    low, high = pair.delta(0.4, tolerance=1e-4)
    assert low <= reference.twice_sampled_delta(0.4, 0.1, 0.9) <= high


def test_different_mechanisms_together():
    both = privacy.gaussian(2.0) + privacy.gaussian(1.0)
    low, high = both.delta(1.0)
    assert low <= reference.gaussian_delta(1.0, 1 / math.sqrt(1.25)) <= high


def test_sampling_helps_and_answers_cost():
    whole, part = privacy.gaussian(1.0), privacy.subsampled_gaussian(0.01, 1.0)
    assert part.epsilon(1e-6).high < whole.epsilon(1e-6).low
    assert part.epsilon(1e-6).high < part.compose(4).epsilon(1e-6).low


def test_laplace_has_a_finite_epsilon():
    assert privacy.laplace(2.0).epsilon(1e-9).high == pytest.approx(0.5, abs=1e-3)
    assert privacy.laplace(2.0).compose(3).delta(1.51) == (0.0, 0.0)


def test_bad_input():
    step = privacy.gaussian(1.0)
    for bad in (0.0, -1.0, math.inf, math.nan):
        with pytest.raises(DataError, match="noise_multiplier"):
            privacy.gaussian(bad)
    with pytest.raises(DtypeError, match="real number"):
        privacy.laplace("2")  # type: ignore[arg-type]
    for bad in (0.0, 1.5, -0.1):
        with pytest.raises(DataError, match="sampling_probability"):
            privacy.subsampled_gaussian(bad, 1.0)
    with pytest.raises(OptionError, match="n="):
        step.compose(-1)
    with pytest.raises(OptionError, match="n=0"):
        step.compose(0)
    for bad in (0.0, 1.0, 2.0, math.nan):
        with pytest.raises(DataError, match="delta"):
            step.epsilon(bad)
    with pytest.raises(DataError, match="epsilon"):
        step.delta(-1.0)
    with pytest.raises(OptionError, match="tolerance"):
        step.delta(1.0, tolerance=0.0)
    with pytest.raises(OptionError, match="larger tolerance"):
        step.epsilon(1e-6, tolerance=1e-15)


@pytest.mark.parametrize("count", [1, 10, 1000])
def test_laplace_answers_have_their_largest_loss(count):
    """However many answers, no loss is above count / scale."""
    many = privacy.laplace(5.0).compose(count)
    low, high = many.epsilon(1e-12)
    assert 0 < low <= high <= low + 1e-3
    assert high <= count / 5.0 + 1e-3
    assert many.delta(count / 5.0 + 0.01) == (0.0, 0.0)


def test_two_laplace_answers():
    """δ of two: an integral over the first loss, its atoms apart."""
    scale, epsilon = 1.5, 0.4
    top = 1 / scale
    with mp.workdps(30):
        lines = mp.quad(
            lambda x: (
                mp.exp((x - 1) / scale) / (2 * scale) * left(epsilon - (2 * x - 1) / scale, scale)
            ),
            mp.linspace(0, 1, 9),
        )
        atoms = left(epsilon - top, scale) / 2 + left(epsilon + top, scale) * mp.exp(-top) / 2
        true = float(lines + atoms)
    low, high = privacy.laplace(scale).compose(2).delta(epsilon, tolerance=1e-5)
    assert low <= true <= high


def left(epsilon, scale):
    """δ of one Laplace answer at an ε of any sign."""
    if epsilon >= 1 / scale:
        return mp.mpf(0)
    if epsilon <= -1 / scale:
        return 1 - mp.exp(epsilon)
    return 1 - mp.exp((mp.mpf(epsilon) - 1 / mp.mpf(scale)) / 2)


@pytest.mark.parametrize(
    "mechanism",
    [
        privacy.gaussian(0.05),
        privacy.laplace(0.01).compose(10),
        privacy.laplace(100.0).compose(10**5),
        privacy.subsampled_gaussian(0.999, 1.0).compose(10),
        privacy.laplace(3.0) + privacy.gaussian(2.0),
    ],
    ids=lambda mechanism: mechanism.name,
)
def test_extreme_mechanisms(mechanism):
    low, high = mechanism.epsilon(1e-6)
    assert 0 < low <= high <= low + 1e-3


def test_what_underflows_is_told():
    assert privacy.gaussian(1.0).delta(100.0).high < 1e-300


def test_what_cannot_be_reached_is_told():
    with pytest.raises(OptionError, match="larger tolerance"):
        privacy.laplace(1000.0).compose(10**6).epsilon(1e-6, tolerance=1e-9)


def test_many_answers_are_known_to_a_few_millionths():
    low, high = privacy.laplace(1000.0).compose(10**6).epsilon(1e-6, tolerance=1e-5)
    assert low <= high <= low + 1e-5
    assert low == pytest.approx(4.8856171, abs=1e-5)  # near that of the Gaussian of its variance


@settings(max_examples=15, deadline=None)
@given(st.floats(0.7, 8.0), st.integers(2, 20), st.floats(0, 5))
def test_the_lattice_composes_gaussian_answers(multiplier, n, epsilon):
    """The sum on a lattice, which a mechanism leaves out for these."""
    losses = GaussianLosses(multiplier, 1.0, exchanged=False)
    low, high = delta_of([((losses,), n)], epsilon, 0.02)
    true = reference.gaussian_delta(epsilon, multiplier / math.sqrt(n))
    assert low <= true <= high
    assert high - low <= 0.02 * high


@pytest.mark.parametrize("scale", [0.3, 3.0, 7.0, 10.0])
@pytest.mark.parametrize("units", [0, 1, 10, 1e4, 1e8, 1e12])
def test_laplace_near_its_largest_loss(scale, units):
    """Where δ is far below its derivative: losses must not be rounded there."""
    epsilon = 1 / scale - units * math.ulp(1 / scale)
    with mp.workdps(50):
        true = max(1 - mp.exp((mp.mpf(epsilon) - 1 / mp.mpf(scale)) / 2), mp.mpf(0))
    low, high = privacy.laplace(scale).delta(epsilon)
    assert low <= true <= high <= low * 1.002


@pytest.mark.parametrize("n", [1, 2, 5, 12])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.99])
def test_laplace_answers_by_their_formula(n, share):
    scale = 3.159
    epsilon = share * n / scale
    mechanism = privacy.laplace(scale).compose(n)
    low, high = mechanism.delta(epsilon, tolerance=1e-4)
    true = reference.composed_laplace_delta(epsilon, scale, n)
    assert low <= true <= high
    low, high = mechanism.epsilon(float(true), tolerance=1e-4)
    assert reference.composed_laplace_delta(high, scale, n) <= float(true)
    assert low == 0 or reference.composed_laplace_delta(low, scale, n) >= float(true)


@pytest.mark.parametrize(
    ("rate", "multiplier", "epsilon"),
    [
        (1e-6, 0.3475, 40.198),  # wide bins before the one that counts
        (1.17e-5, 23.44, 1.3741e-5),  # losses far smaller than the first step
        (1e-7, 39.8, 1.09e-9),
        (1e-3, 1.4796, 5.311),
    ],
)
def test_one_sampled_answer_far_out(rate, multiplier, epsilon):
    low, high = privacy.subsampled_gaussian(rate, multiplier).delta(epsilon)
    true = max(
        reference.sampled_delta(epsilon, rate, multiplier, exchanged=turned)
        for turned in (False, True)
    )
    assert low <= true <= high <= 1.002 * low


@pytest.mark.parametrize("noise", [1e-200, 1e200])
def test_noise_beyond_all_measure_is_refused(noise):
    with pytest.raises(DataError, match="1e-100 to 1e\\+100"):
        privacy.gaussian(noise)
