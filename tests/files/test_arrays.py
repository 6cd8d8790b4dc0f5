from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from faltung import files
from faltung.errors import DataError, FileError, OptionError, ShapeError


def write(path, content, values, **options):
    with files.target(path, content, **options) as target:
        return target.write(values)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int8", "uint16", ">f4", "?"])
def test_npy_keeps_dtype_and_shape(tmp_path, dtype):
    array = (np.arange(12).reshape(3, 4) % 2).astype(dtype)
    np.save(tmp_path / "a.npy", array)
    content = files.read(tmp_path / "a.npy")
    assert content.kind == "array"
    report = write(tmp_path / "b.npy", content, content.data)
    back = np.load(tmp_path / "b.npy")
    assert np.array_equal(back, array)
    assert (back.dtype, report.dtype, report.notes) == (array.dtype, array.dtype, ())


def test_float64_results_return_to_float32(tmp_path):
    np.save(tmp_path / "a.npy", np.ones(3, np.float32))
    content = files.read(tmp_path / "a.npy")
    report = write(tmp_path / "b.npy", content, np.array([0.1, -2.5, np.nan]))
    assert report.dtype == np.float32
    assert np.array_equal(
        np.load(tmp_path / "b.npy"), np.array([0.1, -2.5, np.nan], np.float32), True
    )
    with pytest.raises(DataError, match=r"reaches 1e\+300, more than float32 can hold"):
        write(tmp_path / "b.npy", content, np.array([1e300]))
    assert np.load(tmp_path / "b.npy").size == 3


@pytest.mark.parametrize(
    ("values", "dtype", "note"),
    [
        (np.array([127, -128]), np.int8, None),
        (np.array([128, 0]), np.int64, "the input is int8, the result does not fit it"),
        (np.array([0.5, 1.0]), np.float64, "the input is int8, the result does not fit it"),
    ],
    ids=["fits", "too large", "not whole"],
)
def test_whole_numbers_keep_their_type_where_they_fit(tmp_path, values, dtype, note):
    np.save(tmp_path / "a.npy", np.ones(2, np.int8))
    report = write(tmp_path / "b.npy", files.read(tmp_path / "a.npy"), values)
    back = np.load(tmp_path / "b.npy")
    assert back.dtype == dtype == report.dtype
    assert np.array_equal(back, values)
    assert [text[: len(note or "")] for text in report.notes] == ([note] if note else [])


@given(nps.arrays(np.float64, nps.array_shapes(max_dims=2, max_side=5), elements=st.floats()))
def test_text_brings_every_float_back(tmp_path_factory, array):
    folder = tmp_path_factory.mktemp("text")
    np.save(folder / "a.npy", array)
    content = files.read(folder / "a.npy")
    for suffix in (".csv", ".tsv", ".txt"):
        write(folder / f"b{suffix}", content, array)
        back = files.read(folder / f"b{suffix}")
        if array.size > 1 or array.ndim == 1:
            expected = array.ravel() if 1 in array.shape else array
            assert np.array_equal(back.data.astype(float), expected, equal_nan=True)


@pytest.mark.parametrize(
    ("text", "data", "again"),
    [
        ("1\n2\n3\n", np.array([1, 2, 3]), "1\n2\n3\n"),
        ("1,2,3", np.array([1, 2, 3]), "1,2,3\n"),
        ("1;2\n3;4\n", np.array([[1, 2], [3, 4]]), "1;2\n3;4\n"),
        ("# made by hand\n\n1, 2.5\n-3e-3, nan\n", np.array([[1, 2.5], [-3e-3, np.nan]]), None),
        ("\ufeff0.1 0.2\r\n0.3\t0.4\r\n", None, None),
        ("7", np.array([7]), "7\n"),
        ("99999999999999999999,1", np.array([1e20, 1.0]), None),
    ],
    ids=["column", "row", "semicolons", "comment", "mixed", "one", "beyond int64"],
)
def test_text_in_and_out(tmp_path, text, data, again):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")
    if data is None:
        with pytest.raises(FileError, match=r"a\.csv: is not a table of numbers"):
            files.read(tmp_path / "a.csv")
        return
    content = files.read(tmp_path / "a.csv")
    assert content.data.dtype == data.dtype
    assert np.array_equal(content.data, data, equal_nan=data.dtype.kind == "f")
    write(tmp_path / "b.csv", content, content.data)
    assert again is None or (tmp_path / "b.csv").read_text() == again


