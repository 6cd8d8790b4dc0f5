"""Samples convolved with resolution functions: against quadrature in 30 digits, laws, and bad input."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import faltung as ft
from faltung.errors import DataError, DtypeError, FaltungError, OptionError, ShapeError
from faltung.functions import convolve_samples, resolution
from tests.functions.samples import reference
from tests.functions.samples.reference import KERNELS

GAUSS = resolution.gaussian(0.5)


def axis_of(kind, count=9):
    if kind == "even":
        return np.linspace(-1.0, 2.0, count)
    return np.sort(np.random.default_rng(3).uniform(-1, 2, count))


def samples_on(x):
    return np.random.default_rng(7).normal(size=len(x))


@pytest.mark.parametrize("outside", ["zero", "edge"])
@pytest.mark.parametrize("kind", ["even", "uneven"])
@pytest.mark.parametrize("kernel", KERNELS, ids=str)
def test_values(kernel, kind, outside):
    x = axis_of(kind, 5)
    y = samples_on(x)
    h = convolve_samples(y, kernel, x=x, outside=outside)
    for i in (0, 3) if outside == "zero" else (2,):
        truth = reference.convolution(kernel, x, y, x[i], edge=outside == "edge")
        assert abs(mp.mpf(float(h.y[i])) - truth) <= min(h.error_bound, 1e-14)


@pytest.mark.parametrize("kind", ["even", "uneven"])
@pytest.mark.parametrize("outside", ["zero", "edge"])
@pytest.mark.parametrize("kernel", KERNELS, ids=str)
def test_gradient(kernel, kind, outside):
    """By a difference of two convolutions; 30 digits have those of the density itself."""
    x = axis_of(kind, 40)
    y = samples_on(x)
    # Jumps of samples and kernel that meet have no derivative by the center.
    if kernel.jumps:
        y[[0, -1]] = 0
    at = x[1:-1] + 1e-3
    for points in (None, at):
        h = convolve_samples(y, kernel, x=x, at=points, outside=outside, gradient=True)
        plain = convolve_samples(y, kernel, x=x, at=points, outside=outside)
        assert np.abs(plain.y - h.y).max() <= h.error_bound + plain.error_bound
        assert tuple(h.gradient) == tuple(kernel.parameters)
        for name, value in kernel.parameters.items():
            step = 3e-6 * (kernel.scale if name == "center" else value)
            ends = []
            for s in (1, -1):
                moved = type(kernel)(**{**kernel.parameters, name: value + s * step})
                ends.append(convolve_samples(y, moved, x=x, at=points, outside=outside).y)
            difference = (ends[0] - ends[1]) / (2 * step)
            size = max(np.abs(h.gradient[name]).max(), 1e-3 * np.abs(h.y).max() / step * 3e-6)
            most = 2e-2 if kernel.jumps else 1e-6
            assert np.abs(difference - h.gradient[name]).max() <= most * size, name
            assert h.gradient_error_bounds[name] <= 1e-6 * size


@pytest.mark.parametrize("kernel", [k for k in KERNELS if not k.jumps][::3], ids=str)
def test_gradient_to_many_digits(kernel):
    x = axis_of("uneven", 4)
    y = samples_on(x)
    h = convolve_samples(y, kernel, x=x, gradient=True)
    for name, value in kernel.parameters.items():
        if name == "center":
            continue
        with mp.workdps(reference.DIGITS):
            step = mp.mpf(10) ** -12 * value
            moved = [_Moved(kernel, name, mp.mpf(value) + s * step) for s in (1, -1)]
            high, low = (reference.convolution(m, x, y, x[1]) for m in moved)
            truth = (high - low) / (2 * step)
            assert abs(mp.mpf(float(h.gradient[name][1])) - truth) <= h.gradient_error_bounds[name]


class _Moved:
    """A kernel with one parameter that is no double."""

    def __init__(self, kernel, name, value):
        self.parameters = {**kernel.parameters, name: value}
        self.center, self.scale = kernel.center, kernel.scale
        self.__class__ = type(type(kernel).__name__, (_Moved,), {})


@pytest.mark.parametrize("kernel", KERNELS, ids=str)
def test_an_even_axis_and_the_same_as_points(kernel):
    """Two ways to the same values: one kernel for all points, and a row of weights for each."""
    x = np.linspace(-3, 5, 300)
    y = samples_on(x)
    for outside in ("zero", "edge"):
        one = convolve_samples(y, kernel, x=x, outside=outside, gradient=True)
        other = convolve_samples(y, kernel, x=x, at=x, outside=outside, gradient=True)
        assert np.abs(one.y - other.y).max() <= min(one.error_bound + other.error_bound, 1e-13)
        for name, bound in one.gradient_error_bounds.items():
            apart = np.abs(one.gradient[name] - other.gradient[name]).max()
            assert apart <= bound + other.gradient_error_bounds[name]


def test_the_axis_is_that_of_the_samples():
    """A peak stays where it is, however many samples there are on either side of it."""
    for x in (np.linspace(-2, 7, 91), np.linspace(0, 7, 100), np.geomspace(0.1, 10, 80)):
        y = np.exp(-((x - 3) ** 2) / 0.1)
        places, h = convolve_samples(y, resolution.gaussian(0.4), x=x)
        assert places is not y
        assert np.array_equal(places, x)
        center = np.trapezoid(x * h, x) / np.trapezoid(h, x)
        assert center == pytest.approx(3.0, abs=0.02)


def test_no_spacing_to_multiply_by():
    """Two Gaussians, whatever the spacing: what is left is what straight lines are off."""
    for n in (50, 200, 1000):
        x = np.linspace(-6, 6, n)
        h = convolve_samples(resolution.gaussian(0.8)(x), resolution.gaussian(0.6), x=x)
        assert np.abs(h.y - resolution.gaussian(1.0)(x)).max() < 0.2 * (x[1] - x[0]) ** 2


def test_a_kernel_narrower_than_any_spacing_does_nothing():
    x = np.sort(np.random.default_rng(0).uniform(0, 1, 30))
    y = samples_on(x)
    for kernel in (resolution.gaussian(1e-12), resolution.voigt(1e-13, 1e-14)):
        h = convolve_samples(y, kernel, x=x, outside="edge")
        assert np.abs(h.y - y).max() < 1e-8


def test_a_background_does_not_sag():
    x = np.linspace(0, 10, 50)
    for kernel in KERNELS:
        flat = convolve_samples(np.full(50, 3.0), kernel, x=x, outside="edge")
        assert np.abs(flat.y - 3).max() <= flat.error_bound
        assert flat.error_bound < 1e-11


def test_a_step_and_its_response():
    """A jump is two samples at neighbouring places; the answer is the kernel's own integral."""
    x = np.array([-50.0, 0.0, np.nextafter(0.0, 1), 90.0])
    t = np.linspace(-4, 12, 60)
    for kernel in KERNELS:
        h = convolve_samples([0, 0, 1, 1], kernel, x=x, at=t, outside="edge", gradient=True)
        assert np.abs(h.y - kernel.cdf(t)).max() < 1e-14
        if not kernel.jumps:
            error = np.abs(h.gradient["center"] + kernel(t)).max()
            assert error <= h.gradient_error_bounds["center"]


