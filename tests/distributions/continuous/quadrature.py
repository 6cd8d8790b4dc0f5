"""P(X + Y > x) by mpmath to 40 digits: the integral of f(y) P(X > x - y), cut where it may be sharp.

The table in test_named_sums.py is what ``python -m tests.distributions.continuous.quadrature`` prints.
"""

from __future__ import annotations

import mpmath
from mpmath import mpf

# A family: its density, P(X > x), P(X <= x), and the ends of its support.
FAMILIES = {
    "weibull": (
        lambda x: mpf(3) / 2 * mpmath.sqrt(x) * mpmath.exp(-(x ** mpf(1.5))),
        lambda x: mpmath.exp(-(x ** mpf(1.5))),
        lambda x: -mpmath.expm1(-(x ** mpf(1.5))),
        (0, mpmath.inf),
    ),
    "lognormal": (
        lambda x: mpmath.exp(-(mpmath.log(x) ** 2) / 2) / (x * mpmath.sqrt(2 * mpmath.pi)),
        lambda x: mpmath.erfc(mpmath.log(x) / mpmath.sqrt(2)) / 2,
        lambda x: mpmath.erfc(-mpmath.log(x) / mpmath.sqrt(2)) / 2,
        (0, mpmath.inf),
    ),
    "logistic": (
        lambda x: 1 / (2 + mpmath.exp(x) + mpmath.exp(-x)),
        lambda x: 1 / (1 + mpmath.exp(x)),
        lambda x: 1 / (1 + mpmath.exp(-x)),
        (-mpmath.inf, mpmath.inf),
    ),
    "exponential": (
        lambda x: mpmath.exp(-x),
        lambda x: mpmath.exp(-x),
        lambda x: -mpmath.expm1(-x),
        (0, mpmath.inf),
    ),
    "normal": (mpmath.npdf, lambda x: mpmath.ncdf(-x), mpmath.ncdf, (-mpmath.inf, mpmath.inf)),
    "pareto": (
        lambda x: mpf(1.1) * x ** -(1 + mpf(1.1)),
        lambda x: x ** -mpf(1.1),
        lambda x: -mpmath.expm1(-mpf(1.1) * mpmath.log(x)),
        (1, mpmath.inf),
    ),
    "student": (
        lambda x: 2 / (mpmath.pi * mpmath.sqrt(3) * (1 + x * x / 3) ** 2),
        lambda x: _student_above(x),
        lambda x: _student_above(-x),
        (-mpmath.inf, mpmath.inf),
    ),
    "beta": (
        lambda x: 12 * x * (1 - x) ** 2,
        lambda x: (1 - x) ** 3 * (1 + 3 * x),
        lambda x: x * x * (6 - 8 * x + 3 * x * x),
        (0, 1),
    ),
    "triangular": (
        lambda x: 2 * x if x < 0 else (2 * x if x <= 1 else mpf(0)),
        lambda x: 1 - x * x,
        lambda x: x * x,
        (0, 1),
    ),
    "chi2": (
        lambda x: mpmath.exp(-x / 2) / mpmath.sqrt(2 * mpmath.pi * x),
        lambda x: mpmath.erfc(mpmath.sqrt(x / 2)),
        lambda x: mpmath.erf(mpmath.sqrt(x / 2)),
        (0, mpmath.inf),
    ),
}

CASES = [
    ("weibull", "weibull"),
    ("lognormal", "lognormal"),
    ("logistic", "logistic"),
    ("pareto", "pareto"),
    ("student", "student"),
    ("beta", "beta"),
    ("triangular", "beta"),
    ("lognormal", "exponential"),
    ("normal", "logistic"),
    ("chi2", "weibull"),
    ("student", "normal"),
]


def _student_above(x):
    """P(T > x) for 3 degrees of freedom, without cancellation."""
    if x < 0:
        return 1 - _student_above(-x)
    return mpmath.betainc(mpf(1.5), mpf(0.5), 0, 3 / (3 + x * x), regularized=True) / 2


def tail(first, second, x, side, level):
    """P(X + Y > x), or with side -1 P(X + Y <= x); quad takes what is near 1 in size."""
    _, above, below, (low_x, high_x) = FAMILIES[first]
    density, above_y, below_y, (low, high) = FAMILIES[second]
    x = mpf(x)
    share, share_y, end = (above, above_y, x - low_x) if side > 0 else (below, below_y, x - high_x)
    # Where x - y is beyond the support of X, the share is 0 on one side, and on the other 1.
    start, stop = max(low, x - high_x), min(high, x - low_x)
    total = mpf(0)
    if side > 0 and mpmath.isfinite(end):
        total = share_y(max(end, low)) if end < high else mpf(0)
    if side < 0 and mpmath.isfinite(end):
        total = share_y(max(end, low)) if end > low else mpf(0)
    cuts = _cuts(start, stop, x)
    return total + level * mpmath.quad(lambda y: density(y) / level * share(x - y), cuts)


def _cuts(start, stop, x):
    """Cuts near both ends, near 0, x / 2 and x, and halfway in between, on every scale."""
    scales = [mpf(10) ** (mpf(k) / 2) for k in range(-8, 2 * _decades(x) + 4)]
    places = {mpf(0), x, x / 2, *(end for end in (start, stop) if mpmath.isfinite(end))}
    cuts = {p + sign * scale for p in places for scale in scales for sign in (-1, 1)} | places
    return [start, *sorted(cut for cut in cuts if start < cut < stop), stop]


def _decades(x):
    return max(int(mpmath.log10(abs(x) + 1)), 1)


def table():
    """Print the table: x is a double near the quantile of each level."""
    from tests.distributions.continuous.test_named_sums import law

    for first, second in CASES:
        made = law(first) + law(second)
        for level in (1e-3, 1e-12, 1e-30, 1e-100):
            for side, x in ((1, made.isf(level)), (-1, made.ppf(level))):
                ends = made.support()
                if not abs(x) < 1e300 or x in ends:
                    continue
                x = float(f"{x:.6g}")
                if not ends[0] < x < ends[1]:
                    continue
                # x - y has 40 digits where it is least.
                with mpmath.workdps(40 + 2 * _decades(mpf(x))):
                    value = mpmath.nstr(tail(first, second, x, side, mpf(level)), 20)
                print(f'    ("{first}", "{second}", {side}, {x!r}, {value}),', flush=True)


if __name__ == "__main__":
    table()
