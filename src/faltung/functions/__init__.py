"""Functions of a real variable and their convolution, to machine precision."""

from __future__ import annotations

from faltung.functions import draw
from faltung.functions.convolve import convolve
from faltung.functions.function import Function
from faltung.functions.named import box, gaussian, hat

__all__ = ["Function", "box", "convolve", "draw", "gaussian", "hat"]
