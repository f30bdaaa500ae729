"""What the workspace for recordings is made of, without Qt: analysis that goes on, clock, moments."""
