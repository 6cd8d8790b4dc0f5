"""To look at functions: curves as data, drawings of them, and files that hold drawings that move."""