def test_a_header_is_left_out_with_a_word(tmp_path):
    (tmp_path / "a.csv").write_text("time,value\n0,1\n1,4\n")
    content = files.read(tmp_path / "a.csv")
    assert np.array_equal(content.data, [[0, 1], [1, 4]])
    report = write(tmp_path / "b.csv", content, content.data)
    assert report.notes == ("the header 'time,value' is not kept",)


@pytest.mark.parametrize(
    ("name", "contents", "message"),
    [
        ("a.csv", b"1,2\n3\n", "numbers: line 2 has length 1, the first row 2"),
        ("a.csv", b"t,v\n# of May\n1,2\n3,x\n", "numbers: line 4, column 2 holds 'x'"),
        ("a.csv", b"1,2\n3,x\n", "is not a table of numbers: line 2, column 2 holds 'x'"),
        ("a.csv", b"1,2\n3,\n", "is not a table of numbers: line 2, column 2 holds ''"),
        ("a.csv", b"", "holds no numbers"),
        ("a.csv", b"\xff\xfe\x00", "is not text in UTF-8"),
        ("a.npy", b"hello", "is not an npy file with one array of numbers"),
        ("a.npy", b"", "is not an npy file with one array of numbers"),
        ("a.npy", b"\x93NUMPY\x01\x00", "is not an npy file with one array of numbers"),
        ("a.npy", b"PK\x03\x04 no archive", "is not an npy file with one array of numbers"),
        ("a.npx", b"", "the format '.npx' is not known: write one of .npy .* Did you mean '.npy'"),
        ("a", b"", r"a: has no suffix, which names the format: write one of \.npy "),
    ],
)
def test_unreadable_files_are_named(tmp_path, name, contents, message):
    (tmp_path / name).write_bytes(contents)
    with pytest.raises(FileError, match=message) as caught:
        files.read(tmp_path / name)
    assert str(caught.value).startswith(str(tmp_path / name))


def test_objects_are_never_unpickled(tmp_path):
    np.save(tmp_path / "a.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(FileError, match="Object arrays cannot be loaded"):
        files.read(tmp_path / "a.npy")


def test_an_archive_is_refused(tmp_path):
    np.savez(tmp_path / "a.npz", np.ones(2))
    (tmp_path / "a.npz").rename(tmp_path / "a.npy")
    with pytest.raises(
        FileError, match="is not an npy file with one array of numbers: the magic string"
    ):
        files.read(tmp_path / "a.npy")


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(FileError, match=r"no\.npy: there is no such file"):
        files.read(tmp_path / "no.npy")
    (tmp_path / "folder.npy").mkdir()
    (tmp_path / "plain").mkdir()
    with pytest.raises(FileError, match="plain: is a folder: name a file"):
        files.read(tmp_path / "plain")
    with pytest.raises(FileError, match="is a folder: name a file"):
        files.read(tmp_path / "folder.npy")


def test_targets_that_do_not_fit_are_refused_before_any_work(tmp_path):
    np.save(tmp_path / "a.npy", np.ones((2, 2, 2)))
    content = files.read(tmp_path / "a.npy")
    with pytest.raises(ShapeError, match=r"3 axes do not fit a \.csv file"):
        write(tmp_path / "b.csv", content, content.data)
    with pytest.raises(OptionError, match=r"holds an array, which is no picture: write one of"):
        write(tmp_path / "b.png", content, content.data)
    with pytest.raises(OptionError, match="an array has no range to fill"):
        write(tmp_path / "b.npy", content, content.data, normalize=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.npy"]


def test_repr_is_one_line_with_numbers(tmp_path):
    np.save(tmp_path / "a.npy", np.ones((2, 3)))
    assert repr(files.read(tmp_path / "a.npy")).endswith("a.npy': shape (2, 3), float64>")
