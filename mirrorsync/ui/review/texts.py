"""Every word of the review workspace, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mirrorsync.clock_text import clock_text

TITLE = "MirrorSync – Review"
WINDOW_TITLE = "{name} – MirrorSync Review"

# The start page.
START_TITLE = "Look back at a conversation"
START_BODY = (
    "Drop one split-screen recording here, or two recordings of the same conversation.\n"
    "Everything stays on this computer."
)
OPEN_VIDEO = (
    "Open recording…",
    "Choose one split-screen video, or two videos of the same conversation (Ctrl+O).",
)
OPEN_SESSION = ("Open session file…", "Choose a .mirrorsync file that lies somewhere else.")
RECENT_TITLE = "Sessions"
RECENT_NONE = "No sessions yet. Recordings that you open are listed here."
RECENT_NO_MATCH = "No session, note or bookmark has all these words."
RECENT_NAME = "Sessions, newest first"
RECENT_TOOLTIP = "Press Enter or double-click to open a session."
SEARCH_NAME = "Search sessions and notes"
SEARCH_PLACEHOLDER = "Search names, dates and everything you wrote"
SEARCH_TOOLTIP = "Type words that stand in a session's name or date, or in your notes about it."
UNFINISHED = "not finished"
LIVE_SESSION = "recorded live"
FILE_DIALOG = "Open a recording"
FILE_FILTER = "Videos (*.mp4 *.mov *.mkv *.webm *.avi *.m4v);;All files (*)"
SESSION_FILTER = "MirrorSync sessions (*.mirrorsync);;All files (*)"
TOO_MANY = "Drop one split-screen recording or two recordings, not {n} files."
NOT_LOCAL = "Only files on this computer can be opened."

# Which part is whom.
SPLIT_TITLE = "Who is where?"
SPLIT_BODY = "Drag the two frames over the two people, or choose how the picture is split."
SPLIT_TWO_BODY = "Choose which recording shows you."
SPLIT_HALVES = ("Left and right", "One person in each half, side by side.")
SPLIT_STACKED = ("Top and bottom", "One person above the other.")
SPLIT_FREE = ("Own frames", "Drag the frames yourself; for small pictures in pictures.")
SPLIT_SWAP = ("Swap", "You are the other one (S).")
SPLIT_OK = ("Analyse", "Find both people and score the recording (Enter).")
SPLIT_CANCEL = ("Cancel", "Back without opening (Esc).")
SPLIT_PICTURE = "The recording's first picture with a frame for each person"
SPLIT_PICTURE_TIP = (
    "Drag a frame to move it, its corner to resize it. Arrow keys move the chosen frame, Shift resizes."
)
SPLIT_FRAME = {"a": "You", "b": "Partner"}

# Analysis.
ANALYSING = "Analysing: {at} of {of}"
ANALYSING_UNKNOWN = "Analysing: {at}"
TIME_LEFT = "about {left} left"
SCORING = "Scoring again: {at} of {of}"
PREPARING = "Preparing…"
CANCEL = ("Stop", "Stop here; what is analysed stays, and you can go on later.")
RESUME = ("Go on", "Go on with the analysis where it stopped.")
STOPPED_AT = "Analysed up to {at}. The rest can follow at any time."

NOTICE_HIDE = ("Hide", "Put this away; it is told again when the session is opened anew.")

# Playback: (label, tooltip).
PLAY = ("Play", "Play or pause (Space).")
PAUSE = ("Pause", "Play or pause (Space).")
FRAME_BACK = ("Frame back", "One picture back (comma).")
FRAME_ON = ("Frame on", "One picture on (full stop).")
BACK = ("Back 5 s", "Five seconds back (Left); with Shift one second, with Ctrl to the moment before.")
ON = ("On 5 s", "Five seconds on (Right); with Shift one second, with Ctrl to the next moment.")
BACK_ONE = ("Back 1 s", "One second back (Shift+Left).")
ON_ONE = ("On 1 s", "One second on (Shift+Right).")
MOMENT_BEFORE = ("Moment before", "To the moment before this place (Ctrl+Left).")
MOMENT_AFTER = ("Next moment", "To the next moment (Ctrl+Right).")
SLOWER = ("Slower", "Play more slowly (Ctrl+Down).")
FASTER = ("Faster", "Play faster (Ctrl+Up).")
SPEED_NAME = "Speed"
SPEED_TOOLTIP = "How fast it plays (Ctrl+Up, Ctrl+Down)."
LOOP = (
    "Loop",
    "Play the marked stretch over and over; mark one with [ and ], or Shift-drag on the timeline (L).",
)
SOUND_NAME = "Sound"
SOUND_TOOLTIP = "Whose sound is heard (S)."
SOUND = {"both": "Sound: both", "a": "Sound: you", "b": "Sound: partner", "none": "Sound off"}
SOUND_NO_DEVICE = "There is no loudspeaker here."
POSITION_NAME = "Position"
OFFSET_LABEL = "Partner {offset:+.2f} s"
OFFSET_NAME = "How late the partner's recording is"
OFFSET_TOOLTIP = (
    "If the two recordings do not start together: move the partner's until lips and claps fit the sound. "
    "The scores follow."
)
OFFSET_LESS = ("−10 ms", "The partner's recording 10 ms earlier (Alt+Left).")
OFFSET_MORE = ("+10 ms", "The partner's recording 10 ms later (Alt+Right).")
OFFSET_FRAME_LESS = ("−1 frame", "The partner's recording one picture earlier (Alt+Shift+Left).")
OFFSET_FRAME_MORE = ("+1 frame", "The partner's recording one picture later (Alt+Shift+Right).")
OFFSET_FROM_SOUND = ("From the sound", "Estimate it from what is heard in both recordings.")
LAYER_BODY = ("Body", "Show the lines of the upper body (1).")
LAYER_FACE = ("Face", "Show the lines of the face (2).")
LAYER_NAMES = "{layer} lines on both pictures"

# The timeline.
TIMELINE_NAME = "Timeline of all meters"
TIMELINE_KEYS = (
    "At {at} of {of}. Arrow keys move by a second, with Shift by ten, Home and End go to the ends, "
    "plus and minus zoom."
)
NEAR_PICTURE = "On the way: {at}"
TIMELINE_TOOLTIP = (
    "Click to go there, or drag the line. Wheel to zoom, drag to move, Shift-drag to mark a stretch. "
    "Grey band: chance. A gap: not enough to say.\n"
    "Who leads: blue above the middle, you; orange below it, your partner. The line is the lag, as far "
    "from the middle as the other is behind; the edges are {lag:g} s."
)
LEADER_ROW = "Who leads"
LAG_ROW = "lag ±{lag:g} s"
LEAD_A = "You lead, {lag:.1f} s ahead."
LEAD_B = "Your partner leads, {lag:.1f} s ahead."
LEAD_TOGETHER = "You move at the same time."
MARKS_ROW = "Marks"
ZOOM_ALL = ("Whole session", "Show the whole session (Home).")
ZOOM_IN = ("Zoom in", "Look closer at the place that is shown (+).")
ZOOM_OUT = ("Zoom out", "See more (−).")
HEATMAP = ("Lags", "Show who follows whom at which distance, over time; takes a moment (H).")

# Moments.
MOMENTS_TITLE = ("Moments", "Places that are worth going back to.")
MOMENTS_NAME = "Moments that matter, in order of time"
MOMENTS_TOOLTIP = "Press Enter or click to go there."
MOMENTS_NONE = "Moments appear here when there is enough to tell them."
MOMENTS_WAIT = "Looking for moments…"
KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "best": ("Best stretch", "★"),
        "drop": ("Drop", "▼"),
        "smile": ("Shared smile", "☺"),
        "leader": ("Change of leader", "⇄"),
        "emotion": ("Named feeling", "❝"),
        "bookmark": ("Bookmark", "⚑"),
        "note": ("Note", "✎"),
        "reflection": ("Reflection", "✎"),
    }
)
FILTER_TOOLTIP = "Show or hide this kind: {kind}."
REFLECT_CHECK = ("Pause and reflect", "Stop at moments while playing and ask what you noticed (P).")
REFLECT_NOW = ("Reflect on this", "Write down what you notice here, now.")
REFLECT_TITLE = "Pause and reflect"
REFLECT_KEEP = ("Keep", "Keep the answers in the journal and go on (Ctrl+Enter).")
REFLECT_SKIP = ("Skip", "Go on without an answer (Esc); what is written already waits under Moments.")
REFLECT_OFF = ("Do not stop again", "Go on, and do not stop at moments any more; you can switch it on again.")
REFLECT_NOT_KEPT = "{why} What you wrote stays here; when that is done, press Keep again."
REFLECT_UNFINISHED = "Not finished: {words}"
REFLECT_WAITS = "What you wrote at {at} is not kept yet; “Reflect on this” under Moments goes on with it."
REFLECT_ANSWER = "Your answer: {question}"
REFLECT_ANSWER_TIP = "Leave it empty if there is nothing to say."
REFLECT_KEPT = "Kept in the journal at {at}."

# Marks.
BOOKMARK = ("Bookmark", "Mark this place (B).")
NOTE = ("Note", "Write something down about this place (N).")
EXCLUDE = (
    "Leave out",
    "Leave the marked stretch out of all statistics; mark one with [ and ], or Shift-drag over the timeline "
    "(E).",
)
UNDO = ("Undo", "Take back the last mark or note (Ctrl+Z).")
BOOKMARKED = "Bookmark at {at}."
EXCLUDED = "{start}–{end} is left out of all statistics. Ctrl+Z takes it back."
INCLUDED = "{start}–{end} counts again."
NO_STRETCH = (
    "Mark a stretch first: press [ where it begins and ] where it ends, or Shift-drag on the timeline."
)
MARK_START = ("Stretch begins", "The stretch to loop or to leave out begins at this place ([).")
MARK_END = ("Stretch ends", "The stretch to loop or to leave out ends at this place (]).")
STRETCH_BEGINS = "The stretch begins at {at}. Go to its end and press ]."
STRETCH_ENDS = "The stretch ends at {at}. Go to its beginning and press [."
STRETCH_MARKED = "{start}–{end} is marked: L plays it over and over, E leaves it out."
UNDONE = "Taken back: {what}."
NOTHING_TO_UNDO = "There is nothing to take back."
NOTES_TITLE = ("Journal", "What you wrote about this session.")
NO_JOURNAL = "The journal is not open, so nothing can be written down; Journal in the File menu opens it."
JOURNAL_DAMAGED = (
    "The journal is damaged: nothing can be written down; Journal… (Ctrl+J) offers its backup again."
)
JOURNAL_LOCKED = "The journal stays locked: nothing can be written down until it is opened (Ctrl+J)."
JOURNAL = (
    "Journal…",
    "All notes and check-ins, of every session; asks for the passphrase if it has one (Ctrl+J).",
)
CHECK_IN_DUE = ("Check-in… •", "A check-in is due whenever you like: how you are this week (Ctrl+Shift+J).")
CHECK_IN = ("Check-in…", "How you are this week, on the wheel of emotions (Ctrl+Shift+J).")

# The report and the export.
REPORT = ("Report…", "One page about this session for somebody else, such as your supervisor (Ctrl+R).")
REPORT_TITLE = "Report of this session"
REPORT_BODY = (
    "One HTML page with what was measured and how, that opens in every browser and needs no internet. "
    "Of what you wrote, only what you tick here goes into it."
)
REPORT_TICK = "Tick it to put it into the report (Space)."
REPORT_NONE = "Nothing is written about this session."
REPORT_ALL = ("Tick all", "Put everything into the report.")
REPORT_NO_NOTES = ("Tick none", "Leave all notes out.")
REPORT_PICTURES = ("Pictures of both people at the ticked moments", "Off: nobody can be seen in the report.")
REPORT_WARNING = (
    "The pictures show who was there. Put them in only if both people agreed to that and to whoever reads it."
)
REPORT_NO_MOMENTS = "Bookmark a place to have its pictures in the report."
REPORT_NO_PICTURES = "This session has no recordings, so there are no pictures to put in."
REPORT_SAVE = ("Save as…", "Choose where the page is written (Enter).")
REPORT_FILTER = "Web pages (*.html)"
REPORT_NAME = "{name} report.html"
REPORT_WORKING = "Beginning the report…"
REPORT_STEPS: Mapping[str, str] = MappingProxyType(
    {
        "read": "Reading the session…",
        "compare": "Comparing with chance…",
        "draw": "Drawing the figures…",
        "write": "Writing the page…",
    }
)
REPORT_STOPPED = "Stopped. No report was written."
REPORT_DONE = "The report is in {path}."
REPORT_WHOLE = "whole session"
EXPORT = ("Export…", "Write this session for other programs (Ctrl+E).")
EXPORT_TITLE = "Export this session"
EXPORT_BODY = (
    "Each format gets a folder of its own in the folder that you choose. No pictures and no notes are in it, "
    "and stretches that you left out are left out of everything."
)
EXPORT_FORMATS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "csv": ("Tables (CSV)", "For spreadsheets, R and Python."),
        "parquet": ("Tables with types and units (Parquet)", "For pandas, Arrow, DuckDB and R."),
        "datapackage": ("Tables with a schema (Data Package)", "For archives and data repositories."),
        "elan": ("Annotations for ELAN (.eaf)", "Moments, leaders, smiles, nods and windows as tiers."),
        "textgrid": ("Annotations for Praat (TextGrid)", "The same tiers as for ELAN."),
        "rmea": ("Movement for rMEA", "Movement of both people as motion energy text."),
        "bids": ("Motion data (BIDS)", "Two subjects, named by label; the scores as a derivative."),
    }
)
EXPORT_SAVE = ("Choose folder…", "Choose the folder and write (Enter).")
EXPORT_FOLDER = "Folder for the files"
EXPORT_WORKING = "Writing {name}…"
EXPORT_DONE = "Written to {path}."
EXPORT_STOPPED = "Stopped. The formats that were written before are there."
SAVE_CANCEL = ("Cancel", "Close without writing (Esc).")
SAVE_STOP = ("Stop", "Give up what is being written; you can begin again.")
SAVE_STOPPING = "Stopping…"
SAVE_PROGRESS = "How far the writing is"
SAVE_CLOSE = ("Close", "Back to the session (Esc).")

# Numbers.
NUMBERS_TITLE = ("Session", "The numbers of the whole session, against chance.")
TABS_NAME = "Moments, journal and numbers"
NUMBERS_WAIT = "Working out the session's numbers…"
NUMBERS_NONE = "The session is too short to compare with chance."
NUMBERS_PAGE = ("Numbers of the session", "The arrow keys up and down scroll.")
CORRELATION = "correlation"
LAG_AXIS = "lag (s)"
TIME_AXIS = "time"
COLOUR_KEY = "Colours: correlation from −{ends:g} (grey) over 0 to +{ends:g} (green)"
DEALS_TITLE = "Among shuffled copies"
DEALS_NAME = (
    "Grey: how high the same movement scores with the partner's windows shuffled. Line: this session."
)
DEALS_X = "peak of the lag profile (z)"
DEALS_Y = "copies"
DEALS_SAID = (
    "This session: {observed:.2f}. Of {n} shuffled copies the lowest has {low:.2f}, the highest {high:.2f}."
)
DEALS_NONE = "There is too little movement for a comparison with shuffled copies."
PROFILE_TITLE = "Lag profile"
PROFILE_X = "partner follows by … s"
PROFILE_NAME = "Mean correlation at every lag, and the range of shifted copies"
HEATMAP_TITLE = "Lags over time"
HEATMAP_NAME = "Correlation at every lag over time: click to go there"
EFFECT_X = "SD from chance"
EFFECT_ABOVE = "That is {effect:.1f} SD above them."
EFFECT_BELOW = "That is {effect:.1f} SD below them."
CHANCE_ABOVE = "{title}: above chance."
CHANCE_WITHIN = "{title}: no more than chance."
EFFECT_P = "With your partner's moments shuffled, you move together as much in {p:.0%} of the trials."
EFFECT_P_SMALL = (
    "With your partner's moments shuffled, you move together as much in less than 1 of 100 trials."
)
FOLLOWS_B = "Over the whole session your partner follows, {lag:.1f} s behind."
FOLLOWS_A = "Over the whole session you follow, {lag:.1f} s behind."
DISTRIBUTION_TITLE = "All meters against chance"
DISTRIBUTION_NAME = "Where the session stands among its shifted copies"
CHANNEL_NAME = "Channel"
CHANNEL_TOOLTIP = "Which score is shown."

# Menus.
MENU_FILE = "&File"
MENU_PLAY = "&Playback"
MENU_MARK = "&Mark"
MENU_VIEW = "&View"
MENU_HELP = "&Help"
KEYS = ("Keys", "All keys of this window (F1).")
KEYS_TITLE = "Keys"
KEYS_CLOSE = ("Close", "Back to the session (Esc).")
BACK_TO_START = ("Sessions", "Back to the list of sessions.")
THEME = ("Theme", "Switch between light and dark.")
CLOSE = ("Close", "Close this window.")

UNEXPECTED = "Something unexpected went wrong ({error})."


def clock(seconds: float, *, tenths: bool = False) -> str:
    """Return a time as 1:02:03, 2:03 or, with tenths, 2:03.4."""
    return clock_text(seconds, tenths=tenths)
