"""Our call for each operation, as a user writes it."""

from __future__ import annotations

import numpy as np

import faltung as ft
from benchmarks.functions.cases import Array, Case, Operand
from benchmarks.functions.peers.contract import Solve
from faltung.functions import Function, delta

__all__ = ["build_ours", "function_of"]


def function_of(operand: Operand) -> Function:
    """Return an operand as our function."""
    if operand.function is None:
        trains = [delta(place, weight) for place, weight in operand.deltas]
        return sum(trains[1:], trains[0])
    return Function(operand.function, operand.interval, operand.breaks, periodic=operand.periodic)


def build_ours(case: Case) -> Solve:
    """Return the call that is timed."""
    if case.operation == "build":
        return lambda: function_of(case.f)(case.places)
    f = function_of(case.f)
    if case.operation == "power":
        return lambda: f.convolve_power(case.power)(case.places)
    g = f if case.g is case.f else function_of(case.g)
    if case.operation == "evaluate":
        h = ft.convolve(f, g)
        return lambda: h(case.places)

    def solve() -> Array:
        return np.asarray(ft.convolve(f, g)(case.places))

    return solve
