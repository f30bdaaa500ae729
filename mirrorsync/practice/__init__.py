"""Exercises as plain state machines, without Qt."""
