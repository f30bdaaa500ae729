"""The one door to SQLCipher, which keeps a journal unreadable without its passphrase.

SQLCipher 4 (Zetetic, BSD) encrypts every page with AES-256 and guards it with an HMAC; the key is made from
the passphrase by PBKDF2-HMAC-SHA512 with 256,000 rounds. The passphrase goes to the library as a value, never
into the text of a statement, a log or a command line.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from pathlib import Path
from typing import Any, cast

from mirrorsync.errors import PassphraseError

__all__ = ["HOW_TO_INSTALL", "available", "connect_sealed", "database_errors", "key_of"]

HOW_TO_INSTALL = (
    "A passphrase needs the extra 'passphrase', which is not installed here; "
    "install it with: pip install 'mirrorsync[passphrase]'."
)


def available() -> bool:
    """Return whether encryption is installed."""
    try:
        _library()
    except PassphraseError:
        return False
    return True


def key_of(passphrase: str) -> bytes:
    """Return what the library takes; the same for a letter typed whole or with its accent apart (NFC).

    Raises
    ------
    PassphraseError
        It is empty.
    """
    if not passphrase:
        raise PassphraseError("A passphrase cannot be empty; choose a few words that you will remember.")
    return unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")


def connect_sealed(path: Path, key: bytes, *, busy_s: float, mode: str = "rw") -> sqlite3.Connection:
    """Open an existing file (or an empty one) with its key, as `sqlite3.connect` would open a plain one.

    With an empty key it opens a plain one, too. A wrong key shows at the first statement, as SQLITE_NOTADB.

    Raises
    ------
    PassphraseError
        Encryption is not installed.
    """
    library = _library()
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    connection = library.connect(uri, uri=True, timeout=busy_s, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA cipher_log_level = NONE")  # or it writes to standard error by itself
    if key:
        connection.set_key(key)
    # The same methods as sqlite3's, from which the package is made; it has no types of its own.
    return cast("sqlite3.Connection", connection)


def database_errors() -> tuple[type[Exception], ...]:
    """Return what statements raise: sqlite3's error, and SQLCipher's when it is installed."""
    try:
        return sqlite3.Error, _library().Error
    except PassphraseError:
        return (sqlite3.Error,)


def _library() -> Any:
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise PassphraseError(HOW_TO_INSTALL) from error
    return dbapi2
