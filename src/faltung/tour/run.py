"""The run of the tour, in numbered steps: check everything, tell the chapters, write the page."""

from __future__ import annotations

import difflib
import importlib.util
import operator
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faltung._core import version
from faltung.errors import DataError, OptionError, missing_extra
from faltung.files.whole import whole_file
from faltung.tour.page import Chapter, Markup, page
from faltung.tour.settings import Settings, Story

__all__ = ["CHAPTERS", "TourResult", "run"]

CHAPTERS: dict[str, str] = {
    "is": "what_it_is",
    "means": "what_it_means",
    "dimensions": "two_dimensions",
    "does": "what_it_does",
}
_STEPS = {"is": 2, "means": 3, "dimensions": 2, "does": 8}
_PACKAGES = {"matplotlib": "matplotlib", "sklearn": "scikit-learn", "PIL": "Pillow", "tqdm": "tqdm"}

Progress = bool | Callable[[str], None] | None


@dataclass(frozen=True)
class TourResult:
    """What a run of the tour wrote and found.

    Attributes
    ----------
    path : str
        The page.
    figures : dict
        Every number of the page, by chapter, with the seconds each took; only numbers, strings,
        lists and dictionaries, so that it can be written as JSON.
    """

    path: str
    figures: dict[str, Any] = field(repr=False)


def run(
    *,
    photo: str | os.PathLike[str] | None = None,
    pictures: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] = "tour.html",
    chapters: str | Sequence[str] | None = None,
    seed: int = 0,
    progress: Progress = None,
) -> TourResult:
    """Tell the story of convolution on real input, as one HTML page that needs no network.

    Parameters
    ----------
    photo
        The photograph to filter; by default scikit-learn's of a pavilion above a lake. One of more
        than 960 pixels on a side is reduced, and the page says so.
    pictures
        A folder with one folder of pictures for each class, to train networks on; by default
        scikit-learn's 1,797 handwritten digits.
    out
        The page to write; written whole or not at all.
    chapters
        Some of ``is``, ``means``, ``dimensions`` and ``does``, or their numbers 1 to 4; all by
        default.
    seed
        Of every random number, a whole number from 0 up.
    progress
        Show the steps on stderr; by default only if it is a terminal. A callable gets the name of
        each step instead.

    Returns
    -------
    TourResult
        The path of the page and every number on it.

    Raises
    ------
    MissingExtraError
        Without ``pip install 'faltung[tour]'``.
    OptionError
        An unknown chapter, a seed that is no whole number from 0 up, a page whose name ends in
        neither ``.html`` nor ``.htm``.
    FileError
        A photograph or a folder that cannot be read, a page that cannot be written; before any
        work is done.
    DataError
        A folder without pictures of two classes, or with a class of one readable picture.
    """
    # 1 Everything that can be wrong is found before any work.
    _require_packages()
    _check_suffix(out)
    names = as_chapters(chapters)
    settings = _settings(photo, pictures, seed)
    with ExitStack() as stack:
        temporary = stack.enter_context(whole_file(out))
        # 2 The chapters.
        step = stack.enter_context(_steps(names, progress))
        told, figures = tell(names, settings, step)
        # 3 The page.
        temporary.write_text(_document(told, figures, settings), encoding="utf-8")
    return TourResult(os.fspath(out), figures)


# 1 Checks


def _require_packages() -> None:
    for module, package in _PACKAGES.items():
        if importlib.util.find_spec(module) is None:
            raise missing_extra(package, "tour", "the tour")


def _check_suffix(out: str | os.PathLike[str]) -> None:
    path = Path(out)
    if path.suffix.lower() not in {".html", ".htm"} and not path.is_dir():
        raise OptionError(
            f"out={os.fspath(out)!r}: the tour is an HTML page, so that its name ends in .html or "
            f".htm: write {os.fspath(path.with_suffix('.html') if path.name else 'tour.html')!r}"
        )


def as_chapters(chapters: str | Sequence[str] | None) -> list[str]:
    """Return the names of the chosen chapters in the order of the story.

    Examples
    --------
    >>> as_chapters(["4", "means"])
    ['means', 'does']
    """
    if chapters is None:
        return list(CHAPTERS)
    chosen = [chapters] if isinstance(chapters, str) else list(chapters)
    if not chosen:
        raise OptionError("chapters=[] names none: leave it out for all, or name some")
    known = {_as_chapter(name) for name in chosen}
    return [name for name in CHAPTERS if name in known]


