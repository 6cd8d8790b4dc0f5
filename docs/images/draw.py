"""Draws the pictures of the README and the pages: ``python docs/images/draw.py [name …]``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits, load_sample_image

import faltung as ft
from faltung.distributions import die
from faltung.functions.pictures import style

HERE = Path(__file__).parent
WIDTH, HEIGHT = 420, 230


def save(drawing: Any, name: str) -> None:
    """Write one picture at twice the size it is shown in."""
    drawing.patch.set_facecolor(style.rgb("paper"))
    drawing.savefig(HERE / name, dpi=144)


def arrays() -> None:
    """Draw a photograph, soft on its right half."""
    photo = load_sample_image("china.jpg")[60:312, :460] / 255
    soft = ft.convolve(
        photo, ft.kernels.gaussian(5), axes=(0, 1), mode="same", boundary="symmetric"
    )
    half = photo.shape[1] // 2
    with style.figure(WIDTH, HEIGHT) as drawing:
        ax = style.axes(drawing, (3, 3, WIDTH - 6, HEIGHT - 6))
        ax.imshow(np.concatenate([photo[:, :half], soft[:, half:].clip(0, 1)], axis=1))
        ax.axvline(half, color="white", linewidth=1)
        ax.set_axis_off()
        save(drawing, "arrays.jpg")


def functions() -> None:
    """Film two functions and their convolution."""
    f, g = ft.functions.box(-1, 1), ft.Function(lambda t: np.exp(-2 * t), (0, 3))
    ft.functions.animate(f, g, frames=60, seconds=7).save(HERE / "functions.gif", dpi=66)


def views() -> None:
    """Draw one picture from the film of each view."""
    f = ft.Function(lambda s: s**2 * (3 - s) / 4, (0, 3))
    g = ft.Function(lambda s: np.exp(-1.3 * s), (0, 3))
    h = ft.convolve(f, g)
    for view, number in (("slide", 51), ("stack", 58), ("surface", 34)):
        picture = HERE / f"seeing-{view}.png"
        h.animate(view=view).frame(number).savefig(picture, dpi=108)
        Image.open(picture).convert("RGB").quantize(128).save(picture, optimize=True)


def distributions() -> None:
    """Draw one die, two and ten."""
    with style.figure(WIDTH, HEIGHT) as drawing:
        for column, n in enumerate((1, 2, 10)):
            ax = style.axes(drawing, (16 + column * 134, 26, 118, HEIGHT - 60))
            law = die(6).sum(n)
            totals = np.arange(n, 6 * n + 1)
            colour = style.rgb("f" if n == 1 else "result")
            ax.bar(totals, law.pmf(totals), width=0.8, color=colour)
            ax.set_title(f"{n} {'die' if n == 1 else 'dice'}", size=11)
            ax.set_xticks([n, 6 * n])
            style.plain_axis(ax)
        save(drawing, "distributions.png")


def network() -> None:
    """Draw digits of the test fifth with what the network takes them for."""
    digits = load_digits()
    images, labels = digits.images / 16, digits.target
    test = np.arange(len(labels)) % 5 == 0
    model = ft.nn.ImageClassifier(seed=0).fit(images[~test], labels[~test])
    shown = images[test][:24]
    with style.figure(WIDTH, HEIGHT) as drawing:
        for i, (image, label) in enumerate(zip(shown, model.predict(shown), strict=True)):
            left, top = 14 + (i % 8) * 49.5, 10 + (i // 8) * 72
            ax = style.axes(drawing, (left, top, 42, 42))
            ax.imshow(image, cmap="Blues")
            ax.set_axis_off()
            drawing.text(
                (left + 21) / WIDTH, 1 - (top + 58) / HEIGHT, str(label),
                color=style.rgb("result"), ha="center", size=12,
            )  # fmt: skip
        save(drawing, "network.png")


def samples() -> None:
    """Draw samples on an uneven axis, the resolution function, and what becomes of them."""
    x = np.sort(np.concatenate([np.linspace(-1, 6, 36), np.linspace(0.43, 1.61, 24)]))
    y = np.exp(-((x - 1) ** 2) / 0.02) + 0.55 * ((x > 2.5) & (x < 3.6))
    response = ft.functions.resolution.exponentially_modified_gaussian(0.09, 0.35)
    t = np.linspace(-1, 6, 700)
    h = ft.functions.convolve_samples(y, response, x=x, at=t)
    with style.figure(WIDTH, HEIGHT) as drawing:
        ax = style.axes(drawing, (16, 14, WIDTH - 32, HEIGHT - 46))
        ax.plot(x, y, color=style.rgb("f"), linewidth=0.8)
        ax.plot(x, y, ".", color=style.rgb("f"), markersize=4)
        inset = t[(t > -0.5) & (t < 2)]
        ax.plot(inset + 4.2, 0.35 * response(inset) + 0.5, color=style.rgb("g"), linewidth=1.6)
        ax.plot(t, h.y, color=style.rgb("result"), linewidth=2)
        ax.fill_between(t, h.y, color=style.rgb("result"), alpha=0.12)
        for text, role, place in (
            ("samples", "f", (1.2, 0.9)),
            ("resolution", "g", (4.6, 0.9)),
            ("seen", "result", (1.66, 0.2)),
        ):
            ax.text(*place, text, color=style.rgb(role), style="italic", size=12)
        style.plain_axis(ax)
        save(drawing, "samples.png")


DRAWINGS = (arrays, functions, views, distributions, network, samples)

if __name__ == "__main__":
    for draw in DRAWINGS:
        if draw.__name__ in (sys.argv[1:] or [each.__name__ for each in DRAWINGS]):
            draw()
