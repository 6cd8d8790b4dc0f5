"""Laws that have names: sums of variables that are known by them."""
