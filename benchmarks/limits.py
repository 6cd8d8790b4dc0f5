"""What this machine can do at most: measured by a small program that is compiled for it."""

from __future__ import annotations

import ctypes
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

__all__ = ["MachineLimits", "measure_limits"]

_SOURCE = Path(__file__).with_name("limits.cpp")
_COPIED_BYTES = 2**26  # far beyond a second-level cache


@dataclass(frozen=True)
class MachineLimits:
    """Rates of one core, and of all threads together for memory.

    Attributes
    ----------
    products : dict
        By dtype, fused multiply-adds per second of one core.
    bytes : float
        Bytes that all threads together read and write per second.
    threads : int
    """

    products: dict[str, float]
    bytes: float
    threads: int


def measure_limits(threads: int) -> MachineLimits:
    """Compile and run the program; needs a C++ compiler (CXX, or g++)."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "limits.so"
        compiler = os.environ.get("CXX", "g++")
        flags = ["-std=c++20", "-O2", "-march=native", "-ffp-contract=fast", "-shared", "-fPIC"]
        subprocess.run([compiler, *flags, str(_SOURCE), "-o", str(target)], check=True)
        library = ctypes.CDLL(str(target))
    for name in ("float_peak", "double_peak", "copy_rate"):
        getattr(library, name).restype = ctypes.c_double
    products = {"float32": library.float_peak(), "float64": library.double_peak()}
    return MachineLimits(products, _copied_together(library, threads), threads)


def _copied_together(library: ctypes.CDLL, threads: int) -> float:
    def copy(_: int) -> float:
        source, target = np.zeros((2, _COPIED_BYTES), np.uint8)
        source += 1
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in (source, target)]
        return float(library.copy_rate(*pointers, ctypes.c_int64(_COPIED_BYTES)))

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(copy, range(threads)))
