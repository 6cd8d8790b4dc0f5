"""What a function can be made of: one file for each kind of thing, and the door that tells them apart."""
