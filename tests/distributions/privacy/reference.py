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
    with mp.workdps(40):
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
