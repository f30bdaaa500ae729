"""What a session is known again by when its file was moved or renamed."""

from __future__ import annotations

import hashlib
import json

from mirrorsync.session.meta import SessionMeta

__all__ = ["session_sha256"]


def session_sha256(meta: SessionMeta) -> str | None:
    """Return the SHA-256 of what makes a session the one it is; None when it does not say that (yet).

    That is when it was recorded or opened and of what, or, for an analysis that gives the same file every
    time, the contents of both recordings and which part of each is whose. The file itself changes when it is
    scored with another offset, and all that does not change who met when.
    """
    if meta.created is not None:
        what = ["session", meta.created, meta.feed_a, meta.feed_b]
    elif len(meta.inputs) == 2 and all(info.sha256 for info in meta.inputs):
        what = ["recordings"]
        for info in meta.inputs:
            what += [str(info.sha256), info.feed.partition("#")[2]]
    else:
        return None
    return hashlib.sha256(json.dumps(what, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()
