"""All cases, in the order of the table."""

from __future__ import annotations

from benchmarks.functions.cases import Case
from benchmarks.functions.catalogue import bounded, line, made, poles, pulses

__all__ = ["all_cases"]


def all_cases() -> list[Case]:
    """Return every case of convolution, then the making of functions and their evaluation."""
    return [
        *bounded.cases(), *line.cases(), *poles.cases(), *pulses.cases(), *made.cases(),
    ]  # fmt: skip
