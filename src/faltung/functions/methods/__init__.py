"""What a function can do, one file for each kind of deed; Function inherits them all."""
