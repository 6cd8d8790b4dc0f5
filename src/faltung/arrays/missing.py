"""Which entries of the first operand are left out: NaN, infinity and what a mask covers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from faltung.arrays.foreign import refuse_foreign
from faltung.errors import DataError, OptionError, ShapeError
from faltung.options import NanPolicy, as_nan_policy

if TYPE_CHECKING:
    from faltung.arrays.call import CallOptions

__all__ = ["Missing", "as_maskable", "find_missing", "require_known", "with_own_mask"]

Array = NDArray[Any]


def as_maskable(a: Array, v: Array, mask: ArrayLike | None) -> tuple[Array, Array]:
    """Return the operands, integers as float64 where a mask makes quotients of their sums."""
    if mask is None or not {a.dtype.kind, v.dtype.kind} <= set("biu"):
        return a, v
    return a.astype(np.float64), v.astype(np.float64)


def with_own_mask(options: CallOptions, shape: tuple[int, ...]) -> CallOptions:
    """Return the options with a copy of the mask, checked, for a plan that is to stay as it is."""
    mask = _as_mask(options.mask, shape)
    return options if mask is None else replace(options, mask=mask.copy())


def require_known(types: Iterable[np.dtype[Any]], options: CallOptions) -> None:
    """Raise OptionError for types whose missing entries are not told, or not made up for."""
    policy, masked = as_nan_policy(options.nan_policy), options.mask is not None
    if policy is NanPolicy.PROPAGATE and not masked:
        return
    told_alone = policy is NanPolicy.RAISE and not masked
    for dtype in types:
        wide = dtype.kind == "c" or dtype.type is np.longdouble
        if dtype.kind == "O" or (wide and not told_alone):
            raise OptionError(
                f"nan_policy= and mask= are for integers and floats up to float64, an operand is "
                f"{dtype}: convert it with .astype(float), or convolve .real and .imag"
            )


@dataclass(frozen=True)
class Missing:
    """What is left out of the first operand, and of what lies outside it."""

    inside: NDArray[np.bool_]
    outside: bool


def find_missing(a: Array, v: Array, options: CallOptions) -> Missing | None:
    """Return what `options` leave out of `a`; None if nothing.

    Raises
    ------
    DataError
        With ``nan_policy="raise"``, at the first entry of an operand that is not finite and not
        masked; with anything to leave out, if the kernel is not finite or sums to zero.
    OptionError, ShapeError
        If the mask is not one of `a`.
    """
    policy, mask = as_nan_policy(options.nan_policy), _as_mask(options.mask, a.shape)
    if policy is NanPolicy.PROPAGATE and mask is None:
        return None
    require_known((a.dtype, v.dtype), options)
    unusual = ~np.isfinite(a)
    left_out = np.zeros(a.shape, bool) if mask is None else mask.copy()
    if policy is NanPolicy.RAISE:
        _require_finite("the first operand", a, unusual & ~left_out)
        _require_finite("the kernel", v, ~np.isfinite(v))
    elif policy is NanPolicy.OMIT:
        left_out |= unusual
        _require_finite("the kernel", v, ~np.isfinite(v))
    outside = policy is NanPolicy.OMIT and not np.isfinite(options.fill_value)
    return Missing(left_out, outside) if outside or left_out.any() else None


def _as_mask(mask: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[np.bool_] | None:
    if mask is None:
        return None
    refuse_foreign("the mask", mask)
    given = np.asarray(mask)
    if given.dtype != np.bool_:
        raise OptionError(
            f"mask has dtype {given.dtype}: write booleans, True where an entry is left out, such "
            "as mask=(x == 0)"
        )
    if given.shape != shape:
        raise ShapeError(
            f"mask has shape {given.shape}, the first operand has {shape}: write one boolean for "
            "each entry, numpy.broadcast_to(mask, x.shape)"
        )
    return given


def _require_finite(name: str, operand: Array, unusual: NDArray[np.bool_]) -> None:
    if not unusual.any():
        return
    position = tuple(int(i) for i in np.unravel_index(int(unusual.argmax()), operand.shape))
    at = position[0] if len(position) == 1 else position
    way_out = (
        "replace it first"
        if name == "the kernel"
        else "write nan_policy='omit' to leave it out or 'propagate' to let it through"
    )
    raise DataError(f"{name} is {operand[position]} at {at}: {way_out}")
