"""What is kept: one session is one SQLite file (`.mirrorsync`), written while it happens."""
