"""Resolution functions: what an instrument makes of an infinitely narrow peak; all of area 1.

Each is a small immutable object. ``r(x)`` is its value, ``r.cdf(x)`` its integral up to x, and
``r.gradient(x)`` the derivatives with respect to its parameters. They are also the closed forms of the
models that fits are made of: an exponential decay that begins at `center`, convolved with a Gaussian,
is tau times ``exponentially_modified_gaussian(sigma, tau, center)``; a Lorentz line convolved with a
Gaussian is ``voigt``; a step is ``cdf``; a delta is the function itself; and :func:`convolve` joins two.
"""

from __future__ import annotations

import math

from faltung.errors import DtypeError, OptionError
from faltung.functions.samples.bells import Gaussian, Lorentz, Voigt
from faltung.functions.samples.decays import Exponential, ExponentiallyModifiedGaussian
from faltung.functions.samples.shape import Resolution

__all__ = [
    "Resolution",
    "convolve",
    "exponential",
    "exponentially_modified_gaussian",
    "gaussian",
    "lorentz",
    "voigt",
]


def __dir__() -> list[str]:
    return sorted(__all__)


def gaussian(sigma: float, center: float = 0.0) -> Resolution:
    """Return the normal density, ``exp(-(x - center)**2 / (2 sigma**2)) / (sigma sqrt(2 pi))``.

    Parameters
    ----------
    sigma
        The standard deviation; the full width at half maximum is 2.3548 sigma.
    center
        Where it is largest.

    Raises
    ------
    OptionError
        If sigma is not above 0.

    Examples
    --------
    >>> r = gaussian(0.5)
    >>> round(r(0.0), 12), r.cdf(0.0)
    (0.797884560803, 0.5)
    """
    return Gaussian(sigma, center=center)


def lorentz(gamma: float, center: float = 0.0) -> Resolution:
    """Return the Cauchy density, ``gamma / (pi ((x - center)**2 + gamma**2))``.

    Parameters
    ----------
    gamma
        Half the full width at half maximum: `sigma` of lmfit's LorentzianModel, `scale` of
        scipy.stats.cauchy.
    center
        Where it is largest.

    Raises
    ------
    OptionError
        If gamma is not above 0.

    Examples
    --------
    >>> r = lorentz(2.0)
    >>> r(2.0) / r(0.0), r.cdf(2.0)
    (0.5, 0.75)
    """
    return Lorentz(gamma, center=center)


def voigt(sigma: float, gamma: float, center: float = 0.0) -> Resolution:
    """Return the Voigt density: a Gaussian of `sigma` convolved with a Lorentz function of `gamma`.

    Parameters
    ----------
    sigma
        The standard deviation of the Gaussian.
    gamma
        Half the full width at half maximum of the Lorentz function.
    center
        Where it is largest.

    Raises
    ------
    OptionError
        If sigma or gamma is not above 0.

    Examples
    --------
    >>> round(voigt(1.0, 1.0)(3.0), 12)
    0.043385822324
    """
    return Voigt(sigma, gamma, center=center)


def exponential(tau: float, center: float = 0.0) -> Resolution:
    """Return the exponential density, ``exp(-(x - center) / tau) / tau`` from `center` on.

    Parameters
    ----------
    tau
        The time after which it has fallen to 1 / e; 1 / tau is the rate.
    center
        Where it begins.

    Raises
    ------
    OptionError
        If tau is not above 0.

    Examples
    --------
    >>> exponential(2.0)([-1.0, 0.0])
    array([0. , 0.5])
    """
    return Exponential(tau, center=center)


def exponentially_modified_gaussian(sigma: float, tau: float, center: float = 0.0) -> Resolution:
    """Return a Gaussian convolved with an exponential decay: a peak with a tail to the right.

    Parameters
    ----------
    sigma
        The standard deviation of the Gaussian.
    tau
        The decay time: tau / sigma is `K` of scipy.stats.exponnorm, and 1 / tau `gamma` of lmfit's
        ExponentialGaussianModel.
    center
        The mean of the Gaussian, where the decay begins; the mean of the whole is center + tau.

    Raises
    ------
    OptionError
        If sigma or tau is not above 0.

    Examples
    --------
    >>> round(exponentially_modified_gaussian(1.0, 2.0)(0.0), 12)
    0.17480941736
    """
    return ExponentiallyModifiedGaussian(sigma, tau, center=center)


def convolve(f: Resolution, g: Resolution) -> Resolution:
    """Return the convolution of two resolution functions where it is one again.

    Variances of Gaussians add up, widths gamma of Lorentz functions add up, centers add up.

    Parameters
    ----------
    f, g
        Two resolution functions.

    Raises
    ------
    OptionError
        If the convolution is none of the resolution functions.
    DtypeError
        If an operand is no resolution function.

    Examples
    --------
    >>> convolve(gaussian(3.0), gaussian(4.0, center=1.0))
    Gaussian(sigma=5, center=1)
    >>> convolve(lorentz(1.0), gaussian(2.0))
    Voigt(sigma=2, gamma=1, center=0)
    """
    for operand in (f, g):
        if not isinstance(operand, Resolution):
            raise DtypeError(f"resolution.convolve takes resolution functions, not {operand!r}")
    parts = [*_parts(f), *_parts(g)]
    sigma = math.hypot(*(value for kind, value in parts if kind == "sigma"))
    gamma = math.fsum(value for kind, value in parts if kind == "gamma")
    taus = [value for kind, value in parts if kind == "tau"]
    center = f.center + g.center
    if len(taus) > 1 or (taus and gamma):
        raise OptionError(
            f"the convolution of {f} and {g} is none of the resolution functions: convolve samples of "
            "one with the other, convolve_samples(f(x), g, x=x)"
        )
    if taus:
        return exponentially_modified_gaussian(sigma, taus[0], center)
    if gamma:
        return voigt(sigma, gamma, center) if sigma else lorentz(gamma, center)
    return gaussian(sigma, center)


def _parts(f: Resolution) -> list[tuple[str, float]]:
    return [(name, value) for name, value in f.parameters.items() if name != "center"]
