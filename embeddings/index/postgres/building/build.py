"""The folder of articles to an index in PostgreSQL: an edit costs what it changes.

Articles are read and split here, encoded by whoever has time (see `encoding_queue`), and put in one
by one, each in a transaction with all that belongs to it. Another model or other rules build a
second version beside the first, which goes on answering until both are exchanged.
"""

import time
from functools import partial

from embeddings.articles.folder import SourceFile, list_files, size_of
from embeddings.index.build_result import (
    ASKED_FOR,
    OTHER_MODEL,
    OTHER_RULES,
    RULES,
    BuildOptions,
    BuildResult,
    compared,
)
from embeddings.index.file_copies import find_copies
from embeddings.index.ingest import Ingester, Parse
from embeddings.index.location import DatabaseUrl
from embeddings.index.manifest import ArticleEntry, Manifest, ModelEntry
from embeddings.index.postgres import manifest as manifests
from embeddings.index.postgres import schema, versions
from embeddings.index.postgres.building import nearest_indexes
from embeddings.index.postgres.building.builder_lock import only_builder
from embeddings.index.postgres.building.folder_changes import FolderChanges
from embeddings.index.postgres.building.target import TOGETHER, DatabaseTarget
from embeddings.index.postgres.tables import Tables
from embeddings.index.postgres.versions import Version
from embeddings.readers.subprocess_parser import open_parser
from embeddings.translatable import from_json

_LISTINGS = 3


def build_in_database(options: BuildOptions, url: DatabaseUrl) -> BuildResult:
    """Bring an index in a database up to date; see `embeddings.index.build.build_index`."""
    with only_builder(url, options.progress) as tables:
        return _Build(tables, options).run()


class _Build:
    """One build."""

    def __init__(self, tables: Tables, options: BuildOptions) -> None:
        self._tables, self._options = tables, options
        self._model, self._progress = options.model, options.progress
        self._encoded = 0

    def run(self) -> BuildResult:
        """Do it."""
        versions.drop_old(self._tables)
        current = versions.in_state(self._tables, "current")
        version, reason = self._version(current)
        before = None
        # The tables of another layout may lack what is read here.
        if current and version != current and current.layout == schema.LAYOUT:
            before = manifests.read(self._tables, current)
        report = _Report()
        # The process that reads loads while the folder is compared, which takes as long where it is
        # large; that something has changed there is why most builds are asked for.
        with open_parser(early=version == current) as parser:
            changes = self._changes(version)
            if version == current and not changes.paths:
                changes.remember()
                return self._result(published=False)
            for _ in range(_LISTINGS):
                ingester = self._ingest(version, current, changes, before, parser.parse)
                report.note(changes, ingester)
                if not ingester.moved or not self._options.seeds.is_dir():
                    break
                changes = self._changes(version)
        changes.remember()
        nearest_indexes.bring_up_to_date(
            self._tables, version, lambda: self._progress("arrange", 0, 1)
        )
        if version == current:
            return compared(self._result(), report.after(), report.before.values())
        versions.switch(self._tables, version)
        versions.drop_old(self._tables)
        now = manifests.read(self._tables, version)
        result = self._result(rebuild_reason=reason)
        return compared(result, now.articles, before.articles if before else ())

    def _version(self, current: Version | None) -> tuple[Version, str | None]:
        """Return the version to bring up to date, and why it is a new one."""
        reason = None
        if current and self._options.full:
            reason = ASKED_FOR
        elif current and current.model_digest != self._model.digest:
            reason = OTHER_MODEL
        elif current and not current.is_made_by(self._model.digest, RULES):
            reason = OTHER_RULES
        elif current:
            versions.drop_unfinished(self._tables, current)
            return current, None
        entry = ModelEntry(self._model.name, self._model.digest, self._model.load().dimension)
        return versions.begin(self._tables, entry, RULES, anew=self._options.full), reason

    def _changes(self, version: Version) -> FolderChanges:
        return FolderChanges(self._tables.of(version.number), list_files(self._options.seeds))

    def _ingest(
        self,
        version: Version,
        current: Version | None,
        changes: FolderChanges,
        before: Manifest | None,
        parse: Parse,
    ) -> Ingester:
        """Read what is new, put it in, and take out what is gone.

        `before` is what the current version was built from, where that is another one.
        """
        previous = changes.known if version == current else before
        if not changes.listed:
            self._options.refuse_accidental_empty(previous)
        copies = find_copies(changes.files, changes.states, changes.known, time.time())
        target = DatabaseTarget(self._tables, version, self._model, self._progress, copies)
        target.together = 1 if version == current else TOGETHER
        ingester = Ingester(
            changes.known, copies, parse, target, other_article=changes.other_article
        )

        def order(file: SourceFile) -> tuple[bool, bool, int]:
            """Sort known articles first, copies after their originals, and short files first."""
            is_new = not ingester.is_known(file.path, changes.states.get(file.path))
            return is_new, copies.is_copy(file.path), size_of(file) if is_new else 0

        for number, file in enumerate(sorted(changes.files, key=order)):
            target.report = partial(self._progress, "read", number, len(changes.files))
            target.report()
            target.stat = changes.stat(file.path)
            ingester.take(file, changes.states.get(file.path))
        self._progress("read", len(changes.files), len(changes.files))
        skipped = sorted(ingester.skipped, key=lambda entry: entry.path)
        if not ingester.articles and changes.is_whole_index():
            self._options.must_be_readable(changes.listed, skipped, previous)
        gone = changes.paths - {entry.path for entry in ingester.articles}
        target.finish(changes.paths, gone, skipped)
        self._encoded += target.encoded
        return ingester

    def _result(self, *, published: bool = True, rebuild_reason: str | None = None) -> BuildResult:
        version = versions.current(self._tables)
        tables = self._tables.of(version.number)
        ((articles,),) = tables.fetch("SELECT count(*) FROM {article}")
        warnings = tables.fetch(
            "SELECT path, jsonb_array_elements(warnings) FROM {article} "
            "WHERE warnings <> '[]' ORDER BY path",
        )
        return BuildResult(
            published=published,
            generation=f"{version.revision:08d}",
            articles=articles,
            passages=version.passages,
            skipped=manifests.skipped(tables),
            warnings=tuple((path, from_json(warning)) for path, warning in warnings),
            reused=max(version.passages - self._encoded, 0) if published else 0,
            encoded=self._encoded,
            rebuild_reason=rebuild_reason,
        )


class _Report:
    """What changes of the current version: its articles before and after.

    Attributes:
        before: those that were looked at, by path.
    """

    def __init__(self) -> None:
        self.before: dict[str, ArticleEntry] = {}
        self._after: dict[str, ArticleEntry] = {}
        self._paths: set[str] = set()

    def note(self, changes: FolderChanges, ingester: Ingester) -> None:
        """Note what was built from some changes."""
        for entry in changes.known.articles:
            if entry.path not in self._paths:
                self.before[entry.path] = entry
        self._paths |= changes.paths
        for path in changes.paths:
            self._after.pop(path, None)
        self._after |= {entry.path: entry for entry in ingester.articles}

    def after(self) -> list[ArticleEntry]:
        """Return the articles now, in the order of their paths."""
        return [self._after[path] for path in sorted(self._after)]
