"""Every word the window says, in one place; `trouble_texts` holds what it says when something is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mirrorsync.engine import texts as engine_texts

APP = "MirrorSync"
YOU = "You"
PARTNER = "Partner"

# Buttons: (label, tooltip). The key stands in the tooltip.
START = ("Start", "Start comparing the two pictures (Space).")
STOP = ("Stop", "Stop comparing (Space).")
STOPPING = ("Stopping…", "Waiting for the cameras to let go.")
RECORD = ("Record…", "Keep the scores of this session in a file; asks for consent first (R).")
STOP_RECORD = ("Stop recording", "Stop keeping the scores; what was kept so far stays (R).")
RECORD_KEEPING: Mapping[str, tuple[str, str]] = {
    "opening": ("Starting…", "The file is being opened; the meters go on."),
    "closing": ("Closing…", "The recording is being finished; the meters go on."),
}
PRACTICE = ("Practice", "Exercises for a call, beside the pictures (P).")
COMPACT = ("Compact", "Shrink to a small strip that stays on top of other windows (C).")
EXPAND = ("Expand", "Back to the full window (C).")
THEME = ("Theme", "Switch between light and dark.")
HELP = ("Help", "What the meters mean, and the keys (F1).")
REC = "REC"
REC_TOOLTIP = "The scores of this session are being kept in {path}."

# Feed pickers.
PICKER_NAME = {"a": "Your picture", "b": "Your partner's picture"}
PICKER_TOOLTIP = (
    "Where {whose} picture comes from: a camera, a part of the screen, a video file, a stream, or the demo. "
    "You can type a feed too, such as call.mp4#left."
)
PICTURE_MISSING = {
    "a": "Choose your picture first: a camera, a part of the screen, a video, or the demo.",
    "b": "Choose your partner's picture first: a part of the screen, a camera, a video, or the demo.",
}
PICKER_WHOSE = {"a": "your", "b": "your partner's"}
PART_NAME = "Part of {whose} picture"
PART_TOOLTIP = "Two people in one picture: choose the half that is meant."
PARTS: Mapping[str, str] = MappingProxyType(
    {
        "": "Whole",
        "left": "Left",
        "right": "Right",
        "top": "Top",
        "bottom": "Bottom",
    }
)
PICKER_PART = "{feed}, {part} part"
PICKER_PLACEHOLDER = "Choose or type a feed"
OPEN_FILE = "Open file…"
FORGET_RECENT = "Forget recent files"
FILE_DIALOG = "Open a video"
FILE_FILTER = "Videos (*.mp4 *.mov *.mkv *.webm *.avi *.m4v);;All files (*)"
CAMERA = "Camera {number}"
DEMO_YOU = "Demo: you"
DEMO_PARTNER = "Demo: partner"
CHOOSE_REGION = "Choose a part of the screen…"
WINDOW = "Window: {title}"

# Choosing a part of the screen.
REGION_NAME = "Choose a part of the screen"
REGION_HELP = (
    "Drag a rectangle over the person's picture. Or move it with the arrow keys, resize it with Shift and "
    "the arrow keys, and press Enter. Tab: the next screen. Esc: cancel."
)
REGION_SIZE = "{width} × {height}"
REGION_WHERE = "{width} by {height}, at {x}, {y}."

# Layers drawn on the pictures.
LAYER_BODY = ("Body", "Show the lines of the upper body. Grey while nobody is found.")
LAYER_FACE = ("Face", "Show the lines of the face. Grey while no face is found.")
LAYER_NAME = "{layer} lines on {whose} picture"
NO_PICTURE = "No picture yet"
OPENING = engine_texts.OPENING
VIDEO_TOOLTIP = "The picture that was analysed, with what was found in it."

# Meters.
LISTENING = "still listening…"
NOT_ENOUGH = "can't tell yet"
LEARNING = "learning both neutrals"
QUIET = "both faces at rest"
STILL = "hardly any movement"
ABOUT_CHANCE = "about chance"
ABOVE_CHANCE = "above chance"
BELOW_CHANCE = "below chance"
TOGETHER = "together"
NO_LEAD = "no clear lead"
PARTNER_FOLLOWS = "your partner follows, {lag:.1f} s behind"
YOU_FOLLOW = "you follow, {lag:.1f} s behind"
GAZE_BOTH = "you look at each other"
GAZE_NOT = "not at the same time"
GROUP_ALIKE = "Alike right now"
GROUP_TOGETHER = "Moving together in time"
LEGEND_CHANCE = "what two strangers reach"
# Postures are held against each other in one of two forms; which of them counts is said with what they are.
POSTURE_FORMS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {  # title, words, meaning
        "mirror": (
            "Posture (mirror image)",
            "mirrored: {words}",
            "How alike the two postures are now, as in a mirror: my left is your right.",
        ),
        "anatomical": (
            "Posture (same side)",
            "same side: {words}",
            "How alike the two postures are now, side by side: my left is your left.",
        ),
    }
)

# The gauge.
ATTUNEMENT_TITLE = "Attunement"
ZONE_LISTENING = "Still listening…"
ZONE_UNKNOWN = "Can't tell yet"
ZONE_APART = "Not in step"
ZONE_NEUTRAL = "Neutral"
ZONE_IN_STEP = "In step"
ZONE_CLOSE = "Very close"
MARK_CHANCE = "chance"
MARK_IN_STEP = "in step"
GAUGE_GOOD_FOR = "A mirror for practice; no measure of rapport, and none of how well it goes."
GAUGE_MORE = "More is not better. Press Enter or click to see what it is made of."
MADE_OF = "Attunement is made of:"
MADE_OF_LINE = "{title}: {level} (weight {weight:g})"
LEAD_TOGETHER = "You move together"
LEAD_NONE = "No clear lead"
LEAD_PARTNER_FOLLOWS = "Your partner follows, {lag:.1f} s behind"
LEAD_YOU_FOLLOW = "You follow, {lag:.1f} s behind"

# The strip.
STRIP_TITLE = "Last two minutes"
STRIP_NAME = "The last two minutes of the scores"
STRIP_TOOLTIP = "Middle line: chance. Shaded: in step. A gap: can't tell."
STRIP_CHIP_TOOLTIP = "Show or hide {title} in the strip."
STRIP_CHIP_NAME = "{title} in the strip"
NOW = "now"

# The status line.
STATUS_IDLE = "Choose two pictures and press Start."
STATUS_STOPPED = "Stopped."
STATUS_RATE = "{a} + {b} frames/s"
STATUS_LATENCY = "{ms:.0f} ms behind"
STATUS_NO_LATENCY = "– ms behind"
STATUS_DROPS = "{n} dropped"
STATUS_SENDING = "● Sending to {to}"
STATUS_SENDING_TOOLTIP = (
    "Scores and features, never pictures, are sent to this network: whoever is on it can receive them."
)
STATUS_RATE_TOOLTIP = "Frames analysed a second: yours + your partner's."
STATUS_LATENCY_TOOLTIP = "From the camera to your eyes: 95 of 100 pictures were faster than this."
STATUS_DROPS_TOOLTIP = "Frames left out so far because the computer was busy; the newest is always shown."
SAVED = "Kept in {path}."
UNEXPECTED = "Something unexpected went wrong ({error}); please start again."

# Consent.
CONSENT_TITLE = "Before you record"
CONSENT_BODY = (
    "Tell the other person what is kept and what for, and ask them. Everything stays on this computer, "
    "readable by you only, and can be deleted at any time."
)
CONSENT_WHAT = "What is kept"
CONSENT_SCORES = (
    "Scores and the measurements behind them",
    "Numbers only; always part of a recording.",
)
CONSENT_LANDMARKS = (
    "Points of body and face as well",
    "The landmarks of every picture: enough to draw a moving figure, not a photograph.",
)
CONSENT_VIDEO = (
    "Video of both pictures as well",
    "The pictures themselves, without sound and without lines. Off unless you both want it.",
)
CONSENT_WHO = "Who has agreed to exactly this"
CONSENT_YOU = ("I agree", "You agree to what is marked above being kept of you.")
CONSENT_PARTNER = (
    "My partner was asked just now, and agrees",
    "Needed before recording can start; kept with the session, with the time.",
)
CONSENT_FILE = "Kept in"
CONSENT_CHANGE = ("Change…", "Choose another file to keep the session in.")
CONSENT_OK = ("Record", "Start recording.")
CONSENT_CANCEL = ("Cancel", "Go on without recording.")
SAVE_DIALOG = "Keep the scores in"
SAVE_FILTER = "MirrorSync sessions (*{suffix})"

# Help.
HELP_TITLE = "What you see"
HELP_SCROLL = "What the meters mean, and the keys; scroll with the arrow keys."
HELP_CLOSE = ("Close", "Back to the window (Esc).")
HELP_INTRO = (
    "The middle of every meter is chance: what two strangers would score. "
    "The grey band is how far chance alone reaches. A bar to the right is more than that, "
    "a faint bar has little data behind it."
)
HELP_KEYS_TITLE = "Keys"
HELP_KEYS: tuple[tuple[str, str], ...] = (
    ("Space", "start or stop"),
    ("R", "record, or stop recording"),
    ("P", "exercises; Ctrl+1 to Ctrl+5 open one"),
    ("H", "hide a cue"),
    ("X", "put a notice away"),
    ("C", "compact strip, or full window"),
    ("Ctrl+O", "sessions that were recorded"),
    ("Ctrl+R", "review a recording or a session"),
    ("Ctrl+J, Ctrl+K", "journal; check-in"),
    ("Ctrl+,", "settings"),
    ("F1", "this help"),
)

# The compact strip.
COMPACT_NAME = "MirrorSync strip"
COMPACT_TOOLTIP = "Drag to move. Press C for the full window."
COMPACT_METERS = "The single meters, small"

# What each channel is, in the order of the meters; the meaning is the table's.
METER_ORDER: tuple[str, ...] = (
    "posture_alignment",
    "expression_alignment",
    "breathing_match",
    "pace_match",
    "mutual_gaze",
    "head_synchrony",
    "body_synchrony",
    "expression_synchrony",
)
# What each says, in one sentence without figures: the meters show none.
MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "attunement": "How much goes together just now: all of the meters, weighed, and held against chance.",
        "posture_alignment": (
            "How alike the two postures are now: as in a mirror, or on the same side, as the meter says."
        ),
        "expression_alignment": "How alike the two faces are now, each held against its own face at rest.",
        "breathing_match": "How close the two breathing rhythms are.",
        "pace_match": "How alike the pace is at which the two of you have moved over the last ten seconds.",
        "mutual_gaze": "Whether you look toward each other at the same time.",
        "head_synchrony": "How far your head movements follow each other in time, and who goes first.",
        "body_synchrony": "How far your body movements follow each other in time, and who goes first.",
        "expression_synchrony": "How far your expressions change together in time, and who goes first.",
    }
)
SHORT_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "posture_alignment": "Posture",
        "expression_alignment": "Expr.",
        "breathing_match": "Breath",
        "pace_match": "Pace",
        "mutual_gaze": "Gaze",
        "head_synchrony": "Head",
        "body_synchrony": "Body",
        "expression_synchrony": "Face",
    }
)

# Settings.
SETTINGS = ("Settings", "All settings: practices, cues, scores, cameras (Ctrl+,).")
SETTINGS_TITLE = "Settings"
SETTINGS_NOTE = (
    "What changes scores counts from the next Start and is stored with every session. "
    "The rest counts at once."
)
SETTINGS_SEARCH = "Search the settings"
SETTINGS_SEARCH_TIP = "Type a word of a setting, such as gaze or camera; the others are hidden."
SETTINGS_NOTHING = "No setting has all of these words."
SETTINGS_MACHINE = "For this machine:"
SETTINGS_MACHINE_TIP = "Sets picture size, rate and depth of the analysis in one go."
SETTINGS_MACHINES: Mapping[str, str] = MappingProxyType(
    {"weak": "weak", "normal": "normal", "strong": "strong", "": "my own choice"}
)
SETTINGS_DEFAULTS = ("Reset all", "Put every setting back to where it came from the maker.")
SETTINGS_CANCEL = ("Cancel", "Leave everything as it was (Esc).")
SETTINGS_KEEP = ("Keep", "Take these settings and remember them (Enter).")
SETTING_RESET = ("Reset", "Put this one back to its default.")
SETTING_RESET_NAME = "Reset {title}"
SETTING_TIP = "{help} Takes {takes}. Default: {default}."
SETTING_ON, SETTING_OFF = "on", "off"
SETTING_GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "practice": "Exercises",
        "cues": "Mirroring cues",
        "attunement": "What attunement is made of",
        "alignment": "Being alike",
        "capture": "Cameras and pictures",
        "synchrony": "Moving together",
        "chance": "Chance",
        "clock": "Clock",
        "analysis": "Recordings",
        "network": "Sending",
    }
)
SETTING_CHOICES: Mapping[str, str] = MappingProxyType(
    {
        "auto": "what fits better",
        "mirror": "mirror image",
        "anatomical": "same side of the body",
        "partner": "my partner's",
        "5": "5 a minute",
        "6": "6 a minute",
        "8": "8 a minute",
        "10": "10 a minute",
        "12": "12 a minute",
        "14": "14 a minute",
        "16": "16 a minute",
    }
)
# Names that say too little by themselves.
SETTING_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "rate_hz": "Rate of the clock",
        "max_gap_s": "Longest gap",
        "offset_s": "Partner's delay",
        "window_s": "Window",
        "lag_s": "Longest lag",
        "step_s": "New window every",
        "smooth_s": "Smoothing",
        "min_coverage": "Least coverage",
        "chance_memory_s": "Memory of chance",
        "mirror": "Form of mirroring",
        "baseline_s": "Neutral is learnt over",
        "max_side": "Largest picture",
        "step_down": "Step down when slow",
        "lsl": "Lab Streaming Layer",
        "lsl_landmarks": "Lab Streaming Layer: points, too",
        "cues": "Mirroring cues",
        "cue_gap_s": "Time between cues",
        "cue_too_exact": "Copying exactly",
        "cue_partner_closed": "Their shoulders close",
        "cue_own_closed": "Your shoulders close",
        "cue_partner_leaned_back": "They lean back",
        "cue_partner_leaned_in": "They lean in",
        "cue_partner_slowed": "Their pace slows",
        "cue_partner_quickened": "Their pace quickens",
        "cue_own_faster": "You move much more",
        "cue_partner_smiles": "A smile from them",
        "cue_eyes_apart": "Eyes apart",
        "cue_postures_apart": "Postures apart",
        "warmup_s": "Length of the warm-up",
        "breathing_pace": "Rhythm of the pacer",
        "gaze_s": "Looking at each other",
        "gaze_calibrate": "Measure the eyes first",
        "label_hold_s": "An expression stays",
        "label_pause_s": "Time between sentences",
    }
)

CAMERAS_CHANGED = "The cameras have changed; the lists above show those that are there."
NEW_CAMERA = "This camera is new here: the warm-up (Ctrl+1) asks once whether it flips your picture."
FLIP_LATER = "Remembered: your picture is turned back from the next Start on."

# Deleting, and the sessions that are there.
DELETE = ("Delete…", "Delete this session for good, after a question.")
DELETE_TITLE = "Delete this session"
DELETE_QUESTION = "Delete {name} for good?"
DELETE_ABOUT = (
    "Scores, points and video of it are removed from this computer. This cannot be undone. "
    "What stands about it in your journal stays there."
)
DELETE_YES = ("Delete", "Remove every file of this session.")
DELETE_NO = ("Keep it", "Leave everything as it is (Esc).")
DELETED = "{name} is deleted."
LOOK_BACK = ("Look back", "Recorded sessions, the review, your journal, and the check-in.")
SESSIONS = ("Sessions…", "Sessions that were recorded: review, export, delete (Ctrl+O).")
REVIEW = ("Review…", "Watch a recording or a session again, with its scores and moments (Ctrl+R).")
JOURNAL = ("Journal", "Your notes, and what came of exercises (Ctrl+J).")
PRACTICE_IN_JOURNAL = "Kept in {path}; what came of the exercises stands in your journal, too (Ctrl+J)."
PRACTICE_WAITS = "Your journal has a passphrase: open it (Ctrl+J), and what came of the exercises is added."
CHECK_IN = ("Check-in", "How you feel: a wheel of feelings, and words of your own (Ctrl+K).")
SESSIONS_TITLE = "Sessions"
SESSIONS_TIP = "Newest first. Enter opens one for review."
SESSIONS_NONE = "Nothing has been recorded yet. Start, then Record… (R) keeps a session here."
SESSIONS_CLOSE = ("Close", "Back to the window (Esc).")
SESSION_LINE = "{name}   ·   {when}"
SESSION_REVIEW = ("Review", "Open this session to look through it (Enter).")
SESSION_EXPORT = ("Export…", "Write this session's tables into a folder.")
SESSION_DELETE = ("Delete…", "Delete this session for good, after a question.")
SESSION_LENGTH = "{minutes}:{seconds:02d} min; kept: {kept}."
SESSION_SCORES, SESSION_LANDMARKS, SESSION_VIDEO = "scores", "points of body and face", "video"
SESSION_ASKED = "Both people were asked before and agreed."
SESSION_NOT_ASKED = "Nobody's consent is stored with it."
SESSION_CUT = "It was cut short, or is still being recorded; what was kept is good."
EXPORT_FOLDER = "Where the tables are to go"
EXPORT_BEGINS = "The tables are being written into {folder}."
REVIEW_OPENS = "The review opens in a window of its own."
NOT_STARTED = "That could not be started; try it from the command line: mirrorsync --help."
