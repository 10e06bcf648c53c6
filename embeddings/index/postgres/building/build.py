"""The folder of articles to an index in PostgreSQL: an edit costs what it changes.

Articles are read and split here, encoded by whoever has time (see `encoding_queue`), and put in one
by one, each in a transaction with all that belongs to it. Another model or other rules build a
second version beside the first, which goes on answering until both are exchanged.
"""

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embeddings.articles.folder import SourceFile, list_files, size_of
from embeddings.index.arrival import arrivals
from embeddings.index.build_result import (
    ASKED_FOR,
    OTHER_MODEL,
    OTHER_RULES,
    RULES,
    BuildResult,
    compared,
    has_new,
    known_states,
    must_be_meant,
    must_be_readable,
    unchanged,
    warnings_of,
)
from embeddings.index.ingest import Ingester, Known, Parse
from embeddings.index.location import DatabaseUrl
from embeddings.index.manifest import Manifest, ModelEntry
from embeddings.index.postgres import manifest as manifests
from embeddings.index.postgres import schema, versions
from embeddings.index.postgres.building import nearest_indexes
from embeddings.index.postgres.building.builder_lock import only_builder
from embeddings.index.postgres.building.file_states import FileStates
from embeddings.index.postgres.building.target import TOGETHER, DatabaseTarget
from embeddings.index.postgres.database import connect, explained
from embeddings.index.postgres.passages import PostgresPassages
from embeddings.index.postgres.versions import Version
from embeddings.model.encoder import Model
from embeddings.model.memory import trim
from embeddings.progress import Progress
from embeddings.readers.subprocess_parser import open_parser

if TYPE_CHECKING:
    from psycopg import Connection

_LISTINGS = 3


def build_in_database(
    seeds: Path,
    url: DatabaseUrl,
    model: Model,
    progress: Progress,
    *,
    full: bool,
    allow_empty: bool,
) -> BuildResult:
    """Bring an index in a database up to date; see `embeddings.index.build.build_index`."""
    started = time.monotonic()
    list_files(seeds)  # a missing folder is worth saying before anything is made
    with (
        explained(url),
        closing(connect(url)) as connection,
        only_builder(connection, url, progress),
    ):
        schema.prepare(connection, url)
        result = _Build(connection, url, model, progress, seeds, allow_empty).run(full=full)
    trim()
    return replace(result, seconds=time.monotonic() - started)


class _Build:
    """One build."""

    def __init__(
        self,
        connection: "Connection[Any]",
        url: DatabaseUrl,
        model: Model,
        progress: Progress,
        seeds: Path,
        allow_empty: bool,
    ) -> None:
        self._connection, self._url, self._model = connection, url, model
        self._progress, self._seeds, self._allow_empty = progress, seeds, allow_empty

    def run(self, *, full: bool) -> BuildResult:
        """Do it."""
        versions.drop_old(self._connection, self._url)
        current = versions.current_or_none(self._connection, self._url)
        # The tables of another layout may lack what is read here.
        before = self._manifest(current) if current and current.layout == schema.LAYOUT else None
        version, reason = self._version(current, full=full)
        states = FileStates(self._connection, self._url, version)
        files = list_files(self._seeds)
        states.read(files)
        if before and version == current and known_states(before) == states.known:
            states.remember()
            return unchanged(before, f"{version.revision:08d}")
        encoded = 0
        known = before if before and version == current else self._manifest(version)
        with open_parser(early=has_new(states.known, known)) as parser:
            for _ in range(_LISTINGS):
                target, ingester = self._ingest(version, states, files, known, before, parser.parse)
                encoded += target.encoded
                if not ingester.moved or not self._seeds.is_dir():
                    break
                files = list_files(self._seeds)
                states.read(files)
                known = self._manifest(version)
        states.remember()
        nearest_indexes.bring_up_to_date(
            self._connection, self._url, version, lambda: self._progress("arrange", 0, 1)
        )
        if version != current:
            versions.switch(self._connection, self._url, version)
            versions.drop_old(self._connection, self._url)
        return self._result(before, ingester, encoded, reason)

    def _version(self, current: Version | None, *, full: bool) -> tuple[Version, str | None]:
        """Return the version to bring up to date, and why it is a new one."""
        reason = None
        if current and full:
            reason = ASKED_FOR
        elif current and current.model_digest != self._model.digest:
            reason = OTHER_MODEL
        elif current and not current.is_made_by(self._model.digest, RULES):
            reason = OTHER_RULES
        elif current:
            versions.drop_unfinished(self._connection, self._url, current)
            return current, None
        entry = ModelEntry(self._model.name, self._model.digest, self._model.load().dimension)
        return (
            versions.begin(self._connection, self._url, entry, RULES, anew=full),
            reason,
        )

    def _ingest(
        self,
        version: Version,
        states: FileStates,
        files: Sequence[SourceFile],
        known: Manifest,
        before: Manifest | None,
        parse: Parse,
    ) -> tuple[DatabaseTarget, Ingester]:
        """Read what is new, put it in, and take out what is gone.

        Args:
            version: to bring up to date.
            states: of the files.
            files: of the folder.
            known: what the version was built from.
            before: what the current version was built from.
            parse: reads a file.
        """
        if not files:
            must_be_meant(self._seeds, before, self._allow_empty)
        name = schema.version_schema(self._url, version.number)
        records = PostgresPassages(self._connection, name, 0).articles()
        arrived = arrivals(files, states.known, known, time.time())
        target = DatabaseTarget(
            self._connection, self._url, version, self._model, self._progress, arrived
        )
        target.together = 1 if known is before else TOGETHER
        taken = Known(tuple(records), known.articles, known.skipped)
        ingester = Ingester(taken, arrived, parse, target)

        def order(file: SourceFile) -> tuple[bool, bool, int]:
            """Sort known articles first, copies after their originals, and short files first."""
            is_new = not ingester.is_known(file.path, states.known.get(file.path))
            return is_new, arrived.is_copy(file.path), size_of(file) if is_new else 0

        for number, file in enumerate(sorted(files, key=order)):
            target.report = partial(self._progress, "read", number, len(files))
            target.report()
            target.stat = states.stat(file)
            ingester.take(file, states.known.get(file.path))
        self._progress("read", len(files), len(files))
        skipped = sorted(ingester.skipped, key=lambda entry: entry.path)
        if not ingester.articles:
            must_be_readable(self._seeds, files, skipped, before, allow_empty=self._allow_empty)
            must_be_meant(self._seeds, before, self._allow_empty)
        target.finish([entry.path for entry in ingester.articles], skipped)
        return target, ingester

    def _result(
        self, before: Manifest | None, ingester: Ingester, encoded: int, reason: str | None
    ) -> BuildResult:
        version = versions.current(self._connection, self._url)
        articles = tuple(sorted(ingester.articles, key=lambda entry: entry.path))
        skipped = tuple(sorted(ingester.skipped, key=lambda entry: entry.path))
        now = Manifest("", version.model_entry, version.rules, articles, skipped, {})
        result = BuildResult(
            published=True,
            generation=f"{version.revision:08d}",
            articles=len(articles),
            passages=version.passages,
            skipped=skipped,
            warnings=warnings_of(articles),
            reused=max(version.passages - encoded, 0),
            encoded=encoded,
            rebuild_reason=reason,
        )
        return compared(result, now, before)

    def _manifest(self, version: Version) -> Manifest:
        return manifests.read(self._connection, self._url, version)
