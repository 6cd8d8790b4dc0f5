"""Convolution of arrays: one call, its plan, and the methods behind it."""

from __future__ import annotations

from faltung.arrays.convolve import convolve, correlate
from faltung.arrays.plan import Plan, plan
from faltung.arrays.saved_costs import use_saved_costs

__all__ = ["Plan", "convolve", "correlate", "plan"]

use_saved_costs()
