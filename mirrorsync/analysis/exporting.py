"""A stored session to the files of the contract, by the parameters that it carries."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mirrorsync.analysis.peers import peer_statistics
from mirrorsync.analysis.seen import seen_shares
from mirrorsync.analysis.session_pass import Breathing, SessionPass, read_session
from mirrorsync.export.config import write_config
from mirrorsync.export.summary import summary, write_summary
from mirrorsync.export.tables_csv import write_tables
from mirrorsync.session.store import SessionReader
from mirrorsync.settings import Settings, load_settings
from mirrorsync.synchrony.events import event_responses
from mirrorsync.synchrony.offset import estimate_offset, offset_sentence
from mirrorsync.synchrony.session_leads import session_leads
from mirrorsync.synchrony.session_statistics import session_statistics, shifts
from mirrorsync.types import FloatArray
from mirrorsync.voice.conversation import VOICE_EVENT, Conversation

__all__ = ["export_session", "offset_note", "session_summary", "statistics_of"]


def export_session(reader: SessionReader, folder: Path, settings: Settings | None = None) -> str:
    """Write tables, summary and configuration of a session into a folder.

    Returns a sentence that offers a clear constant offset between the feeds; empty when there is none.

    Parameters
    ----------
    reader : SessionReader
        The session.
    folder : Path
        An existing folder.
    settings : Settings, optional
        What is written as the configuration; the parameters stored with the session by default.
    """
    write_tables(reader, folder, Conversation.of_events(reader.events(VOICE_EVENT)))
    stored, meta = _settings(reader), reader.meta
    write_config(settings or stored.with_(label_a=meta.label_a, label_b=meta.label_b), folder)
    passed = read_session(reader, stored)
    statistics, more = _told(passed, stored, Conversation.of_events(reader.events(VOICE_EVENT)))
    write_summary(reader, statistics, folder, {**more, "seen": seen_shares(reader)})
    return _offset(passed, stored)


def session_summary(reader: SessionReader) -> dict[str, Any]:
    """Return the content of summary.json."""
    settings = _settings(reader)
    conversation = Conversation.of_events(reader.events(VOICE_EVENT))
    statistics, more = _told(read_session(reader, settings), settings, conversation)
    return summary(reader, statistics, {**more, "seen": seen_shares(reader)})


def statistics_of(reader: SessionReader) -> dict[str, dict[str, float]]:
    """Return the statistics of every channel of a session, by its own parameters."""
    settings = _settings(reader)
    passed = read_session(reader, settings)
    return {} if passed is None else session_statistics(passed.scores, settings)


def offset_note(reader: SessionReader) -> str:
    """Return a sentence that offers a clear constant offset between the feeds; empty when there is none."""
    settings = _settings(reader)
    return _offset(read_session(reader, settings), settings)


def _offset(passed: SessionPass | None, settings: Settings) -> str:
    if passed is None:
        return ""
    scores = passed.scores
    found = estimate_offset(scores.signals_a, scores.signals_b, rate_hz=settings.rate_hz)
    return offset_sentence(found, applied_s=settings.offset_s)


def _settings(reader: SessionReader) -> Settings:
    return load_settings(**reader.meta.parameters)


def _told(
    passed: SessionPass | None, settings: Settings, conversation: Conversation | None
) -> tuple[dict[str, dict[str, float]], dict[str, Mapping[str, Any]]]:
    """Return the statistics by channel, and what stands beside them in the summary."""
    if passed is None:
        return {}, {}
    scores = passed.scores
    moved = shifts(scores.ticks, settings=settings)
    more: dict[str, Mapping[str, Any]] = {
        "events": event_responses(
            passed.onsets, n_ticks=scores.ticks, rate_hz=settings.rate_hz, shifts=moved
        ),
        "breathing": _breathing(passed.breathing),
    }
    statistics = session_statistics(scores, settings)
    more["leaders"] = {
        name: {
            "leader": lead.leader,
            "confidence": lead.confidence,
            "lag_s": lead.lag_s,
            "lag_low_s": lead.lag_ci_s[0],
            "lag_high_s": lead.lag_ci_s[1],
        }
        for name, lead in session_leads(scores, statistics, settings).items()
    }
    if settings.preset != "none":
        more["preset"] = peer_statistics(scores, settings)
    if conversation is not None:
        more["voice"] = conversation.measures()
    return statistics, more


def _breathing(of: Breathing) -> dict[str, float]:
    """Return both mean breathing rates a minute and how their phases keep together."""
    return {
        "rate_a_per_min": _mean(of.rate_a),
        "rate_b_per_min": _mean(of.rate_b),
        "rate_difference_per_min": _mean(of.rate_a - of.rate_b),
        "phase_locking": _mean(of.locking),
        "coverage": float(np.isfinite(of.rate_a + of.rate_b).mean()),
    }


def _mean(values: FloatArray) -> float:
    there = values[np.isfinite(values)]
    return float(there.mean()) if there.size else float("nan")
