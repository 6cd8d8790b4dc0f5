"""What is asked of a law, who answers, the true answer, and what is required of us."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Answer", "Bar", "Build", "Case", "Solve", "as_floats", "differences", "relative"]

Answer: TypeAlias = NDArray[np.float64]
#: The call that is timed.
Solve: TypeAlias = Callable[[], Any]
#: Imports what it needs and prepares the operands, then returns the call.
Build: TypeAlias = Callable[[], Solve]


def as_floats(answer: Any) -> Answer:
    """Return an answer as an array of float64."""
    return np.asarray(answer, dtype=np.float64)


def relative(answer: Answer, truth: Answer) -> float:
    """Return the largest relative error; where the truth is 0, any other answer is infinitely off."""
    if answer.shape != truth.shape:
        return math.inf
    with np.errstate(all="ignore"):
        errors = np.where(answer == truth, 0.0, np.abs(answer / truth - 1))
    return float(errors.max()) if np.isfinite(errors).all() else math.inf


def differences(answer: Answer, truth: Answer) -> float:
    """Return the largest error of logarithms, in parts of 1e-12 or four units in the last place."""
    if answer.shape != truth.shape:
        return math.inf
    with np.errstate(all="ignore"):
        allowed = np.maximum(1e-12, 4 * np.spacing(np.abs(truth)))
        errors = np.where(answer == truth, 0.0, np.abs(answer - truth) / allowed * 1e-12)
    return float(errors.max()) if np.isfinite(errors).all() else math.inf


@dataclass(frozen=True)
class Bar:
    """What is required of us: at most so many seconds, and such an error."""

    seconds: float = math.inf
    error: float = math.inf

    @property
    def asks(self) -> bool:
        """Whether anything is required."""
        return min(self.seconds, self.error) < math.inf


@dataclass(frozen=True)
class Case:
    """One question to every contestant.

    Attributes
    ----------
    name : str
    truth : callable
        Returns the true answer.
    ours : callable
        Returns our call.
    peers : mapping of str to callable
        The same of each peer; their calls may answer with anything that makes an array of float64.
    bar : Bar
    error : callable
        How far an answer is from the truth.
    agreeing : float
        With a larger error a peer is no best peer.
    slow : frozenset of str
        Peers that take part with --slow only.
    speed : float
        How many times faster than the best peer we are required to be.
    read : callable
        Makes an array of what a call answers, outside of the time.
    """

    name: str
    truth: Callable[[], Answer]
    ours: Build
    peers: Mapping[str, Build] = field(default_factory=dict)
    bar: Bar = field(default_factory=Bar)
    error: Callable[[Answer, Answer], float] = relative
    agreeing: float = 1e-9
    slow: frozenset[str] = frozenset()
    speed: float = 0.0
    read: Callable[[Any], Answer] = as_floats

    def __str__(self) -> str:
        return self.name
