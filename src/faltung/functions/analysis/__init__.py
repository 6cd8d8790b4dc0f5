"""Derivatives, zeros, sizes, powers and extrema of one real content, of either kind."""
