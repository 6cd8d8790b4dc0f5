"""Convolution with deltas: copies of a function, moved and multiplied."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from faltung.errors import ResolutionError
from faltung.functions import contents
from faltung.functions.chains.body import Body
from faltung.functions.chains.copies import Copy
from faltung.functions.contents import Content
from faltung.functions.whole.deltas import Deltas, gathered
from faltung.functions.whole.deltas import convolved as convolved_deltas

# Pairs of deltas, and pieces of all copies, that are followed.
_MOST = 1_000_000

Comb: TypeAlias = list[Copy]


def combs(deltas: Deltas) -> tuple[Comb | None, Comb | None]:
    """Return the real and the imaginary parts of weights, each with its place."""
    real = [Copy(row.exact, row.weight.real, row.bound) for row in deltas]
    if not any(row.is_complex for row in deltas):
        return real, None
    return real, [Copy(row.exact, row.weight.imag, row.bound) for row in deltas]


def echoed(f: Content, comb: Comb) -> Content:
    """Return the sum of the copies of f that a comb makes.

    Raises
    ------
    ResolutionError
        If all copies together have too many pieces.
    """
    if len(comb) == 1:
        return _copy(f, comb[0])
    if isinstance(f, Body):
        return contents.echoed(f, comb)
    if f.count * len(comb) > _MOST:
        raise ResolutionError(
            f"{len(comb)} copies of {f.count} pieces are too many: at most {_MOST} pieces are "
            "followed. Convolve samples of them as arrays"
        )
    return contents.total([_copy(f, row) for row in comb])


def _copy(f: Content, row: Copy) -> Content:
    moved = contents.moved(f, Fraction(1), row.offset) if row.offset else f
    exact = row.weight == 1 and not row.apart
    return moved if exact else contents.scaled(moved, row.weight, row.apart)


def convolved(f: Deltas, g: Deltas) -> Deltas:
    """Return the convolution of two combs.

    Raises
    ------
    ResolutionError
        If there are too many pairs.
    """
    if len(f) * len(g) > _MOST:
        raise ResolutionError(
            f"{len(f)} and {len(g)} deltas make {len(f) * len(g)} pairs, and at most {_MOST} are "
            "followed: convolve their weights as arrays"
        )
    return gathered(convolved_deltas(one, other) for one in f for other in g)
