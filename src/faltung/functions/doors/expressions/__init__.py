"""Formulas, read from text or from SymPy: their values, and where they are not smooth."""
