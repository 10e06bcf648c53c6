"""Files to passages: a known article is taken over, any other is read and split."""

import hashlib
from array import array
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embeddings.articles.article import Article
from embeddings.articles.folder import SourceFile, read_bytes
from embeddings.articles.passage import sentences_in, split
from embeddings.errors import FileGone, FileInMotion, UnreadableFile
from embeddings.index.arrival import Arrivals, Content, content_of
from embeddings.index.embed import texts_of
from embeddings.index.local.generation import PASSAGES, Generation
from embeddings.index.local.passage_store import PassageStoreWriter
from embeddings.index.manifest import ArticleEntry, SkippedEntry
from embeddings.index.passages import ArticleRecord, source_of
from embeddings.model.encoder import Encoder, Model
from embeddings.progress import Progress
from embeddings.text.file_names import printable
from embeddings.text.sentences import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

NONE = -1
"""In place of a row, where there is none."""

_COUNTED_AT_ONCE = 1000
"""Sentences counted between two moments at which a build can be stopped."""

Parse = Callable[[bytes, str], Article]


class Sentences:
    """The sentences of passage after passage, 8 bytes each: there may be a million."""

    def __init__(self) -> None:
        self._places, self._ends = array("i"), array("q", [0])

    def add(self, spans: Sequence[Span]) -> None:
        """Append those of the next passage."""
        self._places.extend(chain.from_iterable(spans))
        self._ends.append(len(self._places))

    def of(self, passages: range) -> list[list[Span]]:
        """Return those of some passages, in the order in which they were added."""
        return [self._of(number) for number in passages]

    def _of(self, number: int) -> list[Span]:
        each = iter(self._places[self._ends[number] : self._ends[number + 1]])
        return list(zip(each, each, strict=True))


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
    base: Generation | None
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
        return self.base.manifest.model.dimension if self.base else self.encoder.dimension


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
    vectors_from: "Rows"
    words_to: "Rows"
    sentences: "Sentences"
    moved: bool = False

    @property
    def new_passages(self) -> int:
        """How many passages are to be encoded."""
        return int((self.vectors_from == NONE).sum())


def ingest(
    build: Build, files: Sequence[SourceFile], arrived: Arrivals, parse: Parse
) -> IngestResult:
    """Write the passages of all files into the passage store of the new generation.

    Args:
        build: where to, and what to take from.
        files: in the order of their paths.
        arrived: which of them came first.
        parse: turns bytes and a path into an article; raises UnreadableFile.
    """
    base = build.base.passage_store if build.base else None
    with closing(PassageStoreWriter(build.work / PASSAGES, base)) as writer:
        ingester = _Ingester(build, writer, arrived, parse)
        for number, file in enumerate(sorted(files, key=lambda file: arrived.is_copy(file.path))):
            ingester.report = partial(build.progress, "read", number, len(files))
            ingester.report()
            ingester.take(file)
        writer.finish()
    build.progress("read", len(files), len(files))
    return ingester.result()


