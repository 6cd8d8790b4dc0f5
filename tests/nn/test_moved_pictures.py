"""Augmentation and resampling against what they stand for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from faltung.errors import OptionError
from faltung.nn import Augmentation
from faltung.nn.resample import resize

STILL: dict[str, Any] = {"rotation": 0, "zoom": 0, "shear": 0, "shift": 0}


def rng():
    return np.random.default_rng(3)


def test_a_flat_picture_stays_flat():
    pictures = np.full((5, 2, 9, 12), 3.0)
    moved = Augmentation(rotation=90, zoom=0.5, shear=1, shift=1, flip=True).apply(pictures, rng())
    np.testing.assert_allclose(moved, 3, rtol=1e-14)


def test_flip_mirrors_about_half_of_the_pictures():
    pictures = np.random.default_rng(0).random((60, 1, 8, 9)).astype(np.float32)
    moved = Augmentation(**STILL, flip=True).apply(pictures, rng())
    mirrored = [
        np.allclose(m, p[..., ::-1], atol=1e-6) for m, p in zip(moved, pictures, strict=True)
    ]
    same = [np.allclose(m, p, atol=1e-6) for m, p in zip(moved, pictures, strict=True)]
    assert all(a != b for a, b in zip(mirrored, same, strict=True))
    assert 15 < sum(mirrored) < 45
    assert moved.dtype == np.float32


def test_a_shift_moves_a_linear_ramp_by_its_amount():
    ramp = np.tile(np.arange(20.0), (30, 1, 20, 1))
    moved = Augmentation(**STILL | {"shift": 0.1}).apply(ramp, rng()) - ramp
    inner = moved[:, 0, 5:-5, 5:-5]
    assert np.all(np.abs(inner) <= 2 + 1e-12)
    np.testing.assert_allclose(inner, inner[:, :1, :1] + np.zeros((10, 10)), atol=1e-12)
    assert np.ptp(inner[:, 0, 0]) > 2


def test_a_rotation_turns_about_the_centre():
    """The distance from the centre is the same in every direction."""
    y, x = np.mgrid[:33, :33] - 16.0
    disc = np.tile(np.hypot(y, x), (8, 1, 1, 1))
    moved = Augmentation(**STILL | {"rotation": 180}).apply(disc, rng())
    inside = disc < 14
    np.testing.assert_allclose(moved[inside], disc[inside], atol=0.3)
    assert np.abs(moved - disc).max() > 0.5  # the corners


def test_rotation_keeps_right_angles_in_a_wide_picture():
    y, x = np.mgrid[:16, :48] - np.array([7.5, 23.5])[:, None, None]
    disc = np.tile(np.hypot(y, x), (6, 1, 1, 1))
    moved = Augmentation(**STILL | {"rotation": 90}).apply(disc, rng())
    inside = disc < 6
    np.testing.assert_allclose(moved[inside], disc[inside], atol=0.3)


def test_the_same_generator_moves_alike():
    pictures = np.random.default_rng(0).random((4, 1, 8, 8))
    one, two = (Augmentation().apply(pictures, rng()) for _ in range(2))
    assert one.tobytes() == two.tobytes()
    assert not np.allclose(one[0], pictures[0])


@pytest.mark.parametrize(
    "option", [{"rotation": 181}, {"zoom": -0.1}, {"shear": "x"}, {"shift": np.nan}]
)
def test_amounts_are_checked(option):
    with pytest.raises(OptionError, match=next(iter(option))):
        Augmentation(**option)


@pytest.mark.parametrize("size", [(8, 8), (30, 11), (64, 64), (17, 100)])
def test_resizing_is_pillows(size):
    picture = np.random.default_rng(0).random((40, 30)).astype(np.float32)
    found = resize(picture[None, None], *size)[0, 0]
    expected = Image.fromarray(picture).resize(size[::-1], Image.Resampling.BILINEAR)
    np.testing.assert_allclose(found, np.asarray(expected), atol=1e-5)


def test_resizing_keeps_flat_pictures_and_the_mean():
    flat = resize(np.full((2, 3, 9, 10), 7.0), 31, 8)
    assert flat.shape == (2, 3, 31, 8)
    np.testing.assert_allclose(flat, 7, rtol=1e-14)
    picture = np.random.default_rng(0).random((1, 1, 64, 64))
    assert resize(picture, 32, 32).mean() == pytest.approx(picture.mean(), rel=0.01)
    assert resize(picture, 64, 64) is picture
