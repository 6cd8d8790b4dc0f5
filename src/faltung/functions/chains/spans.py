"""Intervals to be resolved, each told by distances from an anchor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from faltung.functions.transform import BoolArray, FloatArray, IndexArray

FormArray: TypeAlias = NDArray[np.uint8]


# No interval is cut so near to its ends, as a part of their distance.
_ROOM = 2.0**-44


class Form(IntEnum):
    """What a piece is made of; the numbers are those of the core.

    ============  ===================================  =============================
    form          weight                               the polynomial's variable
    ============  ===================================  =============================
    PLAIN         1                                    the distance from the anchor
    EXPONENTIAL   exp(tilt * (distance - reference))   the distance
    POWER         (distance / reference) ** tilt       the distance
    LOGARITHMIC   (distance / reference) ** tilt       the logarithm of the distance
    ============  ===================================  =============================
    """

    PLAIN = 0
    EXPONENTIAL = 1
    POWER = 2
    LOGARITHMIC = 3


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Intervals under work. Points of row r are anchor[r] + rest[r] + side[r] * distance.

    Attributes
    ----------
    anchor, rest
        Where distances are counted from, as a sum of two doubles.
    side
        +1 or -1.
    near, far
        The distances of the two ends.
    form
        POWER or LOGARITHMIC where the end at distance 0 is singular, LOGARITHMIC in an algebraic
        tail and from what is narrow on; else PLAIN, which becomes EXPONENTIAL where that is better.
    exponent
        Of the power; NaN where it is to be found.
    tail
        Whether the function falls towards nothing here, and must be followed there.
    free
        Whether it is LOGARITHMIC for its width alone: halves far from the knot become PLAIN.
    """

    anchor: FloatArray
    rest: FloatArray
    side: FloatArray
    near: FloatArray
    far: FloatArray
    form: FormArray
    exponent: FloatArray
    tail: BoolArray
    free: BoolArray

    def __len__(self) -> int:
        return len(self.anchor)

    @staticmethod
    def one(anchor: tuple[float, float], side: int, near: float, far: float, **more: Any) -> Spans:
        """Return a single interval; `more` may give form, exponent, tail and free."""
        return Spans(
            np.array([anchor[0]]),
            np.array([anchor[1]]),
            np.array([float(side)]),
            np.array([near]),
            np.array([far]),
            np.array([more.get("form", Form.PLAIN)], dtype=np.uint8),
            np.array([more.get("exponent", np.nan)]),
            np.array([more.get("tail", False)]),
            np.array([more.get("free", False)]),
        )

    @staticmethod
    def joined(parts: list[Spans]) -> Spans:
        """Return several lists of intervals as one."""
        return Spans(
            *(np.concatenate([getattr(part, name) for part in parts]) for name in Spans.__slots__)
        )

    def rows(self, which: BoolArray | IndexArray) -> Spans:
        """Return some of them."""
        return Spans(*(getattr(self, name)[which] for name in Spans.__slots__))

    @property
    def logarithmic(self) -> BoolArray:
        """Whether the polynomial runs with the logarithm of the distance."""
        return np.asarray(self.form == Form.LOGARITHMIC)

    def distances(self, x: FloatArray) -> FloatArray:
        """Return the distances at x in [-1, 1], shape (rows, points)."""
        near, far = self.near[:, None], self.far[:, None]
        part = (1 + x) / 2
        linear = near + (far - near) * part
        # Powers of the ratio, not its logarithm: the ends are met exactly.
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            curved = near * (far / near) ** part
        return np.where(self.logarithmic[:, None], curved, linear)

    def variable(self, distances: FloatArray) -> FloatArray:
        """Return x for distances, shape (rows, points)."""
        near, far = self.near[:, None], self.far[:, None]
        linear = ((distances - near) - (far - distances)) / (far - near)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            width = np.log(far / near)
            curved = (2 * np.log(distances / near) - width) / width
        return np.where(self.logarithmic[:, None], curved, linear)

    def cut(self, inner: FloatArray, tails: FloatArray) -> Spans:
        """Return the same intervals, cut at some places: tails at others, and powers at none."""
        rest = self.form == Form.POWER
        parts = [self.rows(rest)]
        for row in np.flatnonzero(~rest):
            one, near, far = self.rows(np.array([row])), self.near[row], self.far[row]
            places = tails if self.tail[row] else inner
            inside = self.side[row] * ((places - self.anchor[row]) - self.rest[row])
            if self.form[row] == Form.LOGARITHMIC:
                room = (1 + _ROOM) * near - near, _ROOM * far
            else:
                # Distances keep their digits towards the anchor, however far away the other end is.
                room = _ROOM * (abs(self.anchor[row]) + near), _ROOM * (far - near)
            inside = np.unique(inside[(inside > near + room[0]) & (inside < far - room[1])])
            inside = inside[np.diff(inside, prepend=near) > _ROOM * inside]
            ends = np.concatenate([[near], inside, [far]])
            many = one.rows(np.zeros(len(ends) - 1, dtype=np.intp))
            parts.append(replace(many, near=ends[:-1], far=ends[1:]))
        return Spans.joined(parts)

    def halves(self) -> Spans:
        """Return both halves of each, in the variable of its polynomial.

        The part of a power away from its end is as smooth as any function.
        """
        with np.errstate(invalid="ignore", over="ignore"):
            curved = np.sqrt(self.near) * np.sqrt(self.far)
        power = self.form == Form.POWER
        at = np.where(power, self.far / 4, (self.near + self.far) / 2)
        at = np.where(self.logarithmic, curved, at)
        away = np.where(power, np.uint8(Form.PLAIN), self.form).astype(np.uint8)
        inner, outer = replace(self, far=at), replace(self, near=at, form=away)
        return Spans.joined([inner._straightened(), outer._straightened()])

    def _straightened(self) -> Spans:
        """Return free ones without logarithms if they are no wider than their distance from the knot.

        There the distance will do, and exponentials are rounded less than powers.
        """
        near = self.free & self.logarithmic & (self.far < 2 * self.near)
        return replace(self, form=np.where(near, np.uint8(Form.PLAIN), self.form).astype(np.uint8))


def weights_at(
    form: FormArray, tilt: FloatArray, reference: FloatArray, distances: FloatArray
) -> FloatArray:
    """Return the weights at distances; all of them broadcast."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        power = np.where(tilt == 0, 1.0, (distances / reference) ** tilt)
        exponential = np.exp(tilt * (distances - reference))
        return np.where(form >= Form.POWER, power, exponential)
