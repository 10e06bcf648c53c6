"""Texts that wait in the database to be encoded, by as many machines as one likes.

A batch is locked while it is encoded, and unlocked by the end of its transaction, however its
encoder ends: nothing is lost, and nothing encoded twice.
"""

from collections.abc import Sequence

import numpy as np

from embeddings.index.embed import Embedded, Text, embed
from embeddings.index.postgres.tables import Tables
from embeddings.index.token_means import token_means_for
from embeddings.model.encoder import Model
from embeddings.text.sentences import Span

BATCH = 16
"""Texts encoded in one transaction: a second or less of work that a killed encoder loses."""
CHANNEL = "passage_encoding"
"""Where it is told that texts wait."""


class EncodingQueue:
    """The queue of one index for one model."""

    def __init__(self, tables: Tables, digest: str) -> None:
        self._tables, self._digest = tables, digest

    def put(self, texts: Sequence[Text], spans: Sequence[Sequence[Span]]) -> None:
        """Add texts with their sentences; those that are there already stay what they are."""
        with self._tables.connection.transaction():
            self._tables.run_for_each(
                "INSERT INTO {encoding} (model_digest, text_digest, context, body, language, spans)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [
                    (
                        self._digest,
                        text.digest,
                        text.context,
                        text.body,
                        text.language,
                        [place for span in own for place in span],
                    )
                    for text, own in zip(texts, spans, strict=True)
                ],
            )
            self._tables.run("SELECT pg_notify(%s, %s)", CHANNEL, self._tables.url.schema)

    def encode_batch(self, model: Model) -> int:
        """Encode some of the texts that no other encoder works on; return how many."""
        with self._tables.connection.transaction():
            records = self._tables.fetch(
                "SELECT text_digest, context, body, language, spans FROM {encoding} "
                "WHERE model_digest = %s AND vector IS NULL ORDER BY added LIMIT %s "
                "FOR UPDATE SKIP LOCKED",
                self._digest,
                BATCH,
            )
            if not records:
                return 0
            encoder = model.load()
            texts = [Text(context, body, language) for _, context, body, language, _ in records]
            spans = [list(zip(own[::2], own[1::2], strict=True)) for *_, own in records]
            means = token_means_for(model.digest, encoder.dimension)
            embedded = embed(texts, spans, encoder, means)
            self._tables.run_for_each(
                "UPDATE {encoding} SET vector = %s, sentences = %s, packed = %s, segments = %s "
                "WHERE model_digest = %s AND text_digest = %s",
                [
                    (
                        one.vector.astype(np.float16).tobytes(),
                        one.sentences.astype(np.float16).tobytes(),
                        one.packed.tobytes(),
                        one.segments.tobytes(),
                        self._digest,
                        digest,
                    )
                    for one, (digest, *_) in zip(embedded, records, strict=True)
                ],
            )
        return len(records)

    def waiting(self) -> int:
        """Return how many texts are not encoded yet."""
        query = "SELECT count(*) FROM {encoding} WHERE model_digest = %s AND vector IS NULL"
        ((count,),) = self._tables.fetch(query, self._digest)
        return int(count)

    def encoded(self, digests: Sequence[str], dimension: int) -> dict[str, Embedded]:
        """Return the vectors of those texts that are encoded."""
        records = self._tables.fetch(
            "SELECT text_digest, spans, vector, sentences, packed, segments FROM {encoding} "
            "WHERE model_digest = %s AND text_digest = ANY(%s) AND vector IS NOT NULL",
            self._digest,
            list(digests),
        )
        return {
            digest: Embedded(
                _halves(vector, dimension)[0],
                list(zip(spans[::2], spans[1::2], strict=True)),
                _halves(sentences, dimension),
                np.frombuffer(packed, np.uint8).reshape(-1, dimension // 4),
                np.frombuffer(segments, np.int16),
            )
            for digest, spans, vector, sentences, packed, segments in records
        }

    def remove(self, digests: Sequence[str]) -> None:
        """Remove texts whose vectors have been taken."""
        query = "DELETE FROM {encoding} WHERE model_digest = %s AND text_digest = ANY(%s)"
        self._tables.run(query, self._digest, list(digests))

    def clear(self) -> None:
        """Remove all texts of all models: no build needs them any more."""
        self._tables.run("DELETE FROM {encoding}")


def _halves(data: bytes, dimension: int) -> "np.typing.NDArray[np.float32]":
    return np.frombuffer(data, np.float16).astype(np.float32).reshape(-1, dimension)
