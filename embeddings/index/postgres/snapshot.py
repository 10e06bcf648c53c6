"""Retrieval in PostgreSQL: exact or by HNSW over half-precision vectors, and BM25 over postings.

A question costs few round trips: the frequency of its words, the candidates with their scores, and
the tokens and texts of the best.
"""

import math
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from pgvector import HalfVector
from psycopg import sql

from embeddings.array_types import Bytes, Floats, Rows, Segments
from embeddings.index.bm25 import K1, B, key_of
from embeddings.index.postgres.passages import PostgresPassages
from embeddings.index.postgres.tables import Tables
from embeddings.index.postgres.versions import Version
from embeddings.index.search_index import Candidates, Query
from embeddings.storage.ragged import Ragged, edges
from embeddings.text.sentences import Span

_MOST_POSTINGS = 5000
"""Of the rarest words of a question, that are read to find passages; the other words count where
these have found one. The rarest word is read whole."""
_MOST_BY_RARE_WORDS = 200
"""Passages found by those words that are scored by all words."""

_RETRIEVE = """
WITH near AS ({near}),
ranked AS (
    SELECT id, row_number() OVER (ORDER BY distance) AS among_all,
           row_number() OVER (PARTITION BY language ORDER BY distance) AS in_language FROM near
),
asked AS (SELECT * FROM unnest(%(words)s::int4[], %(weights)s::float8[]) AS asked (word, weight)),
by_rare_words AS (
    SELECT p.passage FROM {posting} p JOIN asked USING (word) WHERE p.word = ANY(%(rare)s::int4[])
    GROUP BY p.passage ORDER BY sum({score}) DESC, p.passage LIMIT {most}
),
by_words AS (
    SELECT p.passage FROM {posting} p JOIN asked USING (word)
    WHERE p.word = ANY(%(words)s::int4[])
      AND p.passage = ANY(ARRAY(SELECT passage FROM by_rare_words))
    GROUP BY p.passage ORDER BY sum({score}) DESC, p.passage LIMIT %(by_words)s
),
found AS (
    SELECT id FROM ranked
    WHERE among_all <= %(by_passage)s OR in_language <= %(by_language)s
    UNION SELECT passage FROM (
        SELECT passage FROM {sentence} ORDER BY vector <#> %(vector)s LIMIT %(by_sentence)s
    ) AS near_sentences
    UNION SELECT passage FROM by_words
)
SELECT v.id, v.language, -(v.vector <#> %(vector)s),
       (SELECT array_agg((-(s.vector <#> %(vector)s))::float4 ORDER BY s.number)
        FROM {sentence} s WHERE s.passage = v.id),
       (SELECT sum({score}) FROM {posting} p JOIN asked USING (word)
        WHERE p.word = ANY(%(words)s::int4[]) AND p.passage = v.id)
FROM {passage_vector} v
WHERE v.id IN (SELECT id FROM found) {among} ORDER BY v.id
"""
_SCORE = (
    f"asked.weight * p.count / (p.count + {K1 * (1 - B)}::float8 "
    f"+ {K1 * B}::float8 * p.length / %(mean)s::float8)"
)
_NEAR = (
    "(SELECT id, language, vector <#> %(vector)s AS distance FROM {passage_vector} "
    "WHERE language = {language} ORDER BY vector <#> %(vector)s LIMIT %(nearest)s)"
)
_NEAR_AMONG = (
    "SELECT id, language, vector <#> %(vector)s AS distance "
    "FROM {passage_vector} WHERE id = ANY(%(among)s::int4[])"
)


@dataclass(frozen=True)
class _Asked:
    """The words of a question.

    Attributes:
        words: numbers of those that the index has, the rarest first.
        weights: of those.
        frequencies: in how many passages each is.
        most: the score of a passage that would be full of all words.
    """

    words: list[int]
    weights: list[float]
    frequencies: list[int]
    most: float

    @property
    def rare(self) -> list[int]:
        """The words by which passages are found."""
        total = np.cumsum(self.frequencies)
        return self.words[: max(1, int((total <= _MOST_POSTINGS).sum()))]


