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
    total: FloatArray = np.abs(coefficients).sum(axis=-1)
    return total


def root_sum_square(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the root of the weighted squares' sum for each row, without overflow on the way."""
    largest = np.abs(values).max(axis=-1)
    divisor = np.where(largest > 0, largest, 1.0)
    squares = np.square(values / divisor[..., None]) * weights
    root: FloatArray = divisor * np.sqrt(squares.sum(axis=-1))
    return root


def typical(coefficients: FloatArray) -> FloatArray:
    """Return a typical |p| for each row: the root mean square in the Chebyshev weight."""
    return root_sum_square(coefficients, np.ones(coefficients.shape[-1]))


@lru_cache(maxsize=128)
def _quarters(length: int) -> tuple[FloatArray, FloatArray]:
    """Return T_k at Gauss nodes of each quarter of [-1, 1], and the weights of their squares.

    Shapes (length, 4 * length) and (length,). The rule is exact for squares of the series.
    """
    points, weights = np.polynomial.legendre.leggauss(length)
    centres = np.array([-0.75, -0.25, 0.25, 0.75])
    x = (centres[:, None] + points / 4).ravel()
    sampling = np.polynomial.chebyshev.chebvander(x, length - 1).T.astype(np.float64)
    return sampling, weights / 2


def mean_size(coefficients: FloatArray) -> FloatArray:
    """Return a bound on the mean of |p| over [-1, 1] for each row.

    The root mean square over each quarter, by Cauchy and Schwarz, and a little for rounding.
    """
    rows, length = coefficients.shape
    sampling, weights = _quarters(length)
    quarters = root_sum_square((coefficients @ sampling).reshape(rows, 4, length), weights)
    mean: FloatArray = quarters.mean(axis=1)
    return np.minimum(1.0001 * mean + 1e-12 * size(coefficients), size(coefficients))


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
    k = np.arange(1.0, coefficients.shape[-1] + 1)
    # The small factor first: the sum may be larger than the largest double.
    bound = (EVALUATION * np.abs(coefficients)) @ k**2
    underflow = np.where(coefficients.any(axis=-1), TINY * len(k) ** 2, 0.0)
    estimate = root_sum_square(UNIT * coefficients, k**2)
    return Deviation(bound + underflow, estimate)


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
