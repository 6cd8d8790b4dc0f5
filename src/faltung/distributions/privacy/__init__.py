"""Differential privacy: what many answers together reveal, between certified bounds."""

from __future__ import annotations

from faltung.distributions.privacy.accountant import Interval
from faltung.distributions.privacy.mechanisms import (
    Mechanism,
    gaussian,
    laplace,
    subsampled_gaussian,
)

__all__ = ["Interval", "Mechanism", "gaussian", "laplace", "subsampled_gaussian"]
