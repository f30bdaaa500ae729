"""From two people's features to scores: alignment, synchrony, chance (NumPy)."""