def _as_chapter(name: object) -> str:
    aliases = {str(i): key for i, key in enumerate(CHAPTERS, 1)}
    for key, module in CHAPTERS.items():
        aliases |= {key: key, module: key, module.replace("_", "-"): key}
    found = aliases.get(str(name).strip().lower())
    if found is None:
        close = difflib.get_close_matches(str(name), CHAPTERS, n=1)
        guess = f" Did you mean {close[0]!r}?" if close else ""
        names = ", ".join(repr(key) for key in CHAPTERS)
        raise OptionError(f"chapter {name!r} is not known: write one of {names}.{guess}")
    return found


def _settings(
    photo: str | os.PathLike[str] | None, pictures: str | os.PathLike[str] | None, seed: int
) -> Settings:
    from faltung.tour.media import read_photo

    seed = _as_seed(seed)
    folder = None if pictures is None else _as_folder(pictures)
    if photo is None:
        return Settings(seed=seed, pictures=folder)
    name = os.fspath(photo)
    read = read_photo(name)
    return Settings(
        seed=seed, pictures=folder, photo=read.pixels, photo_name=name, photo_note=read.note
    )


def _as_seed(seed: object) -> int:
    try:
        number = -1 if isinstance(seed, bool) else operator.index(seed)  # type: ignore[arg-type]
    except TypeError:
        number = -1
    if number < 0:
        raise OptionError(f"seed={seed!r}: write a whole number, 0 or more")
    return number


def _as_folder(pictures: str | os.PathLike[str]) -> Path:
    from faltung.nn.picture_files import LabelledFiles

    files = LabelledFiles.of(pictures)
    classes = sorted(set(files.labels))
    if len(classes) < 2:
        found = f"of one class only, {classes[0]!r}" if classes else "in none of its folders"
        raise DataError(f"{pictures}: holds files {found}: put the pictures of each class into one")
    return Path(pictures)


@contextmanager
def _steps(names: Iterable[str], progress: Progress) -> Iterator[Callable[[str], None]]:
    """Lend what is called after each step."""
    if callable(progress):
        yield progress
        return
    from tqdm import tqdm

    shown = sys.stderr.isatty() if progress is None else progress
    total = sum(_STEPS[name] for name in names)
    with tqdm(total=total, desc="tour", unit="step", disable=not shown, file=sys.stderr) as bar:

        def step(text: str) -> None:
            bar.set_postfix_str(text)
            bar.update()

        yield step
        bar.total = bar.n  # of many pictures fewer networks are trained than were counted


# 2 The chapters


def tell(
    names: Iterable[str], settings: Settings, step: Callable[[str], None]
) -> tuple[list[Chapter], dict[str, Any]]:
    """Tell the named chapters; return them and every number in them."""
    story = Story(step=step)
    told, seconds = [], {}
    for name in names:
        start = time.perf_counter()
        chapter = importlib.import_module(f"faltung.tour.chapters.{CHAPTERS[name]}")
        told.append(chapter.tell(settings, story))
        seconds[CHAPTERS[name]] = round(time.perf_counter() - start, 3)
    seconds["total"] = round(sum(seconds.values()), 3)
    return told, {"version": version, "seed": settings.seed, "seconds": seconds, **story.numbers}


# 3 The page


def _document(told: list[Chapter], figures: dict[str, Any], settings: Settings) -> str:
    from faltung.tour.chapters.what_it_is import given
    from faltung.tour.hero import hero

    process = given()
    return page(
        told,
        {
            "hero": hero(process.f, process.g, process.h),
            "colophon": _colophon(told, figures, settings),
        },
    )


def _colophon(told: list[Chapter], figures: dict[str, Any], settings: Settings) -> Markup:
    seconds = figures["seconds"]
    times = ", ".join(
        f"{chapter.title.lower()} {seconds[chapter.name.replace('-', '_')]:.1f} s"
        for chapter in told
    )
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return Markup(
        f"Computed by faltung {version} in {seconds['total']:.0f} seconds ({times}), "
        f"with seed {settings.seed}, on {time.strftime('%d %B %Y').lstrip('0')}, "
        f"Python {platform.python_version()}, {cores} processor cores. Every curve, table, picture "
        "and number on this page comes from that run. The page holds all it shows: it asks nothing "
        "of the network and runs no script."
    )
