"""Mean excesses and layers of a sum that is not built: integrals of its sf between any two places."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from faltung.distributions.discrete.answers import Answers
from faltung.distributions.discrete.parts import Parts
from faltung.distributions.discrete.tails import ACCEPTED, Tails
from faltung.distributions.numbers.rational import brief, rounded
from faltung.distributions.numbers.rounding import Floats
from faltung.errors import OptionError

_FEW = 2**10  # points, whose tails are added one by one
_STEPS = 128  # from a place between points that S does not take to one where it does


@dataclass(frozen=True)
class Excesses:
    """Integrals of the sf of a sum over places in indices, as rationals; in indices too.

    S lies on multiples of g = ``tails.divisor``, so with c the next multiple from u on

        E (S - u)+ = E (S - c)+ + (c - u) P(S >= c),

    and E (S - c)+ is found by tilting, like a tail. Below the mean it is ``mean - u`` and what S
    falls short of u by, which is found from the other side. All terms are non-negative.
    """

    answers: Answers
    few: int = _FEW

    @property
    def parts(self) -> Parts:
        """What is added."""
        return self.answers.parts

    @property
    def tails(self) -> Tails:
        """Logarithms of tails, with their bounds."""
        return self.answers.tails

    def above(self, u: Fraction) -> Fraction:
        """Return E (S - u)+."""
        if u >= self.parts.last:
            return Fraction(0)
        if u <= 0:
            return self.parts.mean_of_kept - u
        c = self._up(u)
        if c < self._middle:
            return self.parts.mean_of_kept - u + self._below(u)
        return self._over(c) + (c - u) * self._tail("upper", c)

    def between(self, u: Fraction, v: Fraction) -> Fraction:
        """Return the integral of P(S > x) from u to v."""
        last = Fraction(self.parts.last)
        flat, low, high = (
            max(min(v, Fraction(0)) - u, Fraction(0)),
            max(u, Fraction(0)),
            min(v, last),
        )
        if low >= high:
            return flat
        first, final = self._up(low), self._down(high)
        if first > final:  # between two neighbours
            return flat + (high - low) * self._tail("upper", final + self._gap)
        ends = (first - low) * self._tail("upper", first)
        ends += (high - final) * self._tail("upper", final + self._gap)
        return flat + ends + self._between_points(first, final)

    @property
    def _gap(self) -> int:
        return self.tails.divisor

    @property
    def _middle(self) -> int:
        """The first multiple from the mean on."""
        return self._up(Fraction(self.tails.mean))

    @property
    def _turn(self) -> int:
        """A multiple below which P(S > x) is at least 1/2, by Cantelli's inequality."""
        return max(self._up(Fraction(self.tails.mean - self.tails.deviation)), self._gap)

    def _up(self, u: Fraction) -> int:
        return self._gap * math.ceil(u / self._gap)

    def _down(self, u: Fraction) -> int:
        return self._gap * math.floor(u / self._gap)

    def _below(self, u: Fraction) -> Fraction:
        """Return E (u - S)+."""
        f = self._down(u)
        return self._under(f) + (u - f) * self._tail("lower", f)

    def _over(self, k: int) -> Fraction:
        """Return E (S - k)+ for a multiple of the gap: where it is not told, from one further on."""
        near = Fraction(0)
        for place in range(k, k + _STEPS * self._gap, self._gap):
            if place >= self.parts.last or self.tails.log_excess(place)[2] <= ACCEPTED:
                return near + self._gap * _number(self._excess(place))
            near += self._gap * self._tail("upper", place + self._gap)
        return near + self._gap * _number(self._excess(k + _STEPS * self._gap))

    def _under(self, k: int) -> Fraction:
        """Return E (k - S)+ in the same way."""
        near = Fraction(0)
        for place in range(k, k - _STEPS * self._gap, -self._gap):
            if place <= 0 or self.tails.log_shortage(place)[2] <= ACCEPTED:
                return near + self._gap * _number(self._shortage(place))
            near += self._gap * self._tail("lower", place - self._gap)
        return near + self._gap * _number(self._shortage(k - _STEPS * self._gap))

    def _between_points(self, first: int, final: int) -> Fraction:
        """Return the integral of P(S > x) between two multiples of the gap."""
        if final - first <= self.few * self._gap:
            points = np.arange(first, final, self._gap) + self._gap
            total = math.fsum(self.answers.at_indices("upper", points))
            return self._gap * Fraction(total)
        turn = self._turn
        if first < turn < final:
            return self._between_points(first, turn) + self._between_points(turn, final)
        if first >= turn:
            return self._gap * _difference(self._excess, first, final)
        return final - first - self._gap * _difference(self._shortage, final, first)

    def _excess(self, k: int) -> Floats:
        """Return the row of log E (S - k)+ / gap."""
        return self._resolved(self.tails.log_excess(k) if k < self.parts.last else _NONE, k)

    def _shortage(self, k: int) -> Floats:
        """Return the row of log E (k - S)+ / gap."""
        return self._resolved(self.tails.log_shortage(k) if k > 0 else _NONE, k)

    def _resolved(self, row: Floats, k: int) -> Floats:
        if not row[2] <= ACCEPTED:
            raise OptionError(
                f"the mean excess over index {brief(Fraction(k), 17)} of the sum is too small beside "
                "what is around it to be computed alone: ask for `weights` first, which builds the "
                "law if that is possible"
            )
        return row

    def _tail(self, kind: str, k: int) -> Fraction:
        return Fraction(float(self.answers.at_indices(kind, np.array([k]))[0]))


_NONE = np.array([-np.inf, 0.0, 0.0])


def _number(row: Floats) -> Fraction:
    return Fraction(math.exp(row[0]) * (1 + float(row[1])))


def _difference(measure: Callable[[int], Floats], large: int, small: int) -> Fraction:
    """Return the difference of two means, from that of their logarithms: no digits cancel.

    With a bound d on each logarithm it is off by 2 d / (their difference), relatively.
    """
    a, b = measure(large), measure(small)
    apart = (a[0] - b[0]) + (a[1] - b[1])
    if not a[2] + b[2] <= 2 * ACCEPTED * apart:
        raise OptionError(
            "the layer is too thin for a sum that is not built: take one of at most "
            f"{_FEW} points, or ask for `weights` first"
        )
    return _number(a) * Fraction(-math.expm1(-apart))


def measured(
    excesses: Excesses, start: Fraction, step: Fraction, low: Fraction, high: Fraction | None
) -> float:
    """Return the integral of P(X > x) from `low` to `high`, or without end, in the law's own units."""
    u = (low - start) / step
    if high is None:
        return rounded(step * excesses.above(u))
    v = (high - start) / step
    return rounded(step * excesses.between(u, v)) if u < v else 0.0
