"""One page for each exercise of `mirrorsync.practice`: paints its state, decides nothing."""
