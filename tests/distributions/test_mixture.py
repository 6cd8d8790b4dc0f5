"""A density and atoms: what the rounding of atoms and of x - a does to pdf, cdf and `function`."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import faltung as ft
from faltung.distributions import Density, Lattice, die, distribution
from faltung.distributions.continuous.mixture import Places, mass_within, wander, wandering
from faltung.functions import Function, box, hat
from tests.functions import exact

WIDTH = Fraction(1, 2**24)
TENT = Density(hat(-float(WIDTH), 0, float(WIDTH)) * 2.0**24)


def tent(place, x):
    """The narrow triangle about a place, at x."""
    return max(1 - abs(Fraction(x) - place) / WIDTH, Fraction(0)) / WIDTH


def test_the_slope_of_the_density_counts_where_atoms_are_rounded():
    """1/10 is no float, and the slope is 2**48; `pdf` knows x - 1/10 to all digits."""
    law = TENT + Lattice([0.5, 0.5], start=0.1)
    x = [float(Fraction(1, 10) + share * WIDTH) for share in map(Fraction, (0.3, 0.5, -0.4, 0.25))]
    true = [tent(Fraction(1, 10), each) / 2 for each in x]
    error = max(abs(Fraction(p) - t) for p, t in zip(law.pdf(x).tolist(), true, strict=True))
    assert error <= law.pdf_error_bound < 1e-7
    joined = max(abs(Fraction(v) - t) for v, t in zip(law.function(x).tolist(), true, strict=True))
    assert 1e-4 < joined <= law.function.error_bound < 1


@pytest.mark.parametrize(
    ("sigma", "start", "step"), [(1, 12345.3, 1), (1e-6, 0.1, 0.1), (1e-3, 1e6 + 0.1, 1)]
)
def test_normals_about_atoms(sigma, start, step):
    noise = distribution(stats.norm(0, sigma))
    assert isinstance(noise, Density)
    law = noise + Lattice([0.5, 0.5], start=start, step=step)
    with mpmath.workdps(40):
        places = [mpmath.mpf(str(start)), mpmath.mpf(str(start)) + mpmath.mpf(str(step))]
        for z in (-1, -0.7, 0.5, 1, 1.3):
            x = start + z * sigma
            true = sum(mpmath.npdf(mpmath.mpf(x) - a, 0, sigma) for a in places) / 2
            assert abs(mpmath.mpf(law.pdf(x)) - true) <= law.pdf_error_bound
            assert abs(mpmath.mpf(law.function(x)) - true) <= law.function.error_bound
            true = sum(mpmath.ncdf(mpmath.mpf(x) - a, 0, sigma) for a in places) / 2
            assert abs(mpmath.mpf(law.cdf(x)) - true) <= law.error_bound


@given(
    st.fractions(-(10**6), 10**6, max_denominator=999),
    st.fractions(Fraction(1, 10), 10, max_denominator=99),
    st.floats(-1.2, 1.2),
)
@settings(max_examples=60)
def test_atoms_anywhere(start, step, share):
    law = TENT + Lattice([0.25, 0.75], start=start, step=step)
    for k, weight in enumerate((Fraction(1, 4), Fraction(3, 4))):
        place = start + k * step
        x = float(place + Fraction(share) * WIDTH)
        true = weight * tent(place, x)
        assert abs(Fraction(law.pdf(x)) - true) <= law.pdf_error_bound
        assert abs(Fraction(law.function(x)) - true) <= law.function.error_bound


def test_a_jump_counts_as_near_as_x_minus_the_atom_is_known():
    """The box begins at 1e9 + 1/3, which is 4e-9 from a float; x less that is known all the same."""
    start = Fraction(10**9) + Fraction(1, 3)
    law = Density(box(0, 1)) + Lattice([0.5, 0.5], start=start)
    reach = Fraction(law.break_bound)
    assert reach < 1e-15
    lines = exact.Lines([(start, start + 2, 0.5, 0.5)])
    near = float(start)
    for x in [near, *(math.nextafter(near, side) for side in (0, math.inf)), near + 1, near + 0.5]:
        if min(abs(Fraction(x) - start - k) for k in range(3)) > reach:
            assert abs(Fraction(law.pdf(x)) - lines(x)) <= law.pdf_error_bound < 12
    assert Density(box(0, 1)).break_bound == 0 == TENT.break_bound
    assert (TENT + die(2)).break_bound == 0  # it is continuous


def test_function_has_its_copies_at_the_exact_points():
    """Neither atom is a float; the boxes about them overlap."""
    start = Fraction(1, 3)
    law = Density(box(0, 1)) + Lattice([1, 1], start=start, step=Fraction(1, 7), normalize=True)
    places = [start, start + Fraction(1, 7)]
    for x in np.linspace(0.2, 1.7, 31).tolist():
        true = Fraction(sum(a <= x <= a + 1 for a in places), 2)
        assert abs(Fraction(law.function(x)) - true) <= law.function.error_bound
    gaps = [
        min(abs(Fraction(b) - a - k) for a in places for k in (0, 1)) for b in law.function.breaks
    ]
    assert 0 < max(gaps) <= law.function.break_bound < 1e-15


def test_what_a_wandering_x_does_is_in_proportion():
    function, few = TENT.function, Places.of(Lattice([0.5, 0.5], start=1e6 + 0.1))
    assert 2.0**-53 * float(WIDTH) < wander(function, few) < 1e-22
    many = Places.of(Lattice(np.full(5000, 1 / 5000), start=1e6))
    assert 2.0**-53 * 1e6 < wander(function, many) < 2.0**-52 * 1e6
    assert wander(function, None) == 0
    assert wandering(function, None) is function
    assert mass_within(function, 0.0, TENT._below) == 0
    assert mass_within(function, 1e-12, TENT._below) >= 2.0**24 * 1e-12
    law = TENT + Lattice([0.5, 0.5], start=1e6)
    assert law.error_estimate >= 1e-4 * law.error_bound


@given(st.fractions(-(10**9), 10**9), st.fractions(-1, 1))
def test_differences_from_atoms_are_rounded_once(place, apart):
    places, x = Places.of(Lattice([1.0], start=place)), float(place + apart)
    true = Fraction(x) - place
    found = places.from_each(np.array([x]))[0, 0]
    assert abs(Fraction(float(found)) - true) <= Fraction(2**-52) * abs(true) + Fraction(2**-1074)


# --- what SciPy's integral and cdf say -----------------------------------------------------------


class Heavy(stats.rv_continuous):  # type: ignore[misc]
    """A uniform law whose density is too large by a ten-millionth."""

    def _pdf(self, x):
        return np.full_like(x, 1 + 1e-7)

    def _cdf(self, x):
        return x


class Apart(stats.rv_continuous):  # type: ignore[misc]
    """A uniform law whose cdf is off by 1e-9."""

    def _pdf(self, x):
        return np.ones_like(x)

    def _cdf(self, x):
        return x + 4e-9 * x * (1 - x)


def test_an_integral_other_than_one_is_an_error_of_the_density(monkeypatch):
    monkeypatch.setattr("faltung.distributions.scipy_laws.continuous._LARGEST_BOUND", 1e-6)
    law = distribution(Heavy(a=0.0, b=1.0, name="heavy")())
    assert isinstance(law, Density)
    assert abs(law.pdf(0.5) - 1) <= law.pdf_error_bound <= 2e-7
    assert 0.99e-7 <= law.relative_error_bound(0.5, of="pdf") <= 1.1e-7
    assert abs(law.cdf(1.0 - 2.0**-53) - 1) <= law.error_bound <= 2.1e-7
    narrow = Density(box(0, 2.0**-10) * 2.0**10)
    total = law + narrow
    assert abs(total.pdf(0.5) - 1) <= total.pdf_error_bound
    assert 0.99e-7 <= total.relative_error_bound(0.5) <= 1.1e-7


def test_a_cdf_that_disagrees_says_nothing_of_the_density():
    law = distribution(Apart(a=0.0, b=1.0, name="apart")())
    assert isinstance(law, Density)
    assert 0.99e-9 <= law.error_bound <= 1.1e-9
    assert law.pdf_error_bound < 1e-14
    assert law.neglected_mass == 0
    twice = law + law
    assert 1.98e-9 <= twice.error_bound <= 2.2e-9
    assert (twice * 3 + 1).error_bound >= 1.98e-9


# --- densities in narrow and far places ----------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high"),
    [(1.7e9, 1.7e9 + 0.01), (1e6, 1e6 + 1e-5), (-3e-320, 3e-320), (0.0, 5e-324), (-8e307, 8e307)],
)
def test_moments_of_boxes_anywhere(low, high):
    if high - low < 1e-300:
        function = Function.from_pieces([low, high], [[1.0]])
        with pytest.raises(ft.errors.DataError):
            Density(function, normalize=True)
        return
    law = Density(box(low, high), normalize=True)
    middle = (Fraction(low) + Fraction(high)) / 2
    width = Fraction(high) - Fraction(low)
    assert law.mean() == pytest.approx(float(middle), rel=1e-15, abs=1e-15 * float(width))
    if width < 1e150:
        assert law.var() == pytest.approx(float(width**2 / 12), rel=1e-13)
    assert law.support() == (low, high)


def test_moments_where_the_middle_is_no_float():
    law = Density(box(1e16, 1e16 + 6), normalize=True)
    assert law.mean() in (1e16 + 2, 1e16 + 4)  # the middle is between
    assert law.var() == pytest.approx(3, rel=1e-14)


def test_factors_that_are_hardly_floats():
    law = distribution(stats.norm(0, 1e200)) * 5e-324
    with mpmath.workdps(30):
        sigma = mpmath.mpf("5e-124")
        for x in (-3e-124, 0.0, 1e-123):
            true = mpmath.ncdf(mpmath.mpf(x) / sigma)
            assert abs(mpmath.mpf(law.cdf(x)) - true) <= law.error_bound < 1e-9
    with pytest.raises(
        ft.errors.OptionError, match=r"times 4.94\S* is beyond .* factor nearer to 1"
    ):
        _ = Density(box(0.1, 1.1)) * 5e-324
    with pytest.raises(ft.errors.OptionError, match=r"times 1e-400 is beyond"):
        _ = Density(box(0.1, 1.1)) * Fraction(1, 10**400)


@pytest.mark.parametrize("size", [-1, 1.5, 10**400, 2**60, (-1, 2)])
@pytest.mark.parametrize("law", [Density(box(0, 1)), Density(box(0, 1)) + die(6), die(6)])
def test_sizes_that_are_no_shapes(law, size):
    with pytest.raises(ft.errors.OptionError, match="write a whole number >= 0"):
        law.rvs(size)


@pytest.mark.parametrize("law", [Density(box(0, 1)), Density(box(-1, 1) * 0.5), TENT])
def test_more_copies_than_a_float_can_count(law):
    with pytest.raises(ft.errors.OptionError, match=r"n=1e\+400: .* nothing would be known"):
        law.sum(10**400)
    assert law.sum(100).error_bound < 1e-6
