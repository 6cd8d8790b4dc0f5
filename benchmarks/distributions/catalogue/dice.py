"""Many dice: every entry in floats, every entry exactly, and tails of which nothing else is needed."""

from __future__ import annotations

import math
from functools import cache, partial
from typing import Any

import numpy as np

from benchmarks.distributions.cases import Answer, Bar, Build, Case, Solve, differences
from faltung.distributions import Lattice, die

__all__ = ["cases"]

FACES = np.full(6, 1 / 6)


def cases() -> list[Case]:
    """Return the cases of dice."""
    entries: dict[str, Build] = {
        "icepool": partial(_icepool, 100), "numpy convolve": partial(_numpy, 100),
        "fftconvolve": partial(_fft, 100), "aggregate": _aggregate,
    }  # fmt: skip
    return [
        Case("100d6, all entries", partial(_truth, 100), partial(_ours, 100), entries,
             Bar(error=1e-12)),
        Case("1000d6, all entries", partial(_log_truth, 1000), partial(_ours_log, 1000),
             {"numpy convolve": partial(_numpy_log, 1000), "python-flint": partial(_flint_log, 1000)},
             Bar(2e-3, 1e-12), differences),
        Case("1000d6, exactly", lambda: _residues(_exact(1000)), partial(_ours_exact, 1000),
             {"python-flint": partial(_flint, 1000), "icepool": partial(_icepool_counts, 1000)},
             Bar(5e-3, 0.0), slow=frozenset({"icepool"}), read=_residues),
        _tail("100d6 >= 500", 100, 500, math.log(2.5234342767446676e-20)),
        _tail("10^4 dice >= 4 10^4", 10**4, 4 * 10**4, -189.671018419046733 * math.log(10)),
        _tail("10^6 dice >= 4 10^6", 10**6, 4 * 10**6, -18787.459143175755 * math.log(10), 0.1),
        Case("10^6 coins >= 600000", lambda: np.array([-8747.3545084525767007 * math.log(10)]),
             partial(_ours_coins, 10**6), {"scipy binom.logsf": partial(_scipy_coins, 10**6)},
             Bar(error=1e-12), differences),
    ]  # fmt: skip


def _tail(name: str, n: int, least: int, logarithm: float, seconds: float = math.inf) -> Case:
    def ours() -> Solve:
        one = Lattice(FACES, start=1, normalize=True)
        return lambda: [one.sum(n).logsf(least - 1)]

    peers = {"fftconvolve": partial(_fft_tail, n, least)} if n <= 10**4 else {}
    return Case(name, lambda: np.array([logarithm]), ours, peers, Bar(seconds, 1e-12), differences)


@cache
def _exact(n: int) -> list[int]:
    from flint import fmpz_poly

    return [int(c) for c in (fmpz_poly([1] * 6) ** n).coeffs()]


def _truth(n: int) -> Answer:
    return np.array([c / 6**n for c in _exact(n)])


def _log_truth(n: int) -> Answer:
    return np.array([math.log(c) for c in _exact(n)]) - n * math.log(6)


def _residues(answer: Any) -> Answer:
    """Return the ways to each total modulo a prime, which floats hold."""
    return np.array([float(int(count) % (2**31 - 1)) for count in answer])


def _ours(n: int) -> Solve:
    one = Lattice(FACES, start=1, normalize=True)
    return lambda: one.sum(n).weights


def _ours_log(n: int) -> Solve:
    one = Lattice(FACES, start=1, normalize=True)
    points = np.arange(n, 6 * n + 1.0)
    return lambda: one.sum(n).logpmf(points)


def _ours_exact(n: int) -> Solve:
    return lambda: die(6).sum(n).exact_counts()[0]


def _ours_coins(n: int) -> Solve:
    coin = Lattice([1, 1], normalize=True)
    return lambda: [coin.sum(n).logsf(599_999)]


def _scipy_coins(n: int) -> Solve:
    from scipy.stats import binom

    return lambda: [binom(n, 0.5).logsf(599_999)]


def _numpy(n: int) -> Solve:
    return lambda: _power(FACES, n, np.convolve)


def _numpy_log(n: int) -> Solve:
    return lambda: np.log(_power(FACES, n, np.convolve))


def _fft(n: int) -> Solve:
    from scipy.signal import fftconvolve

    return lambda: _power(FACES, n, fftconvolve)


def _fft_tail(n: int, least: int) -> Solve:
    from scipy.signal import fftconvolve

    return lambda: [np.log(_power(FACES, n, fftconvolve)[least - n :].sum())]


def _power(weights: Answer, n: int, convolve: Any) -> Answer:
    result = weights
    for bit in bin(n)[3:]:
        result = convolve(result, result)
        if bit == "1":
            result = convolve(result, weights)
    return result


def _flint(n: int) -> Solve:
    from flint import fmpz_poly

    return lambda: [int(c) for c in (fmpz_poly([1] * 6) ** n).coeffs()]


def _flint_log(n: int) -> Solve:
    from flint import fmpz_poly

    def solve() -> Answer:
        return np.array([math.log(int(c)) for c in (fmpz_poly([1] * 6) ** n).coeffs()]) - (
            n * math.log(6)
        )

    return solve


def _icepool(n: int) -> Solve:
    import icepool

    return lambda: list((n @ icepool.d6).probabilities())


def _icepool_counts(n: int) -> Solve:
    import icepool

    return lambda: list((n @ icepool.d6).quantities())


def _aggregate() -> Solve:
    from aggregate import build

    def solve() -> Answer:
        law = build("agg Dice dfreq [100] dsev [1:6]")
        return np.asarray(law.density_df.p_total.reindex(np.arange(100.0, 601.0)).fillna(0.0))

    return solve
