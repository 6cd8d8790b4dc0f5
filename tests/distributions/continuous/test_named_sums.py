"""Sums of the named families in both tails, down to 1e-100, against closed forms and 40 digits."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from scipy import stats

from faltung.distributions import Density, distribution

LAWS = {
    "weibull": stats.weibull_min(1.5),
    "lognormal": stats.lognorm(1),
    "logistic": stats.logistic(),
    "exponential": stats.expon(),
    "normal": stats.norm(),
    "pareto": stats.pareto(1.1),
    "student": stats.t(3),
    "beta": stats.beta(2, 3),
    "triangular": stats.triang(1),
    "chi2": stats.chi2(1),
}

# The families, the side of x (1 for P(X + Y > x), -1 for P(X + Y <= x)), x, and the probability;
# each printed by ``python -m tests.distributions.continuous.quadrature``.
TABLE = [
    ("weibull", "weibull", 1, 5.34057, "0.0010000053925572517363"),
    ("weibull", "weibull", -1, 0.151839, "0.0010000094787546480199"),
    ("weibull", "weibull", 1, 12.191, "9.9985578987604944789e-13"),
    ("weibull", "weibull", -1, 0.0001503, "9.9999465070424711406e-13"),
    ("weibull", "weibull", 1, 21.8028, "9.9989101772735740051e-31"),
    ("weibull", "weibull", -1, 1.503e-10, "9.999956040399566928e-31"),
    ("weibull", "weibull", 1, 47.8105, "9.9964507560753139064e-101"),
    ("weibull", "weibull", -1, 6.97632e-34, "1.0000007570727097758e-100"),
    ("lognormal", "lognormal", 1, 28.8798, "0.00099999720401826586167"),
    ("lognormal", "lognormal", -1, 0.254952, "0.00099999758098226532433"),
    ("lognormal", "lognormal", 1, 1251.17, "1.0000265789604059352e-12"),
    ("lognormal", "lognormal", -1, 0.0150979, "9.9996895757169113793e-13"),
    ("lognormal", "lognormal", 1, 101103.0, "1.0000558376544639821e-30"),
    ("lognormal", "lognormal", -1, 0.000645251, "9.9999007429935759129e-31"),
    ("lognormal", "lognormal", 1, 1790820000.0, "1.0000131919904397422e-100"),
    ("lognormal", "lognormal", -1, 6.13801e-07, "9.9999349448103599604e-101"),
    ("logistic", "logistic", 1, 8.98567, "0.0010000000389593925831"),
    ("logistic", "logistic", -1, -8.98567, "0.0010000000389593925831"),
    ("logistic", "logistic", 1, 31.0333, "1.0000278823849750436e-12"),
    ("logistic", "logistic", -1, -31.0333, "1.0000278823849750436e-12"),
    ("logistic", "logistic", 1, 73.3592, "9.9999539446600161647e-31"),
    ("logistic", "logistic", -1, -73.3592, "9.9999539446600161647e-31"),
    ("logistic", "logistic", 1, 235.717, "9.9988983859966567982e-101"),
    ("logistic", "logistic", -1, -235.717, "9.9988983859966567982e-101"),
    ("pareto", "pareto", 1, 1007.77, "0.00099999490310586721637"),
    ("pareto", "pareto", -1, 2.04185, "0.0010001228399333873988"),
    ("pareto", "pareto", 1, 152319000000.0, "1.0000011694366763697e-12"),
    ("pareto", "pareto", 1, 3.51877e27, "1.0000000620592251316e-30"),
    ("pareto", "pareto", 1, 1.52319e91, "1.0000011693631065921e-100"),
    ("student", "student", 1, 13.295, "0.00099999040168785756575"),
    ("student", "student", -1, -13.295, "0.00099999040168785756575"),
    ("student", "student", 1, 13016.4, "9.9999568103240356098e-13"),
    ("student", "student", -1, -13016.4, "9.9999568103240356098e-13"),
    ("student", "student", 1, 13016400000.0, "9.9999559604027447472e-31"),
    ("student", "student", -1, -13016400000.0, "9.9999559604027447472e-31"),
    ("student", "student", 1, 2.80429e33, "1.000004550094122741e-100"),
    ("student", "student", -1, -2.80429e33, "1.000004550094122741e-100"),
    ("beta", "beta", 1, 1.6535, "0.0010000563259519012042"),
    ("beta", "beta", -1, 0.119329, "0.00099999156276444571723"),
    ("beta", "beta", 1, 1.98961, "9.9748379036743189902e-13"),
    ("beta", "beta", -1, 0.000639106, "9.9999694133698537326e-13"),
    ("beta", "beta", 1, 1.99999, "7.9999314290144546486e-31"),
    ("beta", "beta", -1, 2.02052e-08, "1.0000088670604211947e-30"),
    ("beta", "beta", -1, 6.38943e-26, "9.9999934738322558345e-101"),
    ("triangular", "beta", 1, 1.84556, "0.00099994383779014129926"),
    ("triangular", "beta", -1, 0.184712, "0.0010000022108930255824"),
    ("triangular", "beta", 1, 1.99916, "9.9507365115153842452e-13"),
    ("triangular", "beta", -1, 0.0010002, "9.9999963995205729477e-13"),
    ("triangular", "beta", -1, 3.16228e-08, "1.0000029343838753076e-30"),
    ("triangular", "beta", -1, 1e-25, "1.000000000000000154e-100"),
    ("lognormal", "exponential", 1, 23.0929, "0.00099999895021329721873"),
    ("lognormal", "exponential", -1, 0.142639, "0.0010000033584162554316"),
    ("lognormal", "exponential", 1, 1136.11, "1.0000151895088829802e-12"),
    ("lognormal", "exponential", -1, 0.00288389, "1.0000019070285424483e-12"),
    ("lognormal", "exponential", 1, 95228.6, "9.9999531537104563602e-31"),
    ("lognormal", "exponential", -1, 3.35408e-05, "1.0000040280660450805e-30"),
    ("lognormal", "exponential", 1, 1733580000.0, "9.9998060107859480672e-101"),
    ("lognormal", "exponential", -1, 1.76435e-09, "9.9997033859073385554e-101"),
    ("normal", "logistic", 1, 7.40505, "0.00099999577362253594931"),
    ("normal", "logistic", -1, -7.40505, "0.00099999577362253594931"),
    ("normal", "logistic", 1, 28.131, "1.0000211161487723726e-12"),
    ("normal", "logistic", -1, -28.131, "1.0000211161487723726e-12"),
    ("normal", "logistic", 1, 69.5776, "9.9995279093574957894e-31"),
    ("normal", "logistic", -1, -69.5776, "9.9995279093574957894e-31"),
    ("normal", "logistic", 1, 230.759, "9.9950941977842946532e-101"),
    ("normal", "logistic", -1, -230.759, "9.9950941977842946532e-101"),
    ("chi2", "weibull", 1, 11.847, "0.00099999800037930202968"),
    ("chi2", "weibull", -1, 0.0463053, "0.0010000021200536185768"),
    ("chi2", "weibull", 1, 51.8545, "1.0000152794254582876e-12"),
    ("chi2", "weibull", -1, 1.45866e-06, "9.9999838951013537367e-13"),
    ("chi2", "weibull", 1, 133.809, "9.9992292646477276876e-31"),
    ("chi2", "weibull", -1, 1.45866e-15, "9.9999851174853622527e-31"),
    ("chi2", "weibull", 1, 454.951, "1.0002033667473481796e-100"),
    ("chi2", "weibull", -1, 1.45866e-50, "9.9999851174853644132e-101"),
    ("student", "normal", 1, 10.4074, "0.0010000140611131499515"),
    ("student", "normal", -1, -10.4074, "0.0010000140611131499515"),
    ("student", "normal", 1, 10331.1, "1.0000024502394442684e-12"),
    ("student", "normal", -1, -10331.1, "1.0000024502394442684e-12"),
    ("student", "normal", 1, 10331100000.0, "1.0000024277530838319e-30"),
    ("student", "normal", -1, -10331100000.0, "1.0000024277530838319e-30"),
    ("student", "normal", 1, 2.22577e33, "9.9999976253942133085e-101"),
]
PAIRS = list(dict.fromkeys(row[:2] for row in TABLE))


def made_of(frozen):
    made = distribution(frozen)
    assert isinstance(made, Density)
    return made


def law(name):
    return made_of(LAWS[name])


def off(made, side, x, true):
    """Return the relative error, after it was compared with its bound; and the estimate."""
    which = "sf" if side > 0 else "cdf"
    value = made.sf(x) if side > 0 else made.cdf(x)
    error = float(abs(mpf(value) / true - 1))
    bound = made.relative_error_bound(x, of=which)
    assert error <= bound <= 1e-10, (side, x, value, error, bound)
    return error, made.relative_error_estimate(x, of=which)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_both_tails_against_quadrature(first, second):
    made = law(first) + law(second)
    with mpmath.workdps(30):
        for one, other, side, x, true in TABLE:
            if (one, other) == (first, second):
                assert off(made, side, x, mpf(true))[0] <= 1e-11


def normal_above(x):
    return mpmath.erfc(x / 2) / 2


def cauchy_above(x):
    return mpmath.atan2(2, x) / mpmath.pi


def laplace_above(x):
    return (2 + x) * mpmath.exp(-x) / 4


# Two independent copies: the law, P(X + Y > x), P(X + Y <= x), and where each is asked for.
CLOSED = {
    "normal": (
        stats.norm(),
        normal_above,
        lambda x: normal_above(-x),
        (0.5, 4.0, 10.0, 20.0, 29.9, 45.0),
        (-0.5, -4.0, -10.0, -29.9, -45.0),
    ),
    "cauchy": (
        stats.cauchy(),
        cauchy_above,
        lambda x: cauchy_above(-x),
        (0.1, 10.0, 1e6, 1e50, 1e100, 1e150, 1e200, 1e300),
        (-0.1, -10.0, -1e50, -1e100, -1e200, -1e300),
    ),
    "levy": (
        stats.levy(),
        lambda x: mpmath.erf(mpmath.sqrt(2 / x)),
        lambda x: mpmath.erfc(mpmath.sqrt(2 / x)),
        (1.0, 100.0, 1e20, 1e100, 1e180, 1e200, 1e250, 1e307),
        (10.0, 1.0, 0.1, 0.03, 0.01),
    ),
    "gamma": (
        stats.gamma(0.5),
        lambda x: mpmath.exp(-x),
        lambda x: -mpmath.expm1(-x),
        (0.1, 3.0, 50.0, 230.0, 500.0),
        (1.0, 1e-3, 1e-50, 1e-100, 1e-200),
    ),
    "exponential": (
        stats.expon(),
        lambda x: mpmath.exp(-x) * (1 + x),
        lambda x: mpmath.gammainc(2, 0, x),
        (0.1, 3.0, 50.0, 230.0, 500.0),
        (1.0, 1e-3, 1e-20, 1e-50, 1e-100),
    ),
    "chi2": (
        stats.chi2(1),
        lambda x: mpmath.exp(-x / 2),
        lambda x: -mpmath.expm1(-x / 2),
        (0.1, 10.0, 100.0, 460.0, 900.0),
        (1.0, 1e-3, 1e-50, 1e-100, 1e-200),
    ),
    "laplace": (
        stats.laplace(),
        laplace_above,
        lambda x: laplace_above(-x),
        (0.5, 10.0, 100.0, 230.0),
        (-0.5, -10.0, -100.0, -230.0),
    ),
    "uniform": (
        stats.uniform(),
        lambda x: (2 - x) ** 2 / 2 if x > 1 else 1 - x * x / 2,
        lambda x: x * x / 2 if x < 1 else 1 - (2 - x) ** 2 / 2,
        (0.5, 1.5, 1.999, 2 - 1e-9),
        (1.5, 0.5, 1e-3, 1e-20, 1e-50, 1e-100),
    ),
}


@pytest.mark.parametrize("family", CLOSED)
def test_both_tails_against_closed_forms(family):
    frozen, above, below, right, left = CLOSED[family]
    made = made_of(frozen) + made_of(frozen)
    with mpmath.workdps(40):
        for side, true, points in ((1, above, right), (-1, below, left)):
            for x in points:
                if abs(x) < 1e250:  # beyond, a tail's exponent is known to 1e-13 only
                    assert off(made, side, x, true(mpf(x)))[0] <= 1e-12
                else:
                    value = made.sf(x) if side > 0 else made.cdf(x)
                    assert abs(mpf(value) / true(mpf(x)) - 1) <= 1e-11


def test_estimates_are_near_the_errors():
    ratios = []
    with mpmath.workdps(30):
        for first, second in PAIRS:
            made = law(first) + law(second)
            for one, other, side, x, true in TABLE:
                if (one, other) == (first, second):
                    error, estimate = off(made, side, x, mpf(true))
                    ratios.append(estimate / max(error, 1e-17))
    assert 1e-3 <= np.median(ratios) <= 1e3


def test_values_of_the_literature():
    """The sum of two lognormals beyond 50, and the hypoexponential law with rates 1, 2, 3."""
    two = law("lognormal") + law("lognormal")
    assert two.sf(50.0) == pytest.approx(1.079782108381844e-4, rel=1e-12)
    exponential = law("exponential")
    three = exponential + exponential / 2 + exponential / 3
    known = {
        1.0: 0.74741954217235283,
        10.0: 1.3619360592016347e-4,
        20.0: 6.1834608545706107e-9,
        40.0: 1.2745062765874767e-17,
        80.0: 5.4145541635362455e-35,
    }
    for x, true in known.items():
        assert three.sf(x) == pytest.approx(true, rel=1e-12)
        assert three.relative_error_bound(x, of="sf") <= 1e-9


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_quantiles_in_both_tails(first, second):
    """The Galois inequality with the cdf and sf that are returned, down to 1e-200."""
    made = law(first) + law(second)
    q = np.concatenate([np.geomspace(1e-200, 0.5, 60), [0.9, 1 - 1e-9]])
    x = np.asarray(made.ppf(q))
    assert (made.cdf(x) >= q).all()
    assert (made.cdf(np.nextafter(x, -np.inf)) < q).all()
    x = np.asarray(made.isf(q))
    assert (made.sf(x) <= q).all()
    assert (made.sf(np.nextafter(x, -np.inf)) > q).all()


def test_what_underflows_says_so():
    made = made_of(stats.cauchy()) + made_of(stats.norm())
    assert made.sf(1e307) == pytest.approx(1 / math.pi / 1e307, rel=1e-10)
    assert made.relative_error_bound(1e307, of="sf") < 1e-8
    assert made.sf(1e308) < 2.0**-1022  # subnormal: a few digits
    assert made.relative_error_bound(1e308, of="sf") > 1e-16
    two = law("normal") + law("normal")
    assert two.sf(60.0) == 0.0
    assert two.relative_error_bound(60.0, of="sf") == math.inf
