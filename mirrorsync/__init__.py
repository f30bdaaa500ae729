"""MirrorSync: see how two people attune to each other, in real time, on your own machine."""

__version__ = "0.1.0"
