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
