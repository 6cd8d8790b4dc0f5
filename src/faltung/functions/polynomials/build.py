"""From a callable to pieces: interpolate each interval, and halve it until it is resolved.

After Z. Battles and L. N. Trefethen, "An extension of MATLAB to continuous functions and
operators", SIAM J. Sci. Comput. 25 (2004), 1743-1770, with the splitting of R. Pachon, R. B.
Platte and L. N. Trefethen, "Piecewise-smooth chebfuns", IMA Journal of Numerical Analysis 30 (2010), 898-916.
"""

from __future__ import annotations

import numpy as np

from faltung.errors import ResolutionError
from faltung.functions.bounds import Deviation
from faltung.functions.polynomials.fit import POINT_COUNTS, Fit, fit
from faltung.functions.polynomials.intervals import Intervals, Witnesses
from faltung.functions.polynomials.jumps import Jump, jump_between, places_of, with_jumps
from faltung.functions.polynomials.kinks import Kink, checked_at, kinks
from faltung.functions.polynomials.limit import trimmed
from faltung.functions.polynomials.merge import merged
from faltung.functions.polynomials.pieces import Pieces, padded
from faltung.functions.sampling import Sampler
from faltung.functions.transform import FloatArray
from faltung.functions.unresolved import Unresolved

# How often jumps are looked for: in each round all that halving has come upon.
_ROUNDS = 12

# Halvings of one interval, and intervals under work at once: beyond, the function is refused.
_DEPTH = 56
_WIDTH = 4096


def build(sampler: Sampler, breaks: FloatArray) -> Pieces:
    """Return pieces that resolve the sampled function between `breaks` to machine precision.

    Halving closes in on a kink until it is too small to be seen, and on a jump until its two sides
    are neighbouring doubles. The places found so become breaks, which makes few pieces of many.

    Raises
    ------
    Unresolved
        If an interval cannot be resolved: a ResolutionError that names the place and the way out.
    """
    pieces, breaks, jumps = _with_jumps(sampler, breaks)
    found = kinks(pieces, sampler)
    if found:
        pieces = _simpler(sampler, breaks, Witnesses.taken(sampler, breaks), pieces, found)
    return with_jumps(merged(pieces, keep=breaks), jumps)


def _with_jumps(sampler: Sampler, breaks: FloatArray) -> tuple[Pieces, FloatArray, list[Jump]]:
    """Return resolved pieces, the breaks with those that were found, and what was found."""
    jumps: list[Jump] = []
    for _ in range(_ROUNDS):
        try:
            return _resolved(sampler, breaks, Witnesses.taken(sampler, breaks)), breaks, jumps
        except Unresolved as unresolved:
            # A function may round its own break to a neighbour: look some doubles farther.
            around = 4 * (unresolved.high - unresolved.low)
            low = np.maximum(unresolved.low - around, breaks[0])
            high = np.minimum(unresolved.high + around, breaks[-1])
            inner = (low > breaks[0]) & (high < breaks[-1])
            ends = zip(low[inner].tolist(), high[inner].tolist(), strict=True)
            found = [jump_between(sampler, *between) for between in ends]
            new = [jump for jump in found if jump and jump.place not in breaks]
            if not new:
                raise
            jumps += {jump.place: jump for jump in new}.values()
            breaks = np.union1d(breaks, places_of(new))
    raise ResolutionError(
        f"the function jumps in ever more places, for instance at x = {jumps[-1].place!r}: take a "
        "shorter interval, or convolve samples of it as arrays"
    )


def _simpler(
    sampler: Sampler, breaks: FloatArray, seen: Witnesses, pieces: Pieces, found: list[Kink]
) -> Pieces:
    """Return fewer pieces with breaks at the kinks that were found, or `pieces`."""
    try:
        simpler = _resolved(sampler, np.union1d(breaks, [kink.place for kink in found]), seen)
    except ResolutionError:
        return pieces
    if simpler.count >= pieces.count:
        return pieces
    return checked_at(simpler, found, sampler) or pieces


def _resolved(sampler: Sampler, breaks: FloatArray, seen: Witnesses) -> Pieces:
    work = Intervals(breaks[:-1], breaks[1:])
    done: list[tuple[Intervals, Fit]] = []
    for depth in range(_DEPTH + 1):
        for count in POINT_COUNTS:
            fits = fit(sampler, work, count, seen)
            seen = seen.with_scale(fits.scale)
            if fits.resolved.any():
                done.append((work.rows(fits.resolved), fits.rows(fits.resolved)))
            work = work.rows(~fits.resolved)
            if not len(work):
                return _assembled(done, seen.scale)
        _check_progress(work, sampler, depth, (float(breaks[0]), float(breaks[-1])))
        work = work.halves()
    raise AssertionError("the last depth is refused")


def _assembled(done: list[tuple[Intervals, Fit]], scale: float) -> Pieces:
    """Return the resolved intervals in order."""
    low = np.concatenate([intervals.low for intervals, _ in done])
    last = max(float(intervals.high.max()) for intervals, _ in done)
    length = max(fits.coefficients.shape[1] for _, fits in done)
    coefficients = np.concatenate([padded(fits.coefficients, length) for _, fits in done])
    deviation = Deviation.joined([fits.deviation() for _, fits in done])
    order = np.argsort(low)
    breaks = np.append(low[order], last)
    return trimmed(Pieces(breaks, coefficients[order], deviation[order]), scale)


def _check_progress(
    work: Intervals, sampler: Sampler, depth: int, domain: tuple[float, float]
) -> None:
    """Refuse if halving leads nowhere."""
    spacing = np.spacing(np.maximum(np.abs(work.low), np.abs(work.high)))
    narrow = work.high - work.low <= 8 * spacing
    if narrow.any() or depth == _DEPTH:
        where = int(np.argmax(narrow))
        error = _unresolved(sampler, float(work.low[where]), float(work.high[where]), domain)
        chosen = narrow if narrow.any() else np.arange(len(work)) == 0
        raise Unresolved(str(error), work.low[chosen], work.high[chosen])
    if len(work) > _WIDTH:
        raise ResolutionError(
            f"the function needs more than {_WIDTH} pieces ({_WIDTH * POINT_COUNTS[-1]} "
            f"coefficients), for instance near x = {float(work.middle[0])!r}: it oscillates too fast "
            "or is smooth nowhere. Take a shorter interval, or convolve samples of it as arrays"
        )


def _unresolved(
    sampler: Sampler, low: float, high: float, domain: tuple[float, float]
) -> ResolutionError:
    """Return the error for a function that polynomials cannot follow between `low` and `high`."""
    near = np.array([0.99 * low + 0.01 * high, 0.01 * low + 0.99 * high])
    values = ", ".join(f"{value:.6g}" for value in sampler(near))
    for end in domain:
        if end in (low, high):
            return ResolutionError(
                f"the function cannot be resolved at the end x = {end!r} of its interval, where "
                f"its values are {values}: it is singular there, and no power nor logarithm was found. "
                f"Say how, singular={{{end!r}: exponent}}, or choose an interval that leaves it out"
            )
    place = low / 2 + high / 2
    return ResolutionError(
        f"the function cannot be resolved near x = {place!r}, where its values are {values}: if it "
        f"jumps or bends there, write breaks=[{place!r}]; if it is singular there, say how, "
        f"singular={{{place!r}: exponent}}, or choose an interval that leaves it out"
    )
