"""Sums and products of scaled numbers entry by entry, against Fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faltung import _core
from faltung.distributions.weights.numbers import ScaledNumbers
from faltung.distributions.weights.scale import Scale
from tests.distributions.weights.scaled import fractions, numbers

ADDITION, PRODUCT = Fraction(2) ** -103, Fraction(2) ** -103

mantissas = st.floats(0.5, 1, exclude_max=True)
entry = st.one_of(
    st.just(0.0),
    mantissas,
    st.tuples(mantissas, st.integers(-4000, 4000)),
    st.tuples(mantissas, st.integers(-160, -90)),
)


def off(computed, true):
    """The largest relative error; zeros are zeros."""
    pairs = list(zip(computed, true, strict=True))
    assert all((c == 0) == (t == 0) for c, t in pairs)
    return max((abs(c - t) / t for c, t in pairs if t), default=Fraction(0))


def precise(values):
    """Numbers with low parts: thirds of what is given."""
    return numbers(values).times(Scale.from_fraction(Fraction(1, 3)))


@given(st.lists(st.tuples(entry, entry), min_size=1, max_size=20))
def test_products_and_sums(pairs):
    a, b = (precise(side) for side in zip(*pairs, strict=True))
    p, q = fractions(a), fractions(b)
    assert off(fractions(a.by(b)), [x * y for x, y in zip(p, q, strict=True)]) <= PRODUCT
    assert off(fractions(a.plus(b)), [x + y for x, y in zip(p, q, strict=True)]) <= ADDITION


@given(st.lists(entry, min_size=1, max_size=6), st.lists(entry, min_size=1, max_size=6))
def test_outer_products(rows, columns):
    a, b = precise(rows), precise(columns)
    true = [x * y for x in fractions(a) for y in fractions(b)]
    assert off(fractions(a.products(b)), true) <= PRODUCT


@given(st.lists(st.tuples(entry, st.integers(0, 4)), min_size=1, max_size=30))
def test_groups(pairs):
    values, groups = zip(*pairs, strict=True)
    a, where = precise(values), np.array(groups)
    true = [Fraction(0)] * 5
    for value, group in zip(fractions(a), groups, strict=True):
        true[group] += value
    assert off(fractions(a.grouped(where, 5)), true) <= len(pairs) * ADDITION


def test_joined_vectors_need_not_all_have_low_parts():
    plain, third = numbers([0.25, (0.5, -2000)]), precise([1.0])
    assert fractions(ScaledNumbers.joined([plain, third])) == fractions(plain) + fractions(third)


@given(st.fractions(min_value=Fraction(1, 10**60), max_value=10**60).filter(bool))
def test_fractions_as_scales(value):
    scale = Scale.from_fraction(value)
    assert abs(scale.fraction() / value - 1) <= Fraction(scale.relative)
    assert scale.relative <= 2.0**-158
    dyadic = Fraction(value.numerator, 2**70)
    assert Scale.from_fraction(dyadic).fraction() == dyadic or dyadic.numerator >= 2**160


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda a, b: _core.scaled_products(a.parts, b.parts), "as many"),
        (lambda a, b: _core.scaled_sums(a.parts, b.parts), "as many"),
        (lambda a, _: _core.scaled_groups(a.parts, np.array([0, 2]), 2), "groups from 0"),
        (lambda a, _: _core.scaled_groups(a.parts, np.array([0]), 2), "a group for each"),
    ],
    ids=["products", "sums", "far groups", "few groups"],
)
def test_vectors_that_do_not_fit(call, match):
    with pytest.raises(ValueError, match=match):
        call(numbers([0.5, 0.5]), numbers([0.5]))