def test_a_decay_with_an_onset():
    """An exponential decay that begins at 0.3, broadened: exponentially modified Gaussian."""
    tau, onset = 2.0, 0.3
    s = onset + np.concatenate([[0.0], np.geomspace(1e-4, 100, 20_000)])
    t = np.linspace(-3, 20, 100)
    h = convolve_samples(np.exp(-(s - onset) / tau), resolution.gaussian(0.4), x=s, at=t)
    true = tau * resolution.exponentially_modified_gaussian(0.4, tau, center=onset)(t)
    assert np.abs(h.y - true).max() < 1e-7


@pytest.mark.parametrize("gradient", [False, True])
def test_rows(gradient):
    x = np.linspace(0, 3, 25)
    rows = np.random.default_rng(2).normal(size=(4, 25))
    for axis in ({"x": x}, {"x": x**2 + x}, {"dx": 0.125}, {"x": x, "at": x[::2] + 0.01}):
        together = convolve_samples(rows, GAUSS, gradient=gradient, **axis)
        for row, values in zip(rows, together.y, strict=True):
            alone = convolve_samples(row, GAUSS, gradient=gradient, **axis)
            assert np.abs(alone.y - values).max() <= alone.error_bound
            assert alone.y.shape == together.x.shape


def test_points_of_any_shape():
    at = np.array([[0.1, -5.0, 2.0], [0.3, 40.0, 0.1]])
    y = samples_on(np.arange(9.0))
    h = convolve_samples(y, GAUSS, dx=1.0, at=at, gradient=True)
    assert h.x.shape == h.y.shape == h.gradient["sigma"].shape == (2, 3)
    assert h.y[0, 0] == h.y[1, 2]
    assert h.y[1, 1] == 0.0
    nothing = convolve_samples(y, GAUSS, dx=1.0, at=[], gradient=True)
    assert nothing.y.shape == (0,)
    assert nothing.error_bound >= 0


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(KERNELS),
    st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12),
    st.floats(1e-3, 1e3),
    st.floats(-1e6, 1e6),
    st.integers(0, 2**32),
)
def test_laws(kernel, values, spacing, start, seed):
    """Linear, and the same after a shift of everything, within the bounds."""
    rng, y = np.random.default_rng(seed), np.array(values)
    other = rng.normal(size=len(y))
    x = start + spacing * np.arange(len(y))
    f, g, both = (convolve_samples(v, kernel, x=x) for v in (y, other, 2 * y + other))
    assert np.isfinite(both.y).all()
    rounded = 2.0**-50 * (np.abs(y).max() + np.abs(other).max())
    most = 2 * f.error_bound + g.error_bound + both.error_bound + rounded
    assert np.abs(both.y - 2 * f.y - g.y).max() <= most
    again = convolve_samples(y, kernel, x=x, at=x)
    assert np.abs(again.y - f.y).max() <= f.error_bound + again.error_bound
    assert np.abs(f.y).max() <= np.abs(y).max() + f.error_bound


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.floats(-1e300, 1e300), min_size=2, max_size=8),
    st.lists(st.floats(-1e60, 1e60), min_size=2, max_size=8, unique=True),
    st.floats(-60, 60),
)
def test_wild_numbers(values, places, size):
    """Numbers of any size: finite values, or an error that says what is wrong."""
    count = min(len(values), len(places))
    x = np.sort(places[:count])
    try:
        h = convolve_samples(values[:count], resolution.gaussian(10.0**size), x=x, gradient=True)
    except FaltungError:
        return
    assert np.isfinite(h.y).all()
    assert h.error_bound >= 0


