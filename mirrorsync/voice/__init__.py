"""Sound to speech activity, turns and prosody; streaming and offline give the same."""
