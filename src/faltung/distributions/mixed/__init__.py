"""Mixtures: atoms and densities in one law."""
