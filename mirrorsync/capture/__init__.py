"""Where frames come from: cameras, files, streams, the screen, and the animated portrait.

Importing this package loads no picture library; that happens when a source is opened.
"""

from mirrorsync.capture.camera_facts import CameraFacts, facts_of, remember_flipped
from mirrorsync.capture.cameras import Camera, CameraWatch, camera_feed, check_distinct, list_cameras
from mirrorsync.capture.feed import Crop, FeedSpec, parse_feed
from mirrorsync.capture.mailbox import Mailbox, wait_any
from mirrorsync.capture.opening import open_source
from mirrorsync.capture.shared import pair_openers
from mirrorsync.capture.source import SourceBase, VideoSource

__all__ = [
    "Camera",
    "CameraFacts",
    "CameraWatch",
    "Crop",
    "FeedSpec",
    "Mailbox",
    "SourceBase",
    "VideoSource",
    "camera_feed",
    "check_distinct",
    "facts_of",
    "list_cameras",
    "open_source",
    "pair_openers",
    "parse_feed",
    "remember_flipped",
    "wait_any",
]
