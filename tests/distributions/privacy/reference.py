"""δ of mechanisms by formulas and by integrals, slowly."""

from __future__ import annotations

import mpmath as mp


def gaussian_delta(epsilon, multiplier):
    """Balle & Wang, ICML 2018, theorem 8; n answers are one with the multiplier divided by sqrt(n)."""
    with mp.workdps(40):
        e, s = mp.mpf(epsilon), mp.mpf(multiplier)
        half = 1 / (2 * s)
        return float(mp.ncdf(half - e * s) - mp.exp(e) * mp.ncdf(-half - e * s))


def laplace_delta(epsilon, scale):
    return max(0.0, float(1 - mp.exp((mp.mpf(epsilon) - 1 / mp.mpf(scale)) / 2)))


def sampled_delta(epsilon, rate, s, *, exchanged):
    """δ of one sampled answer, from the cdfs beyond the output with the loss ε."""
    with mp.workdps(120):
        e, r, s = mp.mpf(epsilon), mp.mpf(rate), mp.mpf(s)

        def mixture(x):  # P(X > x)
            return (1 - r) * mp.ncdf(-x / s) + r * mp.ncdf((1 - x) / s)

        if not exchanged:
            x = s**2 * mp.log((mp.exp(e) - 1 + r) / r) + mp.mpf(1) / 2
            return float(mixture(x) - mp.exp(e) * mp.ncdf(-x / s))
        if mp.exp(-e) <= 1 - r:
            return 0.0
        x = s**2 * mp.log((mp.exp(-e) - 1 + r) / r) + mp.mpf(1) / 2
        return float(mp.ncdf(x / s) - mp.exp(e) * (1 - mixture(x)))


def twice_sampled_delta(epsilon, rate, s):
    """δ of two sampled answers: E over the first of what δ is left to the second."""
    with mp.workdps(25):
        r = mp.mpf(rate)

        def density(x):
            own = (1 - r) * mp.npdf(x, 0, s) + r * mp.npdf(x, 1, s)
            return own, mp.log(own / mp.npdf(x, 0, s))

        def rest(x):
            own, loss = density(x)
            return own * hockey_stick(mp.mpf(epsilon) - loss, r, mp.mpf(s))

        return float(mp.quad(rest, mp.linspace(-10 * s, 1 + 10 * s, 25)))


def hockey_stick(e, r, s):
    if mp.exp(e) <= 1 - r:
        return 1 - mp.exp(e)
    x = s**2 * mp.log((mp.exp(e) - 1 + r) / r) + mp.mpf(1) / 2
    return (1 - r) * mp.ncdf(-x / s) + r * mp.ncdf((1 - x) / s) - mp.exp(e) * mp.ncdf(-x / s)


def composed_laplace_delta(epsilon, scale, n):
    """δ of n Laplace answers, by a sum of truncated powers.

    With c = 1 / scale the loss has the law ``e^(x / 2 - c / 2) m(x)`` for m half at c and half at -c,
    and uniform between, of density 1/4. With E the shift by c and J the integral from the right, m
    is ``(E + 1/E) / 2 + (E - 1/E) J / 4``, whose n-th power is a sum of shifted powers of J; δ integrates
    ``e^((epsilon - c n) / 2) 2 sinh((x - epsilon) / 2)`` over them.
    """
    with mp.workdps(60 + 2 * n):
        c, e = 1 / mp.mpf(scale), mp.mpf(epsilon)
        total = mp.mpf(0)
        for k in range(n + 1):
            shifts = [1]
            for sign in [1] * (n - k) + [-1] * k:
                shifts = [a + sign * b for a, b in zip([0, *shifts], [*shifts, 0], strict=True)]
            ends = [((2 * i - n) * c - e, count) for i, count in enumerate(shifts)]
            powers = sum(count * _sinh_integral(end, k) for end, count in ends if end > 0)
            total += mp.binomial(n, k) * mp.mpf(2) ** (-n - k) * powers
        return mp.exp((e - n * c) / 2) * total


def _sinh_integral(x, k):
    """The k-fold integral from 0 to x of ``2 sinh(x / 2)``."""
    terms = (2 * mp.mpf(2) ** (-j) * x ** (j + k) / mp.factorial(j + k) for j in range(1, 200, 2))
    return mp.fsum(terms)
