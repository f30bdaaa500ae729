"""What can go wrong, as a tree; every message says in one sentence what to do next."""

from __future__ import annotations

from pathlib import Path

__all__ = [
    "AssetError",
    "BatchError",
    "CaptureError",
    "DamagedJournalError",
    "ExportError",
    "JournalBusyError",
    "JournalError",
    "LandmarkerError",
    "MirrorSyncError",
    "PassphraseError",
    "SeriesError",
    "SessionError",
    "SettingsError",
    "SourceError",
    "UsageError",
]


class MirrorSyncError(Exception):
    """Anything MirrorSync can explain; the command line prints it as one sentence and exits 1."""


class UsageError(MirrorSyncError):
    """A command, feed string or argument that cannot be understood; the command line exits 2."""


class SettingsError(UsageError):
    """A setting that is unknown, of the wrong type or out of range."""


class AssetError(MirrorSyncError):
    """A model or picture that is missing, damaged or cannot be fetched."""


class CaptureError(MirrorSyncError):
    """Frames that cannot be had: the base of all trouble with feeds."""


class SourceError(CaptureError):
    """A feed that does not open or breaks off (no such file, no camera, zero frames)."""


class LandmarkerError(MirrorSyncError):
    """A landmarker that does not load or fails on a frame."""


class SeriesError(MirrorSyncError):
    """A numeric series that cannot be scored (too short, no numeric columns)."""


class SessionError(MirrorSyncError):
    """A session file that cannot be written, opened or understood."""


class JournalError(MirrorSyncError):
    """A journal that cannot be opened, read or written; what stood in it before is safe."""


class JournalBusyError(JournalError):
    """Another program holds the journal for longer than one should wait."""


class PassphraseError(JournalError):
    """The journal's passphrase is missing or wrong, or encryption is not installed."""


class DamagedJournalError(JournalError):
    """The journal's file is damaged.

    Attributes
    ----------
    backup : Path or None
        The newest good backup, which `mirrorsync.journal.restore` can put in its place.
    """

    def __init__(self, message: str, backup: Path | None = None) -> None:
        super().__init__(message)
        self.backup = backup


class ExportError(MirrorSyncError):
    """Results that cannot be written where they were asked for."""


class BatchError(MirrorSyncError):
    """Dyads of a batch that could not be scored, or a cluster that cannot be used."""
