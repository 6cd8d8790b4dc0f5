"""Exact rationals, roundings and inversion: what every kind of law computes with."""
