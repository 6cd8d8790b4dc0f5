"""Pictures of random piecewise polynomials."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from faltung.functions import convolve, process
from faltung.functions.pictures.curves import extent, shown

from .strategies import functions


@settings(max_examples=25)
@given(functions(), functions(), st.floats(0, 1))
def test_pictures_of_random_functions(f, g, part):
    h = convolve(f, g)
    t = h.domain[0] + part * (h.domain[1] - h.domain[0])
    scene = process(f, g, t, h=h, points=40)
    assert (np.diff(scene.s) >= 0).all()
    assert (np.diff(scene.shifts) >= 0).all()
    assert scene.area == scene.result[-1] == h(t)
    single = np.isin(scene.s, scene.s[1:][np.diff(scene.s) == 0], invert=True)
    assert scene.f[single].tolist() == f(scene.s[single]).tolist()
    low, high = extent(f)
    assert low <= 0 <= high
    assert shown(f)[0] < shown(f)[1]
