"""The table of costs measured anew on this machine: problems, the clock, least squares."""

from __future__ import annotations

from faltung.arrays.tuning.tune import Fit, Tuning, tune

__all__ = ["Fit", "Tuning", "tune"]
