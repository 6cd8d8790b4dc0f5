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
@pytest.mark.parametrize(
    ("shape", "taps", "method", "boundary", "most"),
    [
        # Beyond 64 MB a kernel below a fifth of the array takes half a result at most …
        ((4300, 4300), (500, 500), "auto", "mirror", 0.5),
        ((270, 270, 270), (41, 41, 41), "auto", "zero", 0.5),
        ((3000, 3000), (9, 9), "direct", "mirror", 0.1),
        ((220, 220, 220), (5, 5, 5), "direct", "zero", 0.1),
        # … any kernel two and a half.
        ((2000, 2000), (2000, 2000), "auto", "zero", 2.5),
        ((200, 200, 200), (199, 199, 199), "auto", "mirror", 2.5),
    ],
)
def test_the_extra_memory_is_bounded(shape, taps, method, boundary, most):
    code = CODE.format(shape=shape, taps=taps, boundary=boundary, method=method)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) <= most
