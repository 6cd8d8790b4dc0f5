"""Functions of a real variable and their convolution, to machine precision."""

from __future__ import annotations

from faltung.functions.convolve import convolve, correlate
from faltung.functions.function import Function
from faltung.functions.named import box, delta, gaussian, hat, heaviside
from faltung.functions.pictures.animation import Animation, animate
from faltung.functions.pictures.process import Process, process

__all__ = [
    "Animation",
    "Function",
    "Process",
    "animate",
    "box",
    "convolve",
    "correlate",
    "delta",
    "gaussian",
    "hat",
    "heaviside",
    "process",
]
