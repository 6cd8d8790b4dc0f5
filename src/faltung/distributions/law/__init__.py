"""What every law has: operators, SciPy's names, draws."""
