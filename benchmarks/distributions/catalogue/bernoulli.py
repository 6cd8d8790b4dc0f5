"""Different laws: Poisson-binomial, a portfolio of losses, and a law of the widest range."""

from __future__ import annotations

from functools import cache, partial, reduce
from typing import Any

import numpy as np

from benchmarks.distributions.cases import Answer, Bar, Case, Solve, differences
from faltung.distributions import Lattice, add, poisson_binomial

__all__ = ["cases"]


def cases() -> list[Case]:
    """Return the cases of different laws."""
    return [
        Case("Poisson-binomial, 100", partial(_truth, 100), partial(_ours, 100),
             {"fast-poibin": partial(_fast, 100), "scipy": partial(_scipy, 100)}, Bar(error=1e-12)),
        Case("Poisson-binomial, 10^4", partial(_log_truth, 10**4), partial(_ours_log, 10**4),
             {"fast-poibin": partial(_fast_log, 10**4), "scipy": partial(_scipy_log, 10**4)},
             Bar(20e-3, 1e-12), differences, slow=frozenset({"scipy"})),
        Case("Poisson-binomial, 10^6", partial(_ends, 10**6), partial(_ours_ends, 10**6), {},
             Bar(10.0, 1e-12), differences),
        Case("2000 losses, all entries", _losses_truth, _ours_losses,
             {"fftconvolve tree": _fft_losses}, Bar(1.0, 1e-12), differences),
        Case("sinusoid of 10^5, squared", _sinusoid_truth, _ours_sinusoid, {},
             Bar(0.2, 1e-12), differences),
    ]  # fmt: skip


@cache
def _chances(n: int) -> Answer:
    return np.random.default_rng(n).uniform(0.001, 0.999, n)


@cache
def _arb(n: int) -> list[Any]:
    """Return the probabilities as balls of 160 bits, from a tree of products."""
    from flint import arb, arb_poly, ctx

    ctx.prec = 160
    rows = [arb_poly([1 - arb(float(p)), arb(float(p))]) for p in _chances(n)]
    return list(_product(rows).coeffs())


def _product(rows: list[Any]) -> Any:
    while len(rows) > 1:
        rows = [reduce(lambda a, b: a * b, rows[i : i + 2]) for i in range(0, len(rows), 2)]
    return rows[0]


def _truth(n: int) -> Answer:
    return np.array([float(x) for x in _arb(n)])


def _log_truth(n: int) -> Answer:
    return np.array([float(x.log()) for x in _arb(n)])


def _ends(n: int) -> Answer:
    """Return the logarithms of both ends of the law, from sums of logarithms."""
    p = _chances(n).astype(np.longdouble)
    return np.array([np.log1p(-p).sum(), np.log(p).sum()], dtype=np.float64)


def _ours(n: int) -> Solve:
    return lambda: poisson_binomial(_chances(n)).weights


def _ours_log(n: int) -> Solve:
    places = np.arange(n + 1.0)
    return lambda: poisson_binomial(_chances(n)).logpmf(places)


def _ours_ends(n: int) -> Solve:
    places = np.arange(n + 1.0)
    return lambda: poisson_binomial(_chances(n)).logpmf(places)[[0, -1]]


def _fast(n: int) -> Solve:
    from fast_poibin import PoiBin

    return lambda: PoiBin(_chances(n)).pmf


def _fast_log(n: int) -> Solve:
    from fast_poibin import PoiBin

    return lambda: np.log(PoiBin(_chances(n)).pmf)


def _scipy(n: int) -> Solve:
    from scipy.stats import poisson_binom

    return lambda: poisson_binom(_chances(n)).pmf(np.arange(n + 1))


def _scipy_log(n: int) -> Solve:
    from scipy.stats import poisson_binom

    return lambda: poisson_binom(_chances(n)).logpmf(np.arange(n + 1))


# --- a portfolio: obligor i loses a[i] with probability p[i], 10^5 in all -------------------------


@cache
def _portfolio() -> tuple[list[int], Answer]:
    rng = np.random.default_rng(5)
    amounts = rng.integers(1, 100, 2000)
    amounts[-1] += 100_000 - int(amounts.sum())
    return amounts.tolist(), rng.uniform(0.001, 0.1, 2000)


@cache
def _losses_truth() -> Answer:
    from flint import arb, arb_poly, ctx

    ctx.prec = 160
    amounts, chances = _portfolio()
    rows = [
        arb_poly([1 - arb(float(p)), *[0] * (a - 1), arb(float(p))])
        for a, p in zip(amounts, chances, strict=True)
    ]
    product = _product(rows)
    return np.array([float(x.log()) if x > 0 else -np.inf for x in product.coeffs()])


def _ours_losses() -> Solve:
    amounts, chances = _portfolio()
    laws = [
        Lattice([1 - p, *[0.0] * (a - 1), p], normalize=True)
        for a, p in zip(amounts, chances.tolist(), strict=True)
    ]
    places = np.arange(100_001.0)
    return lambda: add(*laws).logpmf(places)


def _fft_losses() -> Solve:
    from scipy.signal import fftconvolve

    amounts, chances = _portfolio()
    rows = [np.array([1 - p, *[0.0] * (a - 1), p]) for a, p in zip(amounts, chances, strict=True)]

    def solve() -> Answer:
        level = rows
        while len(level) > 1:
            level = [reduce(fftconvolve, level[i : i + 2]) for i in range(0, len(level), 2)]
        logarithms: Answer = np.log(level[0])
        return logarithms

    return solve


# --- the widest range: e^-2400 … 1 within 10^5 entries, up and down ---------------------------------


@cache
def _sinusoid() -> Answer:
    places = np.arange(100_000)
    waves: Answer = 1200.0 * (np.sin(2 * np.pi * places / 100_000 * 3) - 1)
    return waves


def _sinusoid_truth() -> Answer:
    logarithms = _sinusoid().astype(np.longdouble)
    logarithms -= _log_sum(logarithms)
    count = len(logarithms)
    found = []
    for k in range(0, 2 * count - 1, 1999):
        low, high = max(0, k - count + 1), min(k, count - 1)
        found.append(
            _log_sum(logarithms[low : high + 1] + logarithms[k - high : k - low + 1][::-1])
        )
    return np.array(found, dtype=np.float64)


def _log_sum(logarithms: Any) -> Any:
    top = logarithms.max()
    return top + np.log(np.exp(logarithms - top).sum())


def _ours_sinusoid() -> Solve:
    law = Lattice.from_log_weights(_sinusoid(), normalize=True)
    places = np.arange(2 * len(law) - 1.0)

    return lambda: (law + law).logpmf(places)[::1999]
