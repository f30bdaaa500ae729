"""Where things are kept: the one module that opens, locks and migrates SQLite files."""
