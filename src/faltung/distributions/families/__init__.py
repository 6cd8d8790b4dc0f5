"""Laws with a name that know their own tails, and the closed forms of their sums."""
