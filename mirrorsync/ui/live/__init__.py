"""The live window: two pictures, the meters under them, the strip, and the ways to choose feeds."""
