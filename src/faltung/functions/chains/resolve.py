"""From values to a chain: fit each interval, and halve it until it is resolved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faltung.errors import DataError, ResolutionError
from faltung.functions import bounds, transform
from faltung.functions.bounds import UNIT, Deviation
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.dividing import STEEPEST, divided
from faltung.functions.chains.knots import LEAST
from faltung.functions.chains.sources import Samples, Source
from faltung.functions.chains.spans import Form, Spans
from faltung.functions.chains.weighing import UNEVEN, Weighed, weighed
from faltung.functions.polynomials import chebyshev
from faltung.functions.polynomials.intervals import scattered
from faltung.functions.polynomials.pieces import padded
from faltung.functions.transform import BoolArray, FloatArray
from faltung.functions.unresolved import Unresolved

# Interpolation is tried at these numbers of points.
_COUNTS = (17, 33)

# Points besides the nodes at which a series is tested: the last ones, of callables alone, are between
# the nodes and the ends, unless there are fewer than so many doubles, or a power of a rounded distance.
_SCATTERED = 2 * scattered(7) - 1
_ENDS = np.array([-1 + 1e-3, -1 + 1e-4, 1 - 1e-4, 1 - 1e-3])
_DOUBLES = 1e6

# Halvings of one interval, and intervals under work at once: beyond, the function is refused.
_DEPTH = 60
_MOST = 4096

# After so many halvings an interval is where something is sharp, and there may be so many of them.
_DEEP, _MOST_DEEP = 16, 256

# Points this far from the nodes, in the variable from -1 to 1, are moved there in several rounds.
_ASIDE = 1e-9
_ROUNDS = 6

# The last coefficients of a resolved series, in unit roundoffs of its size.
_RESOLVED = 4

# A series whose last coefficients are no smaller part of the largest one has not begun to fall.
_ROUGH = 1e-2

# Noise beyond this part of a function's size is taken for the function itself.
_NOISE = 1e-10

# The same next to a knot other than 0, where a distance has few digits; and for a power, whose first
# node is at this part of the interval.
_BESIDE, _AT_POWER, _FIRST_NODE = 1e-2, 1e-6, 5e-4

# What its weight leaves of a piece in a tail ranges over this factor at most, so that all of the
# piece has nearly the relative accuracy of its largest value.
_RANGE = np.exp(6.0)

# Which bounds count beside a weight that varies more than they do, as a part of the function.
_UNSURE = 1e-6

# Where a function may be more than so many times as large as the largest sample, one looks closer.
_SEEN = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    tilt: FloatArray
    reference: FloatArray
    coefficients: FloatArray
    deviation: Deviation
    smooth: BoolArray
    resolved: BoolArray
    rough: BoolArray
    values: FloatArray

    def chain(self, spans: Spans) -> Chain:
        """Return the rows that are resolved as pieces."""
        rows = np.flatnonzero(self.resolved)
        spans = spans.rows(rows)
        tilt = self.tilt[rows]
        exponential = (spans.form == Form.PLAIN) & (tilt != 0)
        form = np.where(exponential, np.uint8(Form.EXPONENTIAL), spans.form).astype(np.uint8)
        return Chain(
            form,
            spans.anchor + spans.rest,
            spans.side,
            spans.near,
            spans.far,
            tilt,
            self.reference[rows],
            self.coefficients[rows],
            self.deviation[rows],
        )


def resolve(source: Source, spans: Spans, least: float = LEAST) -> Chain:
    """Return pieces that follow the source on every interval, to rounding; or to the least size.

    Raises
    ------
    Unresolved
        If an interval cannot be resolved: names the place.
    """
    done: list[Chain] = []
    # A tail of hundreds of orders of magnitude is not.
    easy = ~spans.tail | (spans.form != Form.PLAIN)
    points = 0
    for depth in range(_DEPTH):
        for count in _COUNTS:
            # Halves are as hard as the whole was at twice the points: few are tried where it failed.
            tried = np.flatnonzero(easy | (count == _COUNTS[-1]))
            if not len(tried):
                continue
            points += len(tried) * (count + len(_SCATTERED))
            if points > source.most_points:
                raise _unresolved(spans, "it swings too often, and takes too much work")
            fits = _fit(source, spans.rows(tried), count, least, strict=depth < _DEPTH // 4)
            if fits.resolved.any():
                done.append(fits.chain(spans.rows(tried)))
            rest = np.ones(len(spans), dtype=bool)
            rest[tried] = ~fits.resolved
            easy[tried] = fits.smooth
            values, rough = fits.values[~fits.resolved], fits.rough[~fits.resolved]
            spans, easy = spans.rows(rest), easy[rest]
        if not len(spans):
            return Chain.joined(done)
        _require_hope(source, spans, depth)
        spans, parent, often = divided(spans, values, rough)
        easy = easy[parent] | often
    raise _unresolved(spans, f"{_DEPTH} halvings are not enough")


def _require_hope(source: Source, spans: Spans, depth: int) -> None:
    """Refuse intervals of which halves will be no better."""
    narrow = np.flatnonzero(_is_narrow(spans))
    most = _MOST if depth < _DEEP else _MOST_DEEP
    if len(spans) > most:
        raise _unresolved(spans, f"more than {most} pieces are needed")
    if len(narrow):
        raise _unresolved(spans.rows(narrow), "halving led to neighbouring doubles")
    # Of its distance from the knot a callable has too few digits left.
    rough = UNIT * np.abs(spans.anchor) > _AT_POWER * _FIRST_NODE * spans.far
    rough &= (spans.form == Form.POWER) & (source.noise > 0)
    if rough.any():
        raise _unresolved(spans.rows(rough), "it is no power of the distance from there")


def _is_narrow(spans: Spans) -> BoolArray:
    """Whether there is hardly a double between the ends of an interval."""
    reach = np.where(spans.logarithmic, spans.far, np.abs(spans.anchor) + spans.far)
    return np.asarray(spans.far - spans.near <= 8 * np.spacing(reach))


def _unresolved(spans: Spans, why: str) -> Unresolved:
    anchor = spans.anchor + spans.rest
    ends = np.stack([anchor + spans.side * spans.near, anchor + spans.side * spans.far])
    place = float(ends[0, 0])
    message = (
        f"the function cannot be resolved near x = {place!r}: {why}. If it jumps or bends there, "
        f"write breaks=[{place!r}]; if it is singular there, say how with singular="
    )
    return Unresolved(message, ends.min(axis=0), ends.max(axis=0))


@np.errstate(over="ignore", invalid="ignore")  # what overflows is not resolved, and cut again
def _fit(source: Source, spans: Spans, count: int, least: float, *, strict: bool) -> _Fit:
    """Interpolate every interval at `count` points and test the series."""
    samples = source.sample(spans, spans.distances(_points(source, spans, count)))
    _require_finite(spans, samples)
    known = weighed(spans, samples)
    values = known.values
    exact = np.clip(spans.variable(samples.distances), -1.0, 1.0)
    coefficients = _through(values[:, :count], exact[:, :count])
    misfit = values[:, count:] - chebyshev.evaluate_rows(coefficients, exact[:, count:])
    residual = np.abs(misfit).max(axis=1)
    own = samples._replace(estimate=known.estimate)
    tight, loose = _noise(source, spans, known.tilt, coefficients, own)
    tail = np.abs(coefficients[:, -(count // 5 + 1) :]).max(axis=1)
    smooth = (tail <= tight) & (residual <= 4 * tight)
    resolved = smooth.copy()
    # What is below the least double that counts need not be followed.
    resolved |= np.maximum(tail, residual) * known.heaviest <= least
    noisy = _is_flat(coefficients) & (tail <= loose) & (residual <= 8 * loose)
    noise = np.maximum(tight, tail)
    if count == _COUNTS[-1]:
        resolved |= noisy
    if strict:
        resolved &= ~_is_coarse(source, spans, samples, known, coefficients, least=least)
    resolved |= known.unknown & (np.maximum(tail, residual) <= samples.bound.max(axis=1))
    deviation = _deviation(coefficients, residual, noise, Deviation(known.bound, known.estimate))
    rough = tail > _ROUGH * np.abs(coefficients).max(axis=1)
    coefficients = _trimmed(coefficients)
    at_nodes = samples.values[:, :count]
    weight = known.tilt, known.reference
    return _Fit(*weight, coefficients, deviation, smooth, resolved, rough, at_nodes)


def _is_coarse(
    source: Source,
    spans: Spans,
    samples: Samples,
    known: Weighed,
    coefficients: FloatArray,
    *,
    least: float,
) -> BoolArray:
    """Return where shorter pieces would tell more, though a polynomial follows the samples."""
    count = coefficients.shape[1]
    with np.errstate(divide="ignore"):
        coarse = spans.tail & _ranges_far(known.values[:, :count], least / known.heaviest)
    # Where errors do not fall as the weight does, a lighter weight is better.
    scale = np.abs(coefficients).sum(axis=1)
    for part, errors, most in (
        (known.estimate, samples.estimate, _NOISE),
        (known.bound, samples.bound, _UNSURE),
    ):
        uneven = part.max(axis=1) * known.heaviest > UNEVEN * errors.max(axis=1)
        coarse |= uneven & (part.max(axis=1) > most * scale)
    exponent = np.where(spans.form == Form.PLAIN, known.tilt * (spans.far - spans.near), 0.0)
    coarse |= ~(np.abs(exponent) <= STEEPEST)
    ceiling = source.ceiling(spans)
    seen = np.abs(samples.values).max(axis=1)
    return np.asarray(coarse | ~((seen >= _SEEN * ceiling) | (ceiling <= least)))


def _points(source: Source, spans: Spans, count: int) -> FloatArray:
    """Return the nodes and the points of tests, in the variable from -1 to 1."""
    x = np.concatenate([transform.nodes(count), _SCATTERED])
    points = np.broadcast_to(x, (len(spans), len(x)))
    if not source.noise:
        return points
    wide = spans.far - spans.near > _DOUBLES * np.spacing(np.abs(spans.anchor) + spans.far)
    wide &= spans.form == Form.PLAIN
    return np.hstack([points, np.where(wide[:, None], _ENDS, _SCATTERED[: len(_ENDS)])])


def _require_finite(spans: Spans, samples: Samples) -> None:
    wrong = np.argwhere(~np.isfinite(samples.values))
    if len(wrong):
        row, column = wrong[0]
        place = (
            spans.anchor[row] + spans.rest[row] + spans.side[row] * samples.distances[row, column]
        )
        if np.isnan(samples.values[row, column]):
            raise ResolutionError(
                f"the convolution takes too much work at x = {float(place)!r}: its integrand swings "
                "too often, or falls too slowly. Restrict an operand, for instance f * box(a, b)"
            )
        raise DataError(
            f"the result is infinite at x = {float(place)!r}: its integral diverges there, or is "
            "beyond the largest double, 1.8e308. Scale the function down, or leave a pole out"
        )


def _through(values: FloatArray, x: FloatArray) -> FloatArray:
    """Interpolate values at points that lie a little off the nodes.

    Each value is moved to its node by the difference that the last interpolant makes between the
    two, and so on: each round gains as many digits as the points are near to the nodes.
    """
    nodes = np.broadcast_to(transform.nodes(values.shape[1]), x.shape)
    coefficients = transform.interpolate(values)
    off = float(np.abs(x - nodes).max())
    for _ in range(_ROUNDS if off > _ASIDE else 1):
        moved = chebyshev.evaluate_rows(coefficients, nodes) - chebyshev.evaluate_rows(
            coefficients, x
        )
        coefficients = transform.interpolate(values + moved)
    return coefficients


def _noise(
    source: Source, spans: Spans, tilt: FloatArray, coefficients: FloatArray, samples: Samples
) -> tuple[FloatArray, FloatArray]:
    """Return how uncertain the values must be, and how uncertain they may be.

    They must be as the source says, and as a callable is that rounds what it is given. They may
    be as those of a callable that rounds its distance from a knot, 1 - x**2 for instance, or whose
    large parts cancel: gammas of a hundred, say.
    """
    scale = np.abs(coefficients).sum(axis=1)
    slope = np.abs(chebyshev.derivative(coefficients)).max(axis=1)
    relative = source.noise
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # What one distance is in the polynomial's variable, and a part of the distance.
        linear = 2 / (spans.far - spans.near)
        curved = 2 / np.log(spans.far / spans.near)
    logarithmic = spans.logarithmic
    of_part = np.where(logarithmic, curved, linear * spans.far)
    weighed = np.abs(tilt) * np.where(spans.form >= Form.POWER, 1.0, spans.far) * scale
    # What is computed as an exponential has the rounding of its exponent.
    with np.errstate(divide="ignore"):
        exponent = np.abs(np.log(np.abs(samples.values).max(axis=1)))
    weighed += np.where(np.isfinite(exponent), exponent, 0.0) * scale
    own = _RESOLVED * (UNIT * scale + relative * (of_part * slope + weighed))
    tight = np.maximum(np.minimum(own, _NOISE * scale), 8 * samples.estimate.max(axis=1))
    if not relative:
        return tight, tight
    return tight, np.maximum(tight, _beside(spans, tilt, slope, scale))


def _beside(spans: Spans, tilt: FloatArray, slope: FloatArray, scale: FloatArray) -> FloatArray:
    """Return how uncertain values of a callable may be that rounds its distance from the knot."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        nearest = np.where(spans.form == Form.POWER, _FIRST_NODE * spans.far, spans.near)
        part = UNIT * np.abs(spans.anchor) / nearest
        curved = np.where(spans.logarithmic, 2 / np.log(spans.far / spans.near), 0.0)
        off = 4 * _RESOLVED * part * (curved * slope + np.abs(tilt) * scale)
    most = np.where(spans.logarithmic, _BESIDE, _AT_POWER) * scale
    allowed = np.where(spans.form >= Form.POWER, np.fmin(off, most), 0.0)
    return np.maximum(allowed, _NOISE * scale)


