"""Convolution of sequences of non-negative Python integers of any size, exactly."""

from __future__ import annotations

from collections.abc import Sequence

from faltung.distributions.numbers.rational import brief
from faltung.errors import ExactnessError

# Beyond this an exact law takes minutes or gigabytes: it is refused before any work is done.
_MAX_PRODUCT_BITS = 2**27  # CPython multiplies this (Karatsuba) in about a minute


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
    return unpack(pack(a, width) * pack(b, width), width, length)


def _entry_bytes(largest: int) -> int:
    return (largest.bit_length() + 7) // 8


def pack(entries: Sequence[int], width: int) -> int:
    """Return one long integer with the entries as its digits, `width` bytes each."""
    return int.from_bytes(b"".join(entry.to_bytes(width, "little") for entry in entries), "little")


def unpack(number: int, width: int, length: int) -> list[int]:
    """Return the lowest `length` digits of a long integer, `width` bytes each."""
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
