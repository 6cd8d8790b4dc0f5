from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from scipy.io import wavfile

from faltung.cli.main import main


class Outcome:
    """What a command printed and how it ended."""

    def __init__(self, result):
        self.code = result.exit_code
        self.out = result.stdout
        self.err = result.stderr
        self.bytes = result.stdout_bytes

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def faltung(monkeypatch, tmp_path):
    """Run a command in `tmp_path`; any exception that is not an exit is a failure."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)

    def run(*arguments, stdin=None):
        words = [str(argument) for argument in arguments]
        result = CliRunner().invoke(main, words, input=stdin, prog_name="faltung")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Outcome(result)

    return run


@pytest.fixture
def picture(tmp_path):
    """A small colour picture, as an array and as picture.png."""
    array = np.random.default_rng(7).integers(0, 256, (12, 17, 3), dtype=np.uint8)
    Image.fromarray(array).save(tmp_path / "picture.png")
    return array


@pytest.fixture
def sound(tmp_path):
    """Half a second of a 16-bit tone, as integers and as sound.wav."""
    samples = np.rint(12000 * np.sin(np.arange(4000) / 5)).astype(np.int16)
    wavfile.write(tmp_path / "sound.wav", 8000, samples)
    return samples
