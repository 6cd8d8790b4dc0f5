"""Expected values where tails are heavy and densities have poles."""

from __future__ import annotations

import math
import warnings

import mpmath
import numpy as np
import pytest

from faltung.distributions import die, distribution, product
from faltung.errors import ResolutionError

STUDENT = distribution("student(3)")
CAUCHY = distribution("cauchy(0, 1)")
LEVY = distribution("levy(0, 1)")
ARCSINE = distribution("beta(0.5, 0.5)")
GAMMA = distribution("gamma(0.5, 1)")
HALF = float(mpmath.digamma(0.5))

CASES = [
    (STUDENT, lambda x: x**2, 3.0),
    (STUDENT, np.cos, (1 + math.sqrt(3)) * math.exp(-math.sqrt(3))),
    (CAUCHY, lambda x: np.arctan(x) ** 2, math.pi**2 / 12),
    (LEVY, lambda x: np.exp(-x), math.exp(-math.sqrt(2))),
    (LEVY, lambda x: 1 / x, 1.0),
    (ARCSINE, lambda x: x, 0.5),
    (ARCSINE, lambda x: x * x, 0.375),
    (ARCSINE, np.log, -2 * math.log(2)),
    (GAMMA, np.log, HALF),
    (GAMMA, lambda x: x * x, 0.75),
    (3 - 2 * GAMMA, lambda x: (3 - x) ** 2, 3.0),
    (GAMMA + die(6), lambda x: x, 4.0),
    (GAMMA + die(6), lambda x: x * x, 0.5 + 35 / 12 + 16),
]


@pytest.mark.parametrize(("law", "function", "true"), CASES)
def test_against_closed_forms_and_without_a_warning(law, function, true):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = law.expect(function)
    assert got == pytest.approx(true, rel=1e-12)


def test_the_mean_of_a_function_of_a_sum_with_a_pole():
    """E cos(X + A) is the real part of a product of characteristic functions."""
    own = (1 - 1j) ** -0.5
    dice = sum(np.exp(1j * k) for k in range(1, 7)) / 6
    assert (GAMMA + die(6)).expect(np.cos) == pytest.approx((own * dice).real, rel=1e-12)


@pytest.mark.parametrize("law", [STUDENT, CAUCHY, LEVY])
def test_what_does_not_exist_is_refused_without_a_warning(law):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ResolutionError):
            law.expect(lambda x: x**4)


def test_a_part_of_a_law_with_a_pole():
    inside = float(mpmath.gammainc(mpmath.mpf(1.5), 0.25, 2) / mpmath.gamma(0.5))
    assert GAMMA.expect(lb=0.25, ub=2) == pytest.approx(inside, rel=1e-12)


def test_moments_of_a_product():
    law = product(distribution("uniform(0, 1)"), distribution("expon(1)"))
    raw = [math.factorial(k) / (k + 1) for k in range(5)]
    variance = raw[2] - raw[1] ** 2
    fourth = raw[4] - 4 * raw[1] * raw[3] + 6 * raw[1] ** 2 * raw[2] - 3 * raw[1] ** 4
    assert law.kurtosis() == pytest.approx(fourth / variance**2 - 3, rel=1e-11)
    assert law.moment(4) == pytest.approx(raw[4], rel=1e-11)
