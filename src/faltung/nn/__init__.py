"""Convolutional networks for pictures, on our own core: no framework to install.

`ImageClassifier` learns from arrays or a folder and tells what new pictures show. Underneath lie
layers with PyTorch's names, parameter shapes and meaning: what a network library calls a
convolution is a correlation, so kernels are not reversed.
"""

from __future__ import annotations

from faltung.nn.augment import Augmentation
from faltung.nn.classifier import ImageClassifier
from faltung.nn.held_out import HeldOut
from faltung.nn.labels import confusion_matrix
from faltung.nn.layer import Layer, Parameter
from faltung.nn.layers import Conv2d, Dense, Flatten, MaxPool2d, ReLU
from faltung.nn.loss import softmax, softmax_cross_entropy
from faltung.nn.network import Network, small_network
from faltung.nn.optimizer import Adam
from faltung.nn.picture_files import PictureWarning, Skipped
from faltung.nn.training import Epoch, one_cycle

__all__ = [
    "Adam",
    "Augmentation",
    "Conv2d",
    "Dense",
    "Epoch",
    "Flatten",
    "HeldOut",
    "ImageClassifier",
    "Layer",
    "MaxPool2d",
    "Network",
    "Parameter",
    "PictureWarning",
    "ReLU",
    "Skipped",
    "confusion_matrix",
    "one_cycle",
    "small_network",
    "softmax",
    "softmax_cross_entropy",
]
