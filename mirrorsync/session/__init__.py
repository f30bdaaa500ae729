"""What is kept: one session is one SQLite file."""
