"""The passages of a generation, and their articles, in one SQLite file.

    article(id, path, title, author, url, language, date)
    passage(id, article, start, end, page, headings, text, digest)

`article.title` is null where the article gives none. `passage.id` counts from 0 and is the row of
the passage's vector. `headings` is a JSON list. `digest` names the text that was embedded, so that
the next generation can take its vector. The file is written once and then only read.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TypeVar

from embeddings.article import Article, title_from
from embeddings.passage import Passage

T = TypeVar("T")

_SCHEMA = """
CREATE TABLE article (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, title TEXT,
    author TEXT, url TEXT, language TEXT NOT NULL, date TEXT
) STRICT;
CREATE TABLE passage (
    id INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES article, start INTEGER NOT NULL,
    end INTEGER NOT NULL, page INTEGER, headings TEXT NOT NULL, text TEXT NOT NULL,
    digest TEXT NOT NULL
) STRICT;
CREATE INDEX passage_digest ON passage (digest);
"""
_BATCH = 500
"""Values in one query; SQLite of any age takes 999."""


@dataclass(frozen=True)
class Source:
    """What is shown of the article that a passage is from."""

    path: str
    own_title: str | None
    author: str | None
    url: str | None
    language: str
    date: str | None = None

    @property
    def title(self) -> str:
        """The article's own title, or else one made from the file's name."""
        return self.own_title or title_from(self.path)


def source_of(article: Article) -> Source:
    """Return what is shown of an article."""
    return Source(
        article.path,
        article.own_title,
        article.author,
        article.url,
        article.language,
        article.date,
    )


class LibraryWriter:
    """Writes the file of a new generation."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;" + _SCHEMA
        )
        self._articles = 0
        self._passages = 0

    def add(self, source: Source, passages: Sequence[Passage], digests: Sequence[str]) -> None:
        """Append an article with its passages."""
        number = self._articles
        self._articles += 1
        self._database.execute(
            "INSERT INTO article VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, *astuple(source)),
        )
        self._database.executemany(
            "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    self._passages + offset,
                    number,
                    passage.start,
                    passage.end,
                    passage.page,
                    json.dumps(passage.headings, ensure_ascii=False),
                    passage.text,
                    digest,
                )
                for offset, (passage, digest) in enumerate(zip(passages, digests, strict=True))
            ),
        )
        self._passages += len(passages)

    def finish(self) -> None:
        """Make the file whole."""
        self._database.execute("COMMIT")
        self.close()

    def close(self) -> None:
        """Let go of the file, whole or not."""
        self._database.close()


class Library:
    """Reads the file of a generation; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Number of passages."""
        with self._lock:
            (count,) = self._database.execute("SELECT count(*) FROM passage").fetchone()
        return int(count)

    def get(self, rows: Sequence[int]) -> list[tuple[Passage, Source]]:
        """Return the passages of some rows, in their order, each with its article."""
        found: dict[int, tuple[Passage, Source]] = {}
        for batch in _batches(rows):
            marks = ",".join("?" * len(batch))
            found |= dict(self._select(f"WHERE passage.id IN ({marks})", batch))
        return [found[row] for row in rows]

    def all(self) -> Iterator[tuple[int, tuple[Passage, Source]]]:
        """Every passage in the order of its row, each with its article."""
        for start in range(0, len(self), _BATCH):
            yield from self._select(
                "WHERE passage.id >= ? AND passage.id < ? ORDER BY passage.id",
                (start, start + _BATCH),
            )

    def rows_by_digest(self, digests: Sequence[str]) -> dict[str, int]:
        """Return the row of each embedded text that is here."""
        found: dict[str, int] = {}
        for batch in _batches(digests):
            marks = ",".join("?" * len(batch))
            query = f"SELECT digest, id FROM passage WHERE digest IN ({marks})"  # noqa: S608
            with self._lock:
                found |= dict(self._database.execute(query, batch))
        return found

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()

    def _select(
        self, where: str, values: Sequence[int]
    ) -> Iterator[tuple[int, tuple[Passage, Source]]]:
        query = (
            "SELECT passage.id, start, end, text, headings, page, path, title, author, url, "  # noqa: S608
            f"language, date FROM passage JOIN article ON article.id = passage.article {where}"
        )
        with self._lock:
            records = self._database.execute(query, values).fetchall()
        for row, start, end, text, headings, page, path, *rest in records:
            passage = Passage(path, start, end, text, tuple(json.loads(headings)), page)
            yield row, (passage, Source(path, *rest))


def _batches(values: Sequence[T]) -> Iterable[Sequence[T]]:
    return (values[start : start + _BATCH] for start in range(0, len(values), _BATCH))
