"""Convolution of sequences of non-negative Python integers of any size, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from faltung.distributions.numbers.rational import brief
from faltung.errors import ExactnessError

# Beyond these an exact law takes minutes or gigabytes: it is refused before any work is done.
_MAX_PRODUCT_BITS = 2**27  # CPython multiplies this (Karatsuba) in about a minute
_MAX_POWER_WORK = 2**36  # multiplications of 30-bit digits, about a minute
_MAX_POWER_BITS = 2**34  # 2 GB


def convolve(a: Sequence[int], b: Sequence[int]) -> list[int]:
    """Return the full convolution of two sequences of non-negative integers.

    Kronecker substitution: as the sums cannot exceed ``sum(a) * sum(b)``, both sequences are
    written into one long integer each, with as many bytes for an entry as that needs; the digits
    of the one product are the convolution. [1]_

    Parameters
    ----------
    a, b
        Integers >= 0, at least one in each.

    Returns
    -------
    list of int
        ``len(a) + len(b) - 1`` exact integers.

    Raises
    ------
    ExactnessError
        If the product would have more than 2**27 bits.

    References
    ----------
    .. [1] J. von zur Gathen, J. Gerhard, *Modern Computer Algebra*, 3rd ed., section 8.4.

    Examples
    --------
    >>> convolve([1, 2, 3], [0, 1, 10**30])
    [0, 1, 1000000000000000000000000000002, 2000000000000000000000000000003, \
3000000000000000000000000000000]
    """
    length = len(a) + len(b) - 1
    width = _entry_bytes(sum(a) * sum(b))
    refuse_product(length * width * 8)
    return _unpack(_pack(a, width) * _pack(b, width), width, length)


def power(a: Sequence[int], n: int) -> list[int]:
    """Return the n-fold convolution of a sequence of non-negative integers with itself.

    Of two exact ways the cheaper: the recurrence that follows from ``P Q' = n P' Q`` for
    ``Q = P**n`` [1]_, whose cost is the length of the result times the number of non-zero entries
    of `a`, or the power of one long integer (Kronecker substitution, see :func:`convolve`).

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

    References
    ----------
    .. [1] D. E. Knuth, *The Art of Computer Programming*, vol. 2, section 4.7, equation (9).

    Examples
    --------
    >>> power([1, 1], 5)
    [1, 5, 10, 10, 5, 1]
    """
    length = n * (len(a) - 1) + 1
    bits = n * sum(a).bit_length()
    terms = sum(1 for entry in a[1:] if entry)
    digits = bits // 30 + 1
    recurrence_work = length * max(terms, 1) * (digits + 60)  # 60: the interpreter's own cost
    product_bits = length * (bits + 8)
    # Karatsuba's exponent; a product too large for it to be computed is too large for both ways.
    if product_bits > 2**64 or recurrence_work <= (product_bits / 30) ** 1.585:
        _refuse_power(recurrence_work, length * bits)
        return _power_by_recurrence(a, n, length)
    refuse_product(product_bits)
    width = _entry_bytes(sum(a) ** n)
    return _unpack(_pack(a, width) ** n, width, length)


def power_head(a: Sequence[int], n: int, length: int) -> list[int]:
    """Return the first `length` entries of the n-fold convolution, all of them if it has fewer.

    Raises
    ------
    ExactnessError
        If they would take gigabytes or minutes.

    Examples
    --------
    >>> power_head([1, 1], 10**6, 3)
    [1, 1000000, 499999500000]
    """
    length = min(length, n * (len(a) - 1) + 1)
    bits = n * sum(a).bit_length()
    terms = sum(1 for entry in a[1:] if entry)
    # An entry far from the middle has fewer digits than the sum of all.
    bits = min(bits, n * a[0].bit_length() + length * (n.bit_length() + sum(a).bit_length()))
    _refuse_power(length * max(terms, 1) * (bits // 30 + 61), length * bits)
    return _power_by_recurrence(a, n, length)


def _power_by_recurrence(a: Sequence[int], n: int, length: int) -> list[int]:
    # k a[0] q[k] = sum over j of ((n + 1) j - k) a[j] q[k - j], and the division is exact.
    terms = [(j, entry) for j, entry in enumerate(a) if j and entry]
    result = [a[0] ** n]
    for k in range(1, length):
        total = sum(((n + 1) * j - k) * entry * result[k - j] for j, entry in terms if j <= k)
        result.append(total // (k * a[0]))
    return result


def _entry_bytes(largest: int) -> int:
    return (largest.bit_length() + 7) // 8


def _pack(entries: Sequence[int], width: int) -> int:
    return int.from_bytes(b"".join(entry.to_bytes(width, "little") for entry in entries), "little")


def _unpack(number: int, width: int, length: int) -> list[int]:
    digits = number.to_bytes(width * length, "little")
    return [int.from_bytes(digits[i : i + width], "little") for i in range(0, len(digits), width)]


def refuse_product(bits: int) -> None:
    """Refuse a product of so many bits, before it is begun.

    Raises
    ------
    ExactnessError
        Beyond 2**27 bits.
    """
    if bits > _MAX_PRODUCT_BITS:
        raise ExactnessError(
            f"the exact law would take a product of {brief(bits)} bits, more than "
            f"{brief(_MAX_PRODUCT_BITS)}: give the operand as floats with .to_float()"
        )


def _refuse_power(work: int, bits: int) -> None:
    if work > _MAX_POWER_WORK or bits > _MAX_POWER_BITS:
        raise ExactnessError(
            f"the exact law would take {brief(Fraction(bits, 8 * 10**9))} GB and {brief(work)} digit products, more than "
            f"{_MAX_POWER_BITS / 8e9:.3g} GB or {_MAX_POWER_WORK:.3g}: give the operand as floats "
            "with .to_float()"
        )
