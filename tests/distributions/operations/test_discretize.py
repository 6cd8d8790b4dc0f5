"""Laws on a grid: exact ones moved exactly, densities bracketed, means kept."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from faltung.distributions import die, discretize, distribution, maximum, mixture, point
from faltung.errors import DtypeError, OptionError
from tests.distributions import strategies
from tests.distributions.mixed.test_mixture import table

EXPON = distribution("expon(1)")
NORMAL = distribution("normal(0, 1)")
LAWS = [
    EXPON,
    NORMAL,
    distribution("uniform(0.2, 1.9)"),
    mixture([point(0.3), EXPON], [0.2, 0.8]),
    maximum(die(6), EXPON),
    distribution("poisson(4)") / 3,
]
steps = st.sampled_from([1, Fraction(1, 3), 0.25, 2.5])


@given(strategies.exact_laws, steps)
def test_discrete_laws_are_moved_exactly(x, step):
    width = Fraction(str(step)) if isinstance(step, float) else Fraction(step)
    moves = {
        "lower": lambda value: math.ceil(value / width) * width,
        "upper": lambda value: math.floor(value / width) * width,
        "rounding": lambda value: math.ceil(value / width - Fraction(1, 2)) * width,
    }
    for method, move in moves.items():
        true: dict[Fraction, Fraction] = {}
        for value, p in table(x).items():
            true[move(value)] = true.get(move(value), Fraction(0)) + p
        assert table(discretize(x, step, method)) == true
    kept = discretize(x, step, "mean")
    assert kept.mean(exact=True) == x.mean(exact=True)
    assert all((value / width).denominator == 1 for value in table(kept))
    assert kept.var(exact=True) >= x.var(exact=True)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(LAWS), st.sampled_from([0.5, 0.07, 2]))
def test_brackets_hold_everywhere(law, step):
    lower, upper = discretize(law, step, "lower"), discretize(law, step, "upper")
    x = np.concatenate([np.linspace(-9, 20, 301), np.arange(-40, 60) * step])
    lost = max(lower.neglected_mass, upper.neglected_mass)
    lost += lower.error_bound + upper.error_bound + law.error_bound
    assert lost < 1e-9
    assert (lower.cdf(x) <= law.cdf(x) + lost).all()
    assert (upper.cdf(x) >= law.cdf(x) - lost).all()
    assert upper.mean() <= law.mean() <= lower.mean()


@pytest.mark.parametrize("law", LAWS, ids=repr)
@pytest.mark.parametrize("step", [0.5, 0.07])
def test_the_mean_is_kept(law, step):
    kept = discretize(law, step, "mean")
    assert kept.mean() == pytest.approx(law.mean(), rel=1e-11, abs=1e-13)
    assert kept.var() >= law.var() - 1e-12
    assert (kept.weights >= 0).all()
    premium = kept.expect(lambda x: np.maximum(x - 2 * step, 0.0))
    from faltung.distributions import risk

    assert premium == pytest.approx(risk.stop_loss(law, 2 * step), rel=1e-9)  # Gerber 1982


def test_rounding_of_an_exponential_law():
    law = discretize(EXPON, 0.5)
    cells = np.diff(stats.expon.cdf([0, 0.25, 0.75, 1.25, 1.75]))
    assert law.pmf([0, 0.5, 1, 1.5]) == pytest.approx(cells, rel=1e-12)
    assert law.support() == (0.0, math.inf)
    tail = math.exp(-9.75) - math.exp(-10.25)
    assert law.pmf(10) == pytest.approx(tail, rel=1e-9)
    assert discretize(NORMAL, 1).support() == (-math.inf, math.inf)
    short = discretize(EXPON, 1, neglected=1e-6)
    assert short.window()[1] < 16
    assert 1e-6 < short.neglected_mass < 1.1e-6


def test_brackets_of_a_sum_hold():
    """Rounded down copies add up to less than copies do."""
    total = EXPON.sum(5)
    lower, upper = (discretize(EXPON, 0.05, method).sum(5) for method in ("lower", "upper"))
    x = np.linspace(0, 20, 41)
    lost = lower.neglected_mass + upper.neglected_mass + total.error_bound
    assert (lower.cdf(x) <= total.cdf(x) + lost).all()
    assert (upper.cdf(x) >= total.cdf(x) - lost).all()
    assert lost < 1e-9


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda: discretize(EXPON, 0.5, "nearest"), OptionError, "'rounding', 'lower'"),
        (lambda: discretize(EXPON, 0), OptionError, "step=0"),
        (lambda: discretize(EXPON, 1, neglected=0), OptionError, "neglected=0"),
        (lambda: discretize(EXPON, 1e-9), OptionError, "larger step"),
        (lambda: discretize(3, 1), DtypeError, "takes a law"),  # type: ignore[arg-type]
        (lambda: discretize(stats.norm(), 1), DtypeError, "distribution"),
    ],
)
def test_what_is_refused(call, error, match):
    with pytest.raises(error, match=match):
        call()
