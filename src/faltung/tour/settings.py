"""What a run of the tour is asked for, and how a chapter reports back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Settings", "Story"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The choices of one run.

    Attributes
    ----------
    seed : int
        Of every random number in the run.
    photo : numpy.ndarray or None
        A photograph, float64 RGB from 0 to 255; scikit-learn's by default.
    photo_name : str
        What the page calls its file.
    photo_note : str
        What was changed about it before it was used.
    pictures : Path or None
        A folder with one folder of pictures for each class; scikit-learn's digits by default.
    drops : int
        How many double drops are simulated.
    seeds : int or None
        How many networks are trained; five by default, fewer where the pictures are many.
    epochs : int or None
        How often each network sees the pictures; the classifier's own choice by default.
    """

    seed: int = 0
    photo: NDArray[np.float64] | None = None
    photo_name: str = "photo.jpg"
    photo_note: str = ""
    pictures: Path | None = None
    drops: int = 100_000
    seeds: int | None = None
    epochs: int | None = None


@dataclass
class Story:
    """What the chapters report back as they go: numbers for the result, steps for the reader."""

    numbers: dict[str, Any] = field(default_factory=dict)
    step: Callable[[str], None] = lambda _: None
