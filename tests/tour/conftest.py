from __future__ import annotations

import numpy as np
import pytest

PIL = pytest.importorskip("PIL.Image")
pytest.importorskip("matplotlib")
pytest.importorskip("sklearn")


@pytest.fixture(scope="session")
def photo(tmp_path_factory):
    """A small colourful picture with a bright disc, as a file."""
    rows, columns = np.mgrid[0:72, 0:96]
    disc = (rows - 30) ** 2 + (columns - 40) ** 2 < 400
    pixels = np.stack([2 * rows + 80 * disc, columns + 60, 255 - 3 * rows + 0 * columns], axis=-1)
    path = tmp_path_factory.mktemp("photo") / "a disc & more.png"
    PIL.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(path)
    return path
