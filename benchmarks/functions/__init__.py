"""Convolution of functions: us and every peer, in one process, in turn, against closed forms."""
