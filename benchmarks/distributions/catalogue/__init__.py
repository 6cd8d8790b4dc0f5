"""The cases by what is summed."""

from __future__ import annotations

from benchmarks.distributions.cases import Case
from benchmarks.distributions.catalogue import bernoulli, continuous, dice, privacy, random_sums

__all__ = ["all_cases"]


def all_cases() -> list[Case]:
    """Return all cases."""
    return [
        case
        for module in (dice, bernoulli, continuous, random_sums, privacy)
        for case in module.cases()
    ]
