"""Replies that were paid for, kept so that none is paid for twice."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ragqa.endpoint import Reply
from ragqa.errors import OutsideError, RagqaError

_TABLE = """
CREATE TABLE IF NOT EXISTS calls (
    key TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    model TEXT NOT NULL,
    latency_ms REAL NOT NULL,
    cut INTEGER NOT NULL,
    at REAL NOT NULL
)
"""
_CAUSES = """
CREATE TABLE IF NOT EXISTS causes (
    key TEXT PRIMARY KEY,
    lack TEXT NOT NULL,
    refusal TEXT NOT NULL
)
"""
"""of replies without a whole text; apart, so that older caches stay as they are"""

_FIELDS = "text, prompt_tokens, completion_tokens, model, latency_ms, cut"


class CacheError(OutsideError):
    """The disk refuses the cache."""


class CallCache:
    """A SQLite file of replies by everything that decided them.

    Each reply is committed as it comes: a process that is killed loses none. Several processes may
    share the file. Raises RagqaError for a file that is no cache, OutsideError CacheError when the
    disk refuses.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # The event loop's thread is not the one that opened the cache.
            self._connection = sqlite3.connect(
                self.path, timeout=30, isolation_level=None, check_same_thread=False
            )
            # The write-ahead log survives the process's death; only a power cut could lose its end.
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            # Moving the log into the file stops everything for a moment: rarely, or at the end.
            self._connection.execute("PRAGMA wal_autocheckpoint = 20000")
            self._connection.execute(_TABLE)
            self._connection.execute(f"SELECT {_FIELDS} FROM calls LIMIT 0")
            self._connection.execute(_CAUSES)
        except (sqlite3.Error, OSError) as error:
            raise self._failure(error) from error

    def empty(self) -> bool:
        """Whether no reply is kept."""
        try:
            return self._connection.execute("SELECT 1 FROM calls LIMIT 1").fetchone() is None
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def get(self, key: str) -> Reply | None:
        """The reply kept under `key`."""
        try:
            row = self._connection.execute(
                f"SELECT {_FIELDS}, lack, refusal FROM calls LEFT JOIN causes USING (key) "
                "WHERE key = ?",
                (key,),
            ).fetchone()
        except sqlite3.Error as error:
            raise self._failure(error) from error
        if row is None:
            return None
        text, prompt_tokens, completion_tokens, model, latency_ms, cut, lack, refusal = row
        counts = (prompt_tokens, completion_tokens)
        return Reply(text, *counts, model, latency_ms, bool(cut), lack or "", refusal or "")

    def put(self, key: str, reply: Reply) -> None:
        """Keep `reply`; it is safe when this returns."""
        values = (
            key,
            _storable(reply.text),
            reply.prompt_tokens,
            reply.completion_tokens,
            reply.model,
            reply.latency_ms,
            int(reply.cut),
            time.time(),
        )
        cause = (key, reply.lack, _storable(reply.refusal))
        try:
            # The cause first: a reply must not be kept without it.
            if reply.lack:
                self._connection.execute("INSERT OR REPLACE INTO causes VALUES (?,?,?)", cause)
            else:
                self._connection.execute("DELETE FROM causes WHERE key = ?", (key,))
            self._connection.execute(
                "INSERT OR REPLACE INTO calls VALUES (?,?,?,?,?,?,?,?)", values
            )
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def _failure(self, error: Exception) -> RagqaError:
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(
            error, sqlite3.OperationalError
        ):
            return RagqaError(
                f"{self.path} is damaged or no cache of judgements; move it away or name another "
                "with --cache."
            )
        return CacheError(
            f"The cache {self.path} cannot be used ({error}); name another with --cache."
        )


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def call_key(request: Mapping[str, Any]) -> str:
    """The key of a call: a hash of everything that decides its reply."""
    text = json.dumps(request, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
