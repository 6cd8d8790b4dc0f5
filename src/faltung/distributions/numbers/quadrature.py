"""Integrals of black-box functions over an interval: Gauss–Kronrod rules, halved where needed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from faltung.distributions.numbers.rounding import Floats
from faltung.errors import ResolutionError

# The 21-point Kronrod rule on [-1, 1] and the 10-point Gauss rule inside it: Piessens,
# de Doncker-Kapenga, Überhuber & Kahaner, *QUADPACK* (1983), routine QK21.
_HALF_NODES = (
    0.995657163025808080735527280689003,
    0.973906528517171720077964012084452,
    0.930157491355708226001207180059508,
    0.865063366688984510732096688423493,
    0.780817726586416897063717578345042,
    0.679409568299024406234327365114874,
    0.562757134668604683339000099272694,
    0.433395394129247190799265943165784,
    0.294392862701460198131126603103866,
    0.148874338981631210884826001129720,
)
_HALF_KRONROD = (
    0.011694638867371874278064396062192,
    0.032558162307964727478818972459390,
    0.054755896574351996031381300244580,
    0.075039674810919952767043140916190,
    0.093125454583697605535065465083366,
    0.109387158802297641899210590325805,
    0.123491976262065851077958109585166,
    0.134709217311473325928054001771707,
    0.142775938577060080797094273138717,
    0.147739104901338491374841515972068,
)
_MIDDLE_KRONROD = 0.149445554002916905664936468389821
_HALF_GAUSS = (
    0.066671344308688137593568809893332,
    0.149451349150580593145863396957658,
    0.219086362515982043995534934228163,
    0.269266719309996355091226921569469,
    0.295524224714752870173815619188769,
)


def _mirrored(half: tuple[float, ...], middle: float, sign: int) -> Floats:
    return np.array([*(sign * value for value in half), middle, *half[::-1]])


NODES = _mirrored(_HALF_NODES, 0.0, -1)
KRONROD = _mirrored(_HALF_KRONROD, _MIDDLE_KRONROD, 1)
GAUSS = np.zeros(21)
GAUSS[1::2] = [*_HALF_GAUSS, *_HALF_GAUSS[::-1]]

_ROUNDS = 60
_MOST_PIECES = 2**14
_NOISE = 50 * 2.0**-53  # so much may the values of an integrand be off, relatively


def integrate(
    integrand: Callable[[Floats], Floats],
    breaks: Floats,
    *,
    relative: float = 1e-13,
    refused: float = 1e-8,
) -> float:
    """Return the integral of a function from the first break to the last.

    Each piece between breaks is halved until the 21-point Kronrod rule and the 10-point Gauss rule
    inside it tell an error that together is below `relative` times the integral of the modulus, or
    no more than what rounding does to the values. That error is an estimate: it rests on samples,
    as for any function that is known by its values alone.

    Parameters
    ----------
    integrand
        For vectors.
    breaks
        Ascending and finite, at least two; kinks and jumps are cheapest at breaks.
    relative, refused
        The error to aim for, and the one that is refused.

    Raises
    ------
    ResolutionError
        If the estimate stays above `refused`, or a value is NaN or infinite.

    Examples
    --------
    >>> import numpy as np
    >>> round(integrate(np.exp, np.array([0.0, 1.0])) - (np.e - 1), 14)
    0.0
    """
    low, high = breaks[:-1], breaks[1:]
    done = done_size = done_error = 0.0
    for _ in range(_ROUNDS):
        value, size, error = _rule(integrand, low, high)
        total = done_size + float(size.sum())
        enough = np.maximum(relative * total / (2 * len(value)), _NOISE * size)
        open_ = (error > enough) & (0.5 * (low + high) > low) & (0.5 * (low + high) < high)
        if done_error + float(error.sum()) <= relative * total:
            open_[:] = False
        done += float(value[~open_].sum())
        done_size += float(size[~open_].sum())
        done_error += float(error[~open_].sum())
        if not open_.any():
            break
        middle = 0.5 * (low[open_] + high[open_])
        low, high = np.append(low[open_], middle), np.append(middle, high[open_])
        if len(low) > _MOST_PIECES:
            break
    if open_.any():
        rest_value, rest_size, rest_error = _rule(integrand, low, high)
        done, done_size = done + float(rest_value.sum()), done_size + float(rest_size.sum())
        done_error += float(rest_error.sum())
    if done_error and not done_error <= refused * done_size:
        raise ResolutionError(
            f"an integral from {breaks[0]:.6g} to {breaks[-1]:.6g} is known to {done_error:.2g} of "
            f"{done_size:.6g} only, and {refused:g} of it is asked for: the function oscillates, "
            "has a pole, or grows faster than the density falls"
        )
    return done


def _rule(
    integrand: Callable[[Floats], Floats], low: Floats, high: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the integral over each piece, that of the modulus, and the estimated error."""
    half = 0.5 * (high - low)
    points = 0.5 * (low + high)[:, np.newaxis] + half[:, np.newaxis] * NODES
    points = np.clip(points, low[:, np.newaxis], high[:, np.newaxis])
    values = np.asarray(integrand(points.ravel()), dtype=np.float64).reshape(points.shape)
    if not np.isfinite(values).all():
        at = points.ravel()[int(np.argmin(np.isfinite(values)))]
        raise ResolutionError(f"the integrand is not finite at {at:.6g}: its integral is unknown")
    fine, coarse = values @ KRONROD, values @ GAUSS
    spread = half * (np.abs(values - 0.5 * fine[:, np.newaxis]) @ KRONROD)
    error = half * np.abs(fine - coarse)
    with np.errstate(divide="ignore", invalid="ignore"):  # QK21's own rule for a smooth integrand
        sharper = spread * np.minimum(1.0, (200 * error / spread) ** 1.5)
    error = np.where(spread > 0, np.minimum(sharper, 200 * error), error)
    return half * fine, half * (np.abs(values) @ KRONROD), error
