"""Pictures in png, jpeg, tiff and bmp files, by Pillow."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from faltung.errors import DataError, FileError, OptionError, missing_extra
from faltung.files import tiff
from faltung.files.channels import split_alpha, upright
from faltung.files.content import Content, Kind, Report, narrow, round_and_saturate
from faltung.files.damage import decoding

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["check", "encode", "read", "save"]

_ORIENTATION = 0x0112
_TIFF = (".tif", ".tiff")
_JPEG = (".jpg", ".jpeg")
_JPEG_QUALITY = 95


def _pillow(purpose: str) -> ModuleType:
    try:
        from PIL import Image
    except ImportError:
        raise missing_extra("Pillow", "images", purpose) from None
    module: ModuleType = Image
    return module


def read(path: Path, name: str) -> Content:
    """Read a picture: gray or RGB, 8 or 16 bits or float, with or without alpha; set upright.

    A palette becomes RGB. CMYK, several pages and 16-bit colour in png (of which Pillow reads
    8 bits) are refused.
    """
    pillow = _pillow("reading pictures")
    if tiff.is_tiff(path) and (content := tiff.read_deep(path, name)) is not None:
        return content
    with decoding(name), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of large pictures and odd metadata
        with pillow.open(path) as image:
            return _content_of(image, path, name)


def _content_of(image: Image, path: Path, name: str) -> Content:
    pages = getattr(image, "n_frames", 1)
    if pages > 1:
        raise FileError(f"{name}: holds {pages} pages or frames: save one of them to a file")
    _refuse_16_bit_colour(image, path, name)
    image.load()
    colours, alpha, notes = _channels(image, name)
    notes += _lost_texts(image)
    exif = image.getexif()
    orientation = exif.pop(_ORIENTATION, 1)
    kept = {"icc_profile": image.info.get("icc_profile"), "dpi": image.info.get("dpi")}
    kept["exif"] = exif.tobytes() if exif and image.format != "TIFF" else None
    return Content(
        name=name, kind=Kind.PICTURE, data=upright(colours.astype(np.float64), orientation),
        dtype=colours.dtype, alpha=None if alpha is None else upright(alpha, orientation),
        metadata={key: value for key, value in kept.items() if value}, notes=notes,
    )  # fmt: skip


def _lost_texts(image: Image) -> tuple[str, ...]:
    """Return the note on the texts inside a png or a tiff, which are not written back."""
    texts = list(getattr(image, "text", {}))
    if image.format == "TIFF":
        texts = tiff.texts(image.tag_v2)  # type: ignore[attr-defined]  # of TiffImageFile
    return (f"the texts {', '.join(map(repr, texts))} are not kept",) if texts else ()


def _refuse_16_bit_colour(image: Image, path: Path, name: str) -> None:
    """Pillow reads 16-bit colour as 8 bits without a word; byte 24 of a png is its depth."""
    with path.open("rb") as file:
        head = file.read(26)
    if image.format == "PNG" and head[24:25] == b"\x10" and head[25:26] != b"\x00":
        raise FileError(
            f"{name}: is a png with 16 bits for each of several channels, of which Pillow reads 8: "
            "save it as a 16-bit tiff"
        )


def _channels(image: Image, name: str) -> tuple[NDArray[Any], NDArray[Any] | None, tuple[str, ...]]:
    """Return colours, alpha and notes of a picture that Pillow reads in full."""
    mode = image.mode
    notes: tuple[str, ...] = ()
    transparent = "transparency" in image.info
    targets = {"1": "L", "P": "RGBA" if transparent else "RGB", "PA": "RGBA"}
    if transparent:
        targets |= {"L": "LA", "RGB": "RGBA"}
    if mode in targets:
        image = image.convert(targets[mode])
        notes = (f"mode {mode} became {image.mode}: written with 8 bits for each channel",)
    elif mode not in ("L", "LA", "RGB", "RGBA", "I", "I;16", "I;16B", "I;16L"):
        raise FileError(f"{name}: is a {mode} picture; read are gray and RGB: convert it first")
    pixels = np.asarray(image)
    if mode.startswith("I"):
        pixels = pixels.astype(np.uint16)
    extra = 1 if image.mode in ("LA", "RGBA") else 0
    return *split_alpha(pixels, extra, name), notes


def check(content: Content, suffix: str) -> None:
    """Raise OptionError if the format cannot hold this picture's depth or alpha."""
    _pillow(f"writing {suffix}")
    deep = content.dtype != np.uint8
    if suffix not in _TIFF and deep and (content.dtype != np.uint16 or content.data.ndim == 3):
        raise OptionError(f"{content.name}: {suffix} cannot hold {_describe(content)}: write .tif")
    if suffix in (*_JPEG, ".bmp") and deep:
        raise OptionError(
            f"{content.name}: {suffix} cannot hold {_describe(content)}: write .png or .tif"
        )
    if suffix in (*_JPEG, ".bmp") and content.alpha is not None:
        raise OptionError(f"{content.name}: {suffix} cannot hold an alpha channel: write .png")
    if suffix in _TIFF and _needs_tifffile(content):
        tiff.load_tifffile(f"writing {content.dtype} tiff files")


