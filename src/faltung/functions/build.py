"""From a callable to pieces: interpolate each interval, and halve it until it is resolved.

After Z. Battles and L. N. Trefethen, "An extension of MATLAB to continuous functions and
operators", SIAM J. Sci. Comput. 25 (2004), 1743-1770, with the splitting of R. Pachon, R. B.
Platte and L. N. Trefethen, "Piecewise-smooth chebfuns", IMA J. Numer. Anal. 30 (2010), 898-916.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faltung.errors import ResolutionError
from faltung.functions import bounds, chebyshev
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.chebyshev import BoolArray, FloatArray, IndexArray
from faltung.functions.limit import trimmed
from faltung.functions.pieces import Pieces, padded
from faltung.functions.sampling import Sampler

# Interpolation is tried at these numbers of points; above the last an interval is halved.
POINT_COUNTS = (17, 33, 65)

# Coefficients at the end of a resolved series, in unit roundoffs of the function's size.
_RESOLVED = 4

# A flat tail below this part of the function's size is noise in the function itself.
_NOISE = 1e-10

# Halvings of one interval, and intervals under work at once: beyond, the function is refused.
_DEPTH = 56
_WIDTH = 4096

_GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """Intervals that are not resolved yet."""

    low: FloatArray
    high: FloatArray

    def rows(self, which: IndexArray) -> _Work:
        return _Work(self.low[which], self.high[which])

    def halves(self) -> _Work:
        middle = self.low / 2 + self.high / 2
        return _Work(np.concatenate([self.low, middle]), np.concatenate([middle, self.high]))


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """Series through samples, how well they are resolved, and the size seen so far."""

    coefficients: FloatArray
    resolved: BoolArray
    residual: FloatArray
    noise: FloatArray


def build(sampler: Sampler, breaks: FloatArray) -> Pieces:
    """Return pieces that resolve the sampled function between `breaks` to machine precision.

    Raises
    ------
    ResolutionError
        If an interval cannot be resolved: names the place and the way out.
    """
    work = _Work(breaks[:-1], breaks[1:])
    done: list[tuple[_Work, _Fit]] = []
    scale = 0.0
    for depth in range(_DEPTH + 1):
        for count in POINT_COUNTS:
            fit, scale = _fitted(sampler, work, count, depth, scale)
            done.append((work.rows(np.flatnonzero(fit.resolved)), _only(fit, fit.resolved)))
            work = work.rows(np.flatnonzero(~fit.resolved))
            if not len(work.low):
                return _assembled(done, scale)
        _check_divisible(work, sampler, depth)
        work = work.halves()
    raise AssertionError("unreachable: _check_divisible raises at the last depth")


def _only(fit: _Fit, which: BoolArray) -> _Fit:
    return _Fit(fit.coefficients[which], fit.resolved[which], fit.residual[which], fit.noise[which])


def _check_points(count: int) -> FloatArray:
    """Return `count` points in (-1, 1) in no step with any Chebyshev grid."""
    places: FloatArray = 2 * ((np.arange(1.0, count + 1) * _GOLDEN) % 1.0) - 1
    return places


def _fitted(
    sampler: Sampler, work: _Work, count: int, depth: int, scale: float
) -> tuple[_Fit, float]:
    """Interpolate every interval at `count` points and test the result at others."""
    # The first intervals are wide and could hide something between the nodes: many tests there.
    tests = _check_points(max(5, 256 >> depth))
    x = np.concatenate([chebyshev.nodes(count), tests])
    middle, half = work.low / 2 + work.high / 2, work.high / 2 - work.low / 2
    points = middle[:, None] + half[:, None] * x
    points = np.clip(points, work.low[:, None], work.high[:, None])
    values = sampler(points)
    scale = max(scale, float(np.abs(values).max()))
    # Where the points really lie, after rounding: within a few units of the largest coordinate.
    exact = ((points - work.low[:, None]) - (work.high[:, None] - points)) / (2 * half[:, None])
    coefficients = _through(values[:, :count], exact[:, :count], count)
    predicted = chebyshev.evaluate_rows(coefficients, exact[:, count:])
    residual: FloatArray = np.abs(values[:, count:] - predicted).max(axis=1)
    return _judged(coefficients, residual, work, scale), scale


def _through(values: FloatArray, x: FloatArray, count: int) -> FloatArray:
    """Interpolate at points that lie a little off the nodes.

    Far from zero the nodes cannot be hit: one Newton step moves each value from the point that
    was sampled to the node beside it.
    """
    raw = chebyshev.interpolate(values)
    offset = chebyshev.nodes(count) - x
    moved = values + offset * chebyshev.evaluate_rows(chebyshev.derivative(raw), x)
    return chebyshev.interpolate(moved)


def _judged(coefficients: FloatArray, residual: FloatArray, work: _Work, scale: float) -> _Fit:
    """Decide which series are resolved.

    A function that is computed from a rounded x is uncertain by |x f'(x)| unit roundoffs; its
    coefficients cannot fall below that, and are not asked to.
    """
    count = coefficients.shape[1]
    size = np.abs(coefficients)
    half = (work.high - work.low) / 2
    reach = np.maximum(np.abs(work.low), np.abs(work.high))
    steepness = np.abs(chebyshev.derivative(coefficients)).max(axis=1) / half
    noise = _RESOLVED * UNIT * (scale + reach * steepness)
    noise = np.minimum(noise, _NOISE * scale)
    tail = size[:, -(count // 8 + 1) :].max(axis=1)
    resolved = (tail <= noise) & (residual <= 8 * noise)
    flat = _is_flat(size) & (tail <= _NOISE * scale) & (residual <= 64 * tail)
    return _Fit(coefficients, resolved | flat, residual, np.maximum(noise, tail))


def _is_flat(size: FloatArray) -> BoolArray:
    """Whether three quarters of a series do not decay: they are the noise of the function.

    A kink's coefficients fall like k^-2, by a factor of 9 from the second quarter to the fourth.
    """
    count = size.shape[1]
    second = size[:, count // 4 : count // 2].max(axis=1)
    fourth = size[:, 3 * count // 4 :].max(axis=1)
    flat: BoolArray = (second <= 4 * fourth) & (count >= POINT_COUNTS[-1])
    return flat


def _assembled(done: list[tuple[_Work, _Fit]], scale: float) -> Pieces:
    low = np.concatenate([work.low for work, _ in done])
    order = np.argsort(low)
    last = max(float(work.high.max()) for work, _ in done if len(work.high))
    length = max(fit.coefficients.shape[1] for _, fit in done if len(fit.coefficients))
    coefficients = np.concatenate(
        [padded(fit.coefficients, length) for _, fit in done if len(fit.coefficients)]
    )
    deviation = Deviation.joined([_deviation(fit) for _, fit in done])
    return trimmed(
        Pieces(np.append(low[order], last), coefficients[order], deviation[order]), scale
    )


def _deviation(fit: _Fit) -> Deviation:
    """Return what the samples say of the error: the tests, the tail, the noise, the roundings."""
    count = fit.coefficients.shape[1]
    tail = bounds.size(fit.coefficients[:, -(count // 8 + 1) :])
    magnitude = bounds.size(fit.coefficients)
    sampled = Deviation(4 * (tail + fit.residual + fit.noise), fit.residual)
    values = Deviation(4 * UNIT * magnitude, UNIT * magnitude)
    return sampled + bounds.interpolation(values, magnitude, count)


def _check_divisible(work: _Work, sampler: Sampler, depth: int) -> None:
    """Refuse if halving leads nowhere."""
    middle = work.low / 2 + work.high / 2
    spacing = np.spacing(np.maximum(np.abs(work.low), np.abs(work.high)))
    narrow = work.high - work.low <= 8 * spacing
    if narrow.any() or depth == _DEPTH:
        where = int(np.argmax(narrow))
        raise _unresolved(sampler, float(work.low[where]), float(work.high[where]))
    if len(middle) > _WIDTH:
        raise ResolutionError(
            f"the function needs more than {_WIDTH} pieces, for instance near x = {float(middle[0])!r}: it "
            "oscillates too fast or is not smooth anywhere. Take a shorter interval"
        )


def _unresolved(sampler: Sampler, low: float, high: float) -> ResolutionError:
    place = low / 2 + high / 2
    near = np.array([low + 0.01 * (high - low), high - 0.01 * (high - low)])
    return ResolutionError(
        f"the function cannot be resolved near x = {place!r}, where its values are "
        f"{', '.join(f'{value:.6g}' for value in sampler(near))}: if it jumps or bends there, write "
        f"breaks=[{place!r}]; if it has a singularity there, choose an interval without it"
    )
