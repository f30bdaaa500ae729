"""Where frames come from: cameras, files, streams, the screen, and the animated portrait."""
