"""From a frame to landmarks: MediaPipe, what it found and where the chest moved."""
