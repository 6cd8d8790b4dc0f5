"""Laws written as text, and errors that point at the character."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from faltung.distributions import Law, die, distribution, parse
from faltung.distributions.discrete.atoms import Atoms
from faltung.distributions.notation.families import FAMILIES
from faltung.distributions.notation.reader import mixture_terms
from faltung.errors import DataError


def atoms(text: str) -> Atoms:
    law = parse(text)
    assert isinstance(law, Atoms)
    return law


def test_dice():
    assert parse("d6").support() == (1, 6)
    assert atoms("2d6+3").pmf(10, exact=True) == Fraction(1, 6)
    assert parse("2 D6 - 1".replace(" D", "d")).support() == (1, 11)
    assert distribution("3d8 - d4").support() == (3 - 4, 24 - 1)
    assert atoms("2d6").exact_weights() == (die(6) + die(6)).exact_weights()


def test_operators():
    assert parse("2*d6").pmf(7) == 0
    assert parse("d6 / 2").support() == (0.5, 3)
    assert parse("-(d6 + 1)").support() == (-7, -2)
    assert parse("10 - d6 - d6").support() == (-2, 8)
    assert parse("1/3 + d2").pmf(Fraction(4, 3)) == 0.5
    assert parse("2 * 3").pmf(6) == 1
    assert parse("+d6").support() == (1, 6)
    assert parse("1.5e1").pmf(15) == 1


@pytest.mark.parametrize(
    ("text", "frozen"),
    [
        ("normal(1, 2)", stats.norm(1, 2)),
        ("uniform(-1, 2)", stats.uniform(-1, 3)),
        ("expon(3)", stats.expon(scale=3)),
        ("gamma(2.5, 3)", stats.gamma(2.5, scale=3)),
        ("beta(2, 3)", stats.beta(2, 3)),
        ("triangular(0, 1, 4)", stats.triang(0.25, 0, 4)),
        ("lognormal(1, 0.5)", stats.lognorm(0.5, scale=math.e)),
        ("weibull(1.5, 2)", stats.weibull_min(1.5, scale=2)),
        ("logistic(1, 2)", stats.logistic(1, 2)),
        ("laplace(1, 2)", stats.laplace(1, 2)),
        ("pareto(6, 0.5)", stats.pareto(6, scale=0.5)),
        ("student(5)", stats.t(5)),
        ("chi2(1)", stats.chi2(1)),
        ("erlang(3, 2)", stats.erlang(3, scale=2)),
        ("inverse_gaussian(2, 3)", stats.invgauss(2 / 3, scale=3)),
        ("poisson(3)", stats.poisson(3)),
        ("binomial(10, 0.3)", stats.binom(10, 0.3)),
        ("binomial(1000, 0.3)", stats.binom(1000, 0.3)),
        ("bernoulli(0.3)", stats.bernoulli(0.3)),
        ("geometric(1/4)", stats.geom(0.25)),
        ("NORMAL(-1, 0.5)", stats.norm(-1, 0.5)),
    ],
)
def test_families_have_their_standard_parameters(text, frozen):
    law = parse(text)
    assert law.mean() == pytest.approx(frozen.mean(), rel=1e-12)
    assert law.var() == pytest.approx(frozen.var(), rel=1e-12)
    assert law.cdf(1.3) == pytest.approx(frozen.cdf(1.3), rel=1e-11, abs=1e-15)


def test_numbers_are_exact():
    assert atoms("binomial(3, 0.1)").pmf(3, exact=True) == Fraction(1, 1000)
    assert atoms("point(1/3)").pmf(Fraction(1, 3), exact=True) == 1


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("2d6+x3", 5, "unknown name 'x3'"),
        ("2d6 + ", 6, "the end stands where a law or a number must"),
        ("2d6 ! 3", 5, "'!' is no part of the notation"),
        ("2d6 3", 5, "'3' does not belong here"),
        ("(2d6", 5, r"'\)' is missing"),
        ("2d0", 1, r"die\(0\): write a whole number of faces"),
        ("d6 * d6", 4, r"\* scales a law by a number"),
        ("d6 / 0", 4, "division by zero"),
        ("3 / d6", 3, "a law cannot divide"),
        ("1 + normal(0)", 5, r"1 number given at character 5: write normal\(mean, std\)"),
        ("normal(0, -1)", 11, "std is -1 and must be positive"),
        ("uniform(2, 1)", 1, "2, 1 must ascend: low <= high"),
        ("uniform(1, 1)", 9, r"low and high are both 1: write point\(1\) for a constant"),
        ("triangular(0, 5, 4)", 1, "must ascend"),
        ("bernoulli(1.5)", 11, "p is 1.5 and must be a probability from 0 to 1"),
        ("geometric(0)", 11, "p is 0 and must be a probability above 0 to 1"),
        ("binomial(2.5, 0.5)", 10, "n is 2.5 and must be a whole number"),
        ("normal(d6, 1)", 8, "a law stands where a number must"),
        ("normal 3", 8, r"'\(' is missing at character 8: write normal\(mean, std\)"),
        ("1e999", 1, "beyond the range"),
        ("(" * 60 + "d6" + ")" * 60, 52, "more than 50 levels"),
        ("erlang(2.5, 1)", 8, "k is 2.5 and must be a whole number >= 1: write gamma"),
        ("student(0)", 9, "df is 0 and must be positive"),
        ("levy(0)", 1, r"1 number given at character 1: write levy\(loc, scale\)"),
        ("inverse_gaussian(0, 1)", 18, "mean is 0 and must be positive"),
        ("pareto(1, 0)", 11, "scale is 0 and must be positive"),
        ("normal(0, 1e309)", 11, r"std is 1e\+309, beyond the range of float64 \(1.8e308\): write"),
        ("normal(1e309, 1)", 8, r"mean is 1e\+309, beyond"),
        ("normal(0, -1e400)", 11, r"std is -1e\+400 and must be positive"),
        ("uniform(0, 1e309)", 12, r"high - low is 1e\+309, beyond"),
        ("uniform(-1e308, 1.7e308)", 17, r"high - low is 2.7e\+308, beyond"),
        ("triangular(-1e308, 0, 1.7e308)", 23, r"high - low is 2.7e\+308, beyond"),
        ("lognormal(0, 1e309)", 14, r"sigma is 1e\+309, beyond"),
        ("lognormal(1e309, 1)", 11, r"mu is 1e\+309.*write a mu from -700 to 700"),
        ("lognormal(1e5, 1)", 11, "mu is 100000.*write a mu from -700 to 700"),
        ("expon(1e-400)", 7, "scale is 1e-400, below the range of float64"),
        ("geometric(1e-400)", 11, "p is 1e-400, below the range of float64"),
        ("bernoulli(1e400)", 11, r"p is 1e\+400 and must be a probability"),
        ("9" * 390 + "d6", 1, "points lie beyond the range of float64"),
        ("9" * 400 + "d6", 1, "402 characters are no number of dice: write fewer"),
        ("1d" + "9" * 390, 1, r"die\(1e\+390\): write a whole number"),
        ("binomial(1e400, .5)", 10, r"n is 1e\+400, more trials than 1e\+15: write normal"),
        ("binomial(1e18, .5)", 10, r"n is 1e\+18, more trials"),
        ("binomial(-1e400, .5)", 10, r"n is -1e\+400 and must be a whole number"),
        ("poisson(1e30)", 1, r"median at 1e\+30, and is supported up to"),
        ("poisson(1e15)", 1, "SciPy finds no median of .*: approximate it by a normal law, or add"),
        ("2d", 2, "'d' does not belong here .*: write dice such as 2d6"),
        ("2.5d6", 4, "'d6' does not belong here .*: write dice such as 2d6"),
        ("norml(0,1)", 1, r"write normal\(mean, std\) if you meant that"),
        ("N(0,1)", 1, r"write normal\(mean, std\) if you meant that"),
        ("nbinom(3,.5)", 1, r"write faltung.distribution\(scipy.stats.nbinom\(n, p\)\) if you"),
        ("gumbel(0,1)", 1, r"write faltung.distribution\(scipy.stats.gumbel_r\(\)\) if you meant"),
        ("skewnrm(1)", 1, r"write faltung.distribution\(scipy.stats.skewnorm\(a\)\) if you meant"),
        ("hyperfoo(1)", 1, r"or give a law of SciPy's to faltung.distribution\(scipy.stats.NAME"),
        ("max(d6, d6)", 1, r"write faltung.distributions.maximum\(X, Y\) in Python"),
        ("normal(nan, 1)", 8, "numbers are finite"),
        ("0.2*point(0)+0.9*expon(2)", 1, "shares before the terms sum to 1.1, not 1 .* brackets"),
        (
            "0.2*0 + 0.8*expon(2)",
            1,
            r"sum to 1, and 0 is no law .*: write point\(0\) for a mixture",
        ),
        (
            "1/4*2.5 + 3/4*d6",
            1,
            r"and 2.5 is no law .*: write point\(2.5\) for a mixture, or put br",
        ),
        ("0.33*d4 + 0.33*d6 + 0.33*d8", 1, "shares before the terms sum to 0.99, not 1"),
        ("1e400" + "*1e400" * 20, 72, "the number has 17275 bits, more than 16384"),
    ],
)
def test_an_error_points_at_its_character(text, place, message):
    with pytest.raises(DataError, match=message) as caught:
        parse(text)
    said = str(caught.value)
    assert f"at character {place}" in said
    assert said.endswith(f"\n  {text}\n  {' ' * (place - 1)}^")


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_is_no_law(text):
    with pytest.raises(DataError, match="names no law"):
        parse(text)


extremes = st.sampled_from(
    [
        "0",
        "1",
        "-1",
        "1/3",
        "1e-400",
        "5e-324",
        "1e-17",
        "1e15",
        "1e17",
        "1.7e308",
        "1e309",
        "1e400",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["bernoulli", "binomial", "poisson", "geometric", "point"]), st.data())
def test_extreme_parameters_make_a_law_or_an_error(name, data):
    values = [data.draw(extremes) for _ in FAMILIES[name].parameters]
    try:
        law = atoms(f"{name}({', '.join(values)})")
    except DataError as error:
        said = str(error)
    else:
        said = "at character "
        assert law.cdf(law.points[-1]) == 1
        assert law.sf(np.nextafter(law.points[0], -np.inf)) == 1
        assert len(repr(law)) < 120
    assert "at character " in said


@given(st.text(alphabet="0123456789d+-*/(),. nox", max_size=12))
def test_any_text_is_a_law_or_an_error_that_shows_it(text):
    try:
        law = parse(text)
    except DataError as error:
        said = str(error)
    else:
        said = ""
        assert isinstance(law, Law)
    assert not said or not text.strip() or "at character" in said


# --- mixtures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("0.2*point(0) + 0.8*expon(2)", ["1/5", "4/5"]),
        ("1/3 * d6 + 2/3 * d8", ["1/3", "2/3"]),
        ("0.5 * 0.5 * d6 + 3/4 * (d8 + 1)", ["1/4", "3/4"]),
        ("0.1*d4 + 0.2*d6 + .7 * d8", ["1/10", "1/5", "7/10"]),
        ("(1/2) * d4 + (1 - 1/2) * d6", ["1/2", "1/2"]),
    ],
)
def test_weights_in_front_that_sum_to_one_are_a_mixture(text, weights):
    terms = mixture_terms(text)
    assert terms is not None
    assert [weight for weight, _ in terms] == [Fraction(weight) for weight in weights]
    assert all(isinstance(law, Law) for _, law in terms)
    law, x = parse(text), 1.5
    shares = [weight * Fraction(part.cdf(x)) for weight, part in terms]
    assert law.cdf(x) == pytest.approx(float(sum(shares)), rel=1e-14)


@pytest.mark.parametrize(
    "text",
    [
        "d6",
        "1 * d6",
        "d6 * 0.5 + d6 * 0.5",
        "(d6 + d6) / 2",
        "0.5*d6 + 0.6*d6",
        "0.5*d6 - 0.5*d6",
        "0.5*d6 + 0.5*d6 + 1",
        "2*d6 + -1*d8",
        "0.5*d6 + d6/2",
        "0.5*d6*2 + 0.5*d6",
        "0.5*d6 + 0.5",
        "0.5 + 0.5",
    ],
)
def test_other_sums_are_sums(text):
    assert mixture_terms(text) is None
    assert isinstance(parse(text), Law)


def test_a_mixture_inside():
    law = parse("2*(0.5*d6 + 0.5*d8) + 1")
    assert law.support() == (3, 17)
    assert law.sf(16) == pytest.approx(1 / 16, rel=1e-15)
    assert parse("2*(0.5*d6 + 0.6*d8) + 1").support() == (3.2, 1 + 6 + 9.6)


def test_the_mean_of_two_dice():
    mean = atoms("d6 * 0.5 + d6 * 0.5")
    assert mean.exact_weights() == atoms("(d6 + d6) / 2").exact_weights()
    assert mean.support() == (1, 6)
