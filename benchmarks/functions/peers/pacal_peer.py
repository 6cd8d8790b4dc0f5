"""PaCAL: densities of sums of independent random variables.

It is free software under the GPL, and is asked here if it is installed, never shipped. The
release on PyPI, 1.6.1, needs NumPy below 2; its repository, github.com/jszymon/pacal, does not.
"""

from __future__ import annotations

import functools
import operator
from typing import Any

import pacal

from benchmarks.functions.cases import Case, Operand
from benchmarks.functions.peers.contract import Peer, Solve

__all__ = ["peers"]


def peers() -> list[Peer]:
    """Return PaCAL."""
    return [Peer("pacal", _takes, _build)]


def _takes(case: Case) -> bool:
    return case.operation != "build" and case.f.law is not None and case.g.law is not None


def _variable(operand: Operand) -> Any:
    assert operand.law is not None
    variable = operand.law(pacal)
    variable.get_piecewise_pdf()
    return variable


def _build(case: Case) -> Solve:
    count = case.power if case.operation == "power" else 2
    first = _variable(case.f)
    others = [_variable(case.g) for _ in range(count - 1)]
    area = case.f.area * case.g.area

    def added() -> Any:
        return functools.reduce(operator.add, others, first).get_piecewise_pdf()

    if case.operation == "evaluate":
        density = added()
        return lambda: area * density(case.places)
    return lambda: area * added()(case.places)
