"""Random sums: a Poisson number of gamma losses, of discrete losses."""

from __future__ import annotations

from functools import partial

import numpy as np

from benchmarks.distributions.cases import Answer, Bar, Case, Solve
from faltung.distributions import Lattice, compound, tweedie

__all__ = ["cases"]

POINTS = (0.0, 500.0, 1000.0, 2000.0, 5000.0, 10000.0)
#: Bahnemann, Distributions for Actuaries (2015), example 4.2, here with 17 digits.
VALUES = (
    0.082084998623898795, 0.10955001083722469, 0.18672473239569804, 0.3755291437638643,
    0.82728343051730625, 0.99343773326030005,
)  # fmt: skip
SEVERITY = np.array([0.0, 0.4, 0.3, 0.2, 0.1])


def cases() -> list[Case]:
    """Return the cases of random sums."""
    return [
        Case("Poisson(2.5) of gamma(3, 400)", partial(np.array, VALUES), _ours_gamma,
             {"aggregate": _aggregate_gamma}, Bar(error=1e-12)),
        Case("Poisson(20) of 1 … 4, 200 entries", _panjer, _ours_discrete,
             {"aggregate": _aggregate_discrete, "openturns": _openturns_discrete},
             Bar(error=1e-12)),
    ]  # fmt: skip


def _ours_gamma() -> Solve:
    # shape 3 is (2 - power) / (power - 1); mean 2.5 * 1200
    power, mean, rate = 1.25, 3000.0, 2.5
    dispersion = mean ** (2 - power) / (rate * (2 - power))
    return lambda: tweedie(mean, dispersion, power).cdf(POINTS)


def _aggregate_gamma() -> Solve:
    from aggregate import build

    def solve() -> Answer:
        law = build("agg T 2.5 claims sev gamma 1200 cv 0.5773502691896258 poisson")
        return np.array([law.cdf(x) for x in POINTS])

    return solve


def _panjer() -> Answer:
    """Return Panjer's recursion in 40 digits."""
    import mpmath as mp

    with mp.workdps(40):
        found = [mp.exp(-20)]
        for k in range(1, 200):
            terms = (j * mp.mpf(float(SEVERITY[j])) * found[k - j] for j in range(1, min(k, 4) + 1))
            found.append(20 * sum(terms) / k)
        return np.array([float(x) for x in found])


def _ours_discrete() -> Solve:
    from scipy.stats import poisson

    claims, places = Lattice(SEVERITY, normalize=True), np.arange(200.0)
    return lambda: compound(poisson(20), claims).pmf(places)


def _aggregate_discrete() -> Solve:
    from aggregate import build

    def solve() -> Answer:
        law = build("agg D 20 claims dsev [1 2 3 4] [.4 .3 .2 .1] poisson")
        return np.asarray(law.density_df.p_total.reindex(np.arange(200.0)).fillna(0.0))

    return solve


def _openturns_discrete() -> Solve:
    import openturns

    claims = openturns.UserDefined([[1], [2], [3], [4]], SEVERITY[1:].tolist())

    def solve() -> Answer:
        law = openturns.DiscreteCompoundDistribution(claims, openturns.Poisson(20))
        return np.array([law.computePDF(float(k)) for k in range(200)])

    return solve
