"""Sums that have a name in the literature."""
