"""Texts that wait in the database to be encoded, by as many machines as one likes.

A batch is locked while it is encoded, and unlocked by the end of its transaction, however its
encoder ends: nothing is lost, and nothing encoded twice.
"""

from collections.abc import Sequence

import numpy as np
from psycopg import sql

from embeddings.index.embed import Embedded, Text, embed
from embeddings.index.location import DatabaseUrl
from embeddings.index.postgres.database import Connection
from embeddings.index.token_means import token_means_for
from embeddings.model.encoder import Model
from embeddings.text.sentences import Span

BATCH = 16
"""Texts encoded in one transaction: a second or less of work that a killed encoder loses."""
CHANNEL = "passage_encoding"
"""Where it is told that texts wait."""


class EncodingQueue:
    """The queue of one index for one model."""

    def __init__(self, connection: Connection, url: DatabaseUrl, digest: str) -> None:
        self._connection, self._url, self._digest = connection, url, digest

    def put(self, texts: Sequence[Text], spans: Sequence[Sequence[Span]]) -> None:
        """Add texts with their sentences; those that are there already stay what they are."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(
                self._query(
                    "INSERT INTO {} (model_digest, text_digest, context, body, language, spans) "
                    "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
                ),
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
            cursor.execute("SELECT pg_notify(%s, %s)", (CHANNEL, self._url.schema))

    def encode_batch(self, model: Model) -> int:
        """Encode some of the texts that no other encoder works on; return how many."""
        with self._connection.transaction():
            records = self._connection.execute(
                self._query(
                    "SELECT text_digest, context, body, language, spans FROM {} "
                    "WHERE model_digest = %s AND vector IS NULL ORDER BY added LIMIT %s "
                    "FOR UPDATE SKIP LOCKED"
                ),
                (self._digest, BATCH),
            ).fetchall()
            if not records:
                return 0
            encoder = model.load()
            texts = [Text(context, body, language) for _, context, body, language, _ in records]
            spans = [list(zip(own[::2], own[1::2], strict=True)) for *_, own in records]
            means = token_means_for(model.digest, encoder.dimension)
            with self._connection.cursor() as cursor:
                cursor.executemany(
                    self._query(
                        "UPDATE {} SET vector = %s, sentences = %s, packed = %s, segments = %s "
                        "WHERE model_digest = %s AND text_digest = %s"
                    ),
                    [
                        (
                            one.vector.astype(np.float16).tobytes(),
                            one.sentences.astype(np.float16).tobytes(),
                            one.packed.tobytes(),
                            one.segments.tobytes(),
                            self._digest,
                            digest,
                        )
                        for one, (digest, *_) in zip(
                            embed(texts, spans, encoder, means), records, strict=True
                        )
                    ],
                )
        return len(records)

    def waiting(self) -> int:
        """Return how many texts are not encoded yet."""
        record = self._connection.execute(
            self._query("SELECT count(*) FROM {} WHERE model_digest = %s AND vector IS NULL"),
            (self._digest,),
        ).fetchone()
        return int(record[0]) if record else 0

    def encoded(self, digests: Sequence[str], dimension: int) -> dict[str, Embedded]:
        """Return the vectors of those texts that are encoded."""
        records = self._connection.execute(
            self._query(
                "SELECT text_digest, spans, vector, sentences, packed, segments FROM {} "
                "WHERE model_digest = %s AND text_digest = ANY(%s) AND vector IS NOT NULL"
            ),
            (self._digest, list(digests)),
            binary=True,
        ).fetchall()
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
        self._connection.execute(
            self._query("DELETE FROM {} WHERE model_digest = %s AND text_digest = ANY(%s)"),
            (self._digest, list(digests)),
        )

    def clear(self) -> None:
        """Remove all texts of all models: no build needs them any more."""
        self._connection.execute(self._query("DELETE FROM {}"))

    def _query(self, text: str) -> sql.Composed:
        return sql.SQL(text).format(sql.Identifier(self._url.schema, "encoding"))


def _halves(data: bytes, dimension: int) -> "np.typing.NDArray[np.float32]":
    return np.frombuffer(data, np.float16).astype(np.float32).reshape(-1, dimension)
