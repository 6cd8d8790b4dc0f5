"""The probabilities of a discrete law, exact or in floating point, and what sums make of them."""
