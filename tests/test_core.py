"""The core as Python sees it: instruction sets, threads, boundaries, arguments that do not fit."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

import faltung as ft
from faltung import _core
from faltung.arrays.geometry import source_indices
from faltung.options import Boundary
from tests import reference

CORE_BOUNDARIES = {
    "zero": _core.Boundary.fill,
    "edge": _core.Boundary.edge,
    "mirror": _core.Boundary.mirror,
    "symmetric": _core.Boundary.symmetric,
    "wrap": _core.Boundary.wrap,
}


def run_python(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", CORE_BOUNDARIES)
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_positions_map_to_indices_in_the_core_and_in_numpy(name, size):
    positions = np.arange(-40, 40)
    expected = [reference.position_to_index(name, int(p), size) for p in positions]
    expected = [-1 if index is None else index for index in expected]
    core = [_core.source_index(CORE_BOUNDARIES[name], int(p), size) for p in positions]
    assert core == expected
    assert source_indices(Boundary(name), positions, size).tolist() == expected


def test_the_environment_forces_an_instruction_set():
    first = _core.available_instruction_sets()[0]
    done = run_python("import faltung._core as c; print(c.instruction_set())", FALTUNG_ISA=first)
    assert done.stdout.strip() == first


def test_an_instruction_set_that_is_not_there_is_named():
    done = run_python("import faltung as ft; ft.convolve([1.], [1.])", FALTUNG_ISA="v9")
    assert done.returncode == 1
    assert "instruction set 'v9' is not available: this machine has" in done.stderr
    with pytest.raises(ValueError, match="'v9' is not available"):
        _core.set_instruction_set("v9")


def test_the_environment_sets_the_threads():
    code = "import faltung._core as c; print(c.default_threads())"
    assert run_python(code, FALTUNG_NUM_THREADS="5").stdout.strip() == "5"
    assert run_python(code, FALTUNG_NUM_THREADS="none").stdout.strip() == str(
        _core.available_processors()
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork()")
def test_threads_work_in_a_forked_child():
    code = """
import os, numpy as np, faltung as ft
a, v = np.arange(100_000.0), np.arange(64.0)
before = ft.convolve(a, v, method="direct", threads=4)
child = os.fork()
if child == 0:
    same = np.array_equal(before, ft.convolve(a, v, method="direct", threads=4))
    os._exit(0 if same else 3)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    done = run_python(code)
    assert done.stdout.strip() == "0", done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
@pytest.mark.parametrize("threads", [1, 4])
def test_no_memory_is_a_memory_error(threads):
    code = f"""
import resource, numpy as np, faltung as ft
a, v, out = np.ones(20_000_000), np.ones(10_000_000), np.empty(29_999_999)
ft.convolve(a[:9], v[:3], threads={threads})
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 150_000_000,) * 2)
try:
    ft.convolve(a, v, method="direct", threads={threads}, out=out)
except MemoryError:
    print("MemoryError")
"""
    done = run_python(code)
    assert done.stdout.strip() == "MemoryError", done.stderr


def test_show_config_prints_what_the_installation_is_made_of(capsys):
    ft.show_config()
    text = capsys.readouterr().out
    for word in (ft.__version__, _core.compiler(), _core.instruction_set(), "threads", "numpy"):
        assert word in text


def core_call(input, taps, output, first=(0,), boundaries=(_core.Boundary.fill,)):
    steps = [(1, 1)] * len(first)
    _core.correlate_directly(input, taps, output, list(first), list(boundaries), steps, 0.0, 1)


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ((np.ones(3), np.ones(2), np.ones(2), ()), "one to all axes"),
        ((np.ones(3), np.ones(2), np.ones(2), (0, 0)), "one to all axes"),
        ((np.ones(3), np.ones((2, 2)), np.ones(2)), "same rank"),
        ((np.ones(3), np.ones(2), np.ones(2), (0,), ()), "one boundary"),
        ((np.ones((2, 3)), np.ones((1, 2)), np.ones((2, 2))), "broadcast"),
        ((np.ones(3), np.ones(4)[::2], np.ones(2)), "C order"),
        ((np.ones(0), np.ones(2), np.ones(2)), "not empty"),
    ],
)
def test_the_core_checks_what_could_make_it_read_outside(arguments, rule):
    with pytest.raises(ValueError, match=rule):
        core_call(*arguments)


@pytest.mark.parametrize("wrong", [np.ones(3, np.float32), np.ones(3, complex), [1.0, 2.0], None])
def test_the_core_converts_nothing(wrong):
    with pytest.raises(TypeError):
        core_call(wrong, np.ones(2), np.ones(2))


def test_a_read_only_output_is_refused_by_the_core():
    out = np.ones(2)
    out.setflags(write=False)
    with pytest.raises(TypeError):
        core_call(np.ones(3), np.ones(2), out)
