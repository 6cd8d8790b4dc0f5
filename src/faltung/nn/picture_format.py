"""What a network takes in: size, channels, and the range of the numbers it has learned on."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from faltung.errors import DataError, DtypeError, OptionError
from faltung.nn.coerce import as_count, as_pair
from faltung.nn.engines.native import Array, Pair
from faltung.nn.inputs import SMALLEST_SIDE, Pictures
from faltung.nn.resample import resize

__all__ = ["LARGEST_WORKING_SIDE", "SMALLEST_SIDE", "PictureFormat", "working_size"]


LARGEST_WORKING_SIDE = 64


def working_size(height: float, width: float) -> Pair:
    """Return the size at which pictures of `height` and `width` are worked on.

    Their own, or scaled to at most 64 pixels on the longer side and at least 8 on the shorter.

    Examples
    --------
    >>> working_size(8, 8), working_size(480, 640)
    ((8, 8), (48, 64))
    """
    factor = min(1.0, LARGEST_WORKING_SIDE / max(height, width))
    return max(SMALLEST_SIDE, round(factor * height)), max(SMALLEST_SIDE, round(factor * width))


def as_size(size: Any) -> Pair | None:
    """Return the working size that the user wants, None for `working_size`."""
    return None if size is None else as_pair(size, "size", least=SMALLEST_SIDE)


@dataclass(frozen=True)
class PictureFormat:
    """Size, channels and normalisation of the pictures a network has learned on.

    Attributes
    ----------
    height, width : int
        The working size; pictures of another size are stretched to it, never cropped.
    channels : int
        1 for gray, 3 for red, green and blue.
    scaled : bool
        Whether the pictures were whole numbers of 8 or 16 bits, read as 0 to 1.
    lowest, highest : float
        The range of the training pictures, those held out included.
    mean, std : tuple of float
        Of each channel; pictures are normalised by them.
    """

    height: int
    width: int
    channels: int
    scaled: bool
    lowest: float
    highest: float
    mean: tuple[float, ...]
    std: tuple[float, ...]

    @classmethod
    def of(cls, pictures: Pictures) -> PictureFormat:
        """Return the format of training pictures that have one size.

        Raises
        ------
        DataError
            If all pixels are equal.
        """
        values = pictures.values
        lowest, highest = float(values.min()), float(values.max())
        if lowest == highest:
            raise DataError(f"every pixel of the pictures is {lowest:g}: there is nothing to learn")
        mean = values.mean(axis=(0, 2, 3), dtype=np.float64)
        std = values.std(axis=(0, 2, 3), dtype=np.float64)
        return cls(
            height=values.shape[2], width=values.shape[3], channels=values.shape[1],
            scaled=pictures.scaled, lowest=lowest, highest=highest,
            mean=tuple(mean.tolist()), std=tuple(s if s > 0 else 1.0 for s in std.tolist()),
        )  # fmt: skip

    def reaching_over(self, pictures: Pictures) -> PictureFormat:
        """Return the format with the range of `pictures`, and all that is learned as it was."""
        values = pictures.values
        return replace(self, lowest=float(values.min()), highest=float(values.max()))

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width)."""
        return self.channels, self.height, self.width

    def fit(self, pictures: Pictures, *, threads: int = 0) -> Array:
        """Return `pictures` in this format, not yet normalised.

        Raises
        ------
        DataError, DtypeError
            If their numbers are of another range than those of the training pictures.
        """
        self._check_range(pictures)
        values = pictures.with_channels(self.channels).values
        return resize(values, self.height, self.width, threads=threads)

    def normalise(self, values: Array, dtype: np.dtype[Any]) -> Array:
        """Return values with mean 0 and deviation 1 in each channel, over the training pictures."""
        mean = np.array(self.mean)[:, None, None]
        std = np.array(self.std)[:, None, None]
        normal: Array = (values.astype(dtype) - mean.astype(dtype)) / std.astype(dtype)
        return normal

    def _check_range(self, pictures: Pictures) -> None:
        unit = self.lowest >= 0 and self.highest <= 1
        if pictures.scaled != self.scaled and not unit:
            raise DtypeError(
                f"the pictures are {pictures.kind}, but the network has learned on numbers from "
                f"{self.lowest:g} to {self.highest:g} of another kind: give them the same dtype and "
                "range"
            )
        spread = self.highest - self.lowest
        values = pictures.values
        if values.size == 0:
            return
        lowest, highest = float(values.min()), float(values.max())
        if lowest < self.lowest - spread or highest > self.highest + spread:
            raise DataError(
                f"the pictures range from {lowest:g} to {highest:g}, those the network has learned "
                f"on from {self.lowest:g} to {self.highest:g}: scale them alike"
            )

    def describe(self) -> dict[str, Any]:
        """Return the fields, as JSON can hold them."""
        return asdict(self)

    @classmethod
    def from_description(cls, description: dict[str, Any]) -> PictureFormat:
        """Return the format that `describe` described; OptionError if it is not one."""
        try:
            fields = dict(description)
            for name in ("mean", "std"):
                fields[name] = tuple(float(x) for x in fields[name])
            found = cls(**fields)
        except (KeyError, TypeError, ValueError) as error:
            raise OptionError(f"{description!r} is not the format of pictures: {error}") from error
        for name in ("height", "width"):
            as_count(getattr(found, name), name, least=SMALLEST_SIDE)
        if found.channels not in (1, 3) or not len(found.mean) == len(found.std) == found.channels:
            raise OptionError(f"channels={found.channels!r}: 1 or 3, with as many means and stds")
        return found