def test_any_function_is_a_kernel():
    """A box, a function with tails and a delta, by the convolution of functions."""
    x = np.linspace(-1, 2, 13)
    y = samples_on(x)
    box = convolve_samples(y, ft.functions.box(-0.25, 0.25), x=x)
    middle = [
        np.trapezoid(np.interp(s, x, y), s)
        for s in (np.linspace(t - 0.25, t + 0.25, 4001) for t in x)
    ]
    assert np.abs(box.y - middle)[1:-1].max() < 1e-6
    tailed = ft.Function(lambda t: np.exp(-t * t / 2) / np.sqrt(2 * np.pi), (-np.inf, np.inf))
    same = convolve_samples(y, tailed, x=x)
    assert np.abs(same.y - convolve_samples(y, resolution.gaussian(1.0), x=x).y).max() < 1e-12
    assert same.error_bound < 1e-10
    edge = convolve_samples(np.ones(13), ft.functions.box(0, 2, 0.5), x=x, outside="edge")
    assert np.abs(edge.y - 1).max() < 1e-14
    rows = convolve_samples(np.stack([y, 2 * y]), ft.functions.box(-0.25, 0.25), x=x)
    assert np.abs(rows.y[1] - 2 * box.y).max() < 1e-14


def test_jacobian():
    y = samples_on(np.arange(9.0))
    h = convolve_samples(y, resolution.voigt(0.5, 0.2), dx=1.0, gradient=True)
    assert np.array_equal(h.jacobian()[:, 1], h.gradient["gamma"])
    assert np.array_equal(h.jacobian("center", "sigma")[:, 0], h.gradient["center"])
    with pytest.raises(OptionError, match="'tau': write 'sigma' or 'gamma' or 'center'"):
        h.jacobian("tau")
    plain = convolve_samples(y, GAUSS, dx=1.0)
    assert plain.gradient == {}
    with pytest.raises(OptionError, match="gradient=True"):
        plain.jacobian()
    assert repr(h).startswith("SampledConvolution at 9 places, 0 to 8, derivatives: sigma, gamma")


