"""A trained network in one safetensors file: numbers and JSON, nothing that runs.

The tensors are the parameters by name, ``0.weight``, ``0.bias``, …, as PyTorch lays them out; the
metadata hold everything else a prediction needs. One model is one sequence of bytes::

    format           faltung.nn.ImageClassifier
    format_version   1
    model            JSON: classes, pictures, network, epochs, held_out, faltung
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Any

import numpy as np

from faltung import _core
from faltung.errors import FaltungError, FileError, missing_extra
from faltung.files.whole import whole_file
from faltung.nn.coerce import as_count
from faltung.nn.engines.native import Array
from faltung.nn.held_out import HeldOut
from faltung.nn.labels import Classes
from faltung.nn.network import Network
from faltung.nn.picture_format import PictureFormat
from faltung.nn.training import Epoch

__all__ = ["Model", "load_model", "save_model"]

_FORMAT = "faltung.nn.ImageClassifier"
_VERSION = "1"


@dataclass(frozen=True)
class Model:
    """A network, what it takes in, and what its outputs stand for."""

    network: Network
    pictures: PictureFormat
    classes: Classes
    history: list[Epoch]
    held_out: HeldOut | None = None


def save_model(model: Model, path: str | os.PathLike[str]) -> None:
    """Write a model, whole or not at all.

    Raises
    ------
    DataError
        If a class label is of a kind that the file cannot hold.
    FileError
        If the file cannot be written.
    """
    try:
        from safetensors.numpy import save
    except ImportError:
        raise missing_extra("safetensors", "nn", "saving a model") from None
    description = {
        "classes": model.classes.describe(),
        "pictures": model.pictures.describe(),
        "network": model.network.describe(),
        "epochs": [list(epoch) for epoch in model.history],
        "held_out": model.held_out and list(model.held_out),
        "faltung": _core.version,
    }
    metadata = {"format": _FORMAT, "format_version": _VERSION, "model": json.dumps(description)}
    tensors = {name: parameter.value for name, parameter in model.network.parameters.items()}
    with whole_file(path) as temporary:
        temporary.write_bytes(_in_order(save(tensors, metadata)))


def _in_order(raw: bytes) -> bytes:
    """Return a safetensors file with its metadata sorted: the library writes them in any order.

    A file is the length of the header in 8 bytes, the header in JSON, and the tensors, whose
    places the header counts from its own end.
    """
    end = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:end])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # the tensors begin at a multiple of 8, as the format wants
    return len(text).to_bytes(8, "little") + text + raw[end:]


def load_model(path: str | os.PathLike[str]) -> Model:
    """Read a model.

    Raises
    ------
    FileError
        If the file cannot be read, is no safetensors file, or holds another kind of model.
    """
    name = os.fspath(path)
    metadata, tensors = _read(name)
    if metadata.get("format") != _FORMAT:
        raise FileError(f"{name}: holds no image classifier: load a file that save() wrote")
    if metadata.get("format_version") != _VERSION:
        raise FileError(
            f"{name}: has format version {metadata.get('format_version')!r}, this faltung reads "
            f"{_VERSION!r}: install a newer one"
        )
    try:
        return _model_of(json.loads(metadata["model"]), tensors)
    except (FaltungError, KeyError, TypeError, ValueError) as error:
        raise FileError(f"{name}: is damaged: {error}") from error


def _read(name: str) -> tuple[dict[str, str], dict[str, Array]]:
    try:
        from safetensors import SafetensorError, safe_open
    except ImportError:
        raise missing_extra("safetensors", "nn", "loading a model") from None
    try:
        with safe_open(name, framework="numpy") as file:
            return file.metadata() or {}, {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    except FileNotFoundError as error:
        raise FileError(f"{name}: does not exist") from error
    except (OSError, SafetensorError) as error:
        raise FileError(f"{name}: cannot be read as safetensors: {error}") from error


def _model_of(description: dict[str, Any], tensors: dict[str, Array]) -> Model:
    types = {tensor.dtype for tensor in tensors.values()}
    if len(types) != 1:
        raise ValueError(f"its tensors have types {sorted(map(str, types))}, not one")
    _check_sizes(description["network"], tensors)
    network = Network.from_description(description["network"], dtype=types.pop(), rng=0)
    classes = Classes.from_description(description["classes"])
    pictures = PictureFormat.from_description(description["pictures"])
    if network.output_shape(pictures.shape) != (len(classes),):
        raise ValueError(f"its network does not end in {len(classes)} outputs, one per class")
    _fill(network, tensors)
    history = [Epoch(*epoch) for epoch in description["epochs"]]
    return Model(network, pictures, classes, history, _held_out_of(description.get("held_out")))


def _held_out_of(counts: list[int] | None) -> HeldOut | None:
    """Return what the counts describe; files written before there were any have none."""
    if counts is None:
        return None
    right, pictures = (as_count(count, "held_out", least=0) for count in counts)
    if not right <= pictures or not pictures:
        raise ValueError(f"held_out {counts} says that {right} of {pictures} were told right")
    return HeldOut(right, pictures)


def _check_sizes(layers: list[dict[str, Any]], tensors: dict[str, Array]) -> None:
    """Refuse a description whose layers would need more memory than the file has numbers."""
    names = ("out_channels", "in_channels", "out_features", "in_features")
    for number, layer in enumerate(layers):
        described = [layer[name] for name in names if name in layer]
        if not described:
            continue
        described += layer.get("kernel_size", [])
        tensor = tensors.get(f"{number}.weight")
        if tensor is None or tuple(described) != tensor.shape:
            found = "none" if tensor is None else tensor.shape
            raise ValueError(f"layer {number} describes weights {described}, the file has {found}")


def _fill(network: Network, tensors: dict[str, Array]) -> None:
    parameters = network.parameters
    if set(parameters) != set(tensors):
        raise ValueError(f"it holds tensors {sorted(tensors)} for parameters {sorted(parameters)}")
    for name, parameter in parameters.items():
        tensor = tensors[name]
        if tensor.shape != parameter.value.shape or not np.isfinite(tensor).all():
            raise ValueError(
                f"tensor {name} has shape {tensor.shape} for {parameter.value.shape}, or numbers "
                "that are not finite"
            )
        parameter.value[...] = tensor