def _is_flat(coefficients: FloatArray) -> BoolArray:
    """Whether the second half of a series is noise: of one size and of random signs."""
    half = coefficients.shape[1] // 2
    third, fourth = coefficients[:, half : half + half // 2], coefficients[:, half + half // 2 :]
    changes = np.mean(np.diff(np.signbit(coefficients[:, half:]), axis=1), axis=1)
    level = np.abs(third).max(axis=1) <= 8 * np.abs(fourth).max(axis=1)
    return np.asarray(level & (changes > 0.2) & (changes < 0.8))


def _ranges_far(values: FloatArray, least: FloatArray) -> BoolArray:
    """Whether values of one sign differ by more than the allowed factor, down to the least ones."""
    size = np.maximum(np.abs(values), least[:, None])
    steady = (np.sign(values) == np.sign(values[:, :1])).all(axis=1)
    return np.asarray(steady & (size.max(axis=1) > _RANGE * size.min(axis=1)))


def _deviation(
    coefficients: FloatArray, residual: FloatArray, noise: FloatArray, samples: Deviation
) -> Deviation:
    """Return what the samples say of the error: tests, tail, noise and the values' own errors."""
    count = coefficients.shape[1]
    tail = bounds.size(coefficients[:, -(count // 5 + 1) :])
    sampled = Deviation(4 * (tail + residual) + 4 * noise, residual)
    values = Deviation(samples.bound.max(axis=1), samples.estimate.max(axis=1))
    return sampled + bounds.interpolation(values, coefficients, count)


def _trimmed(coefficients: FloatArray) -> FloatArray:
    """Drop trailing coefficients far below rounding, which the deviation has counted as its tail."""
    scale = np.abs(coefficients).sum(axis=1, keepdims=True)
    small = np.abs(coefficients) <= UNIT / 4 * scale
    trailing = np.logical_and.accumulate(small[:, ::-1], axis=1)[:, ::-1]
    return padded(np.where(trailing, 0.0, coefficients), 1)
