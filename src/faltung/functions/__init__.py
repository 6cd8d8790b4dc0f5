"""Functions of a real variable and their convolution, to machine precision."""

from __future__ import annotations

from faltung.functions.convolve import convolve, correlate
from faltung.functions.function import Function
from faltung.functions.named import box, delta, gaussian, hat, heaviside
from faltung.functions.pictures.animation import Animation, animate
from faltung.functions.pictures.process import Process, process
from faltung.functions.samples import resolution
from faltung.functions.samples.call import convolve_samples
from faltung.functions.samples.result import SampledConvolution

__all__ = [
    "Animation",
    "Function",
    "Process",
    "SampledConvolution",
    "animate",
    "box",
    "convolve",
    "convolve_samples",
    "correlate",
    "delta",
    "gaussian",
    "hat",
    "heaviside",
    "process",
    "resolution",
]


def __dir__() -> list[str]:
    return sorted(__all__)
