"""The vectors and words of the next generation: taken over from its base, or made anew."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from embeddings.array_types import Rows
from embeddings.index.bm25 import Bm25Writer
from embeddings.index.embed import Embedded, Text, embed, texts_of
from embeddings.index.local.generation import VECTORS
from embeddings.index.local.ingest import NONE, Build, IngestResult
from embeddings.index.local.local_index import LocalIndex
from embeddings.index.local.passage_store import PassageStore
from embeddings.index.local.sentence_store import SentenceWriter
from embeddings.index.local.token_store import TokenWriter
from embeddings.index.passages import words_of
from embeddings.index.token_means import token_means_for
from embeddings.index.vectors import VectorWriter
from embeddings.model.encoder import Model
from embeddings.storage.arrays import save_arrays
from embeddings.text.lemmas import lemmas
from embeddings.text.sentences import Span

_ENCODED_AT_ONCE = 32
"""Passages encoded between two moments at which a build can be stopped."""
_COPIED_AT_ONCE = 2048


def write_vectors(build: Build, passage_store: PassageStore, ingested: IngestResult) -> None:
    """Give every passage of the new generation its vectors, in the order of the rows.

    The model is not loaded when nothing is new.
    """
    vectors_from, base = ingested.vectors_from, build.base
    total, done = ingested.new_passages, 0
    with closing(VectorWriters(build.work, build.dimension)) as writers:
        for start, end in runs(vectors_from):
            if base is not None and vectors_from[start] != NONE:
                first = int(vectors_from[start])
                writers.copy(base, range(first, first + end - start))
                continue
            build.progress("encode", done, total)
            texts = texts_of(passage_store.get(range(start, end)), build.encoder)
            spans = ingested.sentences.of(range(done, done + end - start))
            for embedded in _encoded(texts, spans, build.model):
                writers.add(embedded)
            done += end - start
        writers.finish(partial(build.progress, "arrange", 0, 1))
    if total:
        build.progress("encode", total, total)


def _encoded(
    texts: Sequence[Text], spans: Sequence[Sequence[Span]], model: Model
) -> list[Embedded]:
    """Return the vectors of texts and their sentences; one that comes twice is encoded once."""
    encoder = model.load()
    token_means = token_means_for(model.digest, encoder.dimension)
    new = {text.digest: text for text in texts}
    own = {text.digest: spans_of for text, spans_of in zip(texts, spans, strict=True)}
    made = embed(list(new.values()), list(own.values()), encoder, token_means)
    by_digest = dict(zip(new, made, strict=True))
    return [by_digest[text.digest] for text in texts]


class VectorWriters:
    """The files of vectors of a generation, written side by side."""

    def __init__(self, work: Path, dimension: int) -> None:
        self._vectors = VectorWriter(work / VECTORS, dimension)
        self._sentences = SentenceWriter(work, dimension)
        self._tokens = TokenWriter(work)

    def copy(self, base: LocalIndex, rows: range) -> None:
        """Append the vectors of some passages of the base."""
        self._vectors.copy(base.vectors, rows)
        self._sentences.copy(base.sentences, rows)
        self._tokens.copy(base.token_store, rows)

    def add(self, embedded: Embedded) -> None:
        """Append the vectors of the next passage."""
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
    work: Path, base: LocalIndex | None, passage_store: PassageStore, words_to: Rows
) -> None:
    """Index the words of every passage, its title and headings, and note its language.

    For each passage of the base, `words_to` has the new row that has its words, or NONE.
    """
    total = len(passage_store)
    is_new = np.ones(total, bool)
    is_new[words_to[words_to != NONE]] = False
    with closing(Bm25Writer(work)) as bm25:
        if base is not None:
            bm25.copy(base.bm25, words_to)
        rows = np.flatnonzero(is_new).tolist()
        for start in range(0, len(rows), _COPIED_AT_ONCE):
            batch = rows[start : start + _COPIED_AT_ONCE]
            for row, (passage, source) in zip(batch, passage_store.get(batch), strict=True):
                bm25.add(row, lemmas(words_of(passage, source), source.language))
        bm25.finish()
    languages = np.empty(total, "<U3")
    for article in passage_store.articles():
        languages[article.rows.start : article.rows.stop] = article.source.language
    save_arrays(work, "passages", language=languages)


def runs(rows: Rows) -> Iterator[tuple[int, int]]:
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
