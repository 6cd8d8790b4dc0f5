"""A chain of pieces of every form, and its values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from faltung import _core
from faltung.functions.bounds import Deviation
from faltung.functions.chains.spans import Form, FormArray, weights_at
from faltung.functions.polynomials.pieces import Pieces, padded
from faltung.functions.transform import FloatArray, IndexArray


@dataclass(frozen=True, eq=False)
class Chain:
    """Pieces in the order of the line; between and beside them the function is zero.

    Attributes
    ----------
    forms
        Shape (count,): the form of each piece.
    anchors, sides, near, far
        A piece covers anchor + side * distance for distances from `near` to `far`.
    tilts, references
        Of the weights.
    coefficients
        Shape (count, length): Chebyshev coefficients in the variable that runs from -1 at `near`
        to 1 at `far`.
    deviation
        How far the polynomial of each piece is from what it stands for, in units of its weight.
    """

    forms: FormArray
    anchors: FloatArray
    sides: FloatArray
    near: FloatArray
    far: FloatArray
    tilts: FloatArray
    references: FloatArray
    coefficients: FloatArray
    deviation: Deviation

    @property
    def count(self) -> int:
        """How many pieces."""
        return len(self.forms)

    @cached_property
    def low(self) -> FloatArray:
        """Return the left end of each piece."""
        return np.asarray(self.anchors + np.where(self.sides > 0, self.near, -self.far))

    @cached_property
    def high(self) -> FloatArray:
        """Return the right end of each piece."""
        return np.asarray(self.anchors + np.where(self.sides > 0, self.far, -self.near))

    @cached_property
    def core(self) -> _core.Chain:
        """Return the same for the core."""
        numbers = np.stack(
            [
                self.anchors,
                self.sides,
                self.near,
                self.far,
                self.tilts,
                self.references,
                self.deviation.bound,
                self.deviation.estimate,
                self.low,
                self.high,
            ],
            axis=1,
        )
        nonzero = self.coefficients != 0
        length = self.coefficients.shape[1]
        lengths = np.maximum(length - np.argmax(nonzero[:, ::-1], axis=1), 1)
        lengths = np.where(nonzero.any(axis=1), lengths, 1).astype(np.int64)
        return _core.Chain(self.forms, numbers, np.ascontiguousarray(self.coefficients), lengths)

    def evaluate(
        self, base: FloatArray, offset: FloatArray | None = None, *, threads: int = 0
    ) -> tuple[FloatArray, FloatArray]:
        """Return the values at base + offset, vectors, and bounds on their errors."""
        base = np.ascontiguousarray(base, dtype=np.float64)
        offset = np.zeros_like(base) if offset is None else np.ascontiguousarray(offset)
        values, errors = np.empty_like(base), np.empty_like(base)
        self.core.evaluate(base, offset, values, errors, threads)
        return values, errors

    def weights(self, distances: FloatArray) -> FloatArray:
        """Return the weight of each piece at a distance of its own."""
        return weights_at(self.forms, self.tilts, self.references, distances)

    def mass(self, within: float) -> float:
        """Return the integral of |f| up to a distance, roughly, without what has no integral."""
        x, weights = np.polynomial.legendre.leggauss(24)
        near = np.minimum(self.near, within)[:, None]
        far = np.minimum(self.far, within)[:, None]
        curved = (self.forms >= Form.POWER)[:, None]
        least = np.maximum(near, far * 2.0**-200)
        with np.errstate(all="ignore"):
            ratio = np.where(curved, far / least, 1.0)
            distances = np.where(
                curved, least * ratio ** ((1 + x) / 2), near + (far - near) * (1 + x) / 2
            )
            steps = np.where(curved, np.log(ratio) / 2 * distances, (far - near) / 2) * weights
        anchors = np.broadcast_to(self.anchors[:, None], distances.shape)
        offsets = self.sides[:, None] * distances
        values, _ = self.evaluate(anchors.ravel(), offsets.ravel())
        total = np.abs(values.reshape(distances.shape)) * steps
        return float(total[np.isfinite(total)].sum())

    def in_order(self) -> Chain:
        """Return the pieces from left to right, also those whose ends are one double.

        Beside an anchor other than 0 the distances from it tell them apart; the core searches the
        pieces by their left and by their right ends, and both must rise.
        """
        offset = np.where(self.sides > 0, self.near, -self.far)
        return self.rows(np.lexsort([(self.anchors - self.low) + offset, self.low]))

    def rows(self, order: IndexArray) -> Chain:
        """Return some of the pieces."""
        return Chain(
            self.forms[order],
            self.anchors[order],
            self.sides[order],
            self.near[order],
            self.far[order],
            self.tilts[order],
            self.references[order],
            self.coefficients[order],
            self.deviation[order],
        )

    @staticmethod
    def joined(parts: list[Chain]) -> Chain:
        """Return the pieces of several chains, in the order of the line."""
        length = max(part.coefficients.shape[1] for part in parts)
        together = Chain(
            np.concatenate([part.forms for part in parts]),
            np.concatenate([part.anchors for part in parts]),
            np.concatenate([part.sides for part in parts]),
            np.concatenate([part.near for part in parts]),
            np.concatenate([part.far for part in parts]),
            np.concatenate([part.tilts for part in parts]),
            np.concatenate([part.references for part in parts]),
            np.concatenate([padded(part.coefficients, length) for part in parts]),
            Deviation.joined([part.deviation for part in parts]),
        )
        return together.in_order()

    @staticmethod
    def of_pieces(pieces: Pieces) -> Chain:
        """Return polynomials on neighbouring intervals as a chain."""
        count = pieces.count
        return Chain(
            np.full(count, Form.PLAIN, dtype=np.uint8),
            pieces.breaks[:-1].copy(),
            np.ones(count),
            np.zeros(count),
            pieces.widths,
            np.zeros(count),
            np.ones(count),
            pieces.coefficients,
            pieces.deviation,
        )
