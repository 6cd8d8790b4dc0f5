"""What Hypothesis draws for the arrays: shapes, values of wild range, options that go together."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

BOUNDARIES = ["zero", "constant", "edge", "mirror", "symmetric", "wrap"]
METHODS = ["direct", "fft"]


def shapes(rank):
    longest = {1: 70, 2: 9, 3: 5}[rank]
    return st.tuples(*[st.integers(1, longest)] * rank)


def floats(dtype, exponent=60):
    """Floats between 2**-exponent and 2**exponent, of either sign, and zeros."""
    sizes = st.floats(1, 2, exclude_max=True, width=32)
    numbers = st.builds(
        lambda mantissa, power, sign: sign * mantissa * 2.0**power,
        sizes,
        st.integers(-exponent, exponent),
        st.sampled_from([-1, 0, 1]),
    )
    return numbers.map(lambda x: float(np.dtype(dtype).type(x)))


@st.composite
def operands(draw, exponent=60):
    """Two arrays of one rank and one type, in one of several memory layouts."""
    rank = draw(st.integers(1, 3))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    limit = exponent if dtype is np.float64 else min(exponent, 30)
    a, v = (
        draw(
            hnp.arrays(dtype, draw(shapes(rank)), elements=floats(dtype, limit), fill=st.nothing())
        )
        for _ in range(2)
    )
    return draw(layouts(a)), draw(layouts(v))


@st.composite
def layouts(draw, array):
    """The same array: in C or Fortran order, reversed, every other entry of another, read-only."""
    layout = draw(st.sampled_from(["C", "F", "reversed", "strided", "read-only"]))
    if layout == "F":
        return np.asfortranarray(array)
    if layout == "reversed":
        return np.ascontiguousarray(array[::-1])[::-1]
    if layout == "strided":
        wide = np.repeat(array, 2, axis=-1)
        return wide[..., ::2]
    if layout == "read-only":
        array = array.copy()
        array.setflags(write=False)
    return array


@st.composite
def options(draw, a, v):
    """Options that go together for these operands."""
    if draw(st.booleans()):
        # 'zero' and 'constant' do not go together.
        left_out = draw(st.sampled_from(["zero", "constant"]))
        names = st.sampled_from([name for name in BOUNDARIES if name != left_out])
        return {
            "mode": "same",
            "boundary": draw(st.tuples(*[names] * a.ndim)),
            "fill_value": 0.0,
        }
    fits = all(n >= k for n, k in zip(a.shape, v.shape, strict=True))
    fits = fits or all(n <= k for n, k in zip(a.shape, v.shape, strict=True))
    return {"mode": draw(st.sampled_from(["full", "same"] + ["valid"] * fits))}
