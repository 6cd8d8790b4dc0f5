"""The convolution of functions whose pieces all have one width.

With f_i and g_j their pieces, interval k of the result gets the left triangles of the pairs with
i + j = k and the right triangles of those with i + j = k - 1 (see
:mod:`faltung.functions.polynomials.patches`): both are convolutions over the index of a piece. Few
of them are added up as they are; for many, the core transforms every coefficient over the index.
"""

from __future__ import annotations

import numpy as np

from faltung import _core
from faltung.functions import bounds
from faltung.functions.bounds import TABLE_ERROR, TABLE_SIZE, UNIT, Deviation
from faltung.functions.polynomials.chebyshev import reversed_series
from faltung.functions.polynomials.lattice import Lattice
from faltung.functions.polynomials.legendre import table_of
from faltung.functions.polynomials.pieces import Pieces
from faltung.functions.transform import FloatArray

# Pairs that are added up one by one, and pieces of the one function whatever the other has: beyond,
# a transform is faster.
_FEW_PAIRS = 1024
_FEW_PIECES = 8

# Products too small for double precision are lost: widths above 1 may multiply them.
_UNDERFLOW = 2.0**-1040


def convolved_cells(lattice: Lattice) -> Pieces:
    """Return the convolution over the breaks of the lattice; errors of the operands do not count."""
    f, g = lattice.f.coefficients, lattice.g.coefficients
    if len(f) > len(g):
        f, g = g, f
    few = len(f) <= _FEW_PIECES or len(f) * len(g) <= _FEW_PAIRS
    coefficients, rounding = (_directly if few else _by_transform)(f, g)
    half = 0.5 * lattice.width
    lost = _UNDERFLOW * max(1.0, float(lattice.breaks[-1] - lattice.breaks[0]))
    wrong = Deviation(
        half * rounding.bound + lattice.displaced + lost,
        np.hypot(half * rounding.estimate, 0.1 * lattice.displaced),
    )
    return Pieces(lattice.breaks, half * coefficients, wrong)


def _directly(f: FloatArray, g: FloatArray) -> tuple[FloatArray, Deviation]:
    """Return the sums of the triangles of all pairs over half a width, and their rounding."""
    (p, m), (q, n) = f.shape, g.shape
    table = table_of(m, n).reshape(m, -1)
    left = (f @ table).reshape(p, n, m + n)
    right = (reversed_series(f) @ table).reshape(p, n, m + n)
    coefficients = np.zeros((p + q, m + n))
    magnitude = np.zeros(p + q)
    for i in range(p):
        parts = g @ left[i], reversed_series(reversed_series(g) @ right[i])
        for shift, part in enumerate(parts):
            coefficients[i + shift : i + shift + q] += part
            magnitude[i + shift : i + shift + q] += bounds.size(part)
    # Adding k numbers one after the other rounds k times, each at most the sum of sizes; and half
    # a width times the sum rounds once.
    adding = 1.01 * UNIT * (2 * p + 2) * magnitude
    pairs = _over_index(bounds.size(f), bounds.size(g))
    squares = _over_index(bounds.typical(f) ** 2, bounds.typical(g) ** 2)
    bound = (TABLE_ERROR + 1.01 * UNIT * TABLE_SIZE * (m + n + 6)) * pairs + adding
    return coefficients, Deviation(bound, UNIT * np.hypot(np.sqrt(squares), magnitude))


def _over_index(of_f: FloatArray, of_g: FloatArray) -> FloatArray:
    """Return the sums over all pairs that have a triangle on each interval."""
    pairs = np.convolve(of_f, of_g)
    both: FloatArray = np.append(pairs, 0.0) + np.append(0.0, pairs)
    return both


def _by_transform(f: FloatArray, g: FloatArray) -> tuple[FloatArray, Deviation]:
    """Return the same by transforms over the index of a piece.

    The bound is derived in docs/mathematics/functions.md: it is the same for all pieces, because
    each is made of what all pieces are made of.
    """
    (p, m), (q, n) = f.shape, g.shape
    coefficients = np.empty((p + q, m + n))
    f, g = np.ascontiguousarray(f), np.ascontiguousarray(g)
    transforms = _core.convolve_cells(f, g, table_of(m, n), coefficients, 0)
    # In the 2-norm over the index; squares that underflow come to nothing beside the largest, 1/4.
    over_f, over_g = (np.sqrt(np.square(each).sum(axis=0)) for each in (f, g))
    sums = m / 2 + 1.4143 * (2 * n + 2) + 8
    both = 2.02 * float(over_f.sum() * over_g.sum())
    bound = both * (TABLE_ERROR + UNIT * TABLE_SIZE * (transforms + sums))
    squares = np.square(over_f).sum() * np.square(over_g).sum()
    estimate = UNIT * float(np.sqrt(squares))
    return coefficients, Deviation(np.full(p + q, bound), np.full(p + q, estimate))
