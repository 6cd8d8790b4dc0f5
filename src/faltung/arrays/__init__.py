"""Convolution of arrays: one call, its plan, and the methods behind it."""

from __future__ import annotations

from faltung.arrays.convolve import convolve, correlate
from faltung.arrays.plan import Plan, plan

__all__ = ["Plan", "convolve", "correlate", "plan"]
