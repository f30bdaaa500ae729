"""The demo pair: a portrait animated by known curves, which are the ground truth."""
