"""Sampled data on a true axis, and the resolution functions with which it is convolved."""
