"""Sums whose terms live on scales that are many orders of magnitude apart."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from faltung.distributions import distribution

PLACES = np.array([-1e9, -1e3, -10.0, -1.0, 0.0, 1e-9, 1.0, 5.0, 10.0, 1e3, 1e9])


@pytest.mark.parametrize("other", ["normal(0, 1)", "logistic(0, 1)", "cauchy(0, 1)", "student(3)"])
@pytest.mark.parametrize("sign", [1, -1])
def test_both_tails_make_one(other, sign):
    law = (distribution(scipy.stats.lognorm(2.0)) + distribution(other)) * sign
    whole = law.cdf(PLACES) + law.sf(PLACES)
    assert np.abs(whole - 1).max() <= 2 * law.error_bound + 1e-15 < 1e-10
    assert law.sf(law.isf(0.3)) == pytest.approx(0.3)
    assert law.cdf(law.ppf(0.3)) == pytest.approx(0.3)
    assert law.ppf(0.3) == pytest.approx(law.isf(0.7), rel=1e-9)


@pytest.mark.parametrize(
    "scales",
    [
        (0.25, -0.04, -21.5),
        (-2e-6, -12.0, 0.125),
        (-500.0, 25.0, -1.0, 0.0065, 55.0),
        (2.0**-10, 2.0**10, -1.0),
    ],
)
def test_what_changes_fast_beside_a_knot_of_a_wide_law_is_seen(scales):
    law, *others = (abs(scale) * np.sign(scale) * distribution("expon(1)") for scale in scales)
    for other in others:
        law = law + other
    places = np.array([abs(scale) * part for scale in scales for part in (0.02, 0.5, 3.0)])
    for side in (1, -1):
        # Partial fractions of the product of 1 / (1 - a z), one for each scale a of this side.
        own = [a for a in scales if a * side > 0]
        shares = [np.prod([a / (a - b) for b in scales if b != a]) for a in own]
        heights = [c * np.exp(-places / abs(a)) / abs(a) for c, a in zip(shares, own, strict=True)]
        assert law.pdf(side * places) == pytest.approx(
            np.sum(heights, axis=0), rel=1e-11, abs=1e-14
        )
    assert law.error_bound < 1e-10
