"""The core is a library of its own: a C++ program builds with it, no Python in sight."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def tool(name):
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else shutil.which(name)


@pytest.mark.skipif(not tool("cmake"), reason="needs cmake")
def test_a_cpp_program_uses_the_core(tmp_path):
    options = [f"-DFALTUNG={ROOT}", "-DCMAKE_CXX_FLAGS_RELEASE=-O1"]  # twice as fast to build
    if tool("ninja"):
        options += ["-GNinja", f"-DCMAKE_MAKE_PROGRAM={tool('ninja')}"]
    source = Path(__file__).parent / "consumer"
    for command in (
        [tool("cmake"), "-S", str(source), "-B", str(tmp_path), *options],
        [tool("cmake"), "--build", str(tmp_path), "--target", "consumer"],
    ):
        subprocess.run(command, check=True, capture_output=True)
    done = subprocess.run([tmp_path / "consumer"], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "4", "8", "4", "8", "24"]
