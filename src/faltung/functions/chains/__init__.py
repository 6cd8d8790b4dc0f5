"""Functions of every kind as chains of pieces, each a weight times a polynomial."""
