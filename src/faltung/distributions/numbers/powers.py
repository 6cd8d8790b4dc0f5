"""Powers of polynomials with non-negative integer coefficients, exactly; all of them or the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import numpy as np

from faltung._core import run_recurrence
from faltung.distributions.numbers.integers import pack, refuse_product, unpack
from faltung.distributions.numbers.rational import brief
from faltung.errors import ExactnessError

# Beyond these an exact law takes minutes or gigabytes: it is refused before any work is done.
_MAX_WORK = 2**36  # multiplications of 30-bit digits, about a minute
_MAX_BITS = 2**34  # 2 GB
_MAX_CORE_BITS = 2**33  # rows of equal length beside the integers that are read from them
_LARGEST_FACTOR = 2**62


def power(a: Sequence[int], n: int) -> list[int]:
    """Return the n-fold convolution of a sequence of non-negative integers with itself.

    Of two exact ways the cheaper: a recurrence (see :func:`power_head`), whose cost is the length
    of the result times the number of its terms, or the power of one long integer (Kronecker
    substitution, see :func:`~faltung.distributions.numbers.integers.convolve`). The power of a
    sequence that reads the same from both ends does so too, and only half of it is computed.

    Parameters
    ----------
    a
        Integers >= 0; the first is positive.
    n
        How often, >= 1.

    Raises
    ------
    ExactnessError
        If the result would take gigabytes or minutes.

    Examples
    --------
    >>> power([1, 1], 5)
    [1, 5, 10, 10, 5, 1]
    """
    length = n * (len(a) - 1) + 1
    bits = _bits_of_power(sum(a), n)
    steps = _steps_of(a, n)
    product_bits = length * (bits + 8)
    # Karatsuba's exponent; a product too large for it to be computed is too large for both ways.
    if product_bits <= 2**64 and steps.work(length, bits) > (product_bits / 30) ** 1.585:
        refuse_product(product_bits)
        width = (bits + 7) // 8
        return unpack(pack(a, width) ** n, width, length)
    _refuse(steps.work(length, bits), length * bits)
    if list(a) != list(a[::-1]):
        return steps.run(length, bits)
    half = steps.run((length + 1) // 2, bits)
    return half + half[: length // 2][::-1]


def power_head(a: Sequence[int], n: int, length: int) -> list[int]:
    """Return the first `length` entries of the n-fold convolution, all of them if it has fewer.

    For ``Q = P**n`` the derivative gives ``P Q' = n P' Q``, and comparing coefficients gives each
    entry from those before it [1]_. For m equal entries ``P = c (1 - x**m) / (1 - x)``, and the
    same with ``(1 - x**m) (1 - x)`` in front has three terms whatever m is.

    Parameters
    ----------
    a
        Integers >= 0; the first is positive.
    n
        How often, >= 1.
    length
        How many entries, >= 1.

    Raises
    ------
    ExactnessError
        If they would take gigabytes or minutes.

    References
    ----------
    .. [1] D. E. Knuth, *The Art of Computer Programming*, vol. 2, section 4.7, equation (9).

    Examples
    --------
    >>> power_head([1, 1], 10**6, 3)
    [1, 1000000, 499999500000]
    """
    length = min(length, n * (len(a) - 1) + 1)
    # With s the sum of all, q[k] <= sum over i <= k of a[0]**n binom(n, i) (s / a[0])**i, which is at
    # most e a[0]**n (n s / a[0])**k: near the end entries are short.
    ratio = (n * sum(a)).bit_length() + 1 - a[0].bit_length()
    near = _bits_of_power(a[0], n) + length * max(ratio, 1) + 2
    bits = min(_bits_of_power(sum(a), n), near)
    steps = _steps_of(a, n)
    _refuse(steps.work(length, bits), length * bits)
    return steps.run(length, bits)


@dataclass(frozen=True)
class _Steps:
    """The recurrence ``divisor k q[k] = sum of (constant + slope k) q[k - shift]``."""

    first: int
    count: int
    terms: list[tuple[int, int, int]]  # shift, constant, slope
    divisor: int

    def work(self, length: int, bits: int) -> int:
        """Return about how many products of digits it takes, as long as one in CPython's integers."""
        if self._fits_core(length, bits):
            return length * (len(self.terms) + 2) * (bits // 64 + 8)
        return length * max(len(self.terms), 1) * (bits // 30 + 61)

    def run(self, length: int, bits: int) -> list[int]:
        """Return the first entries, all below ``2**bits``."""
        run = self._run_core if self._fits_core(length, bits) else self._run_plain
        return run(length, bits)

    def _fits_core(self, length: int, bits: int) -> bool:
        largest = max((abs(c) + abs(s) * length for _, c, s in self.terms), default=0)
        factors = max(largest, self.divisor * length)
        return factors < _LARGEST_FACTOR and length * (bits + 64) <= _MAX_CORE_BITS

    def _run_core(self, length: int, bits: int) -> list[int]:
        width = bits // 64 + 1
        rows = np.zeros((length, width), dtype=np.uint64)
        first = (self.first**self.count).to_bytes(8 * width, "little")
        rows[0] = np.frombuffer(first, dtype="<u8")
        shifts, constants, slopes = np.array(self.terms, dtype=np.int64).reshape(-1, 3).T.copy()
        run_recurrence(shifts, constants, slopes, self.divisor, rows)
        digits = rows.astype("<u8", copy=False).data.cast("B")
        size = 8 * width
        return [int.from_bytes(digits[i : i + size], "little") for i in range(0, len(digits), size)]

    def _run_plain(self, length: int, bits: int) -> list[int]:  # noqa: ARG002
        result = [self.first**self.count]
        for k in range(1, length):
            total = sum((c + s * k) * result[k - shift] for shift, c, s in self.terms if shift <= k)
            result.append(total // (k * self.divisor))
        return result


def _steps_of(a: Sequence[int], n: int) -> _Steps:
    m = len(a)
    if m > 3 and min(a) == max(a):
        terms = [(1, n - 1, 1), (m, -m * (n + 1), 1), (m + 1, n * (m - 1) + m + 1, -1)]
        return _Steps(a[0], n, terms, 1)
    common = gcd(*a)
    terms = [(j, (n + 1) * j * c // common, -c // common) for j, c in enumerate(a) if j and c]
    return _Steps(a[0], n, terms, a[0] // common)


def _bits_of_power(base: int, n: int) -> int:
    """Return how many bits ``base**n`` has at most."""
    return n * (base - 1).bit_length() + 1


def _refuse(work: int, bits: int) -> None:
    if work > _MAX_WORK or bits > _MAX_BITS:
        raise ExactnessError(
            f"the exact law would take {brief(Fraction(bits, 8 * 10**9))} GB and {brief(work)} digit products, more than "
            f"{_MAX_BITS / 8e9:.3g} GB or {_MAX_WORK:.3g}: give the operand as floats "
            "with .to_float()"
        )
