"""The derivative of polynomial pieces."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from faltung.functions.bounds import Deviation
from faltung.functions.chains import slopes
from faltung.functions.chains.chain import Chain
from faltung.functions.chains.derivative import bends
from faltung.functions.chains.ends import Jump, jumps
from faltung.functions.polynomials.misplaced import Misplaced, product
from faltung.functions.polynomials.pieces import Pieces


def derivative(f: Pieces) -> tuple[Pieces, list[Jump]]:
    """Return the derivative between the breaks, and what the function does at each break.

    What the bound rests on: see :mod:`faltung.functions.chains.slopes`.
    """
    made = slopes.derivative(Chain.of_pieces(f))
    found = jumps(Chain.of_pieces(f), f.breaks, f.misplaced.outside)
    length = max(f.coefficients.shape[1] - 1, 1)
    pieces = Pieces(f.breaks, made.coefficients[:, :length], made.deviation, f.misplaced)
    return _with_bends(pieces, f, found).checked("the derivative"), found


def _with_bends(made: Pieces, f: Pieces, found: list[Jump]) -> Pieces:
    """Return the derivative with what it is wrong by beside a break that is off its place.

    Where the slope jumps, values beside the break may be those of the other side. A step of the
    slope that is none for all that is known goes into the deviation of both sides.
    """
    steps = jumps(Chain.of_pieces(made), f.breaks)
    inner = slice(1, -1)
    old = f.misplaced
    moved = [
        (max(width, old.reach), height)
        for width, height in bends(found[inner], steps[inner])
        if width or old.reach
    ]
    small = np.array([0.0 if step.is_certain else abs(step.height) for step in steps[inner]])
    raised = np.maximum(np.append(small, 0.0), np.append(0.0, small))
    deviation = made.deviation + Deviation(np.where(made.deviation.bound > 0, raised, 0.0), raised)
    # What lies outside the domain is as smooth as the piece beside it.
    grown = slopes.steepness(f.coefficients.shape[1]) * float((2 / f.widths[[0, -1]]).max())
    area, height = (product(each, grown) if old.outside else 0.0 for each in (old.area, old.height))
    misplaced = Misplaced(
        area=1.01 * (area + sum(2 * width * jump for width, jump in moved)),
        height=1.01 * max([height, *(jump for _, jump in moved)]),
        reach=max([old.reach, *(width for width, _ in moved)]),
        outside=product(old.outside, grown),
    )
    return replace(made, deviation=deviation, misplaced=misplaced)
