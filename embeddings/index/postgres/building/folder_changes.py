"""What has changed in the folder of articles since the index was last brought up to date.

All files are listed, but only what the file system says of them is compared; of the index, no more
is read than what has changed and what depends on it.
"""

import time
from collections.abc import Iterable, Sequence

from embeddings.articles.folder import SourceFile, stat_of
from embeddings.index.file_copies import PreviousEntries, States, known_states, states_of
from embeddings.index.passages import SELECT_ARTICLES, article_record
from embeddings.index.postgres import manifest as manifests
from embeddings.index.postgres.tables import Tables

_SETTLED_NS = 2_000_000_000
"""A file that was changed so shortly before it was read may change again unnoticed: some file
systems count time in seconds."""

_UPDATE = (
    "UPDATE {table} AS t SET stat = new.stat "
    "FROM unnest(%s::text[], %s::text[], %s::text[]) AS new (path, stat, digest) "
    "WHERE t.path = new.path AND t.{digest} = new.digest AND t.stat IS DISTINCT FROM new.stat"
)


class FolderChanges:
    """What a build must look at: what has changed, and what depends on it.

    A copy of an article depends on it, and files with the same content on each other.

    Attributes:
        listed: all files of the folder.
        paths: what is looked at; empty where nothing has changed.
        files: those at these paths that are there.
        states: digests of those files, by path; None for one that cannot be read.
        known: what the index has at these paths.
    """

    def __init__(self, tables: Tables, listed: Sequence[SourceFile]) -> None:
        """Compare the files of a folder with what a version of the index was built from."""
        self.listed, self._tables = listed, tables
        stored: dict[str, str | None] = dict(
            self._tables.fetch(
                "SELECT path, stat FROM {article} UNION ALL SELECT path, stat FROM {skipped}"
            )
        )
        now = time.time_ns()
        self._stats = {file.path: _stat_of(file, now) for file in listed}
        touched = [
            file
            for file in listed
            if (stat := self._stats[file.path]) is None or stat != stored.get(file.path)
        ]
        self._touched = dict(states_of(touched))
        lost = {file.path for file in touched} - self._touched.keys()
        gone = stored.keys() - self._stats.keys() | stored.keys() & lost
        before = known_states(self._known({*self._touched, *gone}, set()))
        changed = gone | {
            path
            for path, digest in self._touched.items()
            if path not in before or before[path] != digest
        }
        self.known = self._related(changed) if changed else PreviousEntries()
        states = known_states(self.known) | self._touched
        self.paths = changed | known_states(self.known).keys()
        self.files = [file for file in listed if file.path in self.paths]
        self.states: States = {
            file.path: states[file.path] for file in self.files if file.path not in lost
        }

    def stat(self, path: str) -> str | None:
        """Return what the file system said of a file, None where it may still change unnoticed."""
        return self._stats.get(path)

    def is_whole_index(self) -> bool:
        """Whether all articles of the index are among those that are looked at."""
        ((count,),) = self._tables.fetch("SELECT count(*) FROM {article}")
        return bool(count == len(self.known.articles))

    def other_article(self, words: str) -> str | None:
        """Return the path of an article with a text that is not among those looked at."""
        records = self._tables.fetch("SELECT path FROM {article} WHERE words = %s", words)
        return next((path for (path,) in records if path not in self.paths), None)

    def remember(self) -> None:
        """Store what the file system says of files whose content the index has."""
        new = [
            (path, stat, digest)
            for path, digest in self._touched.items()
            if digest and (stat := self._stats[path])
        ]
        if not new:
            return
        values = tuple(map(list, zip(*new, strict=True)))
        for table, column in (("article", "file"), ("skipped", "sha256")):
            query = _UPDATE.replace("{table}", f"{{{table}}}").replace("{digest}", column)
            self._tables.run(query, *values)

    def _related(self, changed: Iterable[str]) -> PreviousEntries:
        """Return what the index has at changed paths, and what depends on that, and so on."""
        paths = {*changed, *(path for path, digest in self._touched.items() if digest is None)}
        digests = {digest for path in changed if (digest := self._touched.get(path))}
        while True:
            known = self._known(paths, digests)
            found = known_states(known)
            of_content = {digest for digest in found.values() if digest}
            if found.keys() <= paths and of_content <= digests:
                return known
            paths |= found.keys()
            digests |= of_content

    def _known(self, paths: set[str], digests: set[str]) -> PreviousEntries:
        """Return what the index has at some paths and of some content, and copies of those."""
        named = {"paths": list(paths), "digests": list(digests)}
        which = "WHERE path = ANY(%(paths)s) OR file = ANY(%(digests)s) ORDER BY id"
        records = self._tables.fetch(f"{SELECT_ARTICLES} {which}".replace("{first}", "id"), **named)
        articles = manifests.articles(self._tables, which, **named)
        skipped = manifests.skipped(
            self._tables,
            "WHERE path = ANY(%(paths)s) OR sha256 = ANY(%(digests)s) OR same_as = ANY(%(paths)s)",
            **named,
        )
        return PreviousEntries(
            tuple(map(article_record, records)), tuple(articles.values()), skipped
        )


def _stat_of(file: SourceFile, now: int) -> str | None:
    try:
        state = stat_of(file)
    except OSError:
        return None
    if now - max(state.st_mtime_ns, state.st_ctime_ns) < _SETTLED_NS:
        return None
    return f"{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {state.st_dev} {state.st_ino}"
