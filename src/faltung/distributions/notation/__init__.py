"""Laws written as text."""
