"""Digests of the files of a folder, without reading again what has not been touched."""

import hashlib
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from psycopg import sql

from embeddings.articles.folder import SourceFile, read_bytes
from embeddings.errors import FileGone, UnreadableFile
from embeddings.index.location import DatabaseUrl
from embeddings.index.postgres.passages import fetch
from embeddings.index.postgres.schema import version_schema
from embeddings.index.postgres.versions import Version

if TYPE_CHECKING:
    from psycopg import Connection

_SETTLED_NS = 2_000_000_000
"""A file that was changed so shortly before it was read may change again unnoticed: some file
systems count time in seconds."""

_UPDATE = (
    "UPDATE {table} AS t SET stat = new.stat "
    "FROM unnest(%s::text[], %s::text[], %s::text[]) AS new (path, stat, digest) "
    "WHERE t.path = new.path AND t.{digest} = new.digest"
)


class FileStates:
    """The files as they are now, and as the index has met them.

    Attributes:
        known: digests of the files listed last, by path; None for one that cannot be read.
    """

    def __init__(self, connection: "Connection[Any]", url: DatabaseUrl, version: Version) -> None:
        self._connection = connection
        self._schema = version_schema(url, version.number)
        self._stored = {
            path: (stat, digest)
            for path, stat, digest in fetch(
                connection,
                self._schema,
                "SELECT path, stat, file FROM {article} WHERE stat IS NOT NULL "
                "UNION ALL SELECT path, stat, sha256 FROM {skipped} WHERE stat IS NOT NULL",
            )
        }
        self._stats: dict[str, str | None] = {}
        self.known: dict[str, str | None] = {}

    def read(self, files: Sequence[SourceFile]) -> None:
        """Note path and digest of each file that is still there."""
        self.known, self._stats = {}, {}
        for file in files:
            before = self._stats[file.path] = _stat_of(file)
            stored = self._stored.get(file.path)
            if before is not None and stored and stored[0] == before:
                digest = stored[1]
            else:
                try:
                    digest = hashlib.sha256(read_bytes(file)).hexdigest()
                except FileGone:
                    continue
                except UnreadableFile:
                    digest = None
            self.known[file.path] = digest

    def stat(self, file: SourceFile) -> str | None:
        """Return what the file system said of a file, None where it may still change unnoticed."""
        return self._stats.get(file.path)

    def remember(self) -> None:
        """Store what the file system says of files whose content the index has."""
        new = [
            (path, stat, digest)
            for path, stat in self._stats.items()
            if stat and (digest := self.known.get(path))
            if self._stored.get(path) != (stat, digest)
        ]
        if not new:
            return
        values = tuple(map(list, zip(*new, strict=True)))
        for table, column in (("article", "file"), ("skipped", "sha256")):
            query = sql.SQL(_UPDATE).format(
                table=sql.Identifier(self._schema, table), digest=sql.Identifier(column)
            )
            self._connection.execute(query, values)


def _stat_of(file: SourceFile) -> str | None:
    try:
        state = file.location.stat()
    except OSError:
        return None
    if time.time_ns() - max(state.st_mtime_ns, state.st_ctime_ns) < _SETTLED_NS:
        return None
    return f"{state.st_size} {state.st_mtime_ns} {state.st_ctime_ns} {state.st_dev} {state.st_ino}"