def _describe(content: Content) -> str:
    channels = 1 if content.data.ndim == 2 else content.data.shape[2]
    channels += content.alpha is not None
    return f"{content.dtype} pixels with {channels} channel{'s' if channels > 1 else ''}"


def _needs_tifffile(content: Content) -> bool:
    gray16 = content.dtype == np.uint16 and content.data.ndim == 2 and content.alpha is None
    return content.dtype != np.uint8 and not gray16


def encode(
    content: Content, values: NDArray[Any], *, normalize: bool
) -> tuple[NDArray[Any], Report]:
    """Return `values` as pixels of the picture's type, rounded and saturated, with its alpha.

    With `normalize` the darkest value becomes 0 and the lightest the type's largest (floats: 1).
    """
    if content.alpha is not None and content.alpha.shape != values.shape[:2]:
        raise OptionError(
            f"{content.name}: its alpha channel, kept as it is, has shape {content.alpha.shape}, "
            f"the result {values.shape[:2]}: write mode='same'"
        )
    whole = content.dtype.kind in "iu"
    low, high = (_limits(content.dtype)) if whole else (0, 1)
    scale, offset = _stretch(values, high) if normalize else (1.0, 0.0)
    stretched = scale * values + offset if normalize else values
    below = above = 0
    if whole:
        pixels, below, above = round_and_saturate(stretched, content.dtype, low, high)
    else:
        pixels = narrow(stretched, content.dtype)
    peak = float(np.abs(values).max())
    if content.alpha is not None:
        colours = pixels if pixels.ndim == 3 else pixels[..., None]
        pixels = np.concatenate([colours, content.alpha[..., None]], axis=2)
    report = Report(
        shape=pixels.shape, dtype=pixels.dtype, below=below, above=above, peak=peak, scale=scale,
        offset=offset, notes=(),
    )  # fmt: skip
    return pixels, report


def _limits(dtype: np.dtype[Any]) -> tuple[int, int]:
    return int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)


def _stretch(values: NDArray[Any], high: float) -> tuple[float, float]:
    """Return scale and offset that bring the values to 0 … high."""
    darkest, lightest = float(values.min()), float(values.max())
    if not np.isfinite(lightest - darkest):
        raise DataError(f"the result reaches from {darkest} to {lightest}: it cannot be normalised")
    if lightest == darkest:
        return 1.0, 0.0
    scale = high / (lightest - darkest)
    return scale, -scale * darkest


def unkept(content: Content, suffix: str) -> tuple[str, ...]:
    """Return the notes on metadata that the format cannot hold."""
    holds = {"icc_profile", "dpi", "exif"}
    if suffix == ".bmp":
        holds = {"dpi"}
    elif suffix in _TIFF:
        holds = {"icc_profile", "dpi"}
    lost = sorted(set(content.metadata) - holds)
    return (f"{suffix} does not keep {', '.join(lost)}",) if lost else ()


def save(path: Path, content: Content, pixels: NDArray[Any]) -> None:
    """Write the pixels that `encode` returned, with colour profile, EXIF and resolution."""
    suffix, metadata = path.suffix.lower(), dict(content.metadata)
    if suffix in _TIFF:
        metadata.pop("exif", None)
        if _needs_tifffile(content):
            tiff.save_deep(path, content, pixels)
            return
        metadata["compression"] = "tiff_deflate"
    elif suffix in _JPEG:
        metadata |= {"quality": _JPEG_QUALITY, "subsampling": 0}
    _pillow(f"writing {suffix}").fromarray(np.ascontiguousarray(pixels)).save(path, **metadata)
