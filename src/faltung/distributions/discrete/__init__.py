"""Laws of single values: lattices, arbitrary points, and their sums."""
