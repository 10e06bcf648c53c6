"""The passages of a generation, and their articles, in one SQLite file.

    article(id, path, title, author, url, language, date, file, words, first, passages)
    passage(id, article, start, end, pages, headings, text, digest)

`article.title` is null where the article gives none; `file` and `words` are digests of its bytes
and of its text; its passages are those from `first` on. `passage.id` counts from 0 and is the row
of the passage's vector. `headings` is a JSON list; so is `pages`, of [start, number, is_scanned].
`digest` names the text that was embedded, so that the next generation can take its vector. The file
is written once and then only read.
"""

import json
import sqlite3
import threading
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Self

from embeddings.articles.passage import Passage
from embeddings.index.passages import ArticleRecord, Passages, Record, Source, columns_of
from embeddings.storage.files import unreadable

_SCHEMA = """
CREATE TABLE article (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, title TEXT,
    author TEXT, url TEXT, language TEXT NOT NULL, date TEXT, file TEXT NOT NULL,
    words TEXT NOT NULL, first INTEGER NOT NULL, passages INTEGER NOT NULL
) STRICT;
CREATE TABLE passage (
    id INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES article, start INTEGER NOT NULL,
    end INTEGER NOT NULL, pages TEXT NOT NULL, headings TEXT NOT NULL, text TEXT NOT NULL,
    digest TEXT NOT NULL
) STRICT;
CREATE INDEX passage_digest ON passage (digest);
"""


class PassageStoreWriter:
    """Writes the file of a new generation."""

    def __init__(self, path: Path, base: "PassageStore | None" = None) -> None:
        self._database = sqlite3.connect(path, isolation_level=None, uri=True)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute("PRAGMA synchronous=OFF")
        if base is not None:
            self._database.execute("ATTACH ? AS base", (base.address,))
        self._database.executescript("BEGIN;" + _SCHEMA)
        self._articles = 0
        self._passages = 0

    def add(
        self,
        source: Source,
        passages: Sequence[Passage],
        digests: Sequence[str],
        *,
        file: str,
        words: str,
    ) -> None:
        """Append an article with its passages, and the digests of its file and its text."""
        self._database.executemany(
            "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (row, self._articles, *columns_of(passage, digest))
                for row, (passage, digest) in enumerate(
                    zip(passages, digests, strict=True), self._passages
                )
            ),
        )
        self._add_article(source, file, words, len(passages))

    def copy(self, record: ArticleRecord, source: Source) -> None:
        """Append an article of the base, under the path that `source` has now."""
        rows = record.rows
        self._database.execute(
            "INSERT INTO passage SELECT id + ?, ?, start, end, pages, headings, text, digest "
            "FROM base.passage WHERE id >= ? AND id < ? ORDER BY id",
            (self._passages - rows.start, self._articles, rows.start, rows.stop),
        )
        self._add_article(source, record.file, record.words, len(rows))

    def finish(self) -> None:
        """Make the file whole."""
        self._database.execute("COMMIT")
        self.close()

    def close(self) -> None:
        """Let go of the file, whole or not."""
        self._database.close()

    def _add_article(self, source: Source, file: str, words: str, passages: int) -> None:
        self._database.execute(
            "INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self._articles, *astuple(source), file, words, self._passages, passages),
        )
        self._articles += 1
        self._passages += passages


class PassageStore(Passages):
    """Reads the file of a generation; safe to use from several threads.

    Attributes:
        address: for another connection to the same file.
    """

    def __init__(self, path: Path) -> None:
        self.address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(self.address, uri=True, check_same_thread=False)
        # Python 3.13 warns of a connection that nobody has closed; a reader may just be let go of.
        weakref.finalize(self, self._database.close)
        self._lock = threading.Lock()

    @classmethod
    def load(cls, path: Path) -> Self:
        """Open a finished file.

        Raises:
            IndexDamaged: it is no such file.
            IndexUnavailable: the system has no handles or memory left.
        """
        store = None
        try:
            path.open("rb").close()  # says what is wrong, where SQLite only says that something is
            store = cls(path)
            len(store)
        except (OSError, sqlite3.Error, MemoryError) as error:
            if store is not None:
                store.close()
            raise unreadable(path, error) from error
        return store

    def __len__(self) -> int:
        """Number of passages."""
        ((count,),) = self._fetch("SELECT count(*) FROM {passage}")
        return int(count)

    def rows_by_digest(self, digests: Sequence[str]) -> dict[str, int]:
        """Return the row of each embedded text that is here."""
        query = "SELECT digest, id FROM {passage} WHERE digest IN (SELECT value FROM json_each(%s))"
        return dict(self._fetch(query, json.dumps(list(digests))))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()

    def _records(self, rows: Sequence[int]) -> Mapping[int, Record]:
        among = "p.id IN (SELECT value FROM json_each(%s))"
        return {record[0]: record for record in self._read(among, json.dumps(list(rows)))}

    def _fetch(self, query: str, *values: object) -> list[Record]:
        query = query.format(article="article", passage="passage", first="first")
        with self._lock:
            return self._database.execute(query.replace("%s", "?"), values).fetchall()
