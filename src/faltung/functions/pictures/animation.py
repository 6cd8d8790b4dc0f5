"""The process of a convolution as a film: to be shown in a notebook, or written to a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from faltung.errors import OptionError
from faltung.functions.checks import as_whole
from faltung.functions.pictures import writers
from faltung.functions.pictures.films.slide import SlideFilm
from faltung.functions.pictures.films.stack import StackFilm
from faltung.functions.pictures.films.stage import Film, Stage
from faltung.functions.pictures.films.surface import SurfaceFilm
from faltung.functions.pictures.plots import require_matplotlib
from faltung.functions.pictures.process import require_functions
from faltung.functions.pictures.style import look
from faltung.functions.pictures.surface import require_no_period
from faltung.functions.pictures.views import View, as_view
from faltung.functions.rounding import as_number

if TYPE_CHECKING:
    from matplotlib.animation import FuncAnimation
    from matplotlib.figure import Figure

    from faltung.functions.function import Function

__all__ = ["Animation", "animate", "of_convolution"]

_FILMS: dict[View, Callable[..., Film]] = {
    View.SLIDE: SlideFilm,
    View.STACK: StackFilm,
    View.SURFACE: SurfaceFilm,
}
_LEAST, _MOST = 8, 2000
_SHORTEST, _LONGEST = 0.1, 3600.0
# How wide a notebook shows it, in pixels.
_SHOWN = 720


class Animation:
    """A film of a convolution, as :func:`animate` makes it.

    A notebook shows it with buttons; :meth:`save` writes it as a page, a GIF or a video; ``len`` is the
    number of its pictures. Nothing is drawn before it is asked for.

    Attributes
    ----------
    seconds
        How long it is.
    """

    def __init__(self, film: Film, seconds: float) -> None:
        self._film = film
        self.seconds = seconds

    def __len__(self) -> int:
        return self._film.count

    @cached_property
    def _stage(self) -> Stage:
        from matplotlib.figure import Figure

        width, height = self._film.size
        with look(width):
            stage = Stage(self._film, Figure(figsize=(width / 72, height / 72)))
            stage.show(len(self) // 2)
        return stage

    @property
    def figure(self) -> Figure:
        """The matplotlib figure that :meth:`frame` draws on; at first with the picture in the middle."""
        return self._stage.figure

    def frame(self, i: int) -> Figure:
        """Draw picture `i` on the figure, and return the figure.

        Parameters
        ----------
        i
            Its number, from 0; negative ones count from the end.

        Raises
        ------
        OptionError
            If there is no such picture.
        """
        index = as_whole(i, "picture i", -len(self), len(self) - 1)
        with look(self._film.size[0]):
            self._stage.show(index % len(self))
        return self.figure

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        dpi: float | None = None,
        progress: bool | None = None,
    ) -> None:
        """Write the film to a file, whole or not at all; its suffix says what kind of file.

        ::

            .html, .htm    a page that needs no network: pictures as SVG, buttons, a dark side
            .gif           by Pillow
            .mp4           by ffmpeg, if it is installed

        Parameters
        ----------
        path
            The file.
        dpi
            Dots for each inch of a GIF or a video, from 36 to 600; a picture is 8.9 inches wide. By
            default 108 for a GIF (960 dots), 144 for a video (1,280 dots).
        progress
            Show a bar on stderr; by default only if stderr is a terminal, tqdm is installed, and it takes
            longer than a second.

        Raises
        ------
        OptionError
            Another suffix, a dpi out of range or for a page, a GIF of more than 50 pictures a second.
        FileError
            A folder that is missing or cannot be written to; before any work is done.
        MissingExtraError
            A GIF without Pillow, a video without ffmpeg.
        """
        writers.save(self._film, self.seconds, path, dpi=dpi, progress=progress)

    def to_html(self, *, progress: bool | None = None) -> str:
        """Return the film as a whole HTML page that needs no network; what ``save("x.html")`` writes.

        Parameters
        ----------
        progress
            As for :meth:`save`.
        """
        return writers.page(self._film, self.seconds, progress=progress)

    def to_matplotlib(self) -> FuncAnimation:
        """Return the film as matplotlib's own animation, on a figure of pyplot.

        Keep it in a variable, and ``plt.show()`` plays it in a window.
        """
        from matplotlib import pyplot as plt
        from matplotlib.animation import FuncAnimation

        width, height = self._film.size
        with look(width):
            stage = Stage(self._film, plt.figure(figsize=(width / 72, height / 72)))

        def drawn(i: int) -> list[Any]:
            with look(width):
                stage.show(i)
            return []

        interval = 1000 * self.seconds / len(self)
        return FuncAnimation(
            stage.figure, drawn, frames=len(self), interval=interval, cache_frame_data=False
        )

    def _repr_html_(self) -> str:
        width, height = self._film.size
        return (
            f'<iframe srcdoc="{escape(self._page)}" title="{escape(repr(self))}" '
            f'style="width:100%;max-width:{_SHOWN}px;aspect-ratio:{width:g}/{height + 76:g};border:0">'
            "</iframe>"
        )

    @cached_property
    def _page(self) -> str:
        return self.to_html()

    def __repr__(self) -> str:
        return f"Animation of {len(self)} pictures in {self.seconds:g} s: write it with .save('film.html')"


def animate(
    f: Function,
    g: Function,
    *,
    view: str | View = "slide",
    frames: int = 96,
    seconds: float = 8.0,
) -> Animation:
    """Return a film of how the convolution of f and g comes about.

    Parameters
    ----------
    f, g
        Two functions.
    view
        What the film shows::

            slide      g is turned over, shifted along f and multiplied with it; the area of the
                       product is the value of the convolution at each shift
            stack      f is cut into strips; each leaves a copy of g, moved to its place and as
                       high as its area; one on the other, the copies are the convolution
            surface    f(x) g(y) over the plane; the line x + y = t moves over it, and the area
                       above it, over x, is the value at t

        f and g are drawn to one scale if their heights are comparable, else to one each; of long tails
        the part that is not small is shown, and of a pole its lower part.
    frames
        How many pictures, 8 to 2,000.
    seconds
        How long the film is, 0.1 to 3,600.

    Returns
    -------
    Animation
        Shown by notebooks, written by its method ``save``.

    Raises
    ------
    DtypeError
        If f or g is not a Function.
    OptionError
        An unknown view, a number of pictures or seconds out of range, a complex function, or one with
        a period for 'surface'.
    ResolutionError
        If the convolution, or for 'stack' that of a strip, cannot be resolved.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> from faltung.functions import animate, box, hat
    >>> film = animate(box(0, 1), hat(0, 1, 2), frames=24)
    >>> film
    Animation of 24 pictures in 8 s: write it with .save('film.html')
    """
    from faltung.functions.convolve import convolve

    require_functions("animate", f, g)
    options = _as_options((f, g), view, frames, seconds)
    return _made(convolve(f, g), (f, g), *options)


def of_convolution(
    h: Function,
    operands: tuple[Function, Function],
    *,
    view: str | View,
    frames: int,
    seconds: float,
) -> Animation:
    """Return the film of a convolution that is known already."""
    require_functions("animate", *operands)
    return _made(h, operands, *_as_options(operands, view, frames, seconds))


def _as_options(
    operands: tuple[Function, Function], view: str | View, frames: int, seconds: float
) -> tuple[View, int, float]:
    """Check everything before any work."""
    require_matplotlib("animate")
    count = as_whole(frames, "frames", _LEAST, _MOST)
    length = as_number(seconds, "seconds")
    if not _SHORTEST <= length <= _LONGEST:
        raise OptionError(f"seconds={seconds!r}: write a number from {_SHORTEST} to {_LONGEST:g}")
    chosen = as_view(view)
    if chosen is View.SURFACE:
        require_no_period(*operands)
    return chosen, count, length


def _made(
    h: Function, operands: tuple[Function, Function], view: View, count: int, seconds: float
) -> Animation:
    return Animation(_FILMS[view](*operands, h, count), seconds)
