"""What is refused: each error names the value, the rule and the way out."""

from __future__ import annotations

import math
import re
import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import stats

import faltung as ft
from faltung.distributions import (
    Density,
    Discrete,
    Lattice,
    add,
    die,
    distribution,
    empirical,
    exponential,
    logarithm,
    maximum,
    pairs,
    parse,
    point,
    power,
    privacy,
    tweedie,
)
from faltung.errors import (
    DataError,
    DtypeError,
    ExactnessError,
    OptionError,
    ResolutionError,
    ShapeError,
)

half = Lattice([0.5, 0.5])


def any_(value: Any) -> Any:
    """What a type checker would refuse."""
    return value


NORMAL = distribution("normal(0, 1)")
MIXED = distribution("0.5*point(0) + 0.5*expon(1)")

CASES: list[tuple[Any, type[Exception], str]] = [
    # exact answers of laws that have none
    (
        lambda: NORMAL.pdf(0, exact=True),
        OptionError,
        "NamedDensity has a density.*leave exact=True",
    ),
    (lambda: NORMAL.cdf(0, exact=True), OptionError, "exact=True is for discrete laws of ints"),
    (lambda: NORMAL.mean(exact=True), OptionError, "exact=True is for discrete laws"),
    (lambda: (die(6) + NORMAL).sf(0, exact=True), OptionError, "exact=True is for discrete laws"),
    (lambda: MIXED.pmf(0, exact=True), OptionError, "Mixed has a density.*error_bound tells"),
    (lambda: MIXED.var(exact=True), OptionError, "Mixed has a density"),
    (lambda: maximum(die(6), NORMAL).cdf(0, exact=True), OptionError, "Extreme has a density"),
    (lambda: tweedie(1, 1, 1.5).pmf(0, exact=True), OptionError, "Tweedie has a density"),
    # what is no number, no law, or no function
    (lambda: half.pmf(any_("1")), DtypeError, "'1': write a real number"),
    (lambda: half.pmf(any_(None)), DtypeError, "None: write a real number"),
    (lambda: half.interval(any_(None)), DtypeError, "None: write a real number"),
    (
        lambda: distribution(3),
        DtypeError,
        r"the number 3 .* write faltung.distributions.point\(3\)",
    ),
    (lambda: add(half, any_(3)), DtypeError, r"not the number 3: write point\(3\)"),
    (lambda: add(any_([half, half])), DtypeError, r"not a list of them: write add\(\*laws\)"),
    (
        lambda: power(any_("expon(1)"), 2),
        DtypeError,
        "power takes a law, not a str|a str is neither",
    ),
    (lambda: exponential(any_("expon(1)")), DtypeError, "a str is neither a law"),
    (lambda: logarithm(any_(3)), DtypeError, "logarithm takes a law, not a int"),
    (lambda: power(die(6), 0.5), DtypeError, "power takes a law with a density.*law.points"),
    (lambda: logarithm(MIXED), DtypeError, "has atoms too: mix what becomes"),
    (lambda: half.expect(lambda _: "a"), DtypeError, r"func returned 'a' \(str\) at x = 0"),
    (lambda: half.expect(lambda x: 1 / x), ResolutionError, "func is inf at x = 0"),
    (lambda: NORMAL.expect(lambda x: np.exp(x * x)), ResolutionError, "not finite at"),
    (lambda: NORMAL.expect(np.log), ResolutionError, "not finite at"),
    (lambda: privacy.gaussian(1).delta(math.inf), DataError, "epsilon=inf: write a finite number"),
    # weights
    (lambda: Lattice([0.5, np.nan]), DataError, "weight 1 is nan: weights are finite"),
    (lambda: Lattice([0.5, np.inf]), DataError, "weight 1 is inf"),
    (lambda: Lattice([1.5, -0.5]), DataError, "weight 1 is -0.5"),
    (lambda: Lattice([Fraction(3, 2), Fraction(-1, 2)]), DataError, "weight 1 is -1/2"),
    (lambda: Lattice([Decimal("nan"), Decimal(1)]), DataError, "weight 0 is NaN"),
    (lambda: Lattice([0.5, 0.4]), DataError, "weights sum to 0.9, not 1: .*normalize=True"),
    (lambda: Lattice([1, 2, 3]), DataError, "weights sum to 6, not 1: .*normalize=True"),
    (lambda: Lattice([0.0, 0.0], normalize=True), DataError, "all weights are zero"),
    (lambda: Lattice([0, 0], normalize=True), DataError, "all weights are zero"),
    (lambda: Lattice([]), ShapeError, "weights are empty: write at least one"),
    (lambda: Lattice([[0.5, 0.5]]), ShapeError, r"weights have shape \(1, 2\)"),
    (lambda: Lattice(["a", "b"]), DtypeError, "are no real numbers"),
    (lambda: Lattice([0.5j, 0.5]), DtypeError, "are no real numbers"),
    (lambda: Lattice([None, 1]), DtypeError, "weight 0 is None: weights are real"),
    (lambda: Lattice("11"), DtypeError, "'11': write a sequence of numbers"),
    (lambda: Lattice(3), DtypeError, "weights 3: write a sequence"),
    (lambda: Lattice({0: 0.5, 1: 0.5}), DtypeError, "weights are a dict.*distribution"),
    (lambda: Lattice({0.25, 0.75}), DtypeError, "weights are a set: write a sequence"),
    (lambda: Lattice([[0.5], [0.25, 0.25]]), ShapeError, "unequal lengths"),
    # points
    (lambda: Lattice([1.0], start=np.nan), DataError, "start is nan"),
    (lambda: Lattice([1.0], start="0"), DtypeError, "start '0' is a str: write a real number"),
    (lambda: Lattice([1.0], step=0), DataError, "step=0: write a positive distance"),
    (lambda: Lattice([1.0], step=-1), DataError, "step=-1: write a positive distance; -X"),
    (lambda: Lattice([0.5, 0.5], 1e20), DataError, "step 1 is too small beside points of size"),
    (lambda: half * 1e300 * 1e300, DataError, "beyond the range of float64"),
    (lambda: half + 1e17, DataError, "too small beside points"),
    (lambda: Discrete([0, 1], [1.0]), ShapeError, "2 points and 1 weights"),
    (lambda: Discrete([0, np.inf], [0.5, 0.5]), DataError, "point 1 is inf"),
    (lambda: Discrete(3, [1]), DtypeError, "points 3: write a sequence"),
    (lambda: Discrete({0: 1}, [1]), DtypeError, r"points \{0: 1\}.*distribution"),
    (lambda: Discrete([0, 1, 3.3], [1, 1, 1], normalize=True) + 1e308 + 1e308, DataError, "beyond"),
    (lambda: empirical([]), ShapeError, "samples are empty"),
    (lambda: empirical([1, np.nan]), DataError, "sample 1 is nan: drop it"),
    (lambda: empirical(np.array([1, 2j])), DataError, "samples are not all real numbers"),
    (lambda: empirical(["1", "2"]), DataError, "samples are not all real numbers"),
    (lambda: empirical([None, 1]), DataError, "samples are not all real numbers"),
    (lambda: empirical(np.array([1], "datetime64[D]")), DataError, "samples are not all real"),
    (lambda: empirical(["a"]), DataError, "not all real numbers"),
    (lambda: distribution({}), ShapeError, "the mapping is empty"),
    (lambda: distribution({0: 0.5, 1: 0.6}), DataError, "weights sum to 1.1"),
    (lambda: distribution({"a": 1}), DtypeError, "value 'a' is a str"),
    # the door
    (lambda: distribution([0.5, 0.5]), DtypeError, r"Lattice\(weights\).*empirical\(samples\)"),
    (lambda: distribution(np.ones(3)), DtypeError, "an array is ambiguous"),
    (lambda: distribution(3), DtypeError, "the number 3 describes no law"),
    (lambda: distribution(None), DtypeError, "NoneType describes no law"),
    (lambda: distribution("d6", normalize=True), OptionError, "normalize=True is for a dict"),
    (
        lambda: Lattice(np.ma.array([0.5, 0.5])),
        DtypeError,
        r"weights is a masked array: .*\.filled\(0\)",
    ),
    (
        lambda: empirical(np.ma.array([0.5, 0.5])),
        DtypeError,
        r"samples is a masked array: .*\.compressed\(\)",
    ),
    # dice and copies
    (lambda: die(0), OptionError, r"die\(0\): write a whole number of faces from 1"),
    (lambda: die(any_(2.5)), OptionError, r"die\(2.5\)"),
    (lambda: die(True), OptionError, r"die\(True\)"),
    (lambda: die(6).sum(-1), OptionError, "n=-1: write a whole number >= 0"),
    (lambda: die(6).sum(any_(1.5)), OptionError, "n=1.5: write a whole number >= 0"),
    (lambda: die(6).sum(10**6).weights, ExactnessError, r"GB.*\.to_float\(\)"),
    (lambda: die(6).to_float().sum(10**7).weights, OptionError, "products, more than"),
    # sizes beyond everything, refused before any work
    (lambda: die(6).sum(10**400), DataError, "points lie beyond the range of float64"),
    (lambda: half.sum(10**400), DataError, "points lie beyond"),
    (lambda: half.sum(10**300), DataError, "step 1 is too small beside points of size 1e\\+300"),
    (
        lambda: half.sum(2**50).weights,
        OptionError,
        "the whole law has 1.13e.15 points, .*: ask pmf",
    ),
    (lambda: die(6).sum(10**12).weights, OptionError, "the whole law has 5e.12 points"),
    (lambda: Discrete([0, np.pi], [0.5, 0.5]).sum(10**400), DataError, "beyond the range"),
    (
        lambda: Discrete([0, np.pi], [0.5, 0.5]).sum(10**12).weights,
        OptionError,
        "the whole law has 1e.12 points",
    ),
    (lambda: Discrete([0, 1, np.pi], [0.5, 0.25, 0.25]).sum(10**6), OptionError, "products"),
    (lambda: Discrete([0, 1, np.pi], [1, 1, 1], normalize=True).sum(10**6), ExactnessError, "bits"),
    (lambda: half * 10**5000, DataError, "points lie beyond"),
    (lambda: half / 10**400, DataError, "step 1e-400 is too small beside points of size 1e-400"),
    (lambda: die(10**5000), OptionError, r"die\(1e\+5000\): write a whole number of faces"),
    (lambda: die(6).sum(-(10**5000)), OptionError, r"n=-1e\+5000: write a whole number"),
    (lambda: Lattice([10**400, 1]), DataError, r"weights sum to 1e\+400, not 1"),
    (lambda: Lattice([10**400, 0.5]), DataError, "a weight is beyond the range of float64"),
    (lambda: Lattice([1, -(10**5000)]), DataError, r"weight 1 is -1e\+5000"),
    (lambda: Lattice([1.0], Decimal("1e999999999")), DataError, "start is 1E.999999999, far"),
    (lambda: Lattice([Decimal("1e-999999999"), 1]), DataError, "weight 0 is 1E-999999999, far"),
    (lambda: empirical([10**400]), DataError, "a sample is beyond the range of float64"),
    (lambda: die(6).cdf([1, 10**400]), DataError, "beyond the range of float64.*write inf"),
    (lambda: die(6).pmf(Fraction(10**400), exact=True), DataError, "write inf"),
    (lambda: distribution(stats.poisson(1e30)), OptionError, "its median at 1e.30.*4.5036e.15"),
    (
        lambda: distribution(stats.poisson(1e15)),
        OptionError,
        "SciPy finds no median of scipy.stats.poisson",
    ),
    (lambda: distribution(stats.geom(1e-320)), OptionError, "its median at inf"),
    (lambda: distribution(stats.binom(10**400, 0.5)), DataError, r"binom\(1e\+400, 0.5\)"),
    (lambda: distribution(stats.beta(1e308, 5e-324)), DataError, "does not belong to its cdf"),
    # operations
    (lambda: half * half, DtypeError, "sum of independent variables is X \\+ Y"),
    (lambda: half / 0, DataError, "cannot be divided by 0"),
    (lambda: half + None, TypeError, "unsupported operand"),
    (
        lambda: half + "3",
        DtypeError,
        r"a str is neither .* make it a law with faltung.distribution",
    ),
    (lambda: half - {0: 1}, DtypeError, "a dict is neither a law nor a number"),
    (lambda: half + stats.norm(), DtypeError, r"a rv_continuous_frozen is neither.*distribution\("),
    (lambda: stats.norm() + half, DtypeError, r"a rv_continuous_frozen is neither.*distribution\("),
    (lambda: half + ft.functions.box(0, 1), DtypeError, "a Function is neither"),
    (lambda: ft.functions.box(0, 1) + half, DtypeError, "a Function is neither"),
    (lambda: half + any_([1, 2]), DtypeError, r"an array-like is neither .* Lattice\(weights\)"),
    (lambda: half * (2,), DtypeError, "an array-like is neither a law nor a number"),
    (lambda: np.ones(2) + half, DtypeError, r"an array of shape \(2,\) is neither a law nor"),
    (lambda: half * np.ones(2), DtypeError, r"an array of shape \(2,\)"),
    (lambda: half + np.nan, DataError, "shift is nan"),
    (lambda: add(half, any_(3)), DtypeError, "add takes laws, not the number"),
    (lambda: ft.convolve(half, any_([1.0, 2.0])), DtypeError, "make the other one a law"),
    # questions
    (lambda: half.pdf(0.0), DtypeError, "single probabilities, not a density: use pmf"),
    (lambda: half.logpdf(0.0), DtypeError, "use logpmf"),
    (lambda: half.pmf(0, exact=True), OptionError, "exact=True needs exact weights"),
    (lambda: half.exact_weights(), OptionError, "exact=True needs exact weights"),
    (lambda: half.cdf("a"), DtypeError, "'a': write a real number"),
    (lambda: die(6).cdf("a", exact=True), DtypeError, "'a': write a real number"),
    (lambda: die(6).pmf(np.nan, exact=True), DataError, "x is NaN"),
    (
        lambda: half.cdf(np.array([1 + 1j])),
        DtypeError,
        r"array\(\[1.\+1.j\]\): write a real number",
    ),
    (lambda: half.cdf(any_(["1.5"])), DtypeError, r"\['1.5'\]: write a real number"),
    (lambda: half.cdf(any_([None, 1])), DtypeError, r"\[None, 1\]: write a real number"),
    (lambda: half.cdf(np.datetime64("2020-01-01")), DtypeError, "write a real number"),
    (lambda: NORMAL.ppf(np.array([0.5j])), DtypeError, "write a real number"),
    (lambda: half.interval(1.5), OptionError, "confidence=1.5"),
    (lambda: half.interval([0.5, 1.5]), OptionError, "confidence=1.5"),
    (lambda: half.interval(any_("a")), DtypeError, "'a': write a real number"),
    # what variables have and laws have not
    (lambda: max(die(6), die(6)), DtypeError, "laws are not ordered: write .*maximum\\(X, Y\\)"),
    (lambda: die(6) < any_(3), DtypeError, "X.cdf\\(x\\) or X.sf\\(x\\)"),
    (lambda: die(6) / any_(die(6)), DtypeError, "product\\(X, power\\(Y, -1\\)\\)"),
    (lambda: 1 / any_(die(6)), DtypeError, "/ divides a law by a number"),
    (lambda: any_(die(6)) ** 2, DtypeError, "power\\(X, exponent\\)"),
    (lambda: distribution(b"2d6"), DtypeError, "bytes describes no law"),
    (lambda: maximum(any_([half, NORMAL])), DtypeError, r"write maximum\(\*laws\)"),
    (
        lambda: power(NORMAL, 2),
        OptionError,
        r"variable from -inf on: .* abs\(X\) for an even power",
    ),
    (lambda: distribution(stats.Normal), DtypeError, r"Normal is a class: write .* Normal\(...\)"),
    (lambda: distribution(dict), DtypeError, "dict is a class"),
    (
        lambda: distribution(stats.gaussian_kde([1.0, 2.0, 4.0])),
        DtypeError,
        r'empirical\(samples\) \+ distribution\("normal\(0, 1\)"\) \* width',
    ),
    # names of other libraries, and what is no notation
    (
        lambda: parse("norm(0, 1)"),
        DataError,
        "character 1: write normal\\(mean, std\\) if you meant",
    ),
    (lambda: parse("d6 + poison(1)"), DataError, "character 6: write poisson\\(mu\\) if you meant"),
    (
        lambda: parse("4d6kh3"),
        DataError,
        r"character 2: write dice such as 2d6, and .*_statistic\(",
    ),
    (lambda: parse("4d6 drop lowest"), DataError, r"character 5: .* X.order_statistic\(r, n\)"),
    (lambda: parse("d6 d8"), DataError, "character 4: write dice such as 2d6\n"),
    (lambda: parse("gamma(2, scale=3)"), DataError, "numbers are given by their order"),
    (lambda: half.rvs(-1), OptionError, "size=-1: write a whole number >= 0"),
    (lambda: half.rvs(any_("a")), OptionError, "size='a': write a whole number"),
    (lambda: half.rvs(10**17), OptionError, "so many draws do not fit into memory"),
    (lambda: half.rvs(3, any_("a")), OptionError, "the seed 'a' is neither"),
    (lambda: half.rvs(3, rng=-1), OptionError, "the seed -1 is neither"),
    (lambda: parse(any_(3)), DtypeError, "parse reads a text, not a int"),
    (lambda: half.rvs(3, 1, rng=2), OptionError, "two names for one thing"),
    (lambda: pairs(half, half, total=np.inf), DataError, "total is inf"),
    (
        lambda: pairs(half, distribution("normal(0,1)"), total=1),
        DtypeError,
        "two discrete laws",
    ),
]


