"""Dirac deltas and their derivatives: points that carry a weight."""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from faltung.errors import DataError
from faltung.functions.bounds import UNIT
from faltung.functions.rounding import nearest, no_less

# Derivatives that are followed: of deltas the weights grow like factorials.
ORDERS = 64


@dataclass(frozen=True, slots=True)
class Delta:
    """The `order`-th derivative of Dirac's delta at a place, times a weight.

    Attributes
    ----------
    exact
        The place, a Fraction, so that sums of places are never rounded.
    weight
        A real number, or a complex one.
    order
        0 for the delta itself.
    bound
        How far the weight may be from the true one.
    reach
        How far the place may be from the true one: it is 0 unless the delta stands for the jump of a
        function whose breaks were rounded.
    """

    exact: Fraction
    weight: complex = 1.0
    order: int = 0
    bound: float = 0.0
    reach: float = 0.0

    @property
    def place(self) -> float:
        """The place as the nearest double."""
        return nearest(self.exact)

    @property
    def is_complex(self) -> bool:
        """Whether the weight is a complex number."""
        return isinstance(self.weight, complex)

    def __str__(self) -> str:
        mark = "'" * self.order if self.order < 4 else f"^({self.order})"
        where = f"x {'-' if self.place > 0 else '+'} {abs(self.place):g}" if self.place else "x"
        weight = f"({self.weight:g})" if self.is_complex else f"{self.weight:g}"
        return f"{weight} δ{mark}({where})"

    def times(self, factor: complex, apart: float = 0.0) -> Delta:
        """Return the delta times a number that is at most `apart` from `factor`."""
        weight = self.weight * factor
        inherited = self.bound * (abs(factor) + apart) + abs(self.weight) * apart
        # A complex product has two roundings in each part.
        rounding = 0.0 if factor in (1, -1) else 4 * UNIT * abs(weight)
        return replace(self, weight=weight, bound=1.01 * (inherited + rounding))

    def moved(self, factor: Fraction, offset: Fraction) -> Delta:
        """Return x -> delta((x - offset) / factor): the substitution rule gives |c| c^order."""
        jacobian = abs(factor) * factor**self.order
        number = nearest(jacobian)
        moved = self.times(number, 0.0 if number == jacobian else 2 * UNIT * abs(number))
        reach = no_less(Fraction(self.reach) * abs(factor))
        return replace(moved, exact=self.exact * factor + offset, reach=reach)


Deltas: TypeAlias = tuple[Delta, ...]


def gathered(deltas: Iterable[Delta]) -> Deltas:
    """Return deltas by place and order, those of the same place and order as one, zeros left out."""
    rows: dict[tuple[Fraction, int], Delta] = {}
    for each in deltas:
        key = each.exact, each.order
        rows[key] = _sum(rows[key], each) if key in rows else each
    kept = [_finite(row) for row in rows.values() if row.weight or row.bound]
    return tuple(sorted(kept, key=lambda row: (row.exact, row.order)))


def _finite(row: Delta) -> Delta:
    """Return a delta, or refuse its weight."""
    if cmath.isfinite(row.weight) and math.isfinite(row.bound):
        return row
    raise DataError(
        f"the weight of the delta at {row.place!r} overflows double precision (largest number "
        "1.8e308): scale the function down first, for instance f / 1e100"
    )


def _sum(one: Delta, other: Delta) -> Delta:
    weight = one.weight + other.weight
    exact = _is_exact(one.weight, other.weight, weight)
    rounding = 0.0 if exact else 2 * UNIT * abs(weight)
    bound, reach = one.bound + other.bound + rounding, max(one.reach, other.reach)
    return replace(one, weight=weight, bound=bound, reach=reach)


def _is_exact(one: complex, other: complex, total: complex) -> bool:
    """Whether a sum of weights was not rounded."""
    return all(
        Fraction(a) + Fraction(b) == Fraction(c)
        for a, b, c in (
            (one.real, other.real, total.real),
            (one.imag, other.imag, total.imag),
        )
    )


def convolved(f: Delta, g: Delta) -> Delta:
    """Return the convolution of two deltas: places and orders add, weights multiply."""
    product = f.times(g.weight, g.bound)
    place, reach = f.exact + g.exact, 1.01 * (f.reach + g.reach)
    return replace(product, exact=place, order=f.order + g.order, reach=reach)
