"""What the window says when a picture, the machine or a recording is in trouble; English, as all of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mirrorsync.engine import texts as engine_texts

__all__ = ["BANNER", "BANNER_DISMISS", "CONDITIONS", "RECORDING_STOPPED", "REDUCED", "STRIP_NOTICE", "WHOSE"]

# What must be seen, and stays until it is put away.
BANNER = "Notice"
BANNER_DISMISS = ("Dismiss", "Put this notice away (X).")
RECORDING_STOPPED = "Recording has stopped."
STRIP_NOTICE = "{heading} Press X to put this away."

# In the strip, which has no pictures to say it by.
WHOSE: Mapping[str, str] = MappingProxyType({"a": "You: {sentence}", "b": "Partner: {sentence}"})

# What is wrong with a picture, by condition and side; what the feed says itself goes before the first two.
CONDITIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "reconnecting": {"a": "Trying to reconnect…", "b": "Trying to reconnect…"},
        "stalled": {"a": "", "b": ""},
        "still": {
            "a": "Your picture stands still: is the window covered or the call paused?",
            "b": "Their picture stands still: is the call covered or paused?",
        },
        "too_few_pictures": {
            "a": "Too few pictures of you come in to score. More light may help.",
            "b": "Too few of your partner's pictures come in to score. The call may be slow.",
        },
        "too_dark": {
            "a": "It is too dark to see you well. A light in front of you helps.",
            "b": "It is too dark to see your partner well. A light in front of them helps.",
        },
        "nobody": {
            "a": "Nobody can be found in your picture.",
            "b": "Nobody can be found in your partner's picture.",
        },
        "more_than_one_person": {
            "a": "More than one person is in your picture; one of them is followed.",
            "b": "More than one person is in their picture; one of them is followed.",
        },
        "too_small": {
            "a": "You are small in the picture. Come nearer, or choose a smaller part of the screen.",
            "b": "Your partner is small in the picture. Choose a smaller part, or enlarge the call.",
        },
        "out_of_frame_face": {
            "a": "Your face is not in the picture.",
            "b": "Your partner's face is not in the picture.",
        },
        "out_of_frame_body": {
            "a": "Your shoulders are not in the picture. Move back a little.",
            "b": "Your partner's shoulders are not in the picture.",
        },
    }
)
REDUCED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "body_second": (
            "slow machine: body every 2nd picture",
            engine_texts.REDUCED["body_second"],
        ),
        "body_third": (
            "slow machine: body every 3rd picture",
            f"{engine_texts.REDUCED['body_third']} "
            "Closing other programs helps; Settings has a choice for weak machines.",
        ),
    }
)
