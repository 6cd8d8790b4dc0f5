"""A function as a whole: real contents, an imaginary part, deltas, a period."""
