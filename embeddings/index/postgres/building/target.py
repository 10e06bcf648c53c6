"""Puts articles into a version of the index, each as soon as its vectors are there."""

import time
from collections import deque
from collections.abc import Callable, Collection, Sequence

from embeddings.articles.article import Article
from embeddings.index.embed import Text
from embeddings.index.file_copies import FileCopies
from embeddings.index.ingest import split_article
from embeddings.index.manifest import SkippedEntry
from embeddings.index.passages import ArticleRecord, Source
from embeddings.index.postgres.building.article_writer import ArticleWriter, StagedArticle
from embeddings.index.postgres.encoding_queue import EncodingQueue
from embeddings.index.postgres.tables import Tables
from embeddings.index.postgres.versions import Version
from embeddings.model.encoder import Model
from embeddings.progress import Progress
from embeddings.text.sentences import Span

_WINDOW = 4000
"""Passages that are read ahead, so that many encoders have enough to do."""
TOGETHER = 64
"""Articles put in within one transaction while a version is built that nobody reads yet."""
_LOOK_S = 0.5


class DatabaseTarget:
    """Takes the articles of one build.

    Attributes:
        report: called now and then; what it raises ends the build.
        stat: what the file system says of the file that is being read.
        encoded: passages that were encoded for this build.
        together: articles put in within one transaction.
    """

    def __init__(
        self,
        tables: Tables,
        version: Version,
        model: Model,
        progress: Progress,
        copies: FileCopies,
    ) -> None:
        self._transaction = tables.connection.transaction
        self._version, self._model = version, model
        self._progress, self._copies = progress, copies
        self._writer = ArticleWriter(tables, version)
        self._queue = EncodingQueue(tables, model.digest)
        self._kept: list[tuple[ArticleRecord, Source]] = []
        self._are_renamed = False
        self._staged: deque[StagedArticle] = deque()
        self._waiting = 0
        self._own: set[str] = set()
        self._put: set[str] = set()
        self.report: Callable[[], None] = lambda: None
        self.stat: str | None = None
        self.encoded = 0
        self.together = 1

    def keep(self, record: ArticleRecord, source: Source) -> None:
        """Note that an article stays, under the path that `source` has."""
        self._kept.append((record, source))

    def add(self, article: Article, state: str, digest: str) -> int:
        """Split an article and let it be encoded; return how many passages it has."""
        self._rename()
        parts = split_article(article, self._model.load(), self.report)
        known = self._known_digests(article.path, parts.digests)
        new: dict[str, tuple[Text, list[Span]]] = {
            text.digest: (text, spans)
            for text, spans in zip(parts.texts, parts.sentences, strict=True)
            if text.digest not in known
        }
        if new:
            self._queue.put([text for text, _ in new.values()], [own for _, own in new.values()])
        self._own |= new.keys()
        self.encoded += len(new)
        self._staged.append(
            StagedArticle(
                parts.source,
                article.warnings,
                state,
                digest,
                parts.passages,
                parts.digests,
                self._copies.seen.get(article.path, self._copies.now),
                self.stat,
            )
        )
        self._waiting += len(parts.passages)
        while self._waiting > _WINDOW:
            self._put_in()
        return len(parts.passages)

    def finish(
        self, changed: Collection[str], gone: Collection[str], skipped: Sequence[SkippedEntry]
    ) -> None:
        """Put in what waits, and take out what is gone of the paths that were looked at."""
        self._rename()
        while self._staged:
            self._put_in()
        with self._transaction():
            self._writer.delete_at(gone)
            self._writer.note_skipped(changed, skipped)
            self._writer.finish()
        self._queue.clear()

    def _known_digests(self, path: str, digests: Sequence[str]) -> set[str]:
        """Return which texts the version has vectors of, and will have until the article is put in.

        Another article that changes may be put in before, and have lost them by then.
        """
        found = self._writer.articles_with(digests)
        kept = {record.rows.start for record, _ in self._kept} if found else set()
        return {
            digest
            for digest, row, owner in found
            if owner == path
            or row in kept
            or owner in self._put
            or owner not in self._copies.states
        }

    def _rename(self) -> None:
        """Give articles their new paths; what is at those paths goes, unless it moved too."""
        if self._are_renamed:
            return
        self._are_renamed = True
        moved = [(one, source) for one, source in self._kept if one.source.path != source.path]
        if not moved:
            return
        kept = [record.rows.start for record, _ in self._kept]
        paths = {source.path for _, source in moved}
        with self._transaction():
            self._writer.delete_at(paths, kept)
            for record, source in moved:
                self._writer.rename(record, source)
            self._writer.finish()

    def _put_in(self) -> None:
        """Encode a batch, or wait for another encoder; put in the articles that are whole."""
        is_idle, is_ready = not self._queue.encode_batch(self._model), True
        while is_ready:
            self._progress("encode", self.encoded - len(self._own), self.encoded)
            with self._transaction():
                for _ in range(self.together):
                    is_ready = bool(self._staged) and self._put_in_first()
                    if not is_ready:
                        break
                    is_idle = False
                self._writer.finish()
        if is_idle:
            time.sleep(_LOOK_S)  # another encoder has the batch that is missing

    def _put_in_first(self) -> bool:
        """Put in the article that waits longest; return whether its vectors are there."""
        staged = self._staged[0]
        digests = list(set(staged.digests))
        vectors = self._queue.encoded(digests, self._version.dimension)
        missing = [digest for digest in digests if digest not in vectors]
        vectors |= self._writer.known_vectors(missing)
        if len(vectors) < len(digests):
            return False
        self._writer.replace(staged, vectors)
        self._queue.remove(digests)
        self._put.add(staged.source.path)
        self._staged.popleft()
        self._waiting -= len(staged.passages)
        self._own -= set(digests)
        return True
