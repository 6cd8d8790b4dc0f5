"""Convolution of arrays beside NumPy, SciPy and OpenCV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import scipy.ndimage
import scipy.signal

import faltung as ft
from benchmarks.timing import OURS, Case

__all__ = ["cases"]

SIGNALS = [
    (100, 5), (1000, 100), (10**6, 9), (10**6, 64), (10**6, 511), (10**5, 10**5),
]  # fmt: skip
PICTURES = [(1024, 3), (1024, 7), (1024, 15), (2048, 31)]


def cases() -> Iterator[Case]:
    """Yield every case; operands are drawn from a fixed seed."""
    rng = np.random.default_rng(0)
    for dtype in (np.float32, np.float64):
        for n, k in SIGNALS:
            yield _signal(rng.normal(size=n).astype(dtype), rng.normal(size=k).astype(dtype))
        for n, k in PICTURES:
            yield _picture(
                rng.normal(size=(n, n)).astype(dtype), rng.normal(size=(k, k)).astype(dtype)
            )


def _tolerance(dtype: np.dtype[Any]) -> float:
    return 1e-3 if dtype == np.float32 else 1e-10


def _signal(a: np.ndarray[Any, Any], v: np.ndarray[Any, Any]) -> Case:
    contestants: dict[str, Callable[[], Any]] = {
        OURS: lambda: ft.convolve(a, v),
        "scipy fft": lambda: scipy.signal.fftconvolve(a, v),
        "scipy oa": lambda: scipy.signal.oaconvolve(a, v),
    }
    if a.size * v.size <= 10**9:
        contestants["numpy"] = lambda: np.convolve(a, v)
    return Case(f"{a.dtype} {a.size} x {v.size}", contestants, _tolerance(a.dtype))


def _picture(a: np.ndarray[Any, Any], v: np.ndarray[Any, Any]) -> Case:
    contestants: dict[str, Callable[[], Any]] = {
        OURS: lambda: ft.convolve(a, v, mode="same", boundary="mirror"),
        "scipy fft": lambda: scipy.signal.fftconvolve(
            np.pad(a, v.shape[0] // 2, mode="reflect"), v, mode="valid"
        ),
    }
    if v.size <= 225:
        contestants["scipy ndimage"] = lambda: scipy.ndimage.convolve(a, v, mode="mirror")
    try:
        import cv2
    except ImportError:
        pass
    else:
        flipped = np.ascontiguousarray(v[::-1, ::-1])
        contestants["opencv"] = lambda: cv2.filter2D(
            a, -1, flipped, borderType=cv2.BORDER_REFLECT_101
        )
    name = f"{a.dtype} {'x'.join(map(str, a.shape))} * {'x'.join(map(str, v.shape))}"
    return Case(name, contestants, _tolerance(a.dtype))
