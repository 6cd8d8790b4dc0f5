"""Random sums: a random number of independent summands."""
