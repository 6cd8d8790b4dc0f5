"""What every bound must count, each part of it where nothing else can make up for it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faltung.functions import Function, convolve
from tests.functions import exact


def off(function, truth, points):
    """The largest distance from an exact truth, as a Fraction."""
    values = function(np.asarray(points, dtype=float)).tolist()
    return max(abs(Fraction(v) - truth(Fraction(x))) for v, x in zip(values, points, strict=True))


def around(function, reach=0.0):
    """Points between the breaks, at them, beside them, and `reach` away from them."""
    breaks = function.breaks
    beside = [np.nextafter(breaks, side) for side in (-np.inf, np.inf)]
    spread = breaks[:-1] + np.diff(breaks) * np.array([[0.013], [0.41], [0.77], [0.99]])
    far = [breaks - reach, breaks + reach]
    return np.unique(np.concatenate([breaks, *beside, spread.ravel(), *far])).tolist()


# --- breaks that collapse ----------------------------------------------------------------------


def assert_bounds(f, g, points):
    """The convolution and its integral, against rational numbers."""
    h, a, b = convolve(f, g), exact.Lines.of(f), exact.Lines.of(g)
    assert off(h, lambda x: a.convolved(b, x), points) <= h.error_bound
    whole = h.cumulative()
    inside = [x for x in points if h.domain[0] <= x <= h.domain[1]]
    assert off(whole, lambda x: a.convolved_area(b, x), inside) <= whole.error_bound
    return h


def test_a_sliver_that_holds_all_the_mass_and_is_lost():
    f = Function.from_pieces([0, 1e-16, 1], [[1e16], [0.0]])
    h = assert_bounds(f, f, [0.0, 5e-17, 1e-16, 2e-16, 0.5, 2.0])
    assert h(1e-16) == 0.0
    assert h.error_bound >= 1e16


@pytest.mark.parametrize("place", [1.0, -1e6, 3e8, 1e10])
@pytest.mark.parametrize("heights", [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.5), (0.25, 0.5)])
def test_slivers_of_one_unit_in_the_last_place(place, heights):
    sliver = np.spacing(abs(place))
    f = Function.from_pieces([place, place + sliver], [heights])
    wide = Function.from_pieces([0, sliver, 1, 1 + 3 * sliver], [[1.0], heights, [-1.0]])
    for g in (f, wide):
        h = convolve(g, wide)
        assert_bounds(g, wide, around(h))


@given(
    st.sampled_from([0.0, 1.0, 1e6, 1e10]),
    st.lists(st.integers(1, 200), min_size=1, max_size=6),
    st.lists(st.floats(-1, 1), min_size=12, max_size=12),
)
def test_pieces_a_few_units_in_the_last_place_wide(place, steps, values):
    """Sums of such breaks merge in every way: parts, pairs and chains of them collapse."""
    unit = 2.0**-52 * max(place, 1.0)
    breaks = place + unit * np.concatenate([[0], np.cumsum(steps)])
    rows = np.reshape(values, (6, 2))[: len(steps)]
    f = Function.from_pieces([*breaks, place + 1], [*rows, [0.5]])
    h = convolve(f, f)
    a = exact.Lines.of(f)
    assert off(h, lambda x: a.convolved(a, x), around(h)) <= h.error_bound