@pytest.mark.parametrize("case", range(len(CASES)))
def test_refused(case):
    call, error, message = CASES[case]
    with pytest.raises(error, match=re.compile(message, re.DOTALL)):
        call()


def test_refusals_come_before_the_work():
    start = time.perf_counter()
    for n in (10**7, 10**12, 10**300, 10**400):
        for points in ([0, math.pi], [0, 1, math.pi], list(range(50))):
            for weights in ([1] * len(points), [1.0] * len(points)):
                with pytest.raises((DataError, OptionError, ExactnessError)):
                    _ = Discrete(points, weights, normalize=True).sum(n).weights
    assert time.perf_counter() - start < 2


def test_sizes_that_are_no_obstacle():
    assert point(0).sum(10**400).support() == (0, 0)
    assert Lattice([1.0], step=10**400).mean() == 0
    assert Lattice([1.0], step=10**400).ppf([0, 1]).tolist() == [-np.inf, 0]
    wide = Lattice([1, 1], step=10**200, normalize=True)
    assert (wide.mean(), wide.std(), wide.var()) == (5e199, 5e199, np.inf)
    assert Lattice([0.5, 0.5], step=1e200).std() == 5e199
    ends = Lattice([0.5, 0.5], -1.7e308, Fraction(34, 10) * 10**308)
    assert abs(ends.mean()) < 1e-15 * 1.7e308
    assert (ends.std(), ends.ppf(0.7)) == (1.7e308, 1.7e308)
    far = Discrete([0, 1e-300, 1e300], [0.25, 0.25, 0.5])
    assert (far.mean(), far.std()) == (5e299, 5e299)
    assert Lattice([10**400, 1], normalize=True).sf(0, exact=True) == Fraction(1, 10**400 + 1)


