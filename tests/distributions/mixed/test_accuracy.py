"""Relative bounds of mixtures and operations, where the parts have some of their own."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest

from faltung.distributions import (
    Density,
    Mixed,
    die,
    discretize,
    distribution,
    maximum,
    minimum,
    mixture,
    point,
)
from faltung.distributions.law.vectors import vectorized
from faltung.errors import OptionError
from faltung.functions import Function


class Exponential(Density):
    """The exponential law by its own formulas, within a few roundings."""

    def cdf(self, x, *, exact=False):  # noqa: ARG002
        return vectorized(lambda x: -np.expm1(-np.maximum(x, 0)), x)

    def sf(self, x, *, exact=False):  # noqa: ARG002
        return vectorized(lambda x: np.exp(-np.maximum(x, 0)), x)

    def pdf(self, x, *, exact=False):  # noqa: ARG002
        return vectorized(lambda x: np.where(x >= 0, np.exp(-np.maximum(x, 0)), 0.0), x)

    def logsf(self, x):
        return vectorized(lambda x: -np.maximum(x, 0), x)

    def isf(self, q):
        return vectorized(lambda q: -np.log(q), q)

    def ppf(self, q):
        return vectorized(lambda q: -np.log1p(-q), q)

    def support(self):
        return 0.0, math.inf

    def relative_error_bound(self, x, *, of="cdf"):  # noqa: ARG002
        return np.full_like(np.asarray(x, dtype=float), 4e-16)

    @property
    def error_bound(self) -> float:
        return 4e-16

    @property
    def neglected_mass(self) -> float:
        return 0.0


def own_exponential() -> Any:
    law = object.__new__(Exponential)
    law.__dict__.update(Density(Function(lambda x: np.exp(-x), (0, 40)), normalize=True).__dict__)
    return law


EXPON = own_exponential()


def test_mixtures_keep_relative_accuracy_far_out():
    law: Any = mixture([point(0), EXPON], [0.25, 0.75])
    for x in (1.0, 30.0, 600.0):
        with mpmath.workdps(30):
            true = mpmath.mpf(3) / 4 * mpmath.exp(-mpmath.mpf(x))
            bound = law.relative_error_bound(x, of="sf")
            assert abs(law.sf(x) / true - 1) <= bound < 3e-15
    assert law.relative_error_bound(0.0) < 1e-14
    assert law.relative_error_bound(-1.0, of="sf") < 1e-14
    assert law.relative_error_bound([-1.0], of="cdf").tolist() == [0.0]
    with pytest.raises(OptionError, match="of='pdf'"):
        law.relative_error_bound(1.0, of="pdf")


def test_extremes_keep_relative_accuracy_on_both_sides():
    last: Any = maximum(EXPON, EXPON, EXPON)
    first: Any = minimum(EXPON, EXPON)
    with mpmath.workdps(400):
        for x in (1e-100, 1e-5, 1.0, 50.0, 300.0):
            p = -mpmath.expm1(-mpmath.mpf(x))
            q = 1 - p
            for law, of, true in (
                (last, "cdf", p**3),
                (last, "sf", 1 - p**3),
                (first, "cdf", 1 - q**2),
                (first, "sf", q**2),
            ):
                bound = law.relative_error_bound(x, of=of)
                value = mpmath.mpf(float(getattr(law, of)(x)))
                assert abs(value - true) <= bound * true or true < 1e-290
                assert bound < 1e-14 or true < 1e-290
    mixed: Any = maximum(die(6), EXPON)
    assert mixed.relative_error_bound(200.0, of="sf") < 1e-14


def test_order_statistics_keep_relative_accuracy():
    law = EXPON.order_statistic(3, 5)
    with mpmath.workdps(60):
        for x in (1e-50, 1e-3, 2.0, 60.0):
            p = -mpmath.expm1(-mpmath.mpf(x))
            for of, true in (
                ("cdf", mpmath.betainc(3, 3, 0, p, regularized=True)),
                ("sf", mpmath.betainc(3, 3, 0, 1 - p, regularized=True)),
            ):
                bound = law.relative_error_bound(x, of=of)
                assert abs(mpmath.mpf(float(getattr(law, of)(x))) / true - 1) <= bound < 2e-12


def test_cells_of_an_accurate_law_are_relatively_accurate():
    law = discretize(EXPON, 0.5, neglected=1e-200)
    assert law.error_bound < 1e-13
    assert law.neglected_mass <= 1.1e-200
    with mpmath.workdps(120):
        for k in (0, 1, 9, 300, 800):
            edges = [mpmath.exp(-max(mpmath.mpf(k) / 2 + s, 0)) for s in (-0.25, 0.25)]
            true = edges[0] - edges[1]
            assert abs(mpmath.mpf(law.pmf(k / 2)) / true - 1) <= law.error_bound
    kept = discretize(EXPON, 0.5, "mean", neglected=1e-200)
    with mpmath.workdps(120):
        average = 2 * (1 - mpmath.exp(-mpmath.mpf(1) / 2))
        for k in (1, 40, 700):
            true = average * (mpmath.exp(mpmath.mpf(1) / 2) - 1) * mpmath.exp(-mpmath.mpf(k) / 2)
            assert abs(mpmath.mpf(kept.pmf(k / 2)) / true - 1) <= kept.error_bound < 1e-12


def test_truncation_far_out_is_known_as_well_as_the_tail():
    law = EXPON.clip(high=20)
    assert law.pmf(20) == pytest.approx(math.exp(-20), rel=1e-15)
    assert law.relative_error_bound(19.9, of="sf") < 0.1


@pytest.mark.parametrize("of", ["cdf", "sf"])
def test_a_part_that_is_below_all_floats_takes_no_digits_from_the_others(of):
    """A narrow law beside a wide one, and a convolved one, whose bounds end before its tail does."""
    wide = distribution("normal(0, 100)")
    convolved = distribution("weibull(2, 1)") - distribution("weibull(2, 1)")
    law = mixture([wide, distribution("normal(0, 1)"), convolved], [0.2, 0.5, 0.3])
    assert isinstance(law, Mixed)
    x = np.array([30.0, 100.0, 3000.0]) * (1 if of == "sf" else -1)
    bounds = law.relative_error_bound(x, of=of)
    assert (bounds < 1e-11).all()
    assert (abs(getattr(law, of)(x) / (0.2 * getattr(wide, of)(x)) - 1) <= bounds).all()
