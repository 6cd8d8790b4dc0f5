"""The probabilities of counting laws from their ratios, to all digits of a float.

SciPy's formulas take the exponential of a difference of large logarithms, which costs about as many
roundings as the logarithm is large. The ratio of two neighbours is a simple fraction; products
of ratios, from the middle outwards, in extended precision, lose next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from faltung.distributions.discrete.known import Known
from faltung.distributions.numbers.rounding import ROUNDOFF
from faltung.distributions.weights.numbers import ScaledNumbers

_ROUNDINGS = 6  # of a ratio, its shapes and the product, in extended precision
_EXTENDED = np.longdouble
_LARGEST_MEAN = 10**12


def _poisson(k: Any, mu: Any) -> Any:
    return mu / (k + 1)


def _binomial(k: Any, n: Any, p: Any, q: Any) -> Any:
    return (n - k) / (k + 1) * (p / q)


def _negative_binomial(k: Any, n: Any, _: Any, q: Any) -> Any:
    return (n + k) / (k + 1) * q


#: p[k + 1] / p[k]; after a probability p comes 1 - p.
_RATIOS: dict[str, Callable[..., Any]] = {
    "poisson": _poisson, "binom": _binomial, "nbinom": _negative_binomial,
}  # fmt: skip


def probabilities(known: Known, first: int, last: int, middle: int) -> tuple[ScaledNumbers, float]:
    """Return the probabilities of `first` … `last`, which have all but 1e-20, and a relative bound.

    Parameters
    ----------
    known
        Poisson, binomial or negative binomial; its offset is not looked at.
    first, last, middle
        The window, and a point in it where the probabilities are large.
    """
    ratio = _RATIOS[known.family]
    shapes = [_extended(shape) for shape in known.shapes]
    if known.family != "poisson":
        shapes.append(_extended(1 - known.shapes[-1]))
    k = np.arange(first, last, dtype=_EXTENDED)
    ratios = ratio(k, *shapes)
    up = np.cumprod(ratios[middle - first :])
    down = np.cumprod(1 / ratios[: middle - first][::-1])[::-1]
    values = np.concatenate([down, [_EXTENDED(1)], up])
    values /= values.sum()
    mantissas, exponents = np.frexp(values)
    numbers = ScaledNumbers.from_floats(mantissas.astype(np.float64))
    scaled = replace(numbers, exponents=numbers.exponents + exponents)
    extended = float(np.finfo(_EXTENDED).eps)
    return scaled, _ROUNDINGS * (last - first + 1) * extended + 2 * ROUNDOFF


def has_ratios(known: Known | None) -> bool:
    """Tell whether a law's probabilities are known from ratios: none is 0 or 1, the mean moderate."""
    if known is None or known.family not in _RATIOS:
        return False
    first, p = known.shapes[0], known.shapes[-1]
    if known.family == "poisson":
        return 0 < first <= _LARGEST_MEAN
    return 0 < p < 1 and 0 < first <= _LARGEST_MEAN * p


def _extended(value: Fraction) -> Any:
    """Return the nearest number in extended precision, or one beside it."""
    high = float(value)
    return _EXTENDED(high) + _EXTENDED(float(value - Fraction(high)))