class PostgresSnapshot:
    """One state of the index, read within one transaction of one connection."""

    def __init__(self, tables: Tables, version: Version, languages: Set[str]) -> None:
        self._tables, self._version, self._languages = tables, version, languages
        self._asked: dict[tuple[str, ...], _Asked] = {}

    @cached_property
    def passages(self) -> PostgresPassages:
        """The passages and their articles."""
        return PostgresPassages(self._tables, self._version.passages)

    @property
    def languages(self) -> Set[str]:
        """The languages of all passages."""
        return self._languages

    def __len__(self) -> int:
        """Number of passages."""
        return self._version.passages

    def retrieve(self, query: Query) -> Candidates:
        """Return the passages nearest by passage vector, by sentence vector and by BM25."""
        asked = self._words(query.words)
        is_among = query.among is not None
        several = len(self._languages) > 1
        near = _NEAR_AMONG if is_among else self._near()
        records = self._tables.fetch(
            _RETRIEVE.replace("{near}", near)
            .replace("{score}", _SCORE)
            .replace("{most}", str(_MOST_BY_RARE_WORDS))
            .replace("{among}", "AND v.id = ANY(%(among)s::int4[])" if is_among else ""),
            vector=HalfVector(query.vector),
            words=asked.words,
            weights=asked.weights,
            rare=asked.rare,
            mean=self._mean_length,
            by_passage=query.by_passage,
            by_language=query.by_language if several else 0,
            by_sentence=query.by_sentence,
            by_words=query.by_words,
            nearest=max(query.by_passage, query.by_language),
            among=None if query.among is None else query.among.tolist(),
        )
        cosines = _ragged([record[3] for record in records])
        sentence = cosines.max()
        return Candidates(
            np.array([record[0] for record in records], np.int64),
            np.array([record[1] for record in records], np.str_),
            dense=np.array([record[2] for record in records], np.float32) + sentence,
            sentence=sentence,
            bm25=np.array([(record[4] or 0) / (asked.most or 1) for record in records], np.float32),
            cosines=cosines,
        )

    def nearest(self, vector: Floats, k: int, among: Rows | None = None) -> tuple[Rows, Floats]:
        """Return rows and cosines of the passages whose vectors are nearest, best first."""
        near = self._near() if among is None else _NEAR_AMONG
        records = self._tables.fetch(
            "SELECT id, -distance FROM ({near}) AS near ORDER BY distance "
            "LIMIT %(nearest)s".replace("{near}", near),
            vector=HalfVector(vector),
            nearest=k,
            among=None if among is None else among.tolist(),
        )
        return (
            np.array([record[0] for record in records], np.int64),
            np.array([record[1] for record in records], np.float32),
        )

    def sentence_cosines(self, rows: Rows, vector: Floats) -> Ragged:
        """Return the cosines of the sentences of some passages to a vector."""
        records = self._tables.fetch(
            "SELECT passage, array_agg((-(vector <#> %s))::float4 ORDER BY number) FROM {sentence} "
            "WHERE passage = ANY(%s::int4[]) GROUP BY passage",
            HalfVector(vector),
            rows.tolist(),
        )
        found: dict[int, list[float]] = dict(records)
        return _ragged([found[row] for row in rows.tolist()])

    def sentence_spans(self, row: int) -> list[Span]:
        """Return the sentences of a passage as spans of its text."""
        return self.passages.sentence_spans(row)

    def word_scores(self, words: Iterable[str], rows: Rows) -> Floats:
        """Return normalized BM25 scores of some passages, in [0, 1)."""
        asked = self._words(tuple(words))
        query = (
            "SELECT p.passage, sum({score}) FROM {posting} p "
            "JOIN unnest(%(words)s::int4[], %(weights)s::float8[]) AS asked (word, weight) "
            "USING (word) WHERE p.passage = ANY(%(rows)s::int4[]) GROUP BY p.passage"
        )
        records = self._tables.fetch(
            query.replace("{score}", _SCORE),
            words=asked.words,
            weights=asked.weights,
            rows=rows.tolist(),
            mean=self._mean_length,
        )
        found: dict[int, float] = dict(records)
        scores = [found.get(row, 0.0) / (asked.most or 1) for row in rows.tolist()]
        return np.array(scores, np.float32)

    def tokens(self, rows: Rows) -> tuple[Bytes, Segments, Rows]:
        """Return the tokens of some passages, one after the other; their texts come along."""
        records = self._tables.fetch(
            "SELECT id, packed, segments FROM {passage_token} WHERE id = ANY(%s::int4[])",
            rows.tolist(),
        )
        found = {row: (packed, segments) for row, packed, segments in records}
        blobs = [found[row] for row in rows.tolist()]
        segments = [np.frombuffer(blob, np.int16) for _, blob in blobs]
        packed = np.frombuffer(b"".join(blob for blob, _ in blobs), np.uint8)
        self.passages.load(rows.tolist())
        return (
            packed.reshape(-1, self._version.dimension // 4),
            np.concatenate([np.empty(0, np.int16), *segments]),
            edges([len(own) for own in segments]),
        )

    @property
    def _mean_length(self) -> float:
        return self._version.words / max(1, self._version.passages)

    def _near(self) -> str:
        """Return the query for the nearest of each language: each has an index of its own."""
        return " UNION ALL ".join(
            _NEAR.replace("{language}", sql.Literal(language).as_string(self._tables.connection))
            for language in sorted(self._languages) or [""]
        )

    def _words(self, words: tuple[str, ...]) -> _Asked:
        if words not in self._asked:
            keys = [key_of(word) for word in dict.fromkeys(words)]
            records = self._tables.fetch(
                "SELECT id, passages FROM {word} WHERE key = ANY(%s::int8[]) AND passages > 0",
                keys,
            )
            weighted = sorted(((-self._weight(number), word, number) for word, number in records))
            missing = (len(keys) - len(records)) * self._weight(0)
            self._asked[words] = _Asked(
                [word for _, word, _ in weighted],
                [-weight for weight, _, _ in weighted],
                [number for _, _, number in weighted],
                sum(-weight for weight, _, _ in weighted) + missing,
            )
        return self._asked[words]

    def _weight(self, number: int) -> float:
        """Return the weight of a word that is in so many passages."""
        return math.log1p((len(self) - number + 0.5) / (number + 0.5))


def _ragged(groups: Sequence[Sequence[float]]) -> Ragged:
    values = [value for group in groups for value in group]
    return Ragged(np.array(values, np.float32), edges([len(group) for group in groups]))
