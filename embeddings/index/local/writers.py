"""The rows of the next generation: vectors and words, taken over from the donor or made anew."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from embeddings.index.bm25 import Bm25Writer, words
from embeddings.index.embed import Text, embed, texts_of
from embeddings.index.ingest import NONE, Sentences
from embeddings.index.local.generation import VECTORS, Generation
from embeddings.index.local.passage_store import PassageStore
from embeddings.index.local.sentence_store import SentenceWriter
from embeddings.index.local.token_store import TokenWriter
from embeddings.index.token_means import token_means_for
from embeddings.index.vectors.stores import VectorWriter
from embeddings.model.encoder import Encoder
from embeddings.progress import Progress
from embeddings.storage.arrays import save_arrays
from embeddings.text.sentences import Span

if TYPE_CHECKING:
    from embeddings.index.ingest import Rows

_ENCODED_AT_ONCE = 32
"""Passages encoded between two moments at which a build can be stopped."""
_COPIED_AT_ONCE = 2048


def write_vectors(
    work: Path,
    passage_store: PassageStore,
    vectors_from: "Rows",
    sentences: Sentences,
    base: Generation | None,
    model_digest: str,
    encoder: Callable[[], Encoder],
    progress: Progress,
) -> None:
    """Give every passage its vectors, in the order of the rows.

    Args:
        work: the directory of the new generation.
        passage_store: its passages.
        vectors_from: for each passage, the donor's row with the same vectors, or NONE.
        sentences: of each passage that has no such row, in turn.
        base: what they are taken from.
        model_digest: of the model that `encoder` loads.
        encoder: loads it; not called when everything is taken from the donor.
        progress: told of encoded passages; what it raises ends the work.
    """
    dimension = base.manifest.model.dimension if base else encoder().dimension
    threadpool_limits(1, user_api="blas")  # as in a search: two threads wait for each other
    writers = _Writers(work, dimension)
    total, done = int((vectors_from == NONE).sum()), 0
    with closing(writers):
        for start, end in runs(vectors_from):
            if base and vectors_from[start] != NONE:
                first = int(vectors_from[start])
                writers.copy(base, range(first, first + end - start))
                continue
            progress("encode", done, total)
            texts = texts_of(passage_store.get(range(start, end)), encoder())
            spans = sentences.of(range(done, done + end - start))
            writers.encode(texts, spans, encoder(), model_digest)
            done += end - start
        writers.finish(lambda: progress("arrange", 0, 1))
    if total:
        progress("encode", total, total)


class _Writers:
    """The files of vectors of a generation, written side by side."""

    def __init__(self, work: Path, dimension: int) -> None:
        self._vectors = VectorWriter(work / VECTORS, dimension)
        self._sentences = SentenceWriter(work, dimension)
        self._tokens = TokenWriter(work)

    def copy(self, base: Generation, rows: range) -> None:
        """Append the vectors of some passages of the donor."""
        self._vectors.copy(base.vectors, rows)
        self._sentences.copy(base.sentences, rows)
        self._tokens.copy(base.tokens, rows)

    def encode(
        self,
        texts: Sequence[Text],
        spans: Sequence[Sequence[Span]],
        encoder: Encoder,
        model_digest: str,
    ) -> None:
        """Append the vectors of texts and their sentences; one that comes twice is encoded once."""
        token_means = token_means_for(model_digest, encoder.dimension)
        new = {text.digest: text for text in texts}
        own = {text.digest: spans_of for text, spans_of in zip(texts, spans, strict=True)}
        made = dict(
            zip(
                new,
                embed(list(new.values()), list(own.values()), encoder, token_means),
                strict=True,
            )
        )
        for text in texts:
            embedded = made[text.digest]
            self._vectors.add(embedded.vector[None])
            self._sentences.add(embedded.spans, embedded.sentences)
            self._tokens.add(embedded.packed, embedded.segments)

    def finish(self, check_cancelled: Callable[[], None]) -> None:
        """Make the files whole; `check_cancelled` is called now and then and may raise."""
        self._vectors.finish(check_cancelled)
        self._sentences.finish(check_cancelled)
        self._tokens.finish()

    def close(self) -> None:
        """Let go of the files, whole or not."""
        self._vectors.close()
        self._sentences.close()
        self._tokens.close()


def write_words(
    work: Path, passage_store: PassageStore, words_to: "Rows", base: Generation | None
) -> None:
    """Index the words of every passage, and note its language.

    Args:
        work: the directory of the new generation.
        passage_store: its passages.
        words_to: for each passage of the donor, the row that has its words, or NONE.
        base: what they are taken from.
    """
    total = len(passage_store)
    is_new = np.ones(total, bool)
    is_new[words_to[words_to != NONE]] = False
    with closing(Bm25Writer(work)) as bm25:
        if base:
            bm25.copy(base.bm25, words_to)
        rows = np.flatnonzero(is_new).tolist()
        for start in range(0, len(rows), _COPIED_AT_ONCE):
            batch = rows[start : start + _COPIED_AT_ONCE]
            for row, (passage, source) in zip(batch, passage_store.get(batch), strict=True):
                bm25.add(row, words(f"{source.title} {passage.text}", source.language))
        bm25.finish()
    languages = np.empty(total, "<U3")
    for article in passage_store.articles():
        languages[article.rows.start : article.rows.stop] = article.source.language
    save_arrays(work, "passages", language=languages)


def runs(rows: "Rows") -> Iterator[tuple[int, int]]:
    """Cut rows into stretches that rise by one, or hold no row, none of them too long."""
    before, after = rows[:-1], rows[1:]
    goes_on = ((after == before + 1) & (before != NONE)) | ((after == NONE) & (before == NONE))
    edges = [0, *(np.flatnonzero(~goes_on) + 1).tolist(), len(rows)]
    for start, end in pairwise(edges):
        if start == end:
            continue
        most = _ENCODED_AT_ONCE if rows[start] == NONE else _COPIED_AT_ONCE
        for part in range(start, end, most):
            yield part, min(part + most, end)
