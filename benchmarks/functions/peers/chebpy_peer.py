"""ChebPy: adaptive Chebyshev series, ``f.conv(g)``."""

from __future__ import annotations

import functools
from typing import Any

from chebpy import chebfun

from benchmarks.functions.cases import Case, Operand
from benchmarks.functions.peers.contract import Peer, Solve

__all__ = ["peers"]


def peers() -> list[Peer]:
    """Return ChebPy."""
    return [Peer("chebpy", _takes, _build)]


def _takes(case: Case) -> bool:
    """Tell whether it can hold both operands: no poles, no deltas; it has no circular convolution."""
    operands = (case.f, case.g)
    return not any(f.poles or f.periodic or f.function is None for f in operands)


def _made(operand: Operand) -> Any:
    low, high = operand.interval
    return chebfun(operand.function, [low, *operand.breaks, high])


def _build(case: Case) -> Solve:
    places = case.places
    if case.operation == "build":
        return lambda: _made(case.f)(places)
    f = _made(case.f)
    if case.operation == "power":
        return lambda: functools.reduce(lambda h, _: h.conv(f), range(case.power - 1), f)(places)
    g = f if case.g is case.f else _made(case.g)
    if case.operation == "evaluate":
        h = f.conv(g)
        return lambda: h(places)
    return lambda: f.conv(g)(places)
