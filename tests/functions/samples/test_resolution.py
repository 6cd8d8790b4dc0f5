"""Resolution functions: values, areas and derivatives against 30 digits, and SciPy's names."""

from __future__ import annotations

import lmfit
import mpmath as mp
import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from faltung.errors import DtypeError, OptionError
from faltung.functions import resolution
from faltung.functions.samples.repeated_integrals import repeated_integrals
from tests.functions.samples import reference
from tests.functions.samples.reference import KERNELS

UNIT = 2.0**-53


def places(kernel):
    """Distances from the center that are exact, near it and far out."""
    rng = np.random.default_rng(5)
    near, far = rng.normal(size=25) * 3, rng.normal(size=12) * 30
    v = np.concatenate([near, far]) * kernel.scale
    if hasattr(kernel, "tau"):
        v = np.concatenate([v, rng.exponential(size=15) * 2 * kernel.tau])
    return v


@pytest.mark.parametrize("kernel", KERNELS, ids=str)
def test_the_density(kernel):
    v = places(kernel)
    with mp.workdps(reference.DIGITS):
        truth = [reference.density(kernel, float(a)) for a in v]
        errors = [abs(mp.mpf(float(a)) - b) for a, b in zip(kernel.density(v), truth, strict=True)]
        assert max(errors) <= kernel.norms[0].units * UNIT * kernel.norms[0].peak
        # Relative to itself: a rounded distance alone costs v^2 / sigma^2 in a Gaussian's tail.
        relative = [
            float(e / max(t, mp.mpf(10) ** -290)) for e, t in zip(errors, truth, strict=True)
        ]
        assert max(relative) <= 4000 * UNIT


@pytest.mark.parametrize("kernel", KERNELS, ids=str)
def test_derivatives(kernel):
    v = places(kernel)
    for name, norms, row in zip(
        kernel.parameters, kernel.norms[1:], kernel.with_derivatives(v)[1:], strict=False
    ):
        most = norms.units * UNIT * norms.peak / 2
        for at, value in zip(v.tolist(), row.tolist(), strict=True):
            assert abs(mp.mpf(value) - reference.derivative(kernel, name, at)) <= most, name
    most = 60 * UNIT * kernel.norms[0].peak / kernel.scale
    for at, value in zip(v.tolist(), kernel.slope(v).tolist(), strict=True):
        assert abs(mp.mpf(value) + reference.derivative(kernel, "center", at)) <= most


@pytest.mark.parametrize("kernel", KERNELS, ids=str)
def test_areas_and_their_derivatives(kernel):
    """The area beyond v, and the change of it with each parameter, which is that of the density."""
    with mp.workdps(reference.DIGITS):
        for v in np.array([-3.0, -0.2, 0.0, 0.7, 5.0]) * kernel.scale:
            truth = reference.area_above(kernel, mp.mpf(v))
            at = np.array([v])
            assert abs(mp.mpf(float(kernel.above(at)[0])) - truth) <= 16 * UNIT
            assert abs(mp.mpf(float(kernel.below(at)[0])) - (1 - truth)) <= 16 * UNIT
    step, v = 1e-4 * kernel.scale, places(kernel)
    v = v[np.abs(v) > 2 * step]  # a decay jumps at 0
    ahead, behind = (kernel.above_derivatives(v + s) for s in (step, -step))
    for after, before, row in zip(ahead, behind, kernel.with_derivatives(v)[1:], strict=True):
        assert np.abs((after - before) / (2 * step) + row).max() <= 1e-6 * np.abs(row).max()


@pytest.mark.parametrize("kernel", KERNELS, ids=str)
def test_norms_bound_what_they_say(kernel):
    out = np.geomspace(1e-3, 1e5, 20_000) * kernel.scale
    v = np.unique(np.clip(np.concatenate([-out, [0.0], out]), *kernel.reach))
    for norms, row in zip(kernel.norms, kernel.with_derivatives(v), strict=True):
        assert np.abs(row).max() <= norms.peak
        assert np.abs(v * row).max() <= norms.moment
        assert np.trapezoid(np.abs(row), v) <= 1.001 * norms.area


def test_names_of_others():
    x = np.linspace(-3, 9, 50)
    assert resolution.gaussian(0.7, 1.0)(x) == pytest.approx(scipy.stats.norm(1, 0.7).pdf(x))
    assert resolution.lorentz(0.7, 1.0)(x) == pytest.approx(scipy.stats.cauchy(1, 0.7).pdf(x))
    assert resolution.exponential(0.7, 1.0)(x) == pytest.approx(scipy.stats.expon(1, 0.7).pdf(x))
    modified = resolution.exponentially_modified_gaussian(0.5, 2.0, 1.0)
    assert modified(x) == pytest.approx(scipy.stats.exponnorm(4.0, 1.0, 0.5).pdf(x))
    assert modified.cdf(x) == pytest.approx(scipy.stats.exponnorm(4.0, 1.0, 0.5).cdf(x))
    same = lmfit.lineshapes.expgaussian(x, center=1.0, sigma=0.5, gamma=0.5)
    assert modified(x) == pytest.approx(same)
    same = lmfit.lineshapes.voigt(x, center=1.0, sigma=0.5, gamma=0.2)
    assert resolution.voigt(0.5, 0.2, 1.0)(x) == pytest.approx(same)