def test_nothing_given_is_changed():
    y, x = np.arange(9.0), np.arange(9.0)
    x, h = convolve_samples(y, GAUSS, x=x)
    assert np.array_equal(y, np.arange(9.0))
    assert np.array_equal(x, np.arange(9.0))
    assert h is not y


@pytest.mark.parametrize(
    ("error", "words", "call"),
    [
        (OptionError, "neither x nor dx", {}),
        (OptionError, "both x and dx", {"x": [0, 1, 2], "dx": 1.0}),
        (OptionError, "dx is 0.0", {"dx": 0}),
        (OptionError, "dx is -1.0", {"dx": -1}),
        (DtypeError, "dx must be a real number", {"dx": "1"}),
        (OptionError, "dx is nan", {"dx": np.nan}),
        (ShapeError, "one place for each", {"x": [0, 1]}),
        (ShapeError, "one place for each", {"x": [[0, 1, 2]]}),
        (DataError, r"x\[1\] = 1.0 to x\[2\] = 1.0.*nextafter", {"x": [0, 1, 1]}),
        (DataError, r"x\[0\] = 2.0 to x\[1\] = 1.0", {"x": [2, 1, 0]}),
        (DataError, r"x \[1\] is nan", {"x": [0, np.nan, 2]}),
        (DataError, "measure in another unit", {"x": [0, 1, 1e80]}),
        (DtypeError, "x must be real numbers", {"x": ["a", "b", "c"]}),
        (DataError, r"at \[0\] is inf", {"dx": 1, "at": [np.inf]}),
        (DtypeError, "at must be real numbers", {"dx": 1, "at": [1j]}),
        (OptionError, "outside='wrap' is unknown", {"dx": 1, "outside": "wrap"}),
        (OptionError, "gradient=3", {"dx": 1, "gradient": 3}),
    ],
)
def test_bad_options(error, words, call):
    with pytest.raises(error, match=words):
        convolve_samples([1.0, 2.0, 3.0], GAUSS, **call)


@pytest.mark.parametrize(
    ("error", "words", "y"),
    [
        (DataError, r"sample \[1\] is nan: leave it out", [1, np.nan, 2]),
        (DataError, r"sample \[1, 0\] is inf", [[1, 2], [np.inf, 2]]),
        (ShapeError, "at least two", [1.0]),
        (ShapeError, "at least two", []),
        (ShapeError, "at least two", 3.0),
        (ShapeError, "at least two", np.zeros((2, 2, 2))),
        (ShapeError, "at least two", np.zeros((0, 4))),
        (DtypeError, "their parts", [1j, 2]),
        (DtypeError, "must be real numbers", ["a", "b"]),
    ],
)
def test_bad_samples(error, words, y):
    with pytest.raises(error, match=words):
        convolve_samples(y, GAUSS, dx=1.0)


def test_bad_kernels():
    for kernel, words in [
        (np.ones(3), "the kernel is an array"),
        (np.exp, "make it a Function"),
        (None, "the kernel is a NoneType"),
    ]:
        with pytest.raises(DtypeError, match=words):
            convolve_samples([1, 2], kernel, dx=1.0)  # type: ignore[arg-type]
    box = ft.functions.box(0, 1)
    with pytest.raises(OptionError, match="no parameters"):
        convolve_samples([1, 2], box, dx=1.0, gradient=True)
    tailed = ft.Function(lambda t: 1 / (1 + t * t), (-np.inf, np.inf))
    with pytest.raises(OptionError, match="needs a kernel on a bounded interval"):
        convolve_samples([1, 2], tailed, dx=1.0, outside="edge")