class _Ingester:
    """Goes from file to file and remembers what it has met."""

    def __init__(
        self, build: Build, writer: PassageStoreWriter, arrived: Arrivals, parse: Parse
    ) -> None:
        self._build, self._writer, self._parse = build, writer, parse
        self._arrived = arrived
        self.report: Callable[[], None] = lambda: None
        known = build.base.passage_store.articles() if build.base else []
        self._by_file = {content_of(record.source.path, record.file): record for record in known}
        self._by_path = {record.source.path: record for record in known}
        entries = build.base.manifest.articles if build.base else ()
        self._warnings = {entry.path: entry.warnings for entry in entries}
        self._refused = _refused(build.base)
        self._met = self._known_texts()
        self._articles: list[ArticleEntry] = []
        self._entered_paths: set[str] = set()
        self._skipped: list[SkippedEntry] = []
        self._vectors_from = [np.empty(0, np.int64)]
        self._words_to = np.full(sum(len(record.rows) for record in known), NONE, np.int64)
        self._sentences = Sentences()
        self._rows = 0
        self._moved = False

    def take(self, file: SourceFile) -> None:
        """Add a file's article, or the reason why it gives none."""
        state = None
        try:
            if file.path in self._build.later:
                if file.path in self._by_path:
                    self._copy(file.path, self._by_path[file.path])
                return
            try:
                data = read_bytes(file)
            except FileInMotion:
                if file.path not in self._by_path:
                    raise
                self._copy(file.path, self._by_path[file.path])  # until it can be read
                return
            state = hashlib.sha256(data).hexdigest()
            self._take_bytes(file.path, data, state)
        except FileGone:
            self._moved = True
        except _Copy as copy:
            self._skip(SkippedEntry(file.path, state, copy.message, copy.original))
        except UnreadableFile as error:
            self._skip(SkippedEntry(file.path, state, error.message))

    def result(self) -> IngestResult:
        """Return what all files gave."""
        return IngestResult(
            tuple(self._articles),
            tuple(sorted(self._skipped, key=lambda entry: entry.path)),
            np.concatenate(self._vectors_from),
            self._words_to,
            self._sentences,
            self._moved,
        )

    def _take_bytes(self, path: str, data: bytes, state: str) -> None:
        content = content_of(path, state)
        if content in self._refused:
            raise UnreadableFile(self._refused[content])
        original = self._arrived.originals.get(content, path)
        if original != path and original in self._entered_paths:
            raise _Copy(original)
        if content in self._by_file:
            self._copy(path, self._by_file[content])
        else:
            self._add(self._parse(data, path), state)

    def _copy(self, path: str, record: ArticleRecord) -> None:
        """Take over an article of the base, whatever its file is called now."""
        self._meet(record.words, path)
        source = replace(record.source, path=path)
        self._writer.copy(record, source)
        rows = np.arange(record.rows.start, record.rows.stop)
        if source.title == record.source.title:
            self._words_to[rows] = self._rows + np.arange(len(rows))
        warnings = self._warnings.get(record.source.path, ())
        self._entered(
            ArticleEntry(path, record.file, source.title, source.language, len(rows), warnings),
            rows,
        )

    def _add(self, article: Article, state: str) -> None:
        digest = hashlib.sha256(article.text.encode()).hexdigest()
        self._meet(digest, article.path)
        encoder, source = self._build.encoder, source_of(article)

        def count(texts: Sequence[str]) -> list[int]:
            counts: list[int] = []
            for start in range(0, len(texts), _COUNTED_AT_ONCE):
                self.report()  # a long article can be given up here
                counts += encoder.count_tokens(texts[start : start + _COUNTED_AT_ONCE])
            return counts

        passages = split(article, count, encoder.max_tokens)
        texts = [text.digest for text in texts_of([(p, source) for p in passages], encoder)]
        self._writer.add(source, passages, texts, file=state, words=digest)
        base = self._build.base
        known = base.passage_store.rows_by_digest(texts) if base else {}
        rows = np.array([known.get(text, NONE) for text in texts], np.int64)
        for passage, row in zip(passages, rows, strict=True):
            if row == NONE:
                self._sentences.add(sentences_in(article, passage))
        self._entered(
            ArticleEntry(
                article.path,
                state,
                article.title,
                article.language,
                len(passages),
                article.warnings,
            ),
            rows,
        )

    def _entered(self, entry: ArticleEntry, rows: "Rows") -> None:
        self._articles.append(replace(entry, seen=self._seen(entry.path)))
        self._entered_paths.add(entry.path)
        self._vectors_from.append(rows)
        self._rows += len(rows)

    def _skip(self, entry: SkippedEntry) -> None:
        self._skipped.append(replace(entry, seen=self._seen(entry.path)))

    def _seen(self, path: str) -> float:
        return self._arrived.seen.get(path, self._arrived.now)

    def _known_texts(self) -> dict[str, str]:
        """Return the path of the article that has each text of the base, where it still has one."""
        known: dict[str, str] = {}
        for content, record in self._by_file.items():
            path = record.source.path
            owner = path if path in self._build.later else self._arrived.originals.get(content)
            if owner is not None:
                known[record.words] = owner
        return known

    def _meet(self, words: str, path: str) -> None:
        """Remember an article's text; the same one is not indexed twice."""
        original = self._met.setdefault(words, path)
        if original != path:
            raise _Copy(original)


class _Copy(UnreadableFile):
    """An article has the same words as one before it."""

    def __init__(self, original: str) -> None:
        super().__init__("the same text as {path}", path=printable(original))
        self.original = original


def _refused(base: Generation | None) -> dict[Content, str]:
    """Reasons by content: what could not be read, perhaps after a minute, is not tried again."""
    if base is None:
        return {}
    return {
        content_of(entry.path, entry.sha256): entry.reason
        for entry in base.manifest.skipped
        if entry.sha256 and entry.same_as is None
    }
