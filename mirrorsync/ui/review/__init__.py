"""The review workspace: a recorded conversation, its scores, and what the user makes of it."""
