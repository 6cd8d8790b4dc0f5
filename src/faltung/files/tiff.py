"""Tiff files with more than 8 bits for each channel, which Pillow reads wrongly or not at all."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faltung.errors import FileError, missing_extra
from faltung.files.channels import split_alpha, upright
from faltung.files.content import Content, Kind
from faltung.files.damage import decoding

if TYPE_CHECKING:
    import tifffile

__all__ = ["is_tiff", "load_tifffile", "read_deep", "save_deep", "texts"]

_ORIENTATION = 274
_TEXTS = {270: "description", 315: "artist", 33432: "copyright"}
_BLACK_IS_ZERO, _RGB = 1, 2


def load_tifffile(purpose: str) -> ModuleType:
    """Return the module tifffile."""
    try:
        import tifffile
    except ImportError:
        raise missing_extra("tifffile", "images", purpose) from None
    module: ModuleType = tifffile
    return module


def texts(tags: Container[int]) -> list[str]:
    """Return the names of the texts among the tags, which are not written back."""
    return [title for tag, title in _TEXTS.items() if tag in tags]


def is_tiff(path: Path) -> bool:
    """Whether the file begins as tiff or BigTIFF files do, whatever its name."""
    with path.open("rb") as file:
        return file.read(4) in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def read_deep(path: Path, name: str) -> Content | None:
    """Read a tiff of integers or floats beyond 8 bits; None for one that Pillow reads in full."""
    module = load_tifffile("reading tiff files")
    with decoding(name), module.TiffFile(path) as file:
        page = file.pages[0]
        if page.dtype is None or page.dtype.itemsize == 1:
            return None
        return _content_of(page, len(file.pages), name)


def _content_of(page: tifffile.TiffPage, pages: int, name: str) -> Content:
    if pages > 1:
        raise FileError(f"{name}: holds {pages} pages or frames: save one of them to a file")
    if page.photometric not in (_BLACK_IS_ZERO, _RGB) or page.axes not in ("YX", "YXS", "SYX"):
        kind = getattr(page.photometric, "name", page.photometric)
        raise FileError(
            f"{name}: is a {kind} picture with axes {page.axes}; read are gray with 0 as black and "
            "RGB: convert it first"
        )
    pixels = page.asarray()
    if pixels.dtype.kind not in "uif":
        raise FileError(f"{name}: holds {pixels.dtype} pixels; read are integers and floats")
    pixels = np.moveaxis(pixels, 0, -1) if page.axes == "SYX" else pixels
    colours, alpha = split_alpha(pixels, len(page.extrasamples), name)
    orientation = getattr(page.tags.get(_ORIENTATION), "value", 1)
    lost = texts(page.tags)
    return Content(
        name=name,
        kind=Kind.PICTURE,
        data=upright(colours.astype(np.float64), orientation),
        dtype=colours.dtype,
        alpha=None if alpha is None else upright(alpha, orientation),
        metadata=_metadata(page),
        notes=(f"the texts {', '.join(map(repr, lost))} are not kept",) if lost else (),
    )


def _metadata(page: tifffile.TiffPage) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if page.iccprofile:
        metadata["icc_profile"] = page.iccprofile
    if "XResolution" in page.tags:
        metadata["dpi"] = page.get_resolution("INCH")
    return metadata


def save_deep(path: Path, content: Content, pixels: NDArray[Any]) -> None:
    """Write pixels beyond 8 bits, with colour profile and resolution."""
    options: dict[str, Any] = {"photometric": "rgb" if content.data.ndim == 3 else "minisblack"}
    if content.alpha is not None:
        options["extrasamples"] = ["unassalpha"]
    if pixels.ndim == 3:
        options["planarconfig"] = "contig"
    if "dpi" in content.metadata:
        options |= {"resolution": content.metadata["dpi"], "resolutionunit": "INCH"}
    load_tifffile("writing tiff files").imwrite(
        path,
        pixels,
        compression="zlib",
        iccprofile=content.metadata.get("icc_profile"),
        metadata=None,
        **options,
    )
