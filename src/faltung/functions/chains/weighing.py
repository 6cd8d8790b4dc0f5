"""The weight of each piece: what of a function's range its polynomial need not follow."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from faltung.functions.chains.sources import Samples
from faltung.functions.chains.spans import Form, Spans, weights_at
from faltung.functions.transform import BoolArray, FloatArray

# By how much more a weight may vary over a piece than errors that count.
UNEVEN = 1e3

# A weight is taken if it spares this much of the logarithm of the range; towards a knot, this.
_WORTHWHILE = 2.0
_FAR_RANGE = 20.0

# No logarithm rises by this logarithm towards a knot; what is so near to a power is no mere bump.
_NO_LOGARITHM, _NO_BUMP = 8.0, 4.0


class Weighed(NamedTuple):
    """Samples divided by the weights of their rows; where they are `unknown` the weight is 1."""

    tilt: FloatArray
    reference: FloatArray
    values: FloatArray
    bound: FloatArray
    estimate: FloatArray
    heaviest: FloatArray
    unknown: BoolArray


def weighed(spans: Spans, samples: Samples) -> Weighed:
    """Return the samples without the weights that they tell."""
    tilt, reference = _weights_of(spans, samples)
    weight = weights_at(spans.form[:, None], tilt[:, None], reference[:, None], samples.distances)
    unknown = _is_unknown(samples, weight)
    tilt[unknown], weight[unknown] = 0.0, 1.0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        values, bound, estimate = (
            np.where(weight > 0, part / weight, 0.0)
            for part in (samples.values, samples.bound, samples.estimate)
        )
    heaviest = np.where(np.isfinite(weight), weight, 0.0).max(axis=1)
    return Weighed(tilt, reference, values, bound, estimate, heaviest, unknown)


def _weights_of(spans: Spans, samples: Samples) -> tuple[FloatArray, FloatArray]:
    """Return the tilt and the reference of each weight.

    A power that is given is taken as it is. Else the tilt is the slope of log |f| between the two
    outermost samples, where f has no zero, and if that takes much of the range away.
    """
    logarithmic = spans.logarithmic
    distances, values = samples.distances, samples.values
    rows = np.arange(len(spans))
    first, last = np.argmin(distances, axis=1), np.argmax(distances, axis=1)
    steady = (np.sign(values) == np.sign(values[:, :1])).all(axis=1) & (values != 0).all(axis=1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rise = np.log(np.abs(values[rows, last] / values[rows, first]))
        start, stop = distances[rows, first], distances[rows, last]
        run = np.where(logarithmic, np.log(stop / start), stop - start)
        slope = rise / run
        along = np.where(logarithmic[:, None], np.log(distances), distances)
        line = slope[:, None] * (along - along[rows, first][:, None])
        bent = np.abs(np.log(np.abs(values / values[rows, first][:, None])) - line).max(axis=1)
    # Towards a knot a logarithm rises too, and no power helps.
    towards_knot = logarithmic & ~spans.tail
    far_range = np.where(bent < _NO_BUMP, _NO_LOGARITHM, _FAR_RANGE)
    worthwhile = np.abs(rise) > np.where(towards_knot, far_range, _WORTHWHILE)
    found = np.where(steady & worthwhile & np.isfinite(slope), slope, 0.0)
    given = (spans.form == Form.POWER) | (logarithmic & ~np.isnan(spans.exponent))
    tilt = np.where(given, np.nan_to_num(spans.exponent), found)
    curved = np.sqrt(spans.near) * np.sqrt(spans.far)
    reference = np.where(spans.form == Form.POWER, spans.far, (spans.near + spans.far) / 2)
    return tilt, np.where(logarithmic, curved, reference)


def _is_unknown(samples: Samples, weight: FloatArray) -> BoolArray:
    """Return where nothing is known of the values, and a weight makes too much of their errors.

    Beside a knot that may be off its place errors do not fall as a power does.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        part = np.where(samples.bound > 0, samples.bound / weight, 0.0).max(axis=1)
        uneven = part * weight.max(axis=1) > UNEVEN * samples.bound.max(axis=1)
    heaviest = np.arange(len(weight)), np.argmax(weight, axis=1)
    return np.asarray(uneven & (np.abs(samples.values[heaviest]) <= samples.bound[heaviest]))
