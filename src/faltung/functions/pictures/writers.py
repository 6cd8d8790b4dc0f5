"""Films into files: a page that plays by itself, a GIF, a video."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from faltung.errors import FileError, MissingExtraError, OptionError, missing_extra
from faltung.files.whole import whole_file
from faltung.functions.pictures.films.stage import Film, Stage
from faltung.functions.pictures.style import DARK, INKS, look, rgb, svg, variables
from faltung.functions.rounding import as_number

__all__ = ["page", "save"]

_PAGES = (".html", ".htm")
_DPI = {".gif": 108.0, ".mp4": 144.0}
_COARSEST, _FINEST = 36.0, 600.0
# The palette of a GIF: each ink in so many strengths, and what is frequent in so many pictures.
_STRENGTHS = 12
# Browsers slow a GIF down that changes faster.
_MOST_A_SECOND = 50
_SAMPLED = 9


def save(
    film: Film,
    seconds: float,
    path: str | os.PathLike[str],
    *,
    dpi: float | None,
    progress: bool | None,
) -> None:
    """Write a film to a file; see :meth:`faltung.functions.pictures.animation.Animation.save`."""
    # 1 Everything that can be wrong is found before any work.
    suffix = Path(path).suffix.lower()
    if suffix not in (*_PAGES, *_DPI):
        raise OptionError(
            f"{os.fspath(path)!r}: the suffix says what is written: end the name in .html, .gif or .mp4"
        )
    dots = _as_dpi(dpi, suffix)
    if suffix == ".gif" and film.count > _MOST_A_SECOND * seconds:
        raise OptionError(
            f"{film.count} pictures in {seconds:g} s: a GIF shows at most {_MOST_A_SECOND} a second: "
            "make the film with fewer frames or longer, or write a .html or .mp4"
        )
    _require(suffix)
    with whole_file(path) as temporary:
        # 2 The pictures, one after the other, into the file.
        if suffix in _PAGES:
            temporary.write_text(page(film, seconds, progress=progress), encoding="utf-8")
        else:
            write = _write_gif if suffix == ".gif" else _write_video
            write(film, seconds, temporary, dots, progress)


def _as_dpi(dpi: float | None, suffix: str) -> float:
    if dpi is None:
        return _DPI.get(suffix, 72.0)
    if suffix in _PAGES:
        raise OptionError(
            f"dpi={dpi!r}: a page holds drawings without dots: leave dpi out, or write a .gif or .mp4"
        )
    dots = as_number(dpi, "dpi")
    if not _COARSEST <= dots <= _FINEST:
        raise OptionError(f"dpi={dpi!r}: write a number from {_COARSEST:g} to {_FINEST:g}")
    return dots


def _require(suffix: str) -> None:
    """Refuse what this machine has no tool for."""
    if suffix == ".gif":
        try:
            import PIL.Image  # noqa: F401
        except ImportError:
            raise missing_extra("Pillow", "images", "a GIF") from None
    if suffix == ".mp4":
        from matplotlib.animation import FFMpegWriter

        if not FFMpegWriter.isAvailable():
            raise MissingExtraError(
                "a video needs ffmpeg, which is not found: install it from your system's packages, or "
                "write a .gif or .html, which need nothing"
            )


# A page


def page(film: Film, seconds: float, *, progress: bool | None) -> str:
    """Return a film as an HTML page that holds all it needs.

    Most of what is drawn is the same from picture to picture, so the page holds each SVG tag once and
    of each picture the numbers of its tags.
    """
    tags: dict[str, int] = {}
    frames: list[list[int]] = []
    for drawing in _drawings(film, progress):
        frames.append([tags.setdefault(tag, len(tags)) for tag in _TAG.findall(drawing)])
    known = list(tags)
    data = {"tags": known, "frames": frames, "seconds": seconds}
    template = Template(
        resources.files("faltung.functions.pictures").joinpath("player.html").read_text("utf-8")
    )
    still = "".join(known[number] for number in frames[len(frames) // 2])
    return template.substitute(
        light=variables(INKS), dark=variables(DARK), width=f"{film.size[0]:g}", still=still,
        # Within a script nothing may look like its end.
        film=json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("</", "<\\/"),
    )  # fmt: skip


_TAG = re.compile(r"<[^>]*>[^<]*")


def _drawings(film: Film, progress: bool | None) -> Iterator[str]:
    from matplotlib.figure import Figure

    width, height = film.size
    with look(width):
        stage = Stage(film, Figure(figsize=(width / 72, height / 72)))
        for i in _told(range(film.count), film.count, progress):
            stage.show(i)
            yield svg(stage.figure, film.told(i))


# A GIF


def _write_gif(film: Film, seconds: float, path: Path, dpi: float, progress: bool | None) -> None:
    """Write a GIF: one palette for all pictures, no dithering, so that flat areas stay flat."""
    from PIL import Image

    picture = _painter(film, dpi)
    palette = _palette([picture(i) for i in range(0, film.count, max(1, film.count // _SAMPLED))])

    def reduced() -> Iterator[Any]:
        for i in _told(range(film.count), film.count, progress):
            yield picture(i).quantize(palette=palette, dither=Image.Dither.NONE)

    # A GIF counts hundredths of a second: what is rounded off one picture is left to the next.
    ends = np.rint(100 * seconds * np.arange(film.count + 1) / film.count).astype(int)
    images = reduced()
    next(images).save(
        path, format="GIF", save_all=True, append_images=images, loop=0, optimize=False,
        duration=(10 * np.diff(ends)).tolist(),
    )  # fmt: skip


def _palette(sample: list[Any]) -> Any:
    """Return 256 colours: inks in many strengths, so that thin lines keep theirs, and frequent ones."""
    from PIL import Image

    paper = np.array(rgb("paper"))
    inks = np.array([rgb(role) for role in INKS if role != "paper"])
    strengths = np.linspace(1, 0, _STRENGTHS, endpoint=False)[:, None, None]
    mixed = np.vstack([paper, (paper + strengths * (inks - paper)).reshape(-1, 3)])
    wall = Image.new("RGB", (sample[0].width, sum(image.height for image in sample)))
    for k, image in enumerate(sample):
        wall.paste(image, (0, k * image.height))
    rest = 256 - len(mixed)
    frequent = wall.quantize(rest, dither=Image.Dither.NONE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*np.rint(255 * mixed).astype(int).ravel().tolist(), *frequent[: 3 * rest]])
    return palette


def _painter(film: Film, dpi: float) -> Callable[[int], Any]:
    """Return what paints a picture of a film in dots."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image

    width, height = film.size
    figure = Figure(figsize=(width / 72, height / 72), dpi=dpi)
    canvas: Any = FigureCanvasAgg(figure)
    with look(width):
        stage = Stage(film, figure)

    def picture(i: int) -> Any:
        with look(width):
            stage.show(i)
            canvas.draw()
        return Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3].copy())

    return picture


