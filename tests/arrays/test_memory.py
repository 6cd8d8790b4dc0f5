"""How much memory a call takes beyond its operands and its result, as the system counts it."""

from __future__ import annotations

import subprocess
import sys

import pytest

# The peak before the call is that of the operands, made without copies, and of a first call on
# small ones.
CODE = """
import resource, numpy as np, faltung as ft
rng = np.random.default_rng(0)
a, v = rng.random({shape}), rng.random({taps})
out = np.zeros_like(a)
small = tuple(slice(2 * k) for k in v.shape)
ft.convolve(np.ascontiguousarray(a[small]), v, mode="same", boundary={boundary!r})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
ft.convolve(a, v, mode="same", boundary={boundary!r}, out=out, method={method!r})
extra = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(extra * 1024 / out.nbytes)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
@pytest.mark.parametrize("boundary", ["zero", "mirror"])
@pytest.mark.parametrize(
    ("shape", "taps", "method", "most"),
    [
        # A kernel below a fifth of the array on each side takes half a result at most …
        ((3000, 3000), (21, 21), "fft", 0.5),
        ((3000, 3000), (500, 500), "auto", 0.5),
        ((3000, 3000), (9, 9), "direct", 0.1),
        ((220, 220, 220), (41, 41, 41), "auto", 0.5),
        ((220, 220, 220), (5, 5, 5), "direct", 0.1),
        # … any kernel two and a half.
        ((2000, 2000), (2000, 2000), "auto", 2.5),
        ((200, 200, 200), (199, 199, 199), "auto", 2.5),
    ],
)
def test_the_extra_memory_is_bounded(shape, taps, method, most, boundary):
    code = CODE.format(shape=shape, taps=taps, boundary=boundary, method=method)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) <= most
