"""The passages of one snapshot of an index in PostgreSQL, and their articles."""

from collections.abc import Iterator, Sequence

from embeddings.articles.article import PageStart
from embeddings.articles.passage import Passage
from embeddings.index.passages import ArticleRecord, Source, passage_key, row_named, text_digits
from embeddings.index.postgres.tables import Record, Tables
from embeddings.text.sentences import Span

_AT_ONCE = 2000

_PASSAGE = """
SELECT p.id, p.start, p."end", p.text, p.headings, p.pages, p.digest,
       a.path, a.title, a.author, a.url, a.language, a.date,
       (SELECT array_agg(ARRAY[s.start, s."end"] ORDER BY s.number)
        FROM {sentence} s WHERE s.passage = p.id)
FROM {passage} p JOIN {article} a ON a.id = p.article
WHERE {which} ORDER BY p.id
"""


class PostgresPassages:
    """Reads passages in the transaction of a snapshot; what it has read, it keeps."""

    def __init__(self, tables: Tables, count: int) -> None:
        self._tables, self._count = tables, count
        self._known: dict[int, Record] = {}

    def __len__(self) -> int:
        """Number of passages."""
        return self._count

    def get(self, rows: Sequence[int]) -> list[tuple[Passage, Source]]:
        """Return the passages of some rows, in their order, each with its article."""
        self.load(rows)
        return [_entry(self._known[row]) for row in rows]

    def sentence_spans(self, row: int) -> list[Span]:
        """Return the sentences of a passage as spans of its text."""
        self.load([row])
        return [(start, end) for start, end in self._known[row][-1]]

    def load(self, rows: Sequence[int]) -> None:
        """Read some passages in one query, for `get` and `sentence_spans`."""
        new = [int(row) for row in rows if row not in self._known]
        if new:
            self._known |= {record[0]: record for record in self._read("p.id = ANY(%s)", new)}

    def passage_keys(self, rows: Sequence[int]) -> list[str]:
        """Return the keys of some passages."""
        self.load(rows)
        return [passage_key(self._known[row][6], self._known[row][7]) for row in rows]

    def digests(self, rows: Sequence[int]) -> list[str]:
        """Return what names the embedded text of some passages."""
        self.load(rows)
        return [self._known[row][6] for row in rows]

    def all(self) -> Iterator[tuple[int, tuple[Passage, Source]]]:
        """Every passage in the order of its row, each with its article."""
        last = -1
        while records := self._read(
            "p.id IN (SELECT id FROM {passage} WHERE id > %s ORDER BY id LIMIT %s)", last, _AT_ONCE
        ):
            for record in records:
                yield record[0], _entry(record)
            last = records[-1][0]

    def articles(self) -> list[ArticleRecord]:
        """Every article, in the order of its row."""
        records = self._tables.fetch(
            "SELECT path, title, author, url, language, date, file, words, id, passages "
            "FROM {article} ORDER BY id"
        )
        return [
            ArticleRecord(Source(*source), file, words, range(first, first + passages))
            for *source, file, words, first, passages in records
        ]

    def row_of_key(self, key: str) -> int | None:
        """Return the row of the passage with a key; None when it is gone, or cannot be told."""
        digits = text_digits(key)
        if digits is None:
            return None
        records = self._tables.fetch(
            "SELECT a.path, min(p.id) FROM {passage} p JOIN {article} a ON a.id = p.article "
            "WHERE p.digest >= %s AND p.digest < %s GROUP BY a.path",
            digits,
            f"{digits}g",
        )
        return row_named(key, records)

    def rows_of_article_at(self, row: int) -> range:
        """Return the rows of the article that a passage is from."""
        ((first, count),) = self._tables.fetch(
            "SELECT a.id, a.passages FROM {article} a JOIN {passage} p ON p.article = a.id "
            "WHERE p.id = %s",
            row,
        )
        return range(first, first + count)

    def rows_of_article(self, path: str) -> range | None:
        """Return the rows of the article at a path, None when there is none."""
        records = self._tables.fetch("SELECT id, passages FROM {article} WHERE path = %s", path)
        return range(records[0][0], sum(records[0])) if records else None

    def _read(self, which: str, *values: object) -> list[Record]:
        return self._tables.fetch(_PASSAGE.replace("{which}", which), *values)


def _entry(record: Record) -> tuple[Passage, Source]:
    _, start, end, text, headings, pages, _, path, *rest, _ = record
    starts = tuple(PageStart(*page) for page in pages)
    return Passage(path, start, end, text, tuple(headings), starts), Source(path, *rest)
