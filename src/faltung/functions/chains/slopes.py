"""The derivative of a chain, piece by piece, and the jumps between pieces.

With P the polynomial of a piece in its variable x, d the distance and s the side,

=============  ======================================================================
form           derivative
=============  ======================================================================
plain          s (2 / width) P'(x)
exponential    the same weight times s (tilt P + (2 / width) P')
power          (d / r)^(tilt - 1) times (s / r) (tilt P + (1 + 2 near / width + x) P')
logarithmic    (d / r)^(tilt - 1) times (s / r) (tilt P + (2 / log(far / near)) P')
=============  ======================================================================

so that every piece keeps its form and its degree.

What the bound rests on. A function may be as near to P as one likes and have any derivative: the
distance of the two must be known to be smooth. It is taken to have a derivative no larger than a
polynomial of twice the degree that all pieces have room for, at least 34, may have by the inequality
of the brothers Markov: |e'| <= (2 n)^2 max|e| on [-1, 1] with n coefficients. That is proved where the
function is a polynomial of such a degree on each piece: splines, their sums and products. For
what was sampled it says that the coefficients beyond those that were kept go on to fall: it rests on
the samples, as the bound of the values does. It is not so beside a break that was joined away
because no value there can tell it from rounding, in a convolution with a piece narrower than some
roundings of its place, for instance: the derivative of f * g is better found as f' * g.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from faltung.errors import DataError
from faltung.functions.bounds import TINY, UNIT, Deviation, size, typical
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.spans import Form
from faltung.functions.polynomials import chebyshev
from faltung.functions.transform import BoolArray, FloatArray

# The least number of coefficients that Markov's inequality is applied with.
_LEAST = 17

# The logarithm of any distance in units of another is at most this.
_DECADES = 1500.0

# A piece that comes as near to its anchor as this part of its length goes on to it.
_UP_TO = 1e-200


def steepness(length: int) -> float:
    """Return how much larger than an error its derivative on [-1, 1] may be."""
    return 4.0 * max(length, _LEAST) ** 2


def differentiated(chain: Chain) -> Chain:
    """Return the derivative of the polynomials: the deviation is what rounding does to them alone.

    Raises
    ------
    DataError
        If it is beyond the largest double.
    """
    series = chain.coefficients
    rate, own, per = _factors(chain)
    slopes = np.zeros_like(series)
    made = chebyshev.derivative(series)
    slopes[:, : made.shape[1]] = made
    power = _is_power(chain)
    times_x = np.where(power[:, None], _times_x(slopes), 0.0)
    with np.errstate(over="ignore", invalid="ignore"):
        total = rate[:, None] * slopes + own[:, None] * series + per[:, None] * times_x
        tilts, lost = _lower_tilts(chain)
        rounding = _rounding(series, np.abs(rate) + np.abs(per), np.abs(own))
        rounding += lost * size(total)
    if not (np.isfinite(total).all() and np.isfinite(rounding).all()):
        raise DataError(
            "the derivative overflows double precision (largest number 1.8e308): scale the function "
            "down first, for instance f / 1e100, or measure the variable in a smaller unit"
        )
    flat = (chain.forms == Form.POWER) & (chain.tilts == 0)
    forms = np.where(flat, np.uint8(Form.PLAIN), chain.forms).astype(np.uint8)
    deviation = Deviation(1.01 * rounding, UNIT * typical(total))
    return replace(
        chain,
        forms=forms,
        tilts=tilts,
        references=_references(chain),
        coefficients=total,
        deviation=deviation,
    )


def derivative(chain: Chain) -> Chain:
    """Return the derivative of what the chain stands for, piece by piece."""
    made = differentiated(chain)
    rate, own, per = (np.abs(each) for each in _factors(chain))
    length = chain.coefficients.shape[1]
    grown = own + (rate + per) * steepness(length)
    likely = own + (rate + per) * max(length, _LEAST) ** 1.5
    inherited = Deviation(chain.deviation.bound * grown, chain.deviation.estimate * likely)
    if not np.isfinite(inherited.bound).all():
        raise DataError(
            "the error bound of the derivative overflows double precision: scale the function "
            "down first, for instance f / 1e100"
        )
    return replace(made, deviation=inherited + made.deviation)


def _rounding(series: FloatArray, rate: FloatArray, own: FloatArray) -> FloatArray:
    """Return what rounding does to the derivative of series times `rate`, and to series times `own`.

    Each c_j makes j / 2 numbers of size 2 j, each a sum of at most half as many as there are.
    """
    k = np.arange(series.shape[1], dtype=np.float64)
    steps = series.shape[1] / 2 + 8
    changes = (UNIT * np.abs(series)) @ (k * (k + 2) * steps)
    lost: FloatArray = rate * changes + 4 * UNIT * own * size(series) + TINY * len(k) ** 2
    return lost


def _lower_tilts(chain: Chain) -> tuple[FloatArray, FloatArray]:
    """Return the tilts of the derivative, and what their rounding does, as a part of the values."""
    curved = _is_power(chain) | (chain.forms == Form.LOGARITHMIC)
    tilts = np.where(curved, chain.tilts - 1, chain.tilts)
    lost = np.where(curved, np.abs(chain.tilts - (tilts + 1)), 0.0)
    return tilts, 2 * _DECADES * lost


def _is_power(chain: Chain) -> BoolArray:
    return np.asarray((chain.forms == Form.POWER) & (chain.tilts != 0))


def _factors(chain: Chain) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the factors of P', P and x P' for each piece, in units of the derivative's weight."""
    width = chain.far - chain.near
    power, logarithmic = _is_power(chain), chain.forms == Form.LOGARITHMIC
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        rate = np.where(power, 1 + 2 * chain.near / width, 2 / width)
        rate = np.where(logarithmic, 2 / np.log(chain.far / chain.near), rate)
        # (d / r)^(a - 1) / r in units of the new weight.
        units = (_references(chain) / chain.references) ** (chain.tilts - 1) / chain.references
        scale = chain.sides * np.where(power | logarithmic, units, 1.0)
    return scale * rate, scale * chain.tilts, np.where(power, scale, 0.0)


