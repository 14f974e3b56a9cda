"""An index's transcripts, chunks, moments and words, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from ragqa.chunks import Window
from ragqa.index.words import joined, stems, words
from ragqa.types import Chunk, Cue, Moment, Transcript

_SCHEMA = """
CREATE TABLE transcripts (
    id TEXT PRIMARY KEY, title TEXT, language TEXT, url TEXT, lecturer TEXT, course TEXT,
    path TEXT, extra TEXT, hash TEXT
) STRICT;
CREATE TABLE cues (
    transcript_id TEXT, position INTEGER, start REAL, "end" REAL, text TEXT,
    PRIMARY KEY (transcript_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE chunks (
    row INTEGER PRIMARY KEY, corpus_id INTEGER UNIQUE, transcript_id TEXT,
    first_cue INTEGER, last_cue INTEGER, start REAL, "end" REAL, text TEXT, key BLOB
) STRICT;
CREATE INDEX chunks_of ON chunks (transcript_id);
CREATE INDEX chunk_keys ON chunks (key);
CREATE TABLE moments (
    row INTEGER PRIMARY KEY, transcript_id TEXT, first_cue INTEGER, last_cue INTEGER,
    start REAL, "end" REAL, text TEXT, key BLOB
) STRICT;
CREATE INDEX moments_of ON moments (transcript_id, first_cue);
CREATE INDEX moment_keys ON moments (key);
CREATE VIRTUAL TABLE lexicon USING fts5 (
    stems, joined, content='', tokenize="unicode61 remove_diacritics 0"
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (lexicon, 'row');
"""

_CHUNK = """
SELECT chunks.row, corpus_id, transcript_id, first_cue, last_cue, start, "end", text,
       title, language, url, lecturer, course
FROM chunks JOIN transcripts ON transcripts.id = transcript_id
"""


class Metadata:
    """The SQLite file of an index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._vocabulary: dict[str, list[str]] = {}

    def terms_beginning(self, head: str) -> list[str]:
        """The corpus's terms that begin with `head`, of an index that is no longer written to."""
        if head not in self._vocabulary:
            found = self.connection.execute(
                "SELECT term FROM vocabulary WHERE term >= ? AND term < ?",
                (head, head + "\U0010ffff"),
            )
            self._vocabulary[head] = [term for (term,) in found]
        return self._vocabulary[head]

    @classmethod
    def create(cls, path: Path) -> Metadata:
        """A new, empty file."""
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_SCHEMA)
        return cls(connection)

    @classmethod
    def open(cls, path: Path) -> Metadata:
        """An existing file, for reading only, from any thread."""
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        return cls(sqlite3.connect(uri, uri=True, check_same_thread=False))

    def close(self) -> None:
        """Let go of the file."""
        self.connection.commit()
        self.connection.close()

    def add_transcript(self, transcript: Transcript, digest: str) -> None:
        """Store a transcript and its cues; `digest` is its content hash."""
        t = transcript
        extra = json.dumps(dict(t.extra), ensure_ascii=True, default=str)
        self.connection.execute(
            "INSERT INTO transcripts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (t.id, t.title, t.language, t.url, t.lecturer, t.course, t.path, extra, digest),
        )
        self.connection.executemany(
            "INSERT INTO cues VALUES (?, ?, ?, ?, ?)",
            ((t.id, i, cue.start, cue.end, cue.text) for i, cue in enumerate(t.cues)),
        )

    def add_chunk(self, row: int, chunk: Chunk, key: bytes) -> None:
        """Store a chunk and its words; `key` names its vector."""
        c = chunk
        where = (c.start, c.end)
        self.connection.execute(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (row, c.corpus_id, c.transcript_id, c.first_cue, c.last_cue, *where, c.text, key),
        )
        tokens = words(c.text)
        self.connection.execute(
            "INSERT INTO lexicon (rowid, stems, joined) VALUES (?, ?, ?)",
            (row, " ".join(stems(tokens, c.language)), " ".join(joined(tokens))),
        )

    def add_moment(self, row: int, moment: Moment, key: bytes) -> None:
        """Store a moment; `key` names its vector."""
        m = moment
        self.connection.execute(
            "INSERT INTO moments VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row, m.transcript_id, m.first_cue, m.last_cue, m.start, m.end, m.text, key),
        )

    def digests(self) -> dict[str, str]:
        """Transcript id -> content hash."""
        return dict(self.connection.execute("SELECT id, hash FROM transcripts"))

    def transcripts(self, cues: bool = True) -> Iterator[Transcript]:
        """All transcripts in the order they were indexed; without cues when not needed."""
        rows = self.connection.execute("SELECT * FROM transcripts ORDER BY rowid").fetchall()
        for identifier, title, language, url, lecturer, course, path, extra, _ in rows:
            yield Transcript(
                id=identifier,
                title=title,
                language=language,
                cues=tuple(self.cues(identifier)) if cues else (),
                url=url,
                lecturer=lecturer,
                course=course,
                path=path,
                extra=json.loads(extra),
            )

    def cues(self, transcript_id: str) -> Iterator[Cue]:
        """A transcript's cues in order."""
        query = 'SELECT start, "end", text FROM cues WHERE transcript_id = ? ORDER BY position'
        for start, end, text in self.connection.execute(query, (transcript_id,)):
            yield Cue(start, end, text)

    def windows(self, transcript_id: str) -> list[tuple[int, Window]]:
        """A transcript's chunks as (corpus_id, window), in order."""
        query = (
            "SELECT corpus_id, first_cue, last_cue FROM chunks WHERE transcript_id = ? ORDER BY row"
        )
        rows = self.connection.execute(query, (transcript_id,))
        return [(identifier, Window(first, last)) for identifier, first, last in rows]

    def chunks(self, rows: Iterable[int] | None = None) -> dict[int, Chunk]:
        """Row -> chunk, for all rows or those given."""
        if rows is None:
            found = self.connection.execute(_CHUNK + " ORDER BY chunks.row")
        else:
            wanted = ",".join(str(int(row)) for row in rows)
            found = self.connection.execute(f"{_CHUNK} WHERE chunks.row IN ({wanted})")
        return {row: Chunk(*values) for row, *values in found}

    def moment_rows(self, rows: Iterable[int]) -> dict[int, tuple[int, int]]:
        """Chunk row -> first moment row and one past the last, of the moments that touch it."""
        wanted = ",".join(str(int(row)) for row in rows)
        found = self.connection.execute(
            "SELECT chunks.row, min(moments.row), max(moments.row) + 1 FROM chunks "
            "JOIN moments ON moments.transcript_id = chunks.transcript_id "
            "AND moments.first_cue BETWEEN chunks.first_cue - 2 AND chunks.last_cue "
            "AND moments.last_cue >= chunks.first_cue "
            f"WHERE chunks.row IN ({wanted}) GROUP BY chunks.row"
        )
        return {row: (first, past) for row, first, past in found}

    def moment_rows_of(self, corpus_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
        """As `moment_rows`, by corpus_id."""
        wanted = ",".join(str(int(identifier)) for identifier in corpus_ids)
        found = self.connection.execute(
            f"SELECT row, corpus_id FROM chunks WHERE corpus_id IN ({wanted})"
        )
        names = dict(found.fetchall())
        return {names[row]: where for row, where in self.moment_rows(names).items()}

    def moments(self, first: int, past: int) -> list[Moment]:
        """The moments of a range of rows."""
        found = self.connection.execute(
            'SELECT transcript_id, first_cue, last_cue, start, "end", text FROM moments '
            "WHERE row >= ? AND row < ? ORDER BY row",
            (first, past),
        )
        return [Moment(*values) for values in found]

    def count(self, table: str) -> int:
        """How many rows `table` has."""
        return int(self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