def test_a_number_gives_a_number():
    kernel = resolution.voigt(1.0, 1.0)
    assert kernel(0.0) == pytest.approx(0.208709280520367689, rel=1e-15)
    assert kernel([3.0, 10.0]) == pytest.approx([0.0433858223236796634, 0.00324873485976909523])
    assert isinstance(kernel.cdf(0), float)
    assert kernel.gradient(np.zeros((2, 3)))["gamma"].shape == (2, 3)
    assert repr(kernel) == "Voigt(sigma=1, gamma=1, center=0)"


@pytest.mark.parametrize(
    ("f", "g"),
    [
        (resolution.gaussian(0.3, 1.0), resolution.gaussian(0.4)),
        (resolution.gaussian(0.3, 1.0), resolution.lorentz(0.4, 0.5)),
        (resolution.voigt(0.3, 0.1), resolution.voigt(0.2, 0.4)),
        (resolution.lorentz(0.3), resolution.lorentz(0.4)),
        (resolution.exponential(0.5), resolution.gaussian(0.4, -1.0)),
        (resolution.exponentially_modified_gaussian(0.3, 0.8), resolution.gaussian(0.4, -1.0)),
    ],
    ids=str,
)
def test_the_convolution_of_two(f, g):
    h = resolution.convolve(f, g)
    assert resolution.convolve(g, f) == h
    s = np.linspace(-40, 40, 400_001)
    for t in (-0.5, 0.3, 2.0):
        by_sum = np.trapezoid(f(s) * g(t - s), s)
        assert h(t) == pytest.approx(by_sum, abs=2e-4)


def test_a_convolution_that_is_none_of_them():
    with pytest.raises(OptionError, match="none of the resolution functions"):
        resolution.convolve(resolution.exponential(1.0), resolution.lorentz(1.0))
    with pytest.raises(DtypeError, match="takes resolution functions"):
        resolution.convolve(resolution.exponential(1.0), 3.0)  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [0, -1.0, np.inf, np.nan, 1e-80, 1e80])
def test_widths_that_are_none(width):
    for make in (resolution.gaussian, resolution.lorentz, resolution.exponential):
        with pytest.raises(OptionError):
            make(width)
    with pytest.raises(OptionError, match=r"tau|write a finite"):
        resolution.exponentially_modified_gaussian(1.0, width)


def test_other_bad_arguments():
    with pytest.raises(OptionError, match="center"):
        resolution.gaussian(1.0, center=1e90)
    with pytest.raises(DtypeError, match="sigma must be a real number"):
        resolution.gaussian("1")  # type: ignore[arg-type]
    with pytest.raises(DtypeError, match="takes real numbers"):
        resolution.gaussian(1.0)([1j])


@given(
    st.sampled_from(["gaussian", "lorentz", "exponential"]),
    st.floats(-60, 60),
    st.floats(-60, 60),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_nothing_is_nan_for_one_width(name, first, second, x):
    kernel = getattr(resolution, name)(10.0**first, center=second)
    with np.errstate(all="ignore"):
        assert kernel(x) >= 0
        assert 0 <= kernel.cdf(x) <= 1


@given(
    st.sampled_from(["voigt", "exponentially_modified_gaussian"]),
    st.floats(-30, 30),
    st.floats(-30, 30),
    st.floats(-1e40, 1e40),
)
def test_nothing_is_nan_for_two_widths(name, first, second, x):
    kernel = getattr(resolution, name)(10.0**first, 10.0**second)
    with np.errstate(all="ignore"):
        assert kernel(x) >= 0
        assert all(np.isfinite(value) for value in kernel.gradient(x).values())


@given(st.floats(0, 30), st.floats(-30, 30))
def test_repeated_integrals(real, imaginary):
    """By their definition: the derivative of each is that before it, less sign."""
    z = np.array([complex(real, imaginary)])
    found = repeated_integrals(z)
    with mp.workdps(60):
        w = mp.mpc(z[0])
        scaled = mp.exp(w * w) * mp.erfc(w)
        once = 1 / mp.sqrt(mp.pi) - w * scaled
        truth = (scaled, once, (scaled - 2 * w * once) / 4)
        # SciPy's w is off by up to 150 roundoffs, and each step multiplies that by the size of z.
        accurate = abs(w) >= 7 or real >= 2
        for n, (value, exact) in enumerate(zip(found, truth, strict=True)):
            error = abs(mp.mpc(value[0]) - exact)
            assert error <= 200 * UNIT * abs(truth[0]) * abs(max(abs(w), 1)) ** n + 4 * UNIT
            if accurate:
                assert error <= 32 * UNIT * abs(exact)
