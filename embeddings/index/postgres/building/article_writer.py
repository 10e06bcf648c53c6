"""Puts articles into a version of the index, renames them, and takes them out."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np
from pgvector import HalfVector

from embeddings.articles.passage import Passage
from embeddings.index.bm25 import key_of
from embeddings.index.embed import Embedded
from embeddings.index.manifest import SkippedEntry
from embeddings.index.passages import ArticleRecord, Source, columns_of, words_of
from embeddings.index.postgres import versions
from embeddings.index.postgres.passages import PostgresPassages
from embeddings.index.postgres.tables import Tables
from embeddings.index.postgres.versions import Version
from embeddings.text.lemmas import lemmas
from embeddings.translatable import to_json

_MOST_COUNTED = 2**15 - 1
_PASSAGES_AT_ONCE = 500


@dataclass(frozen=True)
class StagedArticle:
    """An article that is read and split, and waits for its vectors.

    Attributes:
        warnings: what could not be read well.
        state: digest of its file's bytes.
        words: digest of its text.
        digests: of each passage, what is embedded of it.
        seen: when an index first had the file with this content, as a Unix time.
        stat: what the file system said of the file, None where that may still change.
    """

    source: Source
    warnings: Sequence[str]
    state: str
    words: str
    passages: Sequence[Passage]
    digests: Sequence[str]
    seen: float
    stat: str | None = None


class ArticleWriter:
    """Writes within the caller's transaction, and notes what has changed at its end."""

    def __init__(self, tables: Tables, version: Version) -> None:
        self._tables, self._version = tables.of(version.number), version
        self._change: Counter[str] | None = None

    def known_vectors(self, digests: Sequence[str]) -> dict[str, Embedded]:
        """Return the vectors of texts that the version has already."""
        records = self._tables.fetch(
            "SELECT DISTINCT ON (p.digest) p.digest, v.vector, t.packed, t.segments, "
            "s.places, s.vectors FROM {passage} p JOIN {passage_vector} v USING (id) "
            "JOIN {passage_token} t USING (id) CROSS JOIN LATERAL ("
            '  SELECT array_agg(ARRAY[start, "end"] ORDER BY number) AS places, '
            "  array_agg(vector ORDER BY number) AS vectors FROM {sentence} WHERE passage = p.id"
            ") s WHERE p.digest = ANY(%s)",
            list(digests),
        )
        width = self._version.dimension // 4
        return {
            digest: Embedded(
                _array(vector),
                [(start, end) for start, end in places],
                np.array([_array(one) for one in vectors], np.float32),
                np.frombuffer(packed, np.uint8).reshape(-1, width),
                np.frombuffer(segments, np.int16),
            )
            for digest, vector, packed, segments, places, vectors in records
        }

    def articles_with(self, digests: Sequence[str]) -> list[tuple[str, int, str]]:
        """Return which texts the version has: digest, and first row and path of the article."""
        return self._tables.fetch(
            "SELECT DISTINCT p.digest, a.id, a.path FROM {passage} p "
            "JOIN {article} a ON a.id = p.article WHERE p.digest = ANY(%s)",
            list(digests),
        )

    def replace(self, staged: StagedArticle, vectors: Mapping[str, Embedded]) -> None:
        """Put an article in, in place of the one at its path."""
        source, passages = staged.source, staged.passages
        self._tables.run("DELETE FROM {skipped} WHERE path = %s", source.path)
        self.delete_at([source.path])
        first = self._allocate(max(1, len(passages)))
        self._tables.run(
            "INSERT INTO {article} VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            first,
            *astuple(source),
            staged.state,
            staged.words,
            len(passages),
            json.dumps([to_json(text) for text in staged.warnings]),
            staged.seen,
            staged.stat,
        )
        embedded = [vectors[digest] for digest in staged.digests]
        words = self._add_words(
            {first + n: _words_of(passage, source) for n, passage in enumerate(passages)}
        )
        self._copy_passages(first, staged, words)
        self._copy_vectors(first, source.language, embedded)
        self._count(passages=len(passages), sentences=sum(len(one.spans) for one in embedded))

    def rename(self, record: ArticleRecord, source: Source) -> None:
        """Give an article another path; words of a title made from it are others then."""
        rows = list(record.rows)
        self._tables.run(
            "UPDATE {article} SET path = %s WHERE id = %s", source.path, record.rows.start
        )
        self._count()
        if source.title == record.source.title:
            return
        self._delete_words(rows)
        passages = PostgresPassages(self._tables, 0)
        found = passages.get(rows)
        words = self._add_words(
            {row: _words_of(one, source) for row, (one, _) in zip(rows, found, strict=True)}
        )
        for row in rows:
            self._tables.run("UPDATE {passage} SET words = %s WHERE id = %s", words[row], row)

    def delete_at(self, paths: Collection[str], kept: Sequence[int] = ()) -> None:
        """Take out the articles at some paths, but not those with these first rows."""
        found = self._tables.fetch(
            "SELECT id, passages FROM {article} WHERE path = ANY(%s) AND id <> ALL(%s::int4[])",
            list(paths),
            list(kept),
        )
        if not found:
            return
        rows = [row for first, passages in found for row in range(first, first + passages)]
        for start in range(0, len(rows), _PASSAGES_AT_ONCE):
            batch = rows[start : start + _PASSAGES_AT_ONCE]
            self._delete_words(batch)
            sentences = self._tables.run("DELETE FROM {sentence} WHERE passage = ANY(%s)", batch)
            self._tables.run("DELETE FROM {passage_vector} WHERE id = ANY(%s)", batch)
            self._tables.run("DELETE FROM {passage_token} WHERE id = ANY(%s)", batch)
            self._tables.run("DELETE FROM {passage} WHERE id = ANY(%s)", batch)
            self._count(passages=-len(batch), sentences=-sentences)
        self._tables.run("DELETE FROM {article} WHERE id = ANY(%s)", [first for first, _ in found])
        self._count()

    def note_skipped(self, paths: Collection[str], skipped: Sequence[SkippedEntry]) -> None:
        """Note which files at some paths gave no article."""
        before = self._tables.fetch(
            "SELECT path, sha256, reason, same_as FROM {skipped} WHERE path = ANY(%s)", list(paths)
        )
        now = [(one.path, one.sha256, to_json(one.reason), one.same_as) for one in skipped]
        if sorted(before) == sorted(now):
            return
        self._tables.run("DELETE FROM {skipped} WHERE path = ANY(%s)", list(paths))
        for one in skipped:
            self._tables.run(
                "INSERT INTO {skipped} VALUES (%s, %s, %s, %s, %s)",
                one.path,
                one.sha256,
                json.dumps(to_json(one.reason)),
                one.same_as,
                one.seen,
            )
        self._count()

    def finish(self) -> None:
        """Note that the version has changed, if it has, and tell those who read it."""
        change, self._change = self._change, None
        if change is not None:
            versions.changed(self._tables, self._version, **change)

    def _allocate(self, count: int) -> int:
        """Return the first of so many new rows."""
        ((first,),) = self._tables.fetch(
            "SELECT setval(%s, nextval(%s) + %s) - %s",
            f"{self._tables.schema}.next_row",
            f"{self._tables.schema}.next_row",
            count - 1,
            count - 1,
        )
        return int(first)

    def _copy_passages(
        self, first: int, staged: StagedArticle, words: Mapping[int, list[int]]
    ) -> None:
        self._tables.copy(
            'COPY {passage} (id, article, start, "end", pages, headings, text, digest, words) '
            "FROM STDIN",
            [],
            [
                (row, first, *columns_of(passage, digest), numbers)
                for (row, numbers), passage, digest in zip(
                    words.items(), staged.passages, staged.digests, strict=True
                )
            ],
        )

    def _copy_vectors(self, first: int, language: str, embedded: Sequence[Embedded]) -> None:
        self._tables.copy(
            "COPY {passage_vector} (id, language, vector) FROM STDIN (FORMAT BINARY)",
            ["int4", "text", "halfvec"],
            [(first + n, language, HalfVector(one.vector)) for n, one in enumerate(embedded)],
        )
        self._tables.copy(
            'COPY {sentence} (passage, number, start, "end", vector) FROM STDIN (FORMAT BINARY)',
            ["int4", "int2", "int4", "int4", "halfvec"],
            [
                (first + n, number, start, end, HalfVector(vector))
                for n, one in enumerate(embedded)
                for number, ((start, end), vector) in enumerate(
                    zip(one.spans, one.sentences, strict=True)
                )
            ],
        )
        self._tables.copy(
            "COPY {passage_token} (id, packed, segments) FROM STDIN (FORMAT BINARY)",
            ["int4", "bytea", "bytea"],
            [
                (first + n, one.packed.tobytes(), one.segments.tobytes())
                for n, one in enumerate(embedded)
            ],
        )

    def _add_words(self, documents: Mapping[int, Sequence[str]]) -> dict[int, list[int]]:
        """Index the words of passages by row; return the numbers of those that each has."""
        counted = {row: Counter(key_of(word) for word in words) for row, words in documents.items()}
        lengths = {row: min(max(1, len(words)), _MOST_COUNTED) for row, words in documents.items()}
        frequencies = Counter(key for words in counted.values() for key in words)
        numbers = self._number_words(frequencies)
        self._tables.copy(
            "COPY {posting} (word, passage, count, length) FROM STDIN (FORMAT BINARY)",
            ["int4", "int4", "int2", "int2"],
            [
                (numbers[key], row, min(count, _MOST_COUNTED), lengths[row])
                for row, words in counted.items()
                for key, count in words.items()
            ],
        )
        self._count(words=sum(lengths.values()))
        return {row: sorted(numbers[key] for key in words) for row, words in counted.items()}

    def _number_words(self, frequencies: Mapping[int, int]) -> dict[int, int]:
        """Raise the frequencies of words by as much; return the number of each."""
        keys = sorted(frequencies)
        known = self._tables.fetch(
            "UPDATE {word} AS w SET passages = w.passages + new.number "
            "FROM unnest(%s::int8[], %s::int4[]) AS new (key, number) WHERE w.key = new.key "
            "RETURNING w.key, w.id",
            keys,
            [frequencies[key] for key in keys],
        )
        numbers: dict[int, int] = dict(known)
        new = [key for key in keys if key not in numbers]
        added = self._tables.fetch(
            "INSERT INTO {word} (key, passages) SELECT * FROM unnest(%s::int8[], %s::int4[]) "
            "RETURNING key, id",
            new,
            [frequencies[key] for key in new],
        )
        return numbers | dict(added)

    def _delete_words(self, rows: Sequence[int]) -> None:
        held = self._tables.fetch(
            "SELECT word, count(*)::int4, array_agg(id) FROM {passage}, unnest(words) AS word "
            "WHERE id = ANY(%s) GROUP BY word",
            list(rows),
        )
        lengths = self._tables.fetch(
            "DELETE FROM {posting} WHERE (word, passage) IN ("
            "SELECT word, id FROM {passage}, unnest(words) AS word WHERE id = ANY(%s)"
            ") RETURNING passage, length",
            list(rows),
        )
        self._tables.run(
            "UPDATE {word} AS w SET passages = w.passages - gone.number "
            "FROM unnest(%s::int4[], %s::int4[]) AS gone (id, number) WHERE w.id = gone.id",
            [word for word, _, _ in held],
            [number for _, number, _ in held],
        )
        without = len(rows) - len({row for row, _ in lengths})
        self._count(words=-sum(dict(lengths).values()) - without)

    def _count(self, **added: int) -> None:
        """Note that the version has changed, and how many passages, sentences, words that adds."""
        if self._change is None:
            self._change = Counter()
        self._change.update(added)


def _words_of(passage: Passage, source: Source) -> list[str]:
    return lemmas(words_of(passage, source), source.language)


def _array(vector: HalfVector) -> "np.typing.NDArray[np.float32]":
    return np.asarray(vector.to_numpy(), np.float32)
