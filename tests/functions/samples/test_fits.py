"""In fits: parameters come back, with derivatives and without, quickly."""

from __future__ import annotations

import lmfit
import numpy as np
import pytest
from scipy.optimize import curve_fit

from faltung.functions import convolve_samples, resolution

TRUE = {"amplitude": 3.0, "tau": 1.7, "sigma": 0.35, "onset": 0.8}
T = np.linspace(-2, 12, 280)


def broadened(t, amplitude, tau, sigma, onset):
    """A decay with an onset, seen with a Gaussian response: closed form."""
    return amplitude * tau * resolution.exponentially_modified_gaussian(sigma, tau, onset)(t)


def broadened_jacobian(t, amplitude, tau, sigma, onset):
    kernel = resolution.exponentially_modified_gaussian(sigma, tau, onset)
    by = kernel.gradient(t)
    return np.column_stack(
        [
            tau * kernel(t),
            amplitude * (kernel(t) + tau * by["tau"]),
            amplitude * tau * by["sigma"],
            amplitude * tau * by["center"],
        ]
    )


def lines(t, height, place, sigma, gamma):
    """A triangle of data, by samples, with a Voigt response."""
    y = height * np.maximum(0, 1 - abs(t - place))
    return convolve_samples(y, resolution.voigt(sigma, gamma), x=t).y


def noisy(values):
    return values + 0.01 * np.random.default_rng(1).normal(size=len(values))


@pytest.mark.parametrize("jac", [None, broadened_jacobian])
def test_a_broadened_decay(jac):
    y = noisy(broadened(T, *TRUE.values()))
    found, covariance = curve_fit(
        broadened, T, y, p0=[1, 1, 1, 0], jac=jac, bounds=([0, 1e-3, 1e-3, -5], [9, 9, 9, 5])
    )
    assert np.abs(found - list(TRUE.values())).max() < 5 * np.sqrt(np.diag(covariance)).max()
    assert found == pytest.approx(list(TRUE.values()), abs=0.02)


def sampled_decay(t, amplitude, tau, sigma):
    """The same by samples of the decay, one at each side of the onset."""
    s, y = decay_samples(amplitude, tau)
    return convolve_samples(y, resolution.gaussian(sigma), x=s, at=t).y


def decay_samples(amplitude, tau):
    s = np.concatenate([[0.8], 0.8 + np.geomspace(0.01, 20, 300)])
    return s, amplitude * np.exp(-(s - 0.8) / tau)


def sampled_jacobian(t, amplitude, tau, sigma):
    """The samples' own derivatives are rows of samples; the kernel's come with the result."""
    s, y = decay_samples(amplitude, tau)
    rows = [y, y / amplitude, y * (s - 0.8) / tau**2]
    h = convolve_samples(rows, resolution.gaussian(sigma), x=s, at=t, gradient=True)
    return np.column_stack([h.y[1], h.y[2], h.gradient["sigma"][0]])


def test_the_jacobian_is_that_of_the_model():
    at = [3.0, 1.7, 0.35]
    for column in range(len(at)):
        moved = [[*at], [*at]]
        for s, parameters in zip((1, -1), moved, strict=True):
            parameters[column] += s * 1e-5
        slope = (sampled_decay(T, *moved[0]) - sampled_decay(T, *moved[1])) / 2e-5
        assert np.abs(slope - sampled_jacobian(T, *at)[:, column]).max() < 1e-8


@pytest.mark.parametrize("jac", [None, sampled_jacobian])
def test_a_sampled_decay(jac):
    y = noisy(broadened(T, *TRUE.values()))
    found, _ = curve_fit(
        sampled_decay, T, y, p0=[1, 1, 1], jac=jac, bounds=([0, 1e-3, 1e-3], [9, 9, 9])
    )
    assert found == pytest.approx([3.0, 1.7, 0.35], abs=0.02)


def test_lmfit():
    true = {"height": 2.0, "place": 4.1, "sigma": 0.3, "gamma": 0.2}
    model = lmfit.Model(lines)
    parameters = model.make_params(height=1, place=4, sigma=0.6, gamma=0.4)
    for name in ("sigma", "gamma"):
        parameters[name].min = 1e-3
    fit = model.fit(noisy(lines(T, **true)), parameters, t=T)
    assert fit.success
    for name, value in true.items():
        assert fit.params[name].value == pytest.approx(value, abs=6 * fit.params[name].stderr)
        assert fit.params[name].value == pytest.approx(value, abs=0.08)
