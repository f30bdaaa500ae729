"""From landmarks to one named vector a person (NumPy)."""
