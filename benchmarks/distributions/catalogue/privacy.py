"""Privacy: ε of a thousand sampled Gaussian answers, as an interval."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from benchmarks.distributions.cases import Answer, Bar, Case, Solve
from faltung.distributions import privacy

__all__ = ["cases"]

RATE, NOISE, DELTA = 0.005, 0.8, 1e-6


def cases() -> list[Case]:
    """Return the cases of privacy."""
    return [
        Case("ε of 1000 sampled Gaussians", partial(np.array, [0.0, 0.0]), partial(_ours, 1000, 0.01),
             {"prv-accountant": partial(_prv, 1000, 0.01)}, Bar(error=0.01), _width,
             agreeing=0.021, speed=5),
        Case("δ of 16 Gaussians at ε = 12", _gaussian, _ours_delta,
             {"prv-accountant": _prv_delta, "dp-accounting": _google_delta}, Bar(error=1e-3),
             _enclosed, agreeing=0.1),
    ]  # fmt: skip


def _width(answer: Answer, truth: Answer) -> float:
    """Return the width of an interval for ε, which must lie in that of the reference, [1.994, 2.014]."""
    del truth
    low, high = answer
    return float(high - low) if 1.993 <= low <= high <= 2.0143 else math.inf


def _enclosed(answer: Answer, truth: Answer) -> float:
    """Return the relative width of an interval, infinite if the truth is not in it."""
    low, high = answer
    return float((high - low) / truth[0]) if low <= truth[0] <= high else math.inf


def _ours(n: int, tolerance: float) -> Solve:
    step = privacy.subsampled_gaussian(RATE, NOISE)
    return lambda: step.compose(n).epsilon(DELTA, tolerance=tolerance)


def _prv(n: int, error: float) -> Solve:
    from prv_accountant import PRVAccountant
    from prv_accountant.privacy_random_variables import PoissonSubsampledGaussianMechanism

    def solve() -> Answer:
        loss = PoissonSubsampledGaussianMechanism(sampling_probability=RATE, noise_multiplier=NOISE)
        accountant = PRVAccountant(
            prvs=[loss], max_self_compositions=[n], eps_error=error, delta_error=1e-10
        )
        low, _, high = accountant.compute_epsilon(delta=DELTA, num_self_compositions=[n])
        return np.array([low, high])

    return solve


def _gaussian() -> Answer:
    """Return δ of one Gaussian answer of noise 1, which 16 of noise 4 are: about 1e-32."""
    import mpmath as mp

    with mp.workdps(40):
        return np.array([float(mp.ncdf(0.5 - 12) - mp.exp(12) * mp.ncdf(-0.5 - 12))])


def _ours_delta() -> Solve:
    return lambda: privacy.gaussian(4.0).compose(16).delta(12.0)


def _prv_delta() -> Solve:
    from prv_accountant import PRVAccountant
    from prv_accountant.privacy_random_variables import GaussianMechanism

    def solve() -> Answer:
        accountant = PRVAccountant(
            prvs=[GaussianMechanism(noise_multiplier=4.0)], max_self_compositions=[16],
            eps_error=0.01, delta_error=1e-34,
        )  # fmt: skip
        low, _, high = accountant.compute_delta(epsilon=12.0, num_self_compositions=[16])
        return np.array([low, high])

    return solve


def _google_delta() -> Solve:
    from dp_accounting.pld import privacy_loss_distribution as pld

    def solve() -> Answer:
        found = []
        for pessimistic in (False, True):
            law = pld.from_gaussian_mechanism(
                4.0, pessimistic_estimate=pessimistic, value_discretization_interval=1e-3
            )
            found.append(law.self_compose(16).get_delta_for_epsilon(12.0))
        return np.array(found)

    return solve
