"""Films: for each view how many pictures there are, and how each is drawn on a figure."""
