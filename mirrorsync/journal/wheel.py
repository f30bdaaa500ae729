"""The emotion wheel: eight feelings, each in three shades, each shade in two words.

The idea of a wheel of feelings from the plain to the particular is Willcox's (1982, "The feeling wheel",
10.1177/036215378201200411), after Plutchik's circle (1980, "A general psychoevolutionary theory of emotion",
10.1016/B978-0-12-558701-3.50007-7). The words are this program's own choice. The eight are laid out as in
Russell's circumplex (1980, 10.1037/h0077714): pleasant on the right, unpleasant on the left, lively at the
top, quiet at the bottom; it orders words and measures nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["WHEEL", "Core", "Shade", "core_of", "is_pleasant"]


@dataclass(frozen=True, slots=True)
class Shade:
    """A word of the middle ring, and the words outside it."""

    word: str
    words: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Core:
    """One of the eight, with its three shades."""

    word: str
    pleasant: bool
    shades: tuple[Shade, Shade, Shade]


def _core(word: str, pleasant: bool, *shades: tuple[str, str, str]) -> Core:
    one, two, three = (Shade(shade, (left, right)) for shade, left, right in shades)
    return Core(word, pleasant, (one, two, three))


WHEEL: tuple[Core, ...] = (
    _core("joyful", True, ("playful", "excited", "amused"), ("happy", "cheerful", "delighted"),
          ("proud", "confident", "fulfilled")),
    _core("curious", True, ("surprised", "amazed", "puzzled"), ("interested", "absorbed", "inspired"),
          ("hopeful", "eager", "optimistic")),
    _core("connected", True, ("loving", "tender", "warm"), ("grateful", "touched", "moved"),
          ("trusting", "accepted", "understood")),
    _core("peaceful", True, ("present", "grounded", "clear"), ("content", "satisfied", "at ease"),
          ("calm", "relaxed", "rested")),
    _core("sad", False, ("drained", "tired", "numb"), ("grieving", "longing", "heartbroken"),
          ("lonely", "left out", "unseen")),
    _core("ashamed", False, ("inadequate", "inferior", "unworthy"), ("guilty", "sorry", "regretful"),
          ("embarrassed", "awkward", "exposed")),
    _core("afraid", False, ("insecure", "unsure", "vulnerable"), ("overwhelmed", "helpless", "panicked"),
          ("anxious", "worried", "tense")),
    _core("angry", False, ("resentful", "bitter", "jealous"), ("averse", "disgusted", "contemptuous"),
          ("frustrated", "irritated", "impatient")),
)  # fmt: skip
"""Clockwise from the top. Words are also the names under which feelings are kept."""

_CORES = {
    word: core
    for core in WHEEL
    for word in (core.word, *(w for shade in core.shades for w in (shade.word, *shade.words)))
}


def core_of(word: str) -> str:
    """Return which of the eight a word of the wheel belongs to; empty for a word of one's own."""
    core = _CORES.get(word)
    return core.word if core is not None else ""


def is_pleasant(core: str) -> bool | None:
    """Return whether one of the eight lies on the pleasant side; None for any other word."""
    return _CORES[core].pleasant if core in _CORES else None