def test_steps_without_a_common_lattice():
    x = Lattice(np.ones(5000), step=1, normalize=True)
    y = Lattice(np.ones(5000), step=np.pi, normalize=True)
    with pytest.raises(OptionError, match=r"the common step of 1 and 3.14159 is .* one step"):
        _ = x + y


@pytest.mark.parametrize(
    ("function", "error", "message"),
    [
        (ft.Function(0.9, (0, 1)), DataError, "integrates to 0.9, not 1: .*normalize=True"),
        (ft.Function(lambda x: 1.5 - 2 * x, (0, 1)), DataError, "density is -0.5 at x = 1"),
        (ft.Function(0.0, (0, 1)), DataError, "integrates to 0, not 1"),
        (np.ones(3), DtypeError, "Density takes a faltung.Function"),
    ],
)
def test_functions_that_are_no_density(function, error, message):
    with pytest.raises(error, match=message):
        Density(function)


def test_normalize_divides_by_the_integral():
    law = Density(ft.Function(3.0, (0, 2)), normalize=True)
    assert law.pdf(1.0) == 0.5
    assert distribution(ft.Function(0.5, (0, 2))).cdf(1.0) == 0.5
    assert distribution(ft.Function(3.0, (0, 2)), normalize=True).cdf(1.0) == 0.5
    assert distribution({0: 1, 1: 3}, normalize=True).pmf(1) == 0.75


