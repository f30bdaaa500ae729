"""The pipeline itself: feeds, the common clock, one snapshot a tick."""
