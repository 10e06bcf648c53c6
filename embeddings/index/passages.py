"""The passages and articles of an index: what is kept of them, and what reading asks for."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from embeddings.articles.article import Article, title_from
from embeddings.articles.passage import Passage

_TEXT_DIGITS, _ARTICLE_DIGITS = 16, 8
"""Hexadecimal digits of a passage key that name its text, and its article.

Two texts of a million share theirs with a probability of 1 in 10^7.
"""


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


def words_of(passage: Passage, source: Source) -> str:
    """Return the text whose words BM25 knows a passage by."""
    return f"{source.title} {' '.join(passage.headings)} {passage.text}"


class Passages(Protocol):
    """Passages in rows, each with its article; safe to use from several threads."""

    def __len__(self) -> int:
        """Number of passages."""

    def get(self, rows: Sequence[int]) -> list[tuple[Passage, Source]]:
        """Return the passages of some rows, in their order, each with its article."""

    def articles(self) -> list[ArticleRecord]:
        """Every article."""

    def all(self) -> Iterator[tuple[int, tuple[Passage, Source]]]:
        """Every passage in the order of its row, each with its article."""

    def passage_keys(self, rows: Sequence[int]) -> list[str]:
        """Return the keys of some passages; see `passage_key`."""

    def row_of_key(self, key: str) -> int | None:
        """Return the row of the passage with a key; None when it is gone, or cannot be told."""

    def rows_of_article_at(self, row: int) -> range:
        """Return the rows of the article that a passage is from."""

    def rows_of_article(self, path: str) -> range | None:
        """Return the rows of the article at a path, None when there is none."""


def passage_key(digest: str, path: str) -> str:
    """Return the key of a passage: what begins the digests of its embedded text and its article.

    A key stays the same when other passages of its article change, and when the index is built
    anew.
    """
    return digest[:_TEXT_DIGITS] + _article_digits(path)


def text_digits(key: str) -> str | None:
    """Return what the digest of the text that a key names begins with; None for what is no key."""
    digits, article = key[:_TEXT_DIGITS], key[_TEXT_DIGITS:]
    is_key = len(digits) == _TEXT_DIGITS and len(article) in (0, _ARTICLE_DIGITS)
    return digits if is_key else None


def row_named(key: str, rows: Collection[tuple[str, int]]) -> int | None:
    """Return which row a key names; None when that cannot be told.

    The article may have been renamed since, and old keys do not name one: the text alone decides
    then, where it stands in one article only. `rows` has the path and the first row of each article
    that has the text.
    """
    own = [row for path, row in rows if _article_digits(path) == key[_TEXT_DIGITS:]]
    found = own or [row for _, row in rows]
    return found[0] if len(found) == 1 else None


def _article_digits(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()[:_ARTICLE_DIGITS]
