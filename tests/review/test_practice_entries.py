"""Exercises become entries of the journal: in words, once, and nothing that was let pass."""

from __future__ import annotations

from pathlib import Path

import made_sessions

from mirrorsync.journal import Journal
from mirrorsync.practice.base import as_data
from mirrorsync.practice.breathing_pacer import BreathingPacer
from mirrorsync.practice.mutual_gaze import MutualGazeResult
from mirrorsync.review.practice_entries import keep_practice, practice_entries
from mirrorsync.session.consent import consents_now
from mirrorsync.session.meta import SessionMeta
from mirrorsync.session.store import SessionWriter
from mirrorsync.types import SessionEvent


def _gaze(answer: str) -> SessionEvent:
    result = MutualGazeResult(
        completed=True, wanted_s=30.0, filled_s=24.4, longest_s=9.0, duration_s=41.0, unknown_s=0.0,
        groundings=0, question="gaze.reflect", answer=answer,
    )  # fmt: skip
    return SessionEvent(90_000_000_000, result.kind, as_data(result))


def _label(outcome: str, words: str = "") -> SessionEvent:
    data = {"at_s": 12.0, "seen": "a smile", "outcome": outcome, "clarified_as": words}
    return SessionEvent(15_000_000_000, "practice.emotion_label", data)


def test_a_result_is_told_in_words_at_its_time() -> None:
    (entry,) = practice_entries([_gaze("Warm, then shy.")])
    assert (entry.kind, entry.start_s, entry.data["exercise"]) == ("practice", 90.0, "mutual_gaze")
    assert entry.text.startswith("Looking at each other: 24 of 30 s.\n\nWhat did you notice")
    assert entry.text.endswith("\nWarm, then shy.")
    (entry,) = practice_entries([_gaze("")])
    assert entry.text == "Looking at each other: 24 of 30 s."


def test_what_could_not_be_measured_is_said() -> None:
    result = BreathingPacer(6.0).stop()
    (entry,) = practice_entries([SessionEvent(0, result.kind, as_data(result))])
    assert "could not be measured" in entry.text


def test_the_warm_up_says_whose_face_is_known() -> None:
    data = {"duration_s": 60.0, "learnt_a": True, "learnt_b": False}
    (entry,) = practice_entries([SessionEvent(0, "practice.warmup", data)])
    assert entry.text.startswith("Warm-up, 60 s. Your face at rest is known now; your partner")


def test_only_named_feelings_are_written_down() -> None:
    events = [_label("confirmed"), _label("clarified", "relief"), _label("passed"), _label("unanswered")]
    found = practice_entries([*events, SessionEvent(0, "practice.cue", {"key": "eyes_apart"})])
    assert [(one.kind, one.text, one.start_s) for one in found] == [
        ("emotion_label", "a smile: confirmed.", 12.0),
        ("emotion_label", "a smile: “relief”.", 12.0),
    ]


def test_an_answer_that_stands_there_already_is_joined_to_its_session(tmp_path: Path) -> None:
    path = tmp_path / "x.mirrorsync"
    event = _gaze("Calm.")
    with SessionWriter(path, SessionMeta(feed_a="a", feed_b="b", parameters={"rate_hz": 25.0})) as writer:
        writer.add_event(SessionEvent(event.t_ns, event.kind, {**event.data, "words_id": "one"}))
    with Journal(tmp_path / "journal.db") as journal:
        journal.add("reflection", "Calm.", data={"question": "What?", "words_id": "one"})
        assert keep_practice(journal, path) == 1
        assert keep_practice(journal, path) == 0
        (ref,) = journal.sessions()
        result, answer = sorted(journal.entries(session=ref.id), key=lambda one: one.kind)
    assert (result.kind, result.text) == ("practice", "Looking at each other: 24 of 30 s.")
    assert "answer" not in result.data
    assert (answer.kind, answer.text, answer.start_s) == ("reflection", "Calm.", 90.0)


def test_a_session_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "x.mirrorsync"
    meta = SessionMeta(feed_a="camera:0", feed_b="screen:", parameters={"rate_hz": 25.0})
    with SessionWriter(path, meta, consents=consents_now()) as writer:
        for one in made_sessions.snapshots(5):
            writer.add(one)
        writer.add_event(_gaze("Calm."))
        writer.add_event(_label("confirmed"))
    with Journal(tmp_path / "journal.db") as journal:
        assert keep_practice(journal, path) == 2
        assert keep_practice(journal, path) == 0
        (ref,) = journal.sessions()
        assert {(one.kind, one.session) for one in journal.entries()} == {
            ("practice", ref.id),
            ("emotion_label", ref.id),
        }
