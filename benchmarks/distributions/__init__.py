"""Sums of random variables: us and every peer, in one process, in turn, against exact values."""
