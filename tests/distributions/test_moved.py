"""Densities moved, scaled and mixed with atoms, against rational numbers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import faltung as ft
from faltung.distributions import Density, Lattice
from faltung.functions import Function, box, hat
from faltung.functions.bounds import Deviation
from tests.functions import exact

SHAPES = st.sampled_from(
    [
        (box(0.1, 1.1), exact.box(0.1, 1.1)),
        (box(-3, 5, 0.125), exact.box(-3, 5, Fraction(1, 8))),
        (hat(-1, 0, 1), exact.hat(-1, 0, 1)),
        (box(1e6, 1e6 + 1), exact.box(10**6, 10**6 + 1)),
    ]
)
OFFSETS = st.one_of(
    st.sampled_from(
        [0, 10**6, 10**10, -(10**12), Fraction(1, 3), Fraction(10**9) + Fraction(1, 7)]
    ),
    st.fractions(-(10**12), 10**12, max_denominator=1000),
)
FACTORS = st.one_of(
    st.sampled_from([Fraction(1, 3), Fraction(1, 10**8), 10**8, 7, Fraction(10, 3)]),
    st.fractions(Fraction(1, 60), 100, max_denominator=60),
)


def moved(shape, factor, offset):
    """A law and its density in rational numbers; refused if its breaks cannot be told apart."""
    function, lines = shape
    try:
        made = Density(function) * factor + offset
    except ft.errors.OptionError:
        reject()
    return made, lines.moved(factor, offset).times(1 / Fraction(factor))


def points_within(made):
    """Points at and between the breaks and beyond them."""
    breaks = made.function.breaks
    inner = breaks[:-1] + np.diff(breaks) * np.array([[0.013], [0.41], [0.77]])
    beside = [np.nextafter(breaks, side) for side in (-np.inf, np.inf)]
    ends = breaks[[0, -1]] + np.array([-0.1, 0.1]) * np.ptp(breaks)
    return np.unique(np.concatenate([breaks, *beside, inner.ravel(), ends])).tolist()


def worst(made, below, whole=1):
    """The largest error of cdf and sf."""
    points = points_within(made)
    true = [below(Fraction(x)) for x in points]
    pairs = zip(made.cdf(points).tolist(), made.sf(points).tolist(), true, strict=True)
    return max(
        max(abs(Fraction(low) - t), abs(Fraction(high) - (whole - t))) for low, high, t in pairs
    )


@given(SHAPES, FACTORS, OFFSETS)
def test_moved_laws(shape, factor, offset):
    made, lines = moved(shape, factor, offset)
    assert worst(made, lines.area) <= made.error_bound
    reach = Fraction(made.function.break_bound)
    breaks = [Fraction(b) for b in made.function.breaks.tolist()]
    for x in points_within(made):
        if min(abs(Fraction(x) - b) for b in breaks) > reach:
            assert abs(Fraction(made.pdf(x)) - lines(x)) <= made.pdf_error_bound


@given(SHAPES, SHAPES, FACTORS, OFFSETS, OFFSETS)
@settings(max_examples=60)
def test_sums_of_moved_laws(first, second, factor, offset, other):
    x, a = moved(first, factor, offset)
    y, b = moved(second, 1, other)
    try:
        total = x + y
    except ft.errors.ResolutionError:
        reject()
    assert worst(total, lambda t: a.convolved_area(b, t)) <= total.error_bound
    for t in points_within(total):
        assert abs(Fraction(total.pdf(t)) - a.convolved(b, t)) <= total.pdf_error_bound


def test_a_jump_far_away_and_a_third():
    far, lines = moved((box(0.1, 1.1), exact.box(0.1, 1.1)), 1, 10**10)
    assert worst(far, lines.area) <= far.error_bound < 1e-14
    third, lines = moved((box(1e6, 1e6 + 1), exact.box(10**6, 10**6 + 1)), Fraction(1, 3), 0)
    assert 1e-12 < worst(third, lines.area) <= third.error_bound < 1e-9
    again = far - 10**10
    true = exact.box(0.1, 1.1)
    assert worst(again, true.area) <= again.error_bound < 1e-14


def test_the_error_of_the_mass_counts_when_it_is_divided_by():
    """The function is off by 1e-3 everywhere, and so may its integral be."""

    def rough(height):
        pieces = Function.from_pieces([0, 1], [[height]])._pieces
        return Function._of(replace(pieces, deviation=Deviation(*np.full((2, 1), 1e-3))))

    made = Density(rough(2.0), normalize=True)
    # The density may be 2.001 + anything within 1e-3 of 2, its integral 1.999: 1.001 at most.
    assert made.pdf_error_bound >= 1e-3 / 2 + 1e-3 / 2
    assert made.pdf_error_bound <= 1.1e-3
    assert made.error_bound >= 1e-3
    with pytest.raises(ft.errors.DataError, match="must be positive to divide by it"):
        Density(rough(1e-6), normalize=True)


def test_atoms_that_are_no_doubles_count():
    """The floats next to the points at 1e9 + 1/3 are off by up to 6e-8, the differences are not."""
    start = Fraction(10**9) + Fraction(1, 3)
    law = Density(box(0, 1)) + Lattice([0.5, 0.5], start=start)
    lines = exact.Lines([(start, start + 1, 0.5, 0.5), (start + 1, start + 2, 0.5, 0.5)])
    x = (10**9 + np.linspace(0, 3, 41)).tolist()
    true = [lines.area(Fraction(each)) for each in x]
    error = max(abs(Fraction(c) - t) for c, t in zip(law.cdf(x).tolist(), true, strict=True))
    assert error <= law.error_bound < 1e-14
