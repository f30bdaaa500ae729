"""Results in files that other tools read: one file format a module."""
