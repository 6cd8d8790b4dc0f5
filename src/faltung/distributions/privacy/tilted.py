"""A sum of many independent losses on a lattice around one place, with a bound on every error.

With ``K(θ)`` the logarithm of the sum of ``w[k] e^(θ k)``, times its number of copies and over all
terms, the weights ``w[k] e^(θ k - K)`` are a law with the mean ``K'(θ)``. Put where it is asked for, it is found
by transforms of N points, which give it modulo N (Grübel & Hermesmeier, ASTIN Bulletin 29, 1999); what lies outside of
N points is bounded by Chernoff's inequality. Then ``P(S = k) = y[k] e^(K(θ) - θ k)``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import fft

from faltung.distributions.numbers.rounding import ROUNDOFF, Floats
from faltung.distributions.privacy.dots import Places
from faltung.errors import OptionError

_OUTSIDE = 42.0  # e^-42 is below 1e-18
_STEEPEST = 60  # doublings in a search
_LEAST = 1e-3  # of a deviation, in places
_LONGEST = 2**24  # points of a transform


@dataclass(frozen=True)
class Term:
    """Independent copies of one loss: positive weights at ascending places."""

    weights: Floats
    places: Places
    copies: int


@dataclass(frozen=True)
class Window:
    """Tilted weights of the sum at ``first, first + 1, …``.

    Attributes
    ----------
    values
        Each within `error` of the true one, and not negative.
    outside
        A bound on all tilted weights outside the window together.
    """

    first: int
    values: Floats
    tilt: float
    log_total: float
    error: float
    outside: float

    def from_place(self, place: int) -> tuple[Floats, float]:
        """Return the values from a place on and the logarithm of the factor for that place.

        The weight of the sum at ``place + i`` is ``values[i] e^(factor - tilt i)``.
        """
        return self.values[place - self.first :], self.log_total - self.tilt * place


class TiltedLosses:
    """The sum of all terms under exponential tilts."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = terms
        self.copies = sum(term.copies for term in terms)
        self.first = sum(int(term.places[0]) * term.copies for term in terms)
        self.last = sum(int(term.places[-1]) * term.copies for term in terms)
        self._logs = [np.log(term.weights) for term in terms]
        self._floats = [term.places.astype(np.float64) for term in terms]

    def tilt_for(self, place: float) -> float:
        """Return a tilt >= 0 under which the mean is near `place`, 0 if it is there without."""
        # At the very end the tilt would be infinite.
        place = min(place, self.last - max(1e-3 * (self.last - self.first), 0.5))
        low, high, tilt = 0.0, math.inf, 0.0
        for _ in range(_STEEPEST):
            _, mean, deviation = self.moments(tilt)
            off = place - mean
            if (tilt == 0 and off <= 0) or abs(off) <= 0.1 * deviation:
                return tilt
            low, high = (tilt, high) if off > 0 else (low, tilt)
            step = tilt + off / deviation**2  # Newton's: the slope of the mean is the variance
            inside = low < step < min(high, 4 * tilt + 1.0 / deviation)
            tilt = step if inside else min(0.5 * (low + high), 2 * low + 1.0 / deviation)
        return tilt

    def moments(self, tilt: float) -> tuple[float, float, float]:
        """Return K, the mean and the standard deviation under a tilt."""
        log = mean = variance = 0.0
        for term, logs, places in zip(self._terms, self._logs, self._floats, strict=True):
            top, shares = _shares(logs, tilt, places)
            total = float(shares.sum())
            centre = float(shares @ places) / total
            log += term.copies * (top + math.log(total))
            mean += term.copies * centre
            variance += term.copies * float(shares @ (places - centre) ** 2) / total
        return log, mean, max(math.sqrt(variance), _LEAST)  # also where only one place is left

    def window(self, tilt: float, place: int) -> Window:
        """Return the tilted sum on an interval that holds all of it but e^-42, and `place`.

        Raises
        ------
        OptionError
            If it would have more than 2**24 points.
        """
        log_total, mean, deviation = self.moments(tilt)
        above = self._reach(tilt, 1, log_total, mean, deviation)
        below = self._reach(tilt, -1, log_total, mean, deviation)
        first = max(math.floor(min(mean - below, place)), self.first)
        last = min(math.ceil(max(mean + above, place)), self.last)
        size = fft.next_fast_len(last - first + 1, real=True)
        if size > _LONGEST:
            raise OptionError(
                f"the composed loss is spread over {last - first + 1} points, more than {_LONGEST}: "
                "write a larger tolerance"
            )
        values, error = self._transformed(tilt, first, size)
        return Window(
            first, values[: last - first + 1], tilt, log_total, error, 4 * math.exp(-_OUTSIDE)
        )

    def place_of_tail(self, probability: float) -> int:
        """Return a place beyond which there is less than a probability, by Chernoff's bound.

        The bound for the mean K'(θ) is ``exp(K(θ) - θ K'(θ))``, and falls with θ.
        """
        goal, low, high = math.log(probability), 0.0, 1.0 / max(self.moments(0.0)[2], 1.0)
        for _ in range(_STEEPEST):
            if self._depth(high) <= goal:
                break
            low, high = high, 2 * high
        while high - low > 0.02 * high:
            middle = 0.5 * (low + high)
            low, high = (low, middle) if self._depth(middle) <= goal else (middle, high)
        return min(math.ceil(self.moments(high)[1]), self.last)

    def _depth(self, tilt: float) -> float:
        log, mean, _ = self.moments(tilt)
        return log - tilt * mean

    def slack(self, tilt: float) -> float:
        """Bound the relative error of all weights together, for the rounding of exponents."""
        rounded = 0.0
        for term in self._terms:
            largest = tilt * float(np.abs(term.places).max())
            rounded += term.copies * (4 * largest + 2 * abs(math.log(len(term.weights))) + 64)
        return math.expm1(rounded * ROUNDOFF)

    def _reach(
        self, tilt: float, side: int, log_total: float, mean: float, deviation: float
    ) -> float:
        """Return a distance from the mean beyond which there is at most e^-42 (Chernoff).

        For any s > 0 it is ``exp(K(θ + s) - K(θ) - s (mean + distance))``; the least of some s is taken.
        """
        found = math.inf
        for step in (-2, -1, 0, 1):
            s = side * math.sqrt(2 * _OUTSIDE) / deviation * 2.0**step
            growth = self.moments(tilt + s)[0] - log_total
            found = min(found, (growth - s * mean + _OUTSIDE) / abs(s))
        return max(found, 1.0)

    def _transformed(self, tilt: float, first: int, size: int) -> tuple[Floats, float]:
        """Return the tilted sum modulo `size`, from `first` on, and a bound on the rounding.

        A transform of m weights that sum to one is off by at most ``8 log2(N) u``, whatever they are. So
        its modulus is at most m, which is what is found and that, and its n-th power is off by ``n
        m^(n-1)`` times that: much at few frequencies only. The way back takes the mean over all, and
        adds its own rounding, in parts of the mean modulus.
        """
        unit = 8 * ROUNDOFF * (math.log2(size) + 4)
        modulus, roundings = np.ones(size // 2 + 1), np.ones(size // 2 + 1)
        spectrum = np.ones(size // 2 + 1, dtype=np.complex128)
        for term, logs, places in zip(self._terms, self._logs, self._floats, strict=True):
            _, shares = _shares(logs, tilt, places)
            away = (term.places - term.places[0]) % size
            folded = np.bincount(away, shares / shares.sum(), size)
            single = fft.rfft(folded)
            spectrum *= _power(single, term.copies)
            largest = np.abs(single) + unit
            modulus *= largest**term.copies
            roundings += (term.copies + 1) / largest
        values = np.roll(fft.irfft(spectrum, size), self.first - first)
        # Frequencies but the first, and the last of an even size, stand for two.
        off = 2 * unit * float(modulus @ roundings) / size
        return np.maximum(values, 0.0), off * (1 + 4 * size * ROUNDOFF)


def _shares(logs: Floats, tilt: float, places: Floats) -> tuple[float, Floats]:
    """Return the largest logarithm of a tilted weight, and all weights in parts of that."""
    tilted = logs + tilt * places
    top = float(tilted.max())
    return top, np.exp(tilted - top)


def _power(values: np.ndarray, n: int) -> np.ndarray:
    """Return n-th powers by squaring."""
    result = values
    for bit in bin(n)[3:]:
        result = result * result
        if bit == "1":
            result = result * values
    return result
