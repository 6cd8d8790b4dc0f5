"""Functions of a real variable and their convolution, to machine precision."""

from __future__ import annotations

from faltung.functions import draw
from faltung.functions.convolve import convolve, correlate
from faltung.functions.function import Function
from faltung.functions.named import box, delta, gaussian, hat, heaviside

__all__ = [
    "Function",
    "box",
    "convolve",
    "correlate",
    "delta",
    "draw",
    "gaussian",
    "hat",
    "heaviside",
]