def test_a_density_has_no_pmf():
    law = distribution("normal(0, 1)")
    with pytest.raises(DtypeError, match="use pdf"):
        law.pmf(0)
    with pytest.raises(DtypeError, match="use logpdf"):
        law.logpmf(0)


def test_sums_that_round_to_one_are_accepted():
    assert Lattice([1 / 3] * 3).pmf(1) == pytest.approx(1 / 3, rel=1e-15)
    assert Lattice([0.1] * 10).cdf(9) == 1.0


def test_densities_that_are_none():
    tails = ft.Function(lambda t: np.exp(-t * t), (-np.inf, np.inf))
    for law in (ft.distribution, Density):
        with pytest.raises(DataError, match="integrates to 1.77245385091, not 1"):
            law(tails)
        with pytest.raises(DataError, match="the integral diverges"):
            law(ft.Function(lambda t: 1 / (1 + t), (0, np.inf)))
        with pytest.raises(DataError, match=r"the density is -0\.\S+ at x = "):
            law(ft.Function(lambda t: np.exp(-t) * (1 - t / 4), (0, np.inf)))
        with pytest.raises(OptionError, match="deltas: leave them out"):
            law(ft.Function("exp(-x) + delta(x - 1)", (0, np.inf)))
        with pytest.raises(OptionError, match="an imaginary part: take"):
            law(ft.Function(lambda t: np.exp(1j * t), (0, 1)))
        with pytest.raises(OptionError, match="a period: take one period"):
            law(ft.Function(lambda t: np.ones_like(t), (0, 1), periodic=True))
