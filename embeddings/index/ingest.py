"""Files to passages: a known article is taken over, any other is read and split."""

import hashlib
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

from embeddings.articles.article import Article
from embeddings.articles.folder import SourceFile, read_bytes
from embeddings.articles.passage import Passage, sentences_in, split
from embeddings.errors import FileGone, FileInMotion, UnreadableFile
from embeddings.index.embed import Text, texts_of
from embeddings.index.file_copies import Content, FileCopies, PreviousEntries, content_of
from embeddings.index.manifest import ArticleEntry, SkippedEntry
from embeddings.index.passages import ArticleRecord, Source, source_of
from embeddings.model.encoder import Encoder
from embeddings.text.file_names import printable
from embeddings.text.sentences import Span

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
class SplitArticle:
    """The passages of an article, what is encoded of each, and its sentences in its own text."""

    source: Source
    passages: list[Passage]
    texts: list[Text]
    sentences: list[list[Span]]

    @property
    def digests(self) -> list[str]:
        """What names the text that is encoded of each passage."""
        return [text.digest for text in self.texts]


def split_article(article: Article, encoder: Encoder, report: Callable[[], None]) -> SplitArticle:
    """Split an article into passages; `report` is called now and then, and may raise."""

    def count(texts: Sequence[str]) -> list[int]:
        counts: list[int] = []
        for start in range(0, len(texts), _COUNTED_AT_ONCE):
            report()
            counts += encoder.count_tokens(texts[start : start + _COUNTED_AT_ONCE])
        return counts

    passages, source = split(article, count, encoder.max_tokens), source_of(article)
    texts = texts_of([(passage, source) for passage in passages], encoder)
    return SplitArticle(source, passages, texts, [sentences_in(article, one) for one in passages])


class Target(Protocol):
    """Where articles are put."""

    def keep(self, record: ArticleRecord, source: Source) -> None:
        """Take over a known article, under the path that `source` has now."""

    def add(self, article: Article, state: str, digest: str) -> int:
        """Put in a new article; return how many passages it has.

        The state is the digest of its file's bytes, the digest that of its text.
        """


class Ingester:
    """Goes from file to file and remembers what it has met.

    Attributes:
        articles: of the files taken so far.
        skipped: files that gave no article.
        moved: whether a file was gone when it was to be read: renamed, perhaps, since the list.
    """

    def __init__(
        self,
        known: PreviousEntries,
        copies: FileCopies,
        parse: Parse,
        target: Target,
        later: frozenset[str] = frozenset(),
        other_article: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        """Prepare to take files.

        Args:
            known: what the index has.
            copies: which files came first.
            parse: turns bytes and a path into an article; raises UnreadableFile.
            target: takes the articles.
            later: paths of files that are not read yet; what is known of them stays.
            other_article: returns the path of an article with a text, by the text's digest, that
                the index has and keeps, where `known` is not all that it has.
        """
        self._other_article = other_article
        self._copies, self._parse, self._target, self._later = copies, parse, target, later
        self._by_file = {content_of(one.source.path, one.file): one for one in known.records}
        self._by_path = {one.source.path: one for one in known.records}
        self._warnings = {entry.path: entry.warnings for entry in known.articles}
        self._refused = _refused(known)
        self._met = self._known_texts()
        self.articles: list[ArticleEntry] = []
        self.skipped: list[SkippedEntry] = []
        self.moved = False
        self._entered_paths: set[str] = set()

    def is_known(self, path: str, state: str | None) -> bool:
        """Whether a file in this state need not be read."""
        return state is not None and content_of(path, state) in self._by_file

    def take(self, file: SourceFile, trusted: str | None = None) -> None:
        """Add a file's article, or the reason why it gives none.

        Where the digest of its bytes is certain, as `trusted`, it may not have to be read.
        """
        state = trusted
        try:
            if trusted and self._settle(file.path, trusted):
                return
            if file.path in self._later:
                if file.path in self._by_path:
                    self._keep(file.path, self._by_path[file.path])
                return
            try:
                data = read_bytes(file)
            except FileInMotion:
                if file.path not in self._by_path:
                    raise
                self._keep(file.path, self._by_path[file.path])  # until it can be read
                return
            state = hashlib.sha256(data).hexdigest()
            if not self._settle(file.path, state):
                self._add(self._parse(data, file.path), state)
        except FileGone:
            self.moved = True
        except _Copy as copy:
            self._skip(SkippedEntry(file.path, state, copy.message, copy.original))
        except UnreadableFile as error:
            self._skip(SkippedEntry(file.path, state, error.message))

    def _settle(self, path: str, state: str) -> bool:
        """Take a file over where that needs no bytes of it; return whether that was so.

        Raises:
            UnreadableFile: it is known to give no article, or is a copy.
        """
        content = content_of(path, state)
        if content in self._refused:
            raise UnreadableFile(self._refused[content])
        original = self._copies.originals.get(content, path)
        if original != path and original in self._entered_paths:
            raise _Copy(original)
        if content not in self._by_file:
            return False
        self._keep(path, self._by_file[content])
        return True

    def _keep(self, path: str, record: ArticleRecord) -> None:
        """Take over a known article, whatever its file is called now."""
        self._meet(record.words, path)
        source = replace(record.source, path=path)
        self._target.keep(record, source)
        warnings = self._warnings.get(record.source.path, ())
        self._entered(path, record.file, source, len(record.rows), warnings)

    def _add(self, article: Article, state: str) -> None:
        digest = hashlib.sha256(article.text.encode()).hexdigest()
        self._meet(digest, article.path)
        passages = self._target.add(article, state, digest)
        self._entered(article.path, state, source_of(article), passages, article.warnings)

    def _entered(
        self, path: str, state: str, source: Source, passages: int, warnings: tuple[str, ...]
    ) -> None:
        self._entered_paths.add(path)
        self.articles.append(
            ArticleEntry(
                path, state, source.title, source.language, passages, warnings, self._seen(path)
            )
        )

    def _skip(self, entry: SkippedEntry) -> None:
        self.skipped.append(replace(entry, seen=self._seen(entry.path)))

    def _seen(self, path: str) -> float:
        return self._copies.seen.get(path, self._copies.now)

    def _known_texts(self) -> dict[str, str]:
        """Return the path of the article that has each known text, where it still has one."""
        known: dict[str, str] = {}
        for content, record in self._by_file.items():
            path = record.source.path
            owner = path if path in self._later else self._copies.originals.get(content)
            if owner is not None:
                known[record.words] = owner
        return known

    def _meet(self, words: str, path: str) -> None:
        """Remember an article's text; the same one is not indexed twice."""
        original = self._met.get(words) or self._other_article(words) or path
        self._met[words] = original
        if original != path:
            raise _Copy(original)


class _Copy(UnreadableFile):
    """An article has the same words as one before it."""

    def __init__(self, original: str) -> None:
        super().__init__("the same text as {path}", path=printable(original))
        self.original = original


def _refused(known: PreviousEntries) -> dict[Content, str]:
    """Reasons by content: what could not be read, perhaps after a minute, is not tried again."""
    return {
        content_of(entry.path, entry.sha256): entry.reason
        for entry in known.skipped
        if entry.sha256 and entry.same_as is None
    }
