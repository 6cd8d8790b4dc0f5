"""Exact powers: both recurrences, in the core and in Python, and the power of one long integer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faltung._core import run_recurrence
from faltung.distributions.numbers.powers import _steps_of, power, power_head
from faltung.errors import ExactnessError
from tests.distributions.discrete.exactly import power as plainly

entries = st.one_of(st.integers(0, 3), st.integers(0, 10**40))
polynomials = st.lists(entries, min_size=1, max_size=6).map(lambda a: [1 + a[0], *a[1:]])
runs = st.tuples(st.integers(1, 10**20), st.integers(1, 9)).map(lambda cm: [cm[0]] * cm[1])


@given(st.one_of(polynomials, runs), st.integers(1, 12), st.integers(1, 80))
def test_powers_and_their_heads(a, n, length):
    expected = plainly(a, n)
    assert power(a, n) == expected
    assert power_head(a, n, length) == expected[:length]
    steps = _steps_of(a, n)
    assert steps._run_plain(len(expected), 0) == expected


@pytest.mark.parametrize(
    ("a", "n"),
    [([1] * 6, 1000), ([1, 1], 5000), ([1] * 50, 200), ([3, 0, 0, 1], 500), ([2**61, 1], 40)],
)
def test_large_powers_modulo_primes(a, n):
    """Evaluated at a few places: a wrong digit would show in each."""
    found = power(a, n)
    assert len(found) == n * (len(a) - 1) + 1
    for prime, x in ((2**61 - 1, 123_456_789), (10**9 + 7, 31_337), (2**31 - 1, 2)):
        value = 0
        for entry in reversed(found):
            value = (value * x + entry) % prime
        base = sum(c * pow(x, j, prime) for j, c in enumerate(a))
        assert value == pow(base, n, prime)


def test_heads_of_powers_too_large_to_compute():
    n = 10**9
    assert power_head([1, 1], n, 4) == [math.comb(n, k) for k in range(4)]
    assert power_head([1] * 1000, n, 4) == [math.comb(n + k - 1, k) for k in range(4)]
    with pytest.raises(ExactnessError, match="GB and .* digit products"):
        power_head([1, 1], n, 10**8)


def rows(length, width, first=1):
    result = np.zeros((length, width), dtype=np.uint64)
    result[0, 0] = first
    return result


def run(columns, divisor, digits):
    shifts, constants, slopes = (np.array(column, dtype=np.int64) for column in columns)
    run_recurrence(shifts, constants, slopes, divisor, digits)


def test_a_recurrence_with_a_remainder_is_refused():
    with pytest.raises(ValueError, match="a division is not exact"):
        run(([1], [1], [0]), 1, rows(4, 1))  # q[2] = 1/2


def test_a_recurrence_that_outgrows_its_rows_is_refused():
    with pytest.raises(ValueError, match="a division is not exact"):
        run(([1], [0], [2**40]), 1, rows(4, 1))


@pytest.mark.parametrize(
    ("columns", "divisor", "message"),
    [
        (([0], [1], [1]), 1, "shifts are positive"),
        (([1], [1, 2], [1]), 1, "as many constants"),
        (([1], [1], [1]), 0, "positive divisor"),
    ],
)
def test_the_core_checks_its_arguments(columns, divisor, message):
    with pytest.raises(ValueError, match=message):
        run(columns, divisor, rows(3, 1))
