"""The passages and articles of an index: what is kept of them, and what reading asks for."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from embeddings.articles.article import Article, PageStart, title_from
from embeddings.articles.passage import Passage

_TEXT_DIGITS, _ARTICLE_DIGITS = 16, 8
"""Hexadecimal digits of a passage key that name its text, and its article.

Two texts of a million share theirs with a probability of 1 in 10^7.
"""

Record = tuple[Any, ...]
"""What a query finds in one row of a table."""

SELECT_ARTICLES = (
    "SELECT path, title, author, url, language, date, file, words, {first}, passages FROM {article}"
)
"""What `article_record` takes; {first} is the column with the first row of an article."""
_SELECT_PASSAGES = """
SELECT p.id, p.start, p."end", p.text, CAST(p.headings AS text), CAST(p.pages AS text), p.digest,
       a.path, a.title, a.author, a.url, a.language, a.date{more}
FROM {passage} p JOIN {article} a ON a.id = p.article
WHERE {which} ORDER BY p.id
"""
_AT_ONCE = 2000
"""Passages that `all` reads at a time."""


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

    @property
    def section(self) -> str | None:
        """The sub-folders it lies in, as one line."""
        return " › ".join(self.path.split("/")[:-1]) or None


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


@dataclass(frozen=True)
class ArticleRecord:
    """An article in a passage store.

    Attributes:
        file: digest of its file's bytes.
        words: digest of its text.
        rows: of its passages.
    """

    source: Source
    file: str
    words: str
    rows: range


def article_record(columns: Record) -> ArticleRecord:
    """Return an article from the columns of `SELECT_ARTICLES`."""
    *source, file, words, first, passages = columns
    return ArticleRecord(Source(*source), file, words, range(first, first + passages))


def words_of(passage: Passage, source: Source) -> str:
    """Return the text whose words BM25 knows a passage by."""
    return f"{source.title} {' '.join(passage.headings)} {passage.text}"


def columns_of(passage: Passage, digest: str) -> tuple[object, ...]:
    """Return what a table has of a passage: start, end, pages, headings, text, digest."""
    return (
        passage.start,
        passage.end,
        json.dumps([astuple(page) for page in passage.pages]),
        json.dumps(passage.headings, ensure_ascii=False),
        passage.text,
        digest,
    )


class Passages(ABC):
    """Passages in rows, each with its article, in SQL tables; safe to use from several threads."""

    _more_columns = ""

    @abstractmethod
    def __len__(self) -> int:
        """Number of passages."""

    def get(self, rows: Sequence[int]) -> list[tuple[Passage, Source]]:
        """Return the passages of some rows, in their order, each with its article."""
        records = self._records(rows)
        return [_entry(records[row]) for row in rows]

    def all(self) -> Iterator[tuple[int, tuple[Passage, Source]]]:
        """Every passage in the order of its row, each with its article."""
        last = -1
        while records := self._read(
            "p.id IN (SELECT id FROM {passage} WHERE id > %s ORDER BY id LIMIT %s)", last, _AT_ONCE
        ):
            yield from ((record[0], _entry(record)) for record in records)
            last = records[-1][0]

    def digests(self, rows: Sequence[int]) -> list[str]:
        """Return what names the embedded text of some passages."""
        records = self._records(rows)
        return [records[row][6] for row in rows]

    def passage_keys(self, rows: Sequence[int]) -> list[str]:
        """Return the keys of some passages; see `passage_key`."""
        records = self._records(rows)
        return [passage_key(records[row][6], records[row][7]) for row in rows]

    def row_of_key(self, key: str) -> int | None:
        """Return the row of the passage with a key; None when it is gone, or cannot be told.

        The article may have been renamed since, and old keys do not name one: the text alone
        decides then, where it stands in one article only.
        """
        digits, article = key[:_TEXT_DIGITS], key[_TEXT_DIGITS:]
        if len(digits) != _TEXT_DIGITS or len(article) not in (0, _ARTICLE_DIGITS):
            return None
        records = self._fetch(
            "SELECT a.path, min(p.id) FROM {passage} p JOIN {article} a ON a.id = p.article "
            "WHERE p.digest >= %s AND p.digest < %s GROUP BY a.path",
            digits,
            f"{digits}g",
        )
        own = [row for path, row in records if _article_digits(path) == article]
        found = own or [row for _, row in records]
        return found[0] if len(found) == 1 else None

    def articles(self) -> list[ArticleRecord]:
        """Every article."""
        return list(map(article_record, self._fetch(f"{SELECT_ARTICLES} ORDER BY id")))

    def rows_of_article_at(self, row: int) -> range:
        """Return the rows of the article that a passage is from."""
        ((first, count),) = self._fetch(
            "SELECT a.{first}, a.passages FROM {article} a JOIN {passage} p ON p.article = a.id "
            "WHERE p.id = %s",
            row,
        )
        return range(first, first + count)

    def rows_of_article(self, path: str) -> range | None:
        """Return the rows of the article at a path, None when there is none."""
        records = self._fetch("SELECT {first}, passages FROM {article} WHERE path = %s", path)
        return range(records[0][0], sum(records[0])) if records else None

    @abstractmethod
    def _records(self, rows: Sequence[int]) -> Mapping[int, Record]:
        """Return records of `_read` by row."""

    @abstractmethod
    def _fetch(self, query: str, *values: object) -> list[Record]:
        """Return the records of a query; {first} is the column with the first row of an article."""

    def _read(self, which: str, *values: object) -> list[Record]:
        query = _SELECT_PASSAGES.replace("{more}", self._more_columns).replace("{which}", which)
        return self._fetch(query, *values)


def _entry(record: Record) -> tuple[Passage, Source]:
    _, start, end, text, headings, pages, _, path, title, author, url, language, date, *_ = record
    starts = tuple(PageStart(*page) for page in json.loads(pages))
    passage = Passage(path, start, end, text, tuple(json.loads(headings)), starts)
    return passage, Source(path, title, author, url, language, date)


def passage_key(digest: str, path: str) -> str:
    """Return the key of a passage: what begins the digests of its embedded text and its article.

    A key stays the same when other passages of its article change, and when the index is built
    anew.
    """
    return digest[:_TEXT_DIGITS] + _article_digits(path)


def _article_digits(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()[:_ARTICLE_DIGITS]
