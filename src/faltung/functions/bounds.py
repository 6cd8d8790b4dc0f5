"""How far a computed piece can be from the true one: every constant, in one place.

Two numbers go with each piece. The *bound* always holds: it adds the worst cases. The *estimate*
says what to expect: it adds squares, as independent roundings do (N. J. Higham and T. Mary, "A
new approach to probabilistic rounding error analysis", SIAM J. Sci. Comput. 41 (2019)).
The derivations are in docs/mathematics/functions.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from faltung import _core
from faltung.functions.transform import FloatArray, IndexArray

# The unit roundoff of double precision.
UNIT = 2.0**-53

# Clenshaw: 3 (k + 1) (k + 2) units per coefficient; a point that is off by 7 units: 7 k^2.
# Together at most 10 (k + 1)^2, and the rest is for products of roundings.
EVALUATION = 10.1 * UNIT

# The table of triangles: for each (m, n), the errors of all entries together (measured against
# exact rationals: 1.4e-15), and the sum of the entries' sizes (largest at m = n = 64: 2.72).
TABLE_ERROR = 36 * UNIT
TABLE_SIZE = 2.75

# The smallest positive double: what one operation can lose by underflow.
TINY = 2.0**-1074


@dataclass(frozen=True, slots=True, eq=False)
class Deviation:
    """A bound and an estimate of the error in the max norm, for each of several pieces."""

    bound: FloatArray
    estimate: FloatArray

    def __add__(self, other: Deviation) -> Deviation:
        return Deviation(self.bound + other.bound, np.hypot(self.estimate, other.estimate))

    def __getitem__(self, rows: IndexArray | slice) -> Deviation:
        return Deviation(self.bound[rows], self.estimate[rows])

    def scaled(self, factor: FloatArray | float) -> Deviation:
        """Return the deviation of the pieces times `factor`."""
        return Deviation(self.bound * np.abs(factor), self.estimate * np.abs(factor))

    @staticmethod
    def zero(count: int) -> Deviation:
        """Return no deviation, for `count` pieces."""
        return Deviation(np.zeros(count), np.zeros(count))

    @staticmethod
    def joined(parts: list[Deviation]) -> Deviation:
        """Return the deviations of several lists of pieces, one after the other."""
        return Deviation(
            np.concatenate([part.bound for part in parts]),
            np.concatenate([part.estimate for part in parts]),
        )


def size(coefficients: FloatArray) -> FloatArray:
    """Return a bound on |p| for each row, because |T_k| <= 1: the sum of the |c_k|."""
    return _weighed(coefficients, 0)[0]


def root_sum_square(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the root of the weighted squares' sum for each row, without overflow on the way."""
    return _weighed_by(values, weights)[1]


def typical(coefficients: FloatArray) -> FloatArray:
    """Return a typical |p| for each row: the root mean square in the Chebyshev weight."""
    return _weighed(coefficients, 0)[1]


def _weighed(coefficients: FloatArray, power: int) -> tuple[FloatArray, FloatArray]:
    return _weighed_by(coefficients, _powers(coefficients.shape[-1], power))


@lru_cache(maxsize=256)
def _powers(length: int, power: int) -> FloatArray:
    """Return (k + 1)^power for each coefficient."""
    return np.arange(1.0, length + 1) ** power


def _weighed_by(rows: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the sum of w |c| for each row (last axis), and the root of the sum of w c^2."""
    shape = rows.shape[:-1]
    flat = np.ascontiguousarray(rows).reshape(int(np.prod(shape)), rows.shape[-1])
    sums, roots = np.empty(len(flat)), np.empty(len(flat))
    _core.weigh_rows(flat, weights, sums, roots)
    return sums.reshape(shape), roots.reshape(shape)


@lru_cache(maxsize=128)
def _quarters(length: int) -> tuple[FloatArray, FloatArray]:
    """Return Gauss nodes of each quarter of [-1, 1], and the weights of the squares there.

    Shapes (4 * length,) and (length,). The rule is exact for squares of series so long.
    """
    points, weights = np.polynomial.legendre.leggauss(length)
    centres = np.array([-0.75, -0.25, 0.25, 0.75])
    return (centres[:, None] + points / 4).ravel(), weights / 2


def mean_size(coefficients: FloatArray) -> FloatArray:
    """Return a bound on the mean of |p| over [-1, 1] for each row.

    The root mean square over each quarter, by Cauchy and Schwarz, and a little for rounding.
    """
    rows, length = coefficients.shape
    points, weights = _quarters(length)
    values = np.tile(points, (rows, 1))
    _core.sum_rows(np.ascontiguousarray(coefficients), values, 0)
    quarters = root_sum_square(values.reshape(rows, 4, length), weights)
    mean: FloatArray = quarters.mean(axis=1)
    # Values that overflow on the way are passed over.
    return np.fmin(1.0001 * mean + 1e-12 * size(coefficients), size(coefficients))


def variation(coefficients: FloatArray) -> FloatArray:
    """Return a bound on the total variation of each row, the jumps at both ends included.

    T_k varies by 2 k over [-1, 1] and jumps by 1 at either end.
    """
    k = np.arange(coefficients.shape[-1])
    total: FloatArray = np.abs(coefficients) @ (2.0 * k + 2)
    return total


def slope(coefficients: FloatArray) -> FloatArray:
    """Return a bound on |p'| on [-1, 1] for each row: |T_k'| <= k^2 (Markov)."""
    k = np.arange(coefficients.shape[-1])
    total: FloatArray = np.abs(coefficients) @ (k.astype(np.float64) ** 2)
    return total


def evaluation(coefficients: FloatArray) -> Deviation:
    """Return the rounding of one evaluation of each row by Clenshaw's recurrence."""
    length = coefficients.shape[-1]
    # The small factor first: the sum may be larger than the largest double.
    bound, likely = _weighed(EVALUATION * coefficients, 2)
    underflow = np.where(coefficients.any(axis=-1), TINY * length**2, 0.0)
    return Deviation(bound + underflow, likely * (UNIT / EVALUATION))


def interpolation(values: Deviation, coefficients: FloatArray, count: int) -> Deviation:
    """Return the deviation of the interpolants through values at `count` nodes.

    Parameters
    ----------
    values
        The deviation of the values at the nodes.
    coefficients
        What :func:`faltung.functions.transform.interpolate` made of them.
    count
        How many nodes.

    Notes
    -----
    Errors in the values grow by the Lebesgue constant, at most 1 + 2/pi log(count) (T. J. Rivlin,
    "Chebyshev Polynomials", 1990, theorem 1.2). The transform adds 2.1 units of each coefficient
    and 0.04 of the largest value, which is at most the sum of the coefficients' sizes.
    """
    lebesgue = 1 + 2 / np.pi * np.log(count)
    bound = lebesgue * values.bound + 2.2 * UNIT * size(coefficients)
    return Deviation(bound, np.hypot(values.estimate, UNIT * typical(coefficients)))


def restriction(whole: FloatArray, parts: FloatArray) -> Deviation:
    """Return the deviation of `parts`, series that were sampled from the series `whole`."""
    return interpolation(evaluation(whole), parts, parts.shape[1])
