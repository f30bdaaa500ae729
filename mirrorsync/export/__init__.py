"""Results in files that other tools read."""
