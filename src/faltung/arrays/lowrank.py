"""Kernels of low rank: as one line of taps for each axis, or as a sum of a few such products.

The lines of a single product are found in the core, exactly or to rounding, each tap within a few
unit round-offs of itself (``cpp/faltung/product_lines.cpp``). With more terms than one, a kernel is cut by singular values, one axis after the other (Oseledets &
Tyrtyshnikov, Breaking the curse of dimensionality, or how to use SVD in many dimensions,
SIAM J. Sci. Comput. 31(5), 2009), to within a share of its norm that the caller allows.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from faltung import _core

__all__ = ["Separation", "separate"]

Array = NDArray[Any]
Lines = list[NDArray[np.float64]]


@dataclass(frozen=True)
class Separation:
    """A kernel as the sum of products of lines.

    Attributes
    ----------
    terms : tuple of tuple of numpy.ndarray
        For each term, one line for each axis, in the kernel's type.
    deviation : float
        What the sum of the terms is off by: with one term each tap relative to itself, with
        several the norm of the difference relative to that of the kernel.
    spread : float
        The norms of the terms added up, relative to that of the kernel; 1 for one term.
    whole : bool
        Whether numbers and lines are whole and so small that all sums are exact: lines of equal taps
        are then running sums, whose time does not grow with them.
    """

    terms: tuple[tuple[Array, ...], ...]
    deviation: float
    spread: float
    whole: bool = False

    @property
    def line_taps(self) -> int:
        """The number of taps of the lines of one term, lines of the single tap 1 left out."""
        return max(sum(len(line) for line in self.terms[0] if len(line) > 1), 1)


def separate(taps: Array, carrier: int, tolerance: float = 0.0) -> Separation | None:
    """Return lines whose product `taps` is, or None.

    Parameters
    ----------
    taps : numpy.ndarray
        float32 or float64.
    carrier : int
        The axis, one of several taps, whose line has the size of the taps; the magnitudes of every other line add up
        to at most one, so that what is summed along `carrier` first does not grow afterwards.
    tolerance : float
        What may be left out, as a share of the 2-norm. With 0 each tap is kept to within four
        unit round-offs for each axis, and zeros are zeros.

    Examples
    --------
    >>> found = separate(np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]]), 1)
    >>> [line.tolist() for line in found.terms[0]], found.deviation
    ([[0.125, 0.25, 0.125], [8.0, 0.0, -8.0]], 0.0)
    """
    if taps.size > _core.most_product_taps:
        return None
    # Axes of one tap have the line 1.
    used = [axis for axis in range(taps.ndim) if taps.shape[axis] > 1] or [carrier]
    shape = tuple(taps.shape[axis] for axis in used)
    place = used.index(carrier)
    found = _separate(taps.tobytes(), shape, taps.dtype.str, place, tolerance)
    if found is None or len(used) == taps.ndim:
        return found
    one = np.ones(1, taps.dtype)
    return replace(
        found,
        terms=tuple(
            tuple(term[used.index(d)] if d in used else one for d in range(taps.ndim))
            for term in found.terms
        ),
    )


@functools.lru_cache(maxsize=64)
def _separate(
    entries: bytes, shape: tuple[int, ...], dtype: str, carrier: int, tolerance: float
) -> Separation | None:
    """Remember kernels by their entries: a plan, or a loop over pictures, separates once."""
    taps = np.frombuffer(entries, dtype).reshape(shape)
    if not np.isfinite(taps).all() or not taps.any():
        return None
    found = _core.product_lines(taps, carrier)
    if found is not None:
        lines, deviation = found
        return Separation((tuple(np.array(line, dtype) for line in lines),), deviation, 1.0)
    return _to_tolerance(taps, carrier, tolerance) if tolerance else None


# --- several terms --------------------------------------------------------------------------------


def _to_unit(taps: Array) -> tuple[NDArray[np.float64], int]:
    """Return the taps in float64 times a power of two, the largest below one, and the power."""
    power = math.frexp(float(np.abs(taps).max()))[1]
    return np.ldexp(taps.astype(np.float64), -power), power


def _scaled(lines: Lines, carrier: int, power: int) -> Lines:
    """Return the lines so that all but one add up to at most one, that one with 2**power."""
    scaled = []
    for line in lines:
        own = math.frexp(float(np.abs(line).sum()))[1]
        scaled.append(np.ldexp(line, -own))
        power += own
    with np.errstate(over="ignore"):
        scaled[carrier] = np.ldexp(scaled[carrier], power)
    return scaled


def _product(lines: Sequence[Array]) -> NDArray[np.float64]:
    return np.asarray(
        functools.reduce(np.multiply.outer, [line.astype(np.float64) for line in lines])
    )


def _to_tolerance(taps: Array, carrier: int, tolerance: float) -> Separation | None:
    """Return the fewest terms that are within the tolerance, rounding included."""
    scaled, power = _to_unit(taps)
    norm = float(np.linalg.norm(scaled))
    found = sorted(_singular_terms(scaled), key=lambda term: -term[0])
    terms: list[tuple[Array, ...]] = []
    rest, spread = scaled, 0.0
    for weight, lines in found:
        lines[carrier] = lines[carrier] * weight
        term = tuple(x.astype(taps.dtype) for x in _scaled(lines, carrier, 0))
        terms.append(term)
        rest = rest - _product(term)
        spread += math.prod(float(np.linalg.norm(line.astype(np.float64))) for line in term)
        # Each product and each difference is rounded once, or not at all.
        rounding = (taps.ndim * spread + (len(terms) + 2) * norm) * 2.0**-52
        deviation = (float(np.linalg.norm(rest)) * (1 + 2.0**-40) + rounding) / norm
        if deviation <= tolerance:
            moved = _with_power(terms, carrier, power)
            return Separation(moved, deviation, spread / norm) if moved else None
    return None


def _singular_terms(taps: NDArray[np.float64]) -> list[tuple[float, Lines]]:
    """Return orthogonal products of unit lines and their weights, which add up to `taps`."""
    if taps.ndim == 1:
        norm = float(np.linalg.norm(taps))
        return [(norm, [taps / norm])] if norm else []
    left, weights, right = np.linalg.svd(taps.reshape(len(taps), -1), full_matrices=False)
    found = []
    for i, weight in enumerate(weights.tolist()):
        for inner, lines in _singular_terms(right[i].reshape(taps.shape[1:])):
            found.append((weight * inner, [left[:, i], *lines]))
    return found


def _with_power(
    terms: list[tuple[Array, ...]], carrier: int, power: int
) -> tuple[tuple[Array, ...], ...] | None:
    """Return the terms times 2**power; None where that would round an entry."""
    moved = []
    for term in terms:
        with np.errstate(over="ignore"):
            line = np.ldexp(term[carrier], power)
        if not np.array_equal(np.ldexp(line, -power), term[carrier]):
            return None
        moved.append((*term[:carrier], line, *term[carrier + 1 :]))
    return tuple(moved)
