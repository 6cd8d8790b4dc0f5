"""Laws with a density."""
