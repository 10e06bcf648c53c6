"""Files to the passages of the next generation, which takes over what has not changed."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from embeddings.array_types import Rows
from embeddings.articles.article import Article
from embeddings.articles.folder import SourceFile
from embeddings.index.file_copies import FileCopies, PreviousEntries
from embeddings.index.ingest import Ingester, Parse, Sentences, split_article
from embeddings.index.local.generation import PASSAGES
from embeddings.index.local.local_index import LocalIndex
from embeddings.index.local.passage_store import PassageStoreWriter
from embeddings.index.manifest import ArticleEntry, SkippedEntry
from embeddings.index.passages import ArticleRecord, Source
from embeddings.model.encoder import Encoder, Model
from embeddings.progress import Progress

NONE = -1
"""In place of a row, where there is none."""


@dataclass(frozen=True)
class Build:
    """What all steps of one build share.

    Attributes:
        work: the directory of the new generation.
        base: a generation made by the same rules, to take from what has not changed.
        model: encodes what is new.
        progress: called with each step; what it raises ends the build.
        later: paths of files that are not read yet; what the base has of them stays.
    """

    work: Path
    base: LocalIndex | None
    model: Model
    progress: Progress
    later: frozenset[str] = frozenset()

    @property
    def encoder(self) -> Encoder:
        """The model, loaded when it is first needed."""
        return self.model.load()

    @property
    def dimension(self) -> int:
        """Length of a vector; the model is not loaded where the base knows it."""
        return self.encoder.dimension if self.base is None else self.base.manifest.model.dimension


@dataclass(frozen=True)
class IngestResult:
    """All passages of the next generation, and what of them the base has.

    Attributes:
        articles: in the order of their rows.
        skipped: files that gave no article.
        vectors_from: for each passage, the row of the base with the same vectors, or NONE.
        words_to: for each passage of the base, the new row that has its words, or NONE.
        sentences: of each passage without vectors, in turn, its sentences as spans of its text.
        moved: whether a file was gone when it was to be read: renamed, perhaps, since the list.
    """

    articles: tuple[ArticleEntry, ...]
    skipped: tuple[SkippedEntry, ...]
    vectors_from: Rows
    words_to: Rows
    sentences: Sentences
    moved: bool = False

    @property
    def new_passages(self) -> int:
        """How many passages are to be encoded."""
        return int((self.vectors_from == NONE).sum())


def ingest(
    build: Build, files: Sequence[SourceFile], copies: FileCopies, parse: Parse
) -> IngestResult:
    """Write the passages of all files into the passage store of the new generation."""
    base, known = None, PreviousEntries()
    if build.base is not None:
        base, manifest = build.base.passages, build.base.manifest
        known = PreviousEntries(tuple(base.articles()), manifest.articles, manifest.skipped)
    with closing(PassageStoreWriter(build.work / PASSAGES, base)) as writer:
        target = _NextGeneration(build, writer, sum(len(record.rows) for record in known.records))
        ingester = Ingester(known, copies, parse, target, build.later)
        for number, file in enumerate(sorted(files, key=lambda file: copies.is_copy(file.path))):
            target.report = partial(build.progress, "read", number, len(files))
            target.report()
            ingester.take(file)
        writer.finish()
    build.progress("read", len(files), len(files))
    return IngestResult(
        tuple(ingester.articles),
        tuple(sorted(ingester.skipped, key=lambda entry: entry.path)),
        np.concatenate(target.vectors_from),
        target.words_to,
        target.sentences,
        ingester.moved,
    )


class _NextGeneration:
    """Writes articles, and remembers what the base has of each passage."""

    def __init__(self, build: Build, writer: PassageStoreWriter, base_rows: int) -> None:
        self._build, self._writer = build, writer
        self.report: Callable[[], None] = lambda: None
        self.vectors_from = [np.empty(0, np.int64)]
        self.words_to = np.full(base_rows, NONE, np.int64)
        self.sentences = Sentences()
        self._rows = 0

    def keep(self, record: ArticleRecord, source: Source) -> None:
        """Take over an article of the base."""
        self._writer.copy(record, source)
        rows = np.arange(record.rows.start, record.rows.stop)
        if source.title == record.source.title:
            self.words_to[rows] = self._rows + np.arange(len(rows))
        self._entered(rows)

    def add(self, article: Article, state: str, digest: str) -> int:
        """Split an article; return how many passages it has."""
        parts = split_article(article, self._build.encoder, self.report)
        digests = parts.digests
        self._writer.add(parts.source, parts.passages, digests, file=state, words=digest)
        base = self._build.base
        known = {} if base is None else base.passages.rows_by_digest(digests)
        rows = np.array([known.get(text, NONE) for text in digests], np.int64)
        for spans, row in zip(parts.sentences, rows, strict=True):
            if row == NONE:
                self.sentences.add(spans)
        self._entered(rows)
        return len(rows)

    def _entered(self, rows: Rows) -> None:
        self.vectors_from.append(rows)
        self._rows += len(rows)