def _references(chain: Chain) -> FloatArray:
    """Return where the weights of the derivative are 1: far out, where the function has not fallen."""
    far_out = (chain.forms == Form.LOGARITHMIC) & (chain.near >= 1)
    return np.where(far_out, chain.near, chain.references)


def _times_x(series: FloatArray) -> FloatArray:
    """Return x times series of which the last coefficient is 0: x T_k = (T_(k+1) + T_|k-1|) / 2."""
    half = series / 2
    product = np.zeros_like(series)
    product[:, 1:] += half[:, :-1]
    product[:, :-1] += half[:, 1:]
    if series.shape[1] > 1:
        product[:, 1] += half[:, 0]
    return product


def reaches_anchor(chain: Chain) -> BoolArray:
    """Whether each piece goes on up to its anchor: it is the innermost on its side."""
    innermost = np.zeros(chain.count, dtype=bool)
    for anchor, side in {*zip(chain.anchors.tolist(), chain.sides.tolist(), strict=True)}:
        beside = np.flatnonzero((chain.anchors == anchor) & (chain.sides == side))
        nearest = beside[np.argmin(chain.near[beside])]
        innermost[nearest] = chain.near[nearest] <= _UP_TO * chain.far[nearest]
    return innermost


def grows_at_anchor(chain: Chain) -> BoolArray:
    """Whether each piece goes to infinity at its anchor: like a power below 0, or a logarithm.

    There the derivative has no integral.
    """
    inner = reaches_anchor(chain)
    power = inner & (chain.forms == Form.POWER) & (chain.tilts < 0)
    logarithmic = inner & (chain.forms == Form.LOGARITHMIC) & (chain.tilts <= 0)
    signs = np.where(np.arange(chain.coefficients.shape[1]) % 2, -1.0, 1.0)
    if not logarithmic.any():
        return np.asarray(power)
    rows = np.flatnonzero(logarithmic)
    slopes = derivative(chain.rows(rows))
    moving = np.abs(slopes.coefficients @ signs) > slopes.deviation.bound
    logarithmic[rows] &= moving
    return np.asarray(power | logarithmic)
