"""Arrays of other libraries are never pulled in by surprise: refused with the line that does it."""

from __future__ import annotations

import numpy as np

from faltung.errors import DtypeError

__all__ = ["refuse_foreign"]

# Package of the operand's class → what to write instead of the operand `x`.
_WAYS_OUT = {
    "cupy": "cupy.asnumpy(x) copies it to this machine's memory",
    "dask": "x.compute() loads it, x.map_overlap(...) keeps it lazy",
    "jax": "numpy.asarray(x) copies it to this machine's memory",
    "jaxlib": "numpy.asarray(x) copies it to this machine's memory",
    "pandas": "x.to_numpy() drops the labels",
    "polars": "x.to_numpy() drops the labels",
    "sparse": "x.todense() fills in the zeros",
    "tensorflow": "x.numpy() copies it to this machine's memory",
    "torch": "x.numpy(force=True) leaves the autograd graph",
    "xarray": "x.to_numpy() drops the coordinates",
    "zarr": "x[...] loads it",
    "h5py": "x[...] loads it",
}


def refuse_foreign(name: str, operand: object) -> None:
    """Raise DtypeError if `operand` is an array of another library.

    Parameters
    ----------
    name : str
        What the caller calls the operand.
    operand : object
        The operand as it was given.

    Raises
    ------
    DtypeError
        Naming the class and the line that converts it.
    """
    kind = type(operand)
    package = kind.__module__.partition(".")[0]
    if package in _WAYS_OUT:
        raise DtypeError(
            f"{name} is a {kind.__module__}.{kind.__qualname__}; faltung takes NumPy arrays and "
            f"converts no other library's array unasked: {_WAYS_OUT[package]}"
        )
    if package == "scipy" and hasattr(operand, "toarray"):
        raise DtypeError(f"{name} is a sparse {kind.__qualname__}: x.toarray() fills in the zeros")
    if isinstance(operand, np.ma.MaskedArray):
        raise DtypeError(
            f"{name} is a masked array, and a mask has no place in a sum of products: "
            "x.filled(0) leaves masked entries out, x.filled(numpy.nan) marks what they touch; "
            "ft.convolve(x.data, …, mask=numpy.ma.getmaskarray(x)) shares their weights"
        )
