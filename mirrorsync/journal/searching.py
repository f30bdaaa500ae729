"""What a person types into the search field, as a question that SQLite understands; never a syntax error."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from mirrorsync.journal.entries import Entry, clean_text

__all__ = ["Hit", "Question", "ask"]

# In front of and behind what matched, inside a snippet; stripped from it before anybody sees it.
OPEN, CLOSE = "\x02", "\x03"


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that was found.

    Attributes
    ----------
    entry : Entry
        The whole entry.
    snippet : str
        The part of its text around what matched; plain text.
    matched : tuple of (int, int)
        Where in the snippet the words stand: start and end of each.
    """

    entry: Entry
    snippet: str
    matched: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A search: `match` is for FTS5 (empty: none), `contains` must stand in the text letter for letter."""

    match: str
    contains: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing was asked for."""
        return not self.match and not self.contains


def ask(typed: str) -> Question:
    """Return the question in what was typed: all its words must be found, each also as a word's beginning.

    Words between double quotes are looked for side by side. What the index knows no words of (signs, emoji,
    scripts that write no spaces) is looked for as it stands.
    """
    match, contains = [], []
    for words, quoted in _pieces(clean_text(typed).replace("\0", " ")):
        if any(_unspaced(letter) for letter in words) or not any(_in_words(letter) for letter in words):
            contains.append(words)
        else:
            match.append('"' + words.replace('"', " ") + '"' + ("" if quoted else " *"))
    return Question(" AND ".join(match), tuple(contains))


def read_snippet(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return a snippet of FTS5's without the marks, and where they stood."""
    plain: list[str] = []
    spans, start = [], -1
    for letter in marked:
        if letter == OPEN:
            start = len(plain)
        elif letter == CLOSE:
            if start >= 0:
                spans.append((start, len(plain)))
            start = -1
        else:
            plain.append(letter)
    return "".join(plain), tuple(spans)


def beginning(text: str, around: str = "", *, letters: int = 120) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return about `letters` of a text, from where `around` stands in it, and where it stands there."""
    found = text.find(around) if around else -1
    start = max(0, found - letters // 2)
    snippet = ("…" if start else "") + text[start : start + letters]
    snippet += "…" if start + letters < len(text) else ""
    if found < 0:
        return snippet, ()
    at = found - start + (1 if start else 0)
    return snippet, ((at, at + len(around)),)


def _pieces(typed: str) -> list[tuple[str, bool]]:
    """Return words, and what stood between double quotes as one piece."""
    pieces: list[tuple[str, bool]] = []
    for number, part in enumerate(typed.split('"')):
        if number % 2 and part.strip():
            pieces.append((part.strip(), True))
        elif not number % 2:
            pieces += [(word, False) for word in part.split()]
    return pieces


def _in_words(letter: str) -> bool:
    """Whether FTS5's unicode61 takes the letter for part of a word."""
    return unicodedata.category(letter)[0] in "LN" or unicodedata.category(letter) == "Co"


def _unspaced(letter: str) -> bool:
    """Whether the letter is of a script in which words stand without spaces between them."""
    code = ord(letter)
    return (
        0x0E00 <= code <= 0x0EFF  # Thai, Lao
        or 0x1000 <= code <= 0x109F  # Burmese
        or 0x1780 <= code <= 0x17FF  # Khmer
        or 0x3040 <= code <= 0x30FF  # Japanese kana
        or 0x3400 <= code <= 0x9FFF  # Chinese characters
        or 0x20000 <= code <= 0x3FFFF
    )
