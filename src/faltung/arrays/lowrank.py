"""Kernels of low rank: as one line of taps for each axis, or as a sum of a few such products.

A kernel ``w[i, j] = u[i] v[j]`` is known from the row and the column through one of its entries.
The lines are first sought exactly, among whole numbers: if the entries are whole (times a power of
two) and the kernel has rank one, then the row divided by the greatest common divisor of its
entries and the quotient of the column are whole too (the lemma of Gauss), and no longer than the
entries. Else they are sought to rounding, each tap within a few unit round-offs of itself. With
more terms than one, a kernel is cut by singular values, one axis after the other (Oseledets &
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
from faltung.arrays.whole_lines import line_through, whole_lines

__all__ = ["Separation", "separate"]

Array = NDArray[Any]
Lines = list[NDArray[np.float64]]

# Each tap may be off by so many unit round-offs of its type for each axis.
_ROUNDOFFS_PER_AXIS = 4

# No kernel with more entries is looked at.
_MOST_TAPS = 2**20


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
    """

    terms: tuple[tuple[Array, ...], ...]
    deviation: float
    spread: float

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
    if taps.size > _MOST_TAPS:
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
    found = None
    # The lines through the largest entry come near every tap: most kernels are done with here.
    if _core.is_near_product(taps):
        found = _exactly(taps, carrier) or _to_rounding(taps, carrier)
    if found is None and tolerance:
        found = _to_tolerance(taps, carrier, tolerance)
    return found


# --- one term -------------------------------------------------------------------------------------


def _to_unit(taps: Array) -> tuple[NDArray[np.float64], int]:
    """Return the taps in float64 times a power of two, the largest below one, and the power."""
    power = math.frexp(float(np.abs(taps).max()))[1]
    return np.ldexp(taps.astype(np.float64), -power), power


def _most_deviation(taps: Array) -> float:
    return _ROUNDOFFS_PER_AXIS * taps.ndim * float(np.finfo(taps.dtype).eps) / 2


def _exactly(taps: Array, carrier: int) -> Separation | None:
    whole = whole_lines(taps)
    if whole is None:
        return None
    lines = _scaled([line.astype(np.float64) for line in whole.lines], carrier, whole.exponent)
    kept = tuple(line.astype(taps.dtype) for line in lines)
    # Nothing may have been rounded, nor have fallen below the smallest number.
    bits = zip(whole.lines, kept, strict=True)
    same = all(np.array_equal(_as_whole(line, exact), exact) for exact, line in bits)
    return Separation((kept,), 0.0, 1.0) if same else None


def _as_whole(line: Array, exact: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return `line` times the power of two that brings its largest entry to that of `exact`."""
    at = int(np.abs(exact).argmax())
    power = math.frexp(float(exact[at]))[1] - math.frexp(float(line[at]))[1]
    return np.ldexp(line.astype(np.float64), power)


def _to_rounding(taps: Array, carrier: int) -> Separation | None:
    scaled, power = _to_unit(taps)
    best = _improved(scaled.astype(np.longdouble), _cross(scaled))
    lines = _scaled([line.astype(np.float64) for line in best], carrier, power)
    kept = tuple(line.astype(taps.dtype) for line in lines)
    deviation = _deviation(taps, kept)
    kept_well = deviation <= _most_deviation(taps)
    return Separation((kept,), deviation, 1.0) if kept_well else None


def _cross(taps: NDArray[np.float64]) -> Lines:
    """Return the lines through the largest entry, all but the first divided by it."""
    pivot = tuple(map(int, np.unravel_index(int(np.abs(taps).argmax()), taps.shape)))
    lines = []
    for axis in range(taps.ndim):
        line = line_through(taps, pivot, axis)
        lines.append(line / taps[pivot] if axis else line)
    return lines


def _improved(taps: NDArray[np.longdouble], given: Lines) -> list[NDArray[np.longdouble]]:
    """Return each line anew as the best one for the others: rounding of entries averages out."""
    lines = [line.astype(np.longdouble) for line in given]
    for axis in range(taps.ndim):
        rest = taps
        for other in reversed(range(taps.ndim)):
            if other != axis:
                line = lines[other]
                rest = np.tensordot(rest, line / (line @ line), (other, 0))
        lines[axis] = rest
    return lines


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


def _deviation(taps: Array, lines: Sequence[Array]) -> float:
    """Return a bound on what each product is off by, relative to its tap; infinite if a zero is."""
    exact = taps.astype(np.longdouble)
    with np.errstate(over="ignore", invalid="ignore"):
        product = functools.reduce(np.multiply.outer, [x.astype(np.longdouble) for x in lines])
        if product[exact == 0].any() or not np.isfinite(product).all():
            return math.inf
        size = np.abs(exact[exact != 0])
        worst = float((np.abs(exact - product)[exact != 0] / size).max())
    # What rounding hides: the products, the difference, the quotient, the number returned.
    unit = float(np.finfo(np.longdouble).eps)
    return worst * (1 + 2.0**-50) + taps.ndim * unit * (1 + worst)


def _product(lines: Sequence[Array]) -> NDArray[np.float64]:
    return np.asarray(
        functools.reduce(np.multiply.outer, [line.astype(np.float64) for line in lines])
    )


# --- several terms --------------------------------------------------------------------------------


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
