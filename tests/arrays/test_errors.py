"""Bad input: each error names the value, the rule and the way out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import faltung as ft
from faltung.errors import DtypeError, FaltungError, OptionError, ShapeError

PICTURE: Any = np.ones((8, 9, 3))
BOX: Any = ft.functions.box(0, 1)
DIE: Any = ft.distributions.die(6)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: ft.convolve(PICTURE, np.ones((3, 3))), ShapeError, r"3 and 2 axes: write axes=\(0, 1\)"),
        (lambda: ft.convolve(np.ones((50, 60)), np.ones(3)), ShapeError, "write axes=1"),
        (lambda: ft.convolve(np.ones(5), np.ones((2, 2))), ShapeError, "swap them"),
        (lambda: ft.convolve([], [1.0]), ShapeError, r"first operand is empty \(shape \(0,\)\)"),
        (lambda: ft.convolve([1.0], np.ones((0,))), ShapeError, "kernel is empty"),
        (lambda: ft.convolve(np.ones((3, 0)), np.ones((1, 1))), ShapeError, "is empty"),
        (lambda: ft.convolve(3.0, [1.0]), ShapeError, r"scalar 3\.0.*write \[3\.0\]"),
        (lambda: ft.convolve([[1.0], [1.0, 2.0]], [1.0]), ShapeError, "equal lengths"),
        (lambda: ft.convolve([1.0], [1.0], mode="sane"), OptionError, "'sane'.*Did you mean 'same'"),
        (lambda: ft.convolve([1.0], [1.0], mode=2), OptionError, "mode 2 is not known"),
        (lambda: ft.convolve([1.0], [1.0], mode="same", boundary="reflect"), OptionError,
         r"'reflect' is ambiguous: write 'mirror' \(dcb\|abcd\) or 'symmetric' \(cba\|abcd\)"),
        (lambda: ft.convolve([1.0], [1.0], mode="same", boundary="nearest"), OptionError, "write 'edge'"),
        (lambda: ft.convolve([1.0], [1.0], mode="same", boundary="mirrored"), OptionError, "Did you mean 'mirror'"),
        (lambda: ft.convolve([1.0], [1.0], boundary="wrap"), OptionError, "mode='same' alone: mode 'full'"),
        (lambda: ft.convolve([1.0], [1.0], mode="valid", boundary="edge"), OptionError, "mode='same' alone"),
        (lambda: ft.convolve([1.0], [1.0], mode="same", boundary=("edge", "wrap")), OptionError,
         "2 boundaries for 1 axis: write one name for all"),
        (lambda: ft.convolve(np.ones((3, 3)), np.ones((2, 2)), mode="same", boundary=("zero", "constant"),
                             fill_value=1.0), OptionError, "leaves open"),
        (lambda: ft.convolve([1.0], [1.0], mode="same", boundary=None), OptionError, "boundary None is not known"),
        (lambda: ft.convolve([1.0], [1.0], fill_value=2.0), OptionError, "goes with boundary='constant' alone"),
        (lambda: ft.convolve([1.0], [1.0], mode="same", boundary="constant", fill_value="x"), OptionError,
         "fill_value='x': write a real number"),
        (lambda: ft.convolve(PICTURE, np.ones((3, 3)), axes=True), OptionError, "axes=True: write whole"),
        (lambda: ft.plan([1.0], 5, dtype="M8[D]"), DtypeError, "array of the plan has dtype datetime64"),
        (lambda: ft.plan(np.ones(2, "f4"), 4)(np.ones(4, "f4")), DtypeError, r"dtype='float32'\)"),
        (lambda: ft.plan([1, 2], 4, dtype=int)(np.ones(4)), DtypeError, r"dtype='float64'\)"),
        (lambda: ft.correlate(BOX, [1.0]), DtypeError, "one kind, not Function and list"),
        (lambda: ft.convolve([1.0], [1.0], method="fast"), OptionError, "'auto', 'direct', 'separable', 'fft'"),
        (lambda: ft.convolve([1.0], [1.0], threads=0), OptionError, "from 1 to 1024"),
        (lambda: ft.convolve([1.0], [1.0], threads=True), OptionError, "threads=True"),
        (lambda: ft.convolve(PICTURE, np.ones((3, 3)), axes=(0, 3)), OptionError, "axes 0 to 2"),
        (lambda: ft.convolve(PICTURE, np.ones((3, 3)), axes=(0, 0)), OptionError, "twice"),
        (lambda: ft.convolve(PICTURE, np.ones((3, 3)), axes=(1, 0)), OptionError, "transpose"),
        (lambda: ft.convolve(PICTURE, np.ones((3, 3)), axes="ab"), OptionError, "whole numbers"),
        (lambda: ft.convolve(PICTURE, np.ones((3, 3)), axes=()), OptionError, r"axes=\(\) names no axis"),
        (lambda: ft.convolve(PICTURE, np.ones((3, 3)), axes=0), ShapeError, "has 2 axes, axes=0 names 1"),
        (lambda: ft.convolve(np.ones((4, 5)), np.ones((3, 2)), axes=1), ShapeError, "differ on axis 0"),
        (lambda: ft.convolve(np.ones((4, 5)), np.ones((5, 4)), mode="valid"), ShapeError, "mixed"),
        (lambda: ft.convolve(np.ones(4), np.ones(2), out=np.empty(4)), ShapeError, r"numpy.empty\(\(5,\)"),
        (lambda: ft.convolve(np.ones(4), np.ones(2), out=[0] * 5), OptionError,
         r"out is a list.*numpy.empty\(\(5,\)"),
        (lambda: ft.convolve(np.ones(4), np.ones(2), out=np.empty(5, int)), OptionError, "dtype int64"),
        (lambda: ft.plan(np.ones(2), ()), ShapeError, "positive whole numbers"),
        (lambda: ft.plan(np.ones(2), (4, -2)), ShapeError, "such as"),
        (lambda: ft.plan(np.ones(2), 4)(np.ones(5)), ShapeError, r"shape \(5,\), the plan is for \(4,\)"),
        (lambda: ft.plan(np.ones(2), 4, moed="full"), OptionError, "'moed' is not known: write mode="),
        (lambda: ft.convolve([1.0], [1.0], axis=0), OptionError, "'axis' is not known: write axes="),
        (lambda: ft.convolve(np.ones(2), np.ones(2), cval=0), OptionError, "'cval' is not known: write fill_value="),
        (lambda: ft.convolve([1.0], [1.0], what=0), OptionError, "write one of mode, boundary, .* out, .* dilation"),
        (lambda: ft.correlate([1.0], [1.0], lag=3), OptionError, "'lag' is not known: write lags="),
        (lambda: ft.correlate([1.0], [1.0], lags=3, axis=0), OptionError, "'axis' is not known"),
        (lambda: ft.convolve([1.0], [1.0], mode="nearest"), OptionError, "mode='same', boundary='edge'"),
        (lambda: ft.convolve([1.0], [1.0], mode="reflect"), OptionError, "'mirror' .* or 'symmetric'"),
        (lambda: ft.convolve([1.0], [1.0], mode="wrap"), OptionError, "mode='same', boundary='wrap'"),
        (lambda: ft.convolve([1.0], [1.0], mode="same", boundary=[["edge"]]), OptionError, "is not known"),
        (lambda: ft.convolve([1.0], [1.0], stride=(1, 2)), OptionError, "2 numbers for 1 axis: write one number"),
        (lambda: ft.plan([1.0], 5, dtype="floot"), OptionError, "dtype='floot' is not a type"),
        (lambda: ft.plan([1.0], PICTURE), ShapeError, r"shape is an array.*array\.shape"),
        (lambda: ft.convolve(DIE, DIE, mode="same"), OptionError, "mode='same': the law of a sum"),
        (lambda: ft.convolve(DIE, DIE, "full"), OptionError, "mode='full': the law of a sum"),
        (lambda: ft.convolve(BOX, BOX, boundary="wrap"), OptionError, "boundary='wrap': functions are convolved"),
        (lambda: ft.convolve([1.0], [1.0], "vald"), OptionError, "'vald'.*Did you mean 'valid'"),
        (lambda: ft.correlate([1.0], [1.0], "same", lags=3), OptionError, "mode='same' does not go with lags"),
        (lambda: ft.arrays.correlate(BOX, BOX), DtypeError, r"faltung\.correlate\(f, g\)"),
        (lambda: ft.correlate([1.0], DIE), DtypeError, "one kind, not list and Lattice"),
        (lambda: ft.plan([1.0], 5, dtpe="f4"), OptionError, "'dtpe' is not known: write dtype="),
        (lambda: ft.plan([1j], 5, nan_policy="omit"), OptionError, "an operand is complex128: .* .real and .imag"),
        (lambda: ft.plan([1.0], 2, dtype="c8", mask=[True, False]), OptionError, "an operand is complex64"),
        (lambda: ft.plan([1.0], 2, dtype=object, nan_policy="raise"), OptionError, "an operand is object"),
    ],
)  # fmt: skip
def test_message_names_value_rule_and_way_out(call, error, words):
    with pytest.raises(error, match=words) as caught:
        call()
    assert isinstance(caught.value, FaltungError)
    assert isinstance(caught.value, ValueError | TypeError)


def test_read_only_out_is_refused():
    out = np.empty(5)
    out.setflags(write=False)
    with pytest.raises(OptionError, match="read-only"):
        ft.convolve(np.ones(4), np.ones(2), out=out)


def test_nothing_is_written_when_a_call_is_refused():
    out = np.full(5, 7.0)
    with pytest.raises(OptionError):
        ft.convolve(np.ones(4), np.ones(2), out=out, threads=-1)
    assert (out == 7).all()
