"""Random piecewise polynomials for Hypothesis."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from faltung.functions import Function

WIDTHS = st.one_of(
    st.sampled_from([0.1, 0.25, 1.0, 2.0]),
    st.floats(1e-3, 4.0),
    st.floats(-9.0, 2.0).map(lambda power: 10.0**power),
)
STARTS = st.one_of(st.sampled_from([0.0, -1.0, 0.1]), st.floats(-50.0, 50.0))
VALUES = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0]),
    st.floats(-10.0, 10.0),
    st.floats(-1e60, 1e60),
    st.floats(-1e-60, 1e-60),
)
TAME = st.one_of(st.sampled_from([0.0, 1.0, -1.0]), st.floats(-2.0, 2.0))


@st.composite
def functions(draw, values=TAME, pieces=4, length=5):
    """A function of a few pieces, as (breaks, coefficients) and what they make."""
    widths = draw(st.lists(WIDTHS, min_size=1, max_size=pieces))
    breaks = draw(STARTS) + np.concatenate([[0.0], np.cumsum(widths)])
    rows = st.lists(values, min_size=1, max_size=length)
    return Function.from_pieces(
        np.unique(breaks), [draw(rows) for _ in range(len(np.unique(breaks)) - 1)]
    )
