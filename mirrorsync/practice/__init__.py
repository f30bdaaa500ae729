"""Exercises for a live call as plain state machines: events in, what to show out; no Qt, no clock."""