# A video


def _write_video(film: Film, seconds: float, path: Path, dpi: float, progress: bool | None) -> None:
    """Write a video by ffmpeg, in the encoding that every browser plays."""
    from subprocess import CalledProcessError

    from matplotlib.animation import FFMpegWriter
    from matplotlib.figure import Figure

    width, height = film.size
    figure = Figure(figsize=(width / 72, height / 72))
    # Players want colours at half the resolution, and so an even number of dots.
    even = ["-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p"]
    # A whole number is asked for in matplotlib's types; ffmpeg takes any.
    rate: Any = film.count / seconds
    writer = FFMpegWriter(fps=rate, codec="libx264", extra_args=even)
    try:
        with look(width), writer.saving(figure, os.fspath(path), dpi):
            stage = Stage(film, figure)
            for i in _told(range(film.count), film.count, progress):
                stage.show(i)
                writer.grab_frame(facecolor=INKS["paper"])
    except CalledProcessError as error:
        raise FileError(
            f"{path.name}: ffmpeg stopped with code {error.returncode}: write a .gif or .html in place of it"
        ) from error


def _told(frames: Iterable[int], count: int, progress: bool | None) -> Iterable[int]:
    """Return the numbers of pictures; a bar on stderr moves with them if someone is looking."""
    if progress is False or (progress is None and not sys.stderr.isatty()):
        return frames
    try:
        from tqdm import tqdm
    except ImportError:
        if progress:
            raise missing_extra("tqdm", "nn", "a progress bar") from None
        return frames
    told: Iterable[int] = tqdm(
        frames, total=count, desc="film", unit="picture", file=sys.stderr, leave=False,
        delay=0 if progress else 1,
    )  # fmt: skip
    return told
