"""Draws the pictures of the README: ``python docs/images/draw.py``."""

from __future__ import annotations

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


if __name__ == "__main__":
    for draw in (arrays, functions, views, distributions, network):
        draw()
