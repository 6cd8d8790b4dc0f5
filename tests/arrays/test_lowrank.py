"""Lines found for kernels: exactly, to rounding, to a tolerance; all checked in Fractions."""

from __future__ import annotations

import functools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import faltung as ft
from faltung.arrays import lowrank
from tests import reference

TYPES = [np.float32, np.float64]


def separate(*arguments: Any) -> Any:
    """What is found, or None; the tests that look into it fail if it is None."""
    return lowrank.separate(*arguments)


def product_of(lines):
    """The product of lines as Fractions."""
    return functools.reduce(np.multiply.outer, [reference.exact(line) for line in lines])


def sum_of_terms(separation):
    return sum(product_of(term) for term in separation.terms)


def norm(fractions):
    return math.sqrt(sum(x * x for x in fractions.ravel()))


@st.composite
def whole_lines(draw, largest=60):
    """Lines of whole numbers, none all zero, for two or three axes of several taps."""
    lengths = draw(st.lists(st.integers(2, 6), min_size=2, max_size=3))
    line = st.integers(-largest, largest)
    return [
        draw(st.lists(line, min_size=n, max_size=n).filter(any)) for n in lengths
    ]  # fmt: skip


@given(whole_lines(), st.sampled_from(TYPES), st.integers(-30, 30), st.data())
def test_a_product_of_whole_lines_is_found_exactly(lines, dtype, power, data):
    whole = functools.reduce(np.multiply.outer, [np.array(line) for line in lines])
    taps = np.ldexp(whole.astype(dtype), power)
    found = separate(taps, data.draw(st.integers(0, taps.ndim - 1)))
    assert found.deviation == 0
    assert (sum_of_terms(found) == reference.exact(taps)).all()


@given(whole_lines(), st.data())
def test_one_tap_off_and_it_is_no_product(lines, data):
    taps = functools.reduce(np.multiply.outer, [np.array(line, float) for line in lines])
    place = tuple(data.draw(st.integers(0, n - 1)) for n in taps.shape)
    # With another entry of the same row and column it is determined by the rest.
    others = [np.delete(taps, i, axis) for axis, i in enumerate(place)]
    changed = taps.copy()
    changed[place] += 1
    if all(other.any() for other in others) and np.delete(others[0], place[1], 1).any():
        assert separate(changed, 0) is None


@given(
    st.lists(st.integers(2, 9), min_size=2, max_size=3),
    st.sampled_from(TYPES),
    st.integers(0, 10**6),
)
def test_a_rounded_product_is_found_to_rounding(lengths, dtype, seed):
    rng = np.random.default_rng(seed)
    lines = [rng.normal(size=n) * 10.0 ** rng.integers(-3, 4) for n in lengths]
    lines[0][rng.integers(lengths[0])] = 0
    taps = functools.reduce(np.multiply.outer, lines).astype(dtype)
    found = separate(taps, len(lengths) - 1)
    roundoff = Fraction(float(np.finfo(dtype).eps)) / 2
    assert Fraction(found.deviation) <= 4 * taps.ndim * roundoff
    exact = reference.exact(taps)
    difference = np.abs(sum_of_terms(found) - exact)
    assert (difference <= Fraction(found.deviation) * np.abs(exact)).all()


@given(hnp.arrays(np.float64, (4, 5), elements=st.floats(-1, 1).map(lambda x: x + 2)), st.data())
def test_a_tolerance_holds_in_the_norm(taps, data):
    tolerance = data.draw(st.sampled_from([0.3, 1e-2, 1e-6, 1e-13]))
    found = separate(taps, 1, tolerance)
    exact = reference.exact(taps)
    assert found.deviation <= tolerance
    assert norm(sum_of_terms(found) - exact) <= found.deviation * norm(exact) * (1 + 1e-12)
    spread = sum(norm(product_of(term)) for term in found.terms)
    assert spread <= found.spread * norm(exact) * (1 + 1e-12)


def test_terms_are_the_fewest_and_grow_with_accuracy():
    radius = np.hypot(*np.mgrid[-7:8, -7:8])
    counts = [len(separate(radius, 0, t).terms) for t in (0.2, 1e-2, 1e-4, 1e-9)]
    assert counts == sorted(counts)
    assert counts[0] == 1
    assert counts[-1] <= np.linalg.matrix_rank(radius, 1e-10)
    deep = np.sqrt((np.mgrid[-2:3, -2:3, -2:3] ** 2).sum(0))
    found = separate(deep.astype(np.float32), 2, 1e-5)
    exact = reference.exact(deep.astype(np.float32))
    assert norm(sum_of_terms(found) - exact) <= found.deviation * norm(exact)


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize(
    "kernel",
    [
        ft.kernels.gaussian(4), ft.kernels.gaussian((1, 2, 3)), ft.kernels.binomial(9),
        ft.kernels.box((5, 3)), ft.kernels.sobel(0), ft.kernels.scharr(1, dimensions=3),
    ],
    ids=["gaussian", "gaussian-3", "binomial", "box", "sobel", "scharr-3"],
)  # fmt: skip
def test_named_kernels_are_products(kernel, dtype):
    assert separate(kernel.astype(dtype), 0) is not None


def test_what_is_no_product():
    for taps in (
        ft.kernels.laplacian(), ft.kernels.disk(3), np.eye(3), np.zeros((3, 3)),
        np.array([[1, np.nan], [1, 1]]), np.array([[1, np.inf], [1, 1]]),
    ):  # fmt: skip
        assert separate(taps, 0) is None


def test_whole_numbers_of_many_bits_are_left_to_rounding():
    lines = [np.array([2.0**40 + 1, 3.0]), np.array([2.0**20 + 1, 5.0])]
    found = separate(np.multiply.outer(*lines), 0)
    assert found.deviation <= 8 * 2.0**-53
    # Lines that must each be whole, although their pivots have a common divisor with the rest.
    found = separate(np.multiply.outer([2.0, 6.0, 4.0], [3.0, 9.0, 15.0]), 1)
    assert found.deviation == 0
    assert np.array_equal(
        np.multiply.outer(*found.terms[0]), np.multiply.outer([2, 6, 4], [3, 9, 15])
    )


def test_zeros_and_the_smallest_numbers_are_kept_or_the_kernel_is_refused():
    bell = ft.kernels.binomial(129, dimensions=1)
    assert separate(np.multiply.outer(bell, bell).astype(np.float32), 0) is None
    tiny = np.multiply.outer([1.0, 2.0, 1.0], [1.0, 3.0]) * 1e-300
    found = separate(tiny, 1)
    assert (sum_of_terms(found) == reference.exact(tiny)).all() or found.deviation > 0
    huge = np.multiply.outer([1.0, 2.0, 1.0], [1.0, 0.0]) * 2.0**1022
    assert separate(huge, 1) is None
