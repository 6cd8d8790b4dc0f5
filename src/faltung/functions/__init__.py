"""Functions of a real variable and their convolution, to machine precision."""

from __future__ import annotations

from faltung.functions.convolve import convolve
from faltung.functions.function import Function
from faltung.functions.named import box, gaussian, hat
from faltung.functions.pictures.animation import Animation, animate
from faltung.functions.pictures.process import Process, process

__all__ = [
    "Animation",
    "Function",
    "Process",
    "animate",
    "box",
    "convolve",
    "gaussian",
    "hat",
    "process",
]
