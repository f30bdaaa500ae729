"""Every word of the journal's room, in one place; buttons are (label, tooltip)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mirrorsync.clock_text import clock_text

TITLE = "Journal"

# Kinds of entries.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "note": "Note",
        "bookmark": "Bookmark",
        "exclusion": "Left out",
        "reflection": "Reflection",
        "practice": "Practice",
        "emotion_label": "Feeling named",
        "check_in": "Check-in",
    }
)
ALL_KINDS = "All kinds"
ALL_TAGS = "All tags"
ALL_SESSIONS = "All sessions"
STEPS: Mapping[str, str] = MappingProxyType({"add": "Adding", "change": "Changing", "delete": "Deleting"})
STEP = "{verb} “{kind}”"
STEP_IMPORT = "The import"

# Feelings: what a word of the wheel is called here, where it is not the word itself (for translations).
FEELINGS: Mapping[str, str] = MappingProxyType({})

# The page of entries.
SEARCH_PLACEHOLDER = "Search everything you wrote"
SEARCH = ("Search", "Words or beginnings of words; words between double quotes stand side by side (Ctrl+F).")
FILTER_KIND = ("Kind", "Show only entries of one kind.")
FILTER_TAG = ("Tag", "Show only entries with one tag.")
FILTER_SESSION = ("Session", "Show only entries about one session.")
LIST = ("Entries", "Arrow keys choose an entry; Enter goes to its text.")
NEW = ("New note", "Write a note, about a session or about none (Ctrl+N).")
ABOUT = ("About", "The session that the note is about, as a whole; or none.")
ABOUT_NONE = "About no session"
SAVE = ("Save", "Keep what is written (Ctrl+Enter). Until then it is kept as a draft.")
CANCEL = ("Discard", "Give up what was typed since the last saving (Esc).")
DELETE = ("Delete", "Take this entry out; Undo brings it back.")
UNDO = ("Undo", "Undo the last step (Ctrl+Z in the list).")
UNDO_WHAT = "Undo: {what} (Ctrl+Z in the list)."
REDO = ("Redo", "Do again what was undone (Ctrl+Y in the list).")
REDO_WHAT = "Redo: {what} (Ctrl+Y in the list)."
EXPORT = ("Export…", "Write everything to a zip of JSON and CSV, which other programs can read.")
IMPORT = ("Import…", "Bring in an export; nothing is doubled.")
PASSPHRASE = ("Passphrase…", "Encrypt the journal on this computer, or change that.")
TEXT = ("Text", "Plain text; kept as a draft while you type.")
TEXT_PLACEHOLDER = "Write here"
TAGS = ("Tags", "Words to find this again, with commas between them.")
TAGS_PLACEHOLDER = "Tags, with commas between"
NOTHING_YET = "Nothing is written yet."
NOTHING_FOUND = "Nothing was found."
COUNT = "{n} entries"
COUNT_ONE = "1 entry"
COUNT_MANY = "the first {n} entries"
NEW_NOTE = "New note"
RESTORED = "What you were writing when the program ended is here again."
SAVED = "Saved."
DRAFT_KEPT = "Draft kept"
UNDONE = "Undone: {what}."
REDONE = "Done again: {what}."
DELETED = "Deleted; Undo brings it back."
EXPORTED = "Wrote {n} entries to {path}."
EXPORTED_OPENLY = "Wrote {n} entries to {path}. The export is not encrypted: keep it in a safe place."
IMPORTED = "Added {added}, changed {changed}, kept {kept} that are newer here; {same} were here already."
EXPORT_DIALOG = "Export the journal to"
IMPORT_DIALOG = "Import an export"
ZIP_FILTER = "Exports (*.zip *.json);;All files (*)"
EXPORT_NAME = "mirrorsync-journal-{day}.zip"
UNEXPECTED = "Something unexpected went wrong ({error}); nothing was lost, please try again."
SESSION_GONE = "No session"
QUESTION = "Asked: {question}"
SPAN = "{start} – {end}"

# Tabs.
TAB_ENTRIES = ("Entries", "All that was written, newest first, with search.")
TAB_CHECK_IN = ("Check-in", "Say how you feel, with a wheel of feelings and words of your own.")
TAB_CHECK_IN_DUE = ("Check-in •", "A check-in is due.")
TAB_WEEKS = ("Weeks", "Check-ins and sessions, week by week.")

# Notes beside a recording.
PANEL_NAME = "Notes on this session"
PANEL_PLACEHOLDER = "Write a note about this moment"
PANEL_CLOSED = "Notes can be written here when the journal is open"
PANEL_AT = "at {time}"
PANEL_WHOLE = "about the whole session"
PANEL_WHOLE_CHECK = ("About the whole session", "The note speaks of the session as a whole, of no moment.")
PANEL_ADD = ("Add note", "Keep this note at the time when you began to write it (Ctrl+Enter).")
PANEL_SAVE = ("Save change", "Keep the changed text (Ctrl+Enter).")
PANEL_CANCEL = ("Cancel", "Give up this change (Esc).")
PANEL_BOOKMARK = ("Bookmark", "Mark this moment without words.")
PANEL_EMPTY = "No notes on this session yet."
PANEL_LIST = (
    "Notes and bookmarks",
    "Enter or a double click goes to the moment; F2 changes the text, Del deletes it.",
)

# The emotion wheel.
WHEEL_NAME = "Emotion wheel"
WHEEL_HELP = (
    "Arrow keys move: left and right along a ring, up outward and down inward. Space chooses a word or lets "
    "it go; plus and minus say how strong it is."
)
RING_NAMES = ("inner ring", "middle ring", "outer ring")
SEGMENT_NAME = "{word}, {ring}"
SEGMENT_IN = "{word}, {ring}, of {parent}"
SEGMENT_CHOSEN = "{name}, chosen, {percent} percent"
SEGMENT_TOOLTIP = "{word}: click to choose it, again to let it go."
WHEEL_MIDDLE = "How are you?"

# The check-in.
CHECK_IN_TITLE = "How are you these days?"
CHECK_IN_DUE_FIRST = "This would be your first check-in. A minute is enough."
CHECK_IN_DUE = "Your last check-in was {days} ago."
DAYS = "{n} days"
DAYS_ONE = "one day"
CHECK_IN_NOT_DUE = "Your last check-in was {days} ago; another one is welcome whenever you like."
CHECK_IN_TODAY = "You have checked in today; another one is welcome whenever you like."
CHECK_IN_HINT = "Choose words on the wheel, or add one of your own. There is no right answer."
OWN_WORD = ("A word of your own", "Type a word and press Enter.")
OWN_WORD_PLACEHOLDER = "A word of your own"
OWN_ADD = ("Add", "Add this word.")
INTENSITY = "How strong: {word}"
INTENSITY_TOOLTIP = "From faint to very strong; arrow keys change it."
INTENSITY_WORDS = ("faint", "light", "medium", "strong", "very strong")
REMOVE = ("Remove", "Let this word go.")
WORDS = ("What you want to say about it", "In your own words; as long or short as you like.")
WORDS_PLACEHOLDER = "Anything you want to say about it (optional)"
CHECK_IN_SAVE = ("Check in", "Keep this check-in in the journal (Ctrl+Enter).")
CHECK_IN_SAVED = "Kept. Thank you for taking the moment."
NOTHING_CHOSEN = "Nothing chosen yet"

# Weeks.
WEEKS_TITLE = "Week by week"
WEEKS_FEELINGS = "Feelings at check-ins"
WEEKS_FEELINGS_HELP = "The larger the circle, the stronger the feeling was that week."
WEEKS_ATTUNEMENT = "Attunement in sessions"
WEEKS_ATTUNEMENT_HELP = "Mean of each week's sessions, excluded ranges left out. Dashed: chance."
WEEKS_EMPTY = "After the first check-in or recorded session, weeks appear here."
WEEKS_READING = "Reading sessions…"
WEEKS_CHANCE = "chance"
WEEKS_NAME = "Feelings and attunement, week by week"
WEEK_TEXT = "Week of {day}: {feelings}; {attunement}."
WEEK_NO_CHECK_IN = "no check-in"
WEEK_NO_SESSION = "no session"
WEEK_ATTUNEMENT = "attunement {value:.2f} in {n} sessions"
WEEKS_CAUTION = "Two things side by side; neither is the reason for the other."
WEEKS_TABLE = ("As a table", "Show the same weeks as numbers.")
WEEKS_CHART = ("As a chart", "Show the same weeks as pictures.")
WEEKS_COLUMNS = ("Week of", "Check-ins", "Feelings", "Sessions", "Attunement")

# The passphrase.
LOCK_TITLE = "Passphrase"
LOCK_NEEDED = "This journal is encrypted. Type its passphrase to open it."
LOCK_NOW = "Passphrase"
LOCK_OLD = "Passphrase now"
LOCK_NEW = "New passphrase"
LOCK_AGAIN = "New passphrase again"
LOCK_OPEN = ("Open", "Open the journal.")
LOCK_SET = ("Encrypt", "Encrypt the journal and its backups with this passphrase.")
LOCK_CHANGE = ("Change", "Encrypt the journal with the new passphrase.")
LOCK_REMOVE = ("Remove passphrase", "Keep the journal unencrypted from now on.")
LOCK_CANCEL = ("Cancel", "Leave everything as it is.")
LOCK_SHOW = ("Show what I type", "Show the letters.")
LOCK_INTRO = "A passphrase encrypts the journal and its backups on this computer."
LOCK_UNDERSTOOD = ("I have written it down, and know that nobody can recover it", "Needed before encrypting.")
LOCK_WRONG = "That is not the passphrase of this journal; nothing was changed. Try again."
LOCK_DIFFER = "The two do not agree."
LOCK_WORKING = "Working…"
LOCK_DONE = "The journal is encrypted."
LOCK_CHANGED = "The passphrase is changed."
LOCK_REMOVED = "The journal is no longer encrypted."

# Damage.
DAMAGE_TITLE = "The journal is damaged"
DAMAGE_RESTORE = ("Restore the backup", "Put the newest good backup in its place; the damaged file is kept.")
DAMAGE_CLOSE = ("Close", "Leave everything as it is.")
DAMAGE_RESTORED = "The backup is in place. The damaged file is kept as {path}."

# What could not be kept.
UNKEPT_TITLE = "Not kept yet"
UNKEPT = (
    "The journal cannot be written now, so what you typed would be lost. Go back and make room on the disk, "
    "or copy it and keep it somewhere else."
)
UNKEPT_TEXT = ("What was typed", "What the journal did not take.")
UNKEPT_BACK = ("Go back", "Leave the window open; what was typed stays in it.")
UNKEPT_COPY = ("Copy", "Copy all of it to the clipboard.")
UNKEPT_CLOSE = ("Close without it", "Close the window; what was typed is gone.")


def feeling(word: str) -> str:
    """Return what a word for a feeling is called here; one's own words stay as they are."""
    return FEELINGS.get(word, word)


def clock(seconds: float) -> str:
    """Return a time in a session, such as 1:05.0."""
    return clock_text(seconds, tenths=True)


def step(what: str) -> str:
    """Return the name of a step that the journal can undo."""
    verb, _, kind = what.partition(" ")
    if not kind:
        return STEP_IMPORT
    return STEP.format(verb=STEPS.get(verb, verb), kind=KINDS.get(kind, kind))
