"""Seeds, generators and uniform draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from faltung.distributions.numbers.rational import written
from faltung.errors import OptionError

_Result = TypeVar("_Result")

Random: TypeAlias = int | np.random.Generator | np.random.RandomState | None


def as_generator(random_state: Random, rng: Random) -> np.random.Generator | np.random.RandomState:
    """Return the generator that one of the two, which are two names for one thing, stands for."""
    if random_state is not None and rng is not None:
        raise OptionError("random_state and rng are two names for one thing: write one of them")
    seed = rng if random_state is None else random_state
    if isinstance(seed, np.random.RandomState):
        return seed
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError):
        raise OptionError(
            f"the seed {written(seed)} is neither a whole number >= 0 nor a NumPy generator"
        ) from None


def uniform_draws(
    size: int | tuple[int, ...] | None, generator: np.random.Generator | np.random.RandomState
) -> NDArray[np.float64]:
    """Return independent draws from [0, 1).

    Raises
    ------
    OptionError
        If `size` is no shape.
    """
    return drawn(lambda: np.asarray(generator.random(size)), size)


def drawn(draw: Callable[[], _Result], size: object) -> _Result:
    """Return what is drawn with a size.

    Raises
    ------
    OptionError
        If `size` is no shape, or too large.
    """
    try:
        return draw()
    except MemoryError:
        raise OptionError(
            f"size={written(size)}: so many draws do not fit into memory, write fewer"
        ) from None
    except (TypeError, ValueError, OverflowError):
        raise OptionError(
            f"size={written(size)}: write a whole number >= 0, or a tuple of them"
        ) from None
