"""Quadrature over panels: its error in 30 digits, and the bounds off the real line it rests on."""

from __future__ import annotations

from itertools import pairwise

import mpmath as mp
import numpy as np
import pytest

from faltung.functions import resolution
from faltung.functions.samples.panels import _CUT_NODES, cuts, means_of, rule_for
from tests.functions.reference import gauss
from tests.functions.samples import reference
from tests.functions.samples.reference import KERNELS

UNIT = 2.0**-53


def quadrature(kernel, low, high, count):
    """Gauss quadrature of the density over a panel, in all digits."""
    nodes, weights = gauss(count)
    middle, half = (low + high) / 2, (high - low) / 2
    return half * mp.fsum(
        w * reference.density(kernel, middle + half * x)
        for x, w in zip(nodes, weights, strict=True)
    )


EXTREME = [
    resolution.gaussian(1.0),
    resolution.lorentz(1.0),
    resolution.exponential(1.0),
    *(resolution.voigt(1.0, ratio) for ratio in (1e-6, 0.1, 2.0, 1e6)),
    *(resolution.exponentially_modified_gaussian(1.0, ratio) for ratio in (1e-3, 0.1, 1.0, 1e6)),
]


@pytest.mark.parametrize("kernel", EXTREME, ids=str)
def test_panels_between_cuts(kernel):
    """All panels together err by less than 1e-18 of the area, each with 16 nodes or halved into
    parts of the size for which fewer nodes are taken."""
    low, high = np.clip(kernel.reach, -1e6 * kernel.scale, 1e6 * kernel.scale)
    places = cuts(kernel, low, high).tolist()
    with mp.workdps(reference.DIGITS):
        lost = {count: mp.mpf(0) for count, _ in _CUT_NODES}
        for start, stop in pairwise(places):
            start, stop = mp.mpf(start), mp.mpf(stop)
            true = quadrature(kernel, start, stop, 30)
            lost[16] += abs(true - quadrature(kernel, start, stop, 16))
            for count, most in _CUT_NODES[:-1]:
                # The part nearest to the center, where the kernel is least smooth.
                part = (stop - start) * mp.mpf(most)
                near = (start, start + part) if abs(start) < abs(stop) else (stop - part, stop)
                error = quadrature(kernel, *near, 16) - quadrature(kernel, *near, count)
                lost[count] += abs(error) / mp.mpf(most)
        assert max(lost.values()) < mp.mpf("1e-18")


@pytest.mark.parametrize("kernel", EXTREME, ids=str)
@pytest.mark.parametrize("part", [0.01, 0.1, 0.4, 1.0])
def test_whole_segments(kernel, part):
    """A rule for whole segments errs by less than it says, and by less than a rounding."""
    widest = part * kernel.scale
    rule = rule_for(kernel, widest, gradient=True)
    if rule.cut:
        assert kernel.jumps or part > 0.3
        return
    assert rule.error(kernel.norms[0]) <= UNIT / 2
    with mp.workdps(reference.DIGITS):
        lost = mp.mpf(0)
        width = mp.mpf(widest)
        for start in np.linspace(-6, 6, 20) * kernel.scale:
            low, high = mp.mpf(start), mp.mpf(start) + width
            error = quadrature(kernel, low, high, 20) - quadrature(kernel, low, high, rule.nodes)
            lost += abs(error) * (12 * kernel.scale / 20) / width
        assert lost <= rule.error(kernel.norms[0])


@pytest.mark.parametrize("kernel", KERNELS[::2], ids=str)
def test_weights(kernel):
    """The integrals of the density times a line, on segments of all sizes."""
    scale = kernel.scale
    edges = np.array([-30.0, -3.0, -2.9, -0.5, 0.2, 0.2 + 1e-9, 0.7, 4.0, 1000.0]) * scale
    widths = np.diff(edges)
    rule = rule_for(kernel, float(widths.max()), gradient=False)
    low, high = means_of(kernel, edges[None], widths, rule, gradient=False)
    assert low.shape == high.shape == (1, 1, len(widths))
    for j in (3, 4, 7):
        with mp.workdps(32):
            ends = mp.mpf(edges[j]), mp.mpf(edges[j + 1])
            least = 1e-3 * widths[j] / scale
            found = (low[0, 0, j] * widths[j], high[0, 0, j] * widths[j])
            for weight, true in zip(found, reference.hat_integrals(kernel, *ends), strict=True):
                assert abs(mp.mpf(weight) - true) <= 200 * UNIT * max(true, least)


def off_the_line(name, z, width):
    """Densities and their derivatives by their width, at complex places."""
    if name == "gaussian":
        k = np.exp(-((z / width) ** 2) / 2) / width / np.sqrt(2 * np.pi)
        return k, ((z / width) ** 2 - 1) * k / width
    if name == "lorentz":
        k = width / np.pi / (z**2 + width**2)
        return k, (z**2 - width**2) / np.pi / (z**2 + width**2) ** 2
    k = np.exp(-z / width) / width
    return k, (z / width - 1) * k / width


@pytest.mark.parametrize("name", ["gaussian", "lorentz", "exponential"])
@pytest.mark.parametrize("width", [0.5, 3.0])
def test_bounds_off_the_real_line(name, width):
    kernel = getattr(resolution, name)(width)
    u = np.arange(0 if kernel.jumps else -40, 40, 0.02) * width
    for reach, height in [(0.1, 0.05), (0.5, 0.5), (0.02, 0.7), (1.0, 0.9), (2.0, 0.9)]:
        across = np.linspace(-reach, reach, 41) * width
        upwards = np.array([0, 0.5, 1]) * height * width
        z = u[:, None, None] + across[:, None] + 1j * upwards
        for norms, values in zip(kernel.norms, off_the_line(name, z, width), strict=True):
            largest = np.abs(values).max(axis=(1, 2))
            bound = norms.strip(np.array([reach * width]), np.array([height * width]))
            assert largest.sum() * 0.02 * width <= 1.02 * bound[0]
