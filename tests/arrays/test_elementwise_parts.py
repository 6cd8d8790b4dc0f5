"""What elementwise accuracy is made of: parts of a problem, levels of digits, accurate direct sums."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.arrays import convolve, leading_digits, parts
from faltung.arrays.accurate_direct import run_direct_within
from faltung.arrays.call import CallOptions, prepare
from faltung.arrays.methods import METHODS
from faltung.options import Method
from tests import reference
from tests.arrays import strategies as draws
from tests.arrays.test_bounds import exact_entries
from tests.arrays.test_elementwise import assert_within


def test_many_taps_are_summed_in_parts():
    rng = np.random.default_rng(0)
    a, v = rng.uniform(1, 2, 3000), rng.uniform(1, 2, 2000)
    call = prepare(a, v, CallOptions(mode="valid", method="direct"))
    assert METHODS[Method.DIRECT].error_factor(call.problem) > 1e-14
    out = np.empty(1001)
    run_direct_within(call.problem, 1e-14, out, 1)
    exact = exact_entries(a, v, range(1999, 3000, 50))
    assert_within(out[::50], exact, exact, 1e-14, 2000)


@settings(max_examples=100)
@given(st.data())
def test_parts_are_parts_of_the_whole(data):
    a, v = data.draw(draws.operands(exponent=0))
    problem = prepare(a, v, CallOptions(**data.draw(draws.options(a, v)))).problem
    whole = np.empty(problem.output_shape, a.dtype)
    METHODS[Method.DIRECT].run(problem, whole, 1)
    axis = data.draw(st.integers(0, whole.ndim - 1))
    first = data.draw(st.integers(0, whole.shape[axis] - 1))
    end = data.draw(st.integers(first + 1, whole.shape[axis]))
    part = parts.of_outputs(problem, axis, first, end)
    expected = whole.take(range(first, end), axis)
    np.testing.assert_allclose(_sums(part, expected.shape), expected, rtol=1e-5, atol=1e-4)
    taps = problem.taps.shape[axis]
    middle = data.draw(st.integers(1, taps))
    halves = [parts.of_taps(problem, axis, 0, middle)]
    halves += [parts.of_taps(problem, axis, middle, taps)] if middle < taps else []
    total = sum(_sums(half, whole.shape) for half in halves)
    np.testing.assert_allclose(total, whole, rtol=1e-5, atol=1e-4)


def _sums(problem, shape):
    sums = np.zeros(shape)
    if problem is not None:
        assert problem.output_shape == shape
        sums = np.empty(shape, problem.input.dtype)
        METHODS[Method.DIRECT].run(problem, sums, 1)
    return sums


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("boundary", ["zero", "wrap", "constant"])
def test_what_is_known_of_a_level_holds(level, boundary, instruction_set):
    rng = np.random.default_rng(level)
    a, v = 10 ** rng.uniform(-6, 6, 80), rng.normal(size=60)
    fill = 7.3e5 if boundary == "constant" else 0.0
    options = {"mode": "same", "boundary": boundary, "fill_value": fill}
    problem = prepare(a, v, CallOptions(**options)).problem
    out = np.empty(80)
    known = leading_digits.run_leading_digits(problem, level, out, 1)
    plain = leading_digits.run_leading_digits(problem, 0, np.empty(80), 1)
    assert known is not None
    assert plain is not None
    exact = reference.convolve(a, v, **options)
    magnitudes = reference.convolve(a, abs(v), **options)
    for got, true, size in zip(out, exact, magnitudes, strict=True):
        allowed = Fraction(known.absolute) + Fraction(known.relative) * size
        assert abs(Fraction(got) - true) <= allowed
    assert known.absolute <= plain.absolute * 2.0 ** (-12 * level)


def test_digits_make_the_number_and_are_exact():
    rng = np.random.default_rng(0)
    values = rng.normal(size=200) * 10 ** rng.uniform(-30, 0, 200)
    cut = leading_digits._digits(values, -0.3, 2, (11, 3))
    for i, rest in enumerate(cut.rests):
        assert np.abs(rest.values).max() <= (1 if i else 2.0**12) * 2.0 ** (-11 * max(i - 1, 0))
        found = cut.digits[:i]
        columns = (digit.values for digit in found)
        for x, left, *digits in zip(values, rest.values, *columns, strict=True):
            parts_of_x = [
                Fraction(d) * Fraction(digit.unit) for d, digit in zip(digits, found, strict=True)
            ]
            made = sum(parts_of_x, Fraction(left))
            assert made * Fraction(cut.unit) == Fraction(x)
            assert abs(left * cut.unit) <= abs(x)
            assert all(d == round(d) for d in digits)


def test_a_part_may_begin_before_and_end_beyond_what_is_read():
    rng = np.random.default_rng(13)
    a, v = rng.normal(size=4), rng.normal(size=5)
    whole = convolve(a, v, dilation=8, method="direct")
    problem = prepare(a, v, CallOptions(dilation=8)).problem
    for first in range(0, 30, 3):
        part = parts.of_outputs(problem, 0, first, first + 3)
        out = np.full(3, np.nan)
        if part is None:
            out[...] = 0
        else:
            METHODS[Method.FFT].run(part, out, 1)
        np.testing.assert_allclose(out, whole[first : first + 3], atol=1e-13)
