"""Densities: tails of two and of three terms, a thousand points of a sum."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.distributions.cases import Answer, Bar, Case, Solve
from faltung.distributions import add, distribution

__all__ = ["cases"]

#: P(X + Y > x), with 16 digits: from closed forms, or mpmath's integrals of 40 digits.
TAILS: tuple[tuple[str, tuple[str, ...], tuple[float, ...], tuple[float, ...]], ...] = (
    ("lognormal + lognormal > 50", ("lognorm(1)", "lognorm(1)"), (50.0,), (1.079782108381844e-4,)),
    ("exponentials of rates 1, 2, 3", ("expon()", "expon(scale=0.5)", "expon(scale=1/3)"),
     (1.0, 10.0, 20.0, 40.0, 80.0),
     (0.74741954217235283, 1.3619360592016347e-4, 6.1834608545706107e-9, 1.2745062765874767e-17,
      5.4145541635362455e-35)),
)  # fmt: skip
#: Sums whose law is ready and is asked for 1000 points of pdf, cdf and sf.
PAIRS = (
    ("norm()", "gamma(2.5)"), ("lognorm(0.5)", "expon()"), ("logistic()", "t(5)"),
    ("weibull_min(1.5)", "norm()"), ("beta(2, 3)", "laplace()"),
)  # fmt: skip


def cases() -> list[Case]:
    """Return the cases of densities."""
    tails = [
        Case(name, partial(np.array, values), partial(_ours_tail, laws, points),
             {"openturns": partial(_openturns_tail, laws, points)}, Bar(error=1e-12))
        for name, laws, points, values in TAILS
    ]  # fmt: skip
    return tails + [_pair(first, second) for first, second in PAIRS]


def _pair(first: str, second: str) -> Case:
    points = np.linspace(-3, 12, 1000)
    return Case(
        f"{first} + {second}", partial(_quadrature, first, second, points),
        partial(_ours_points, first, second, points),
        {"openturns": partial(_openturns_points, first, second, points)},
        Bar(0.1, 1e-10), _of_parts, agreeing=1e-8,
    )  # fmt: skip


def _frozen(text: str) -> Any:
    from scipy import stats

    name, rest = text.split("(", 1)
    return eval(f"f({rest}", {"f": getattr(stats, name)})


def _ours_tail(laws: tuple[str, ...], points: tuple[float, ...]) -> Solve:
    frozen = [_frozen(text) for text in laws]
    return lambda: add(*map(distribution, frozen)).sf(points)


def _ours_points(first: str, second: str, points: Answer) -> Solve:
    x, y = _frozen(first), _frozen(second)

    def solve() -> Answer:
        total = distribution(x) + distribution(y)
        return np.stack([total.pdf(points), total.cdf(points), total.sf(points)])

    return solve


def _quadrature(first: str, second: str, points: Answer) -> Answer:
    """Return pdf, cdf and sf at every hundredth point, by adaptive quadrature; NaN elsewhere."""
    from scipy.integrate import quad

    x, y = _frozen(first), _frozen(second)
    low, high = (float(end) for end in x.support())
    answer = np.full((3, len(points)), np.nan)
    for i in range(50, len(points), 100):
        edges = [max(low, -60.0), *np.linspace(-10, 14, 49), min(high, 60.0)]
        edges = sorted({min(max(e, max(low, -60.0)), min(high, 60.0)) for e in edges}
                       | {e for e in [points[i] - end for end in y.support()]
                          if max(low, -60.0) < e < min(high, 60.0)})  # fmt: skip
        for row, part in enumerate((y.pdf, y.cdf, y.sf)):
            answer[row, i] = sum(
                quad(lambda s, part=part, t=points[i]: x.pdf(s) * part(t - s), a, b,
                     epsabs=0, epsrel=1e-13)[0]
                for a, b in pairwise(edges)
            )  # fmt: skip
    return answer


def _of_parts(answer: Answer, truth: Answer) -> float:
    """Return the largest relative error where the truth is known and no smaller than 1e-30."""
    known = truth > 1e-30
    return float(np.max(np.abs(answer[known] / truth[known] - 1)))


def _openturns(text: str) -> Any:
    import openturns

    made: dict[str, Any] = {
        "lognorm(1)": lambda: openturns.LogNormal(0, 1), "lognorm(0.5)": lambda: openturns.LogNormal(0, 0.5),
        "expon()": lambda: openturns.Exponential(1), "expon(scale=0.5)": lambda: openturns.Exponential(2),
        "expon(scale=1/3)": lambda: openturns.Exponential(3), "norm()": lambda: openturns.Normal(),
        "gamma(2.5)": lambda: openturns.Gamma(2.5, 1), "logistic()": lambda: openturns.Logistic(0, 1),
        "t(5)": lambda: openturns.Student(5), "weibull_min(1.5)": lambda: openturns.WeibullMin(1, 1.5),
        "beta(2, 3)": lambda: openturns.Beta(2, 3, 0, 1), "laplace()": lambda: openturns.Laplace(0, 1),
    }  # fmt: skip
    return made[text]()


def _openturns_tail(laws: tuple[str, ...], points: tuple[float, ...]) -> Solve:
    import openturns

    made = [_openturns(text) for text in laws]

    def solve() -> Answer:
        total = openturns.LinearCombinationDistribution(made)
        return np.array([total.computeComplementaryCDF(x) for x in points])

    return solve


def _openturns_points(first: str, second: str, points: Answer) -> Solve:
    import openturns

    made = [_openturns(first), _openturns(second)]
    sample = openturns.Sample(points[:, np.newaxis].tolist())

    def solve() -> Answer:
        total = openturns.LinearCombinationDistribution(made)
        parts = (total.computePDF, total.computeCDF, total.computeComplementaryCDF)
        return np.stack([np.asarray(part(sample)).ravel() for part in parts])

    return solve
