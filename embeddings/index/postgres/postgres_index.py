"""An index in PostgreSQL, open for questions."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, TypeVar

import psycopg
from psycopg import IsolationLevel
from psycopg import errors as pg
from psycopg_pool import PoolTimeout

from embeddings.errors import IndexDamaged, IndexMismatch, IndexUnavailable, StoreError
from embeddings.index.location import DatabaseUrl
from embeddings.index.manifest import Manifest
from embeddings.index.postgres import manifest as manifests
from embeddings.index.postgres import schema, versions
from embeddings.index.postgres.database import (
    PREFER_STANDBY,
    READ_WRITE,
    RETRY_S,
    Connection,
    Pool,
    connect,
    errors_as_store_errors,
    has_several_hosts,
    new_pool,
    retried,
)
from embeddings.index.postgres.snapshot import PostgresSnapshot
from embeddings.index.postgres.tables import Tables
from embeddings.index.postgres.versions import Version
from embeddings.index.search_index import IndexSnapshot

logger = logging.getLogger(__name__)

T = TypeVar("T")

_LISTEN_AGAIN_S = 2.0
_AWAY_S = 1.0
"""How long a question waits for a server that has been away for a while."""


class _Moved(psycopg.OperationalError):
    """The server reads an older state than is known, or tables that are gone: ask again."""


@dataclass(frozen=True)
class _Seen:
    """What was last read of the index's state."""

    version: Version
    languages: frozenset[str]


class PostgresIndex:
    """Every snapshot is of the newest state; connections are made when they are needed.

    Questions go to a standby where INDEX_URL names one. It may lag: what the primary has told of is
    looked up on the primary until the standby has it.

    Attributes:
        is_away: whether it has been waited for in vain.
    """

    is_live = True
    damage: IndexDamaged | None = None

    def __init__(self, url: DatabaseUrl, readers: Pool, primary: Pool | None) -> None:
        self._url, self._readers, self._primary = url, readers, primary
        self._manifest: tuple[int, Manifest] | None = None
        self._articles = manifests.ArticleList()
        self._least_revision = 0
        self._closed = threading.Event()
        self._last: _Seen | None = None
        self.is_away = False
        self._retried(self._look)
        if primary:
            threading.Thread(target=self._listen, name="index changes", daemon=True).start()

    @classmethod
    def open(cls, url: DatabaseUrl) -> Self:
        """Connect to the database.

        Raises:
            IndexMissing: nothing has been built.
            IndexOutdated: another version of the program has made the tables.
            IndexUnavailable: it cannot be reached; the text says why.
        """
        with errors_as_store_errors(url):
            connect(url, PREFER_STANDBY).close()  # says what is wrong, where a pool only waits
        readers = new_pool(url, PREFER_STANDBY)
        primary = None
        try:
            with errors_as_store_errors(url), readers.connection() as connection:
                schema.check(Tables(connection, url))
                is_standby = connection.execute("SELECT pg_is_in_recovery()").fetchone()
            if has_several_hosts(url) or is_standby == (True,):
                primary = new_pool(url, READ_WRITE, least=0)  # it may be down at the moment
            return cls(url, readers, primary)
        except BaseException:
            readers.close()
            if primary:
                primary.close()
            raise

    @property
    def name(self) -> str:
        """The revision that was last read."""
        return f"{self._seen.version.revision:08d}"

    @property
    def manifest(self) -> Manifest:
        """What the index was built from when it was opened, or refreshed last."""
        known = self._manifest or self._retried(self._look_closely)
        return known[1]

    def snapshot(self, work: Callable[[IndexSnapshot], T]) -> T:
        """Return what `work` finds in the newest state; again where the server goes away."""

        def read(tables: Tables, seen: _Seen) -> T:
            return work(PostgresSnapshot(tables, seen.version, seen.languages))

        return self._retried(lambda: self._in_snapshot(read))

    def refresh(self) -> None:
        """Read which state is the newest, and what it was built from."""
        self._retried(self._look_closely)

    def close(self) -> None:
        """Let go of the connections."""
        self._closed.set()
        self._readers.close()
        if self._primary:
            self._primary.close()

    @property
    def _seen(self) -> _Seen:
        return self._last or self._retried(self._look)

    def _look(self) -> _Seen:
        return self._in_snapshot(lambda _, seen: seen)

    def _look_closely(self) -> tuple[int, Manifest]:
        self._manifest = self._in_snapshot(self._read_manifest)
        return self._manifest

    def _retried(self, work: Callable[[], T]) -> T:
        """Wait for a server that went away; once that was in vain, not again until it is there."""
        try:
            result = retried(self._url, work, 0 if self.is_away else RETRY_S)
        except IndexUnavailable:
            self.is_away = True
            raise
        self.is_away = False
        return result

    def _in_snapshot(self, work: Callable[[Tables, _Seen], T]) -> T:
        try:
            return self._read(self._readers, work, self._least_revision if self._primary else 0)
        except _Moved:
            if not self._primary:
                raise
        try:
            return self._read(self._primary, work)
        except PoolTimeout:  # what a standby has is better than nothing
            self._least_revision = 0
            raise

    def _read(self, pool: Pool, work: Callable[[Tables, _Seen], T], least_revision: int = 0) -> T:
        with pool.connection(_AWAY_S if self.is_away else None) as connection:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            tables = Tables(connection, self._url)
            version = versions.current(tables)
            tables = tables.of(version.number)
            if version.revision < least_revision:
                raise _Moved("the standby lags behind")
            if pool is self._primary:  # one that took over may lack what was told last
                self._least_revision = version.revision
            seen = self._known(tables, version)
            try:
                return work(tables, seen)
            except (pg.UndefinedTable, pg.InvalidSchemaName) as error:
                raise _Moved("a version of the index was dropped") from error

    def _known(self, tables: Tables, version: Version) -> _Seen:
        """Return the state with its languages, which are read once for each revision."""
        seen = self._last
        if seen is not None and seen.version.revision == version.revision:
            return seen
        if seen is not None and seen.version.model_digest != version.model_digest:
            raise IndexMismatch(
                f"The index in {self._url} was built with another model meanwhile, {version.model}."
                " Set EMBEDDING_MODEL to it and start again."
            )
        records = tables.fetch("SELECT DISTINCT language FROM {article} WHERE passages > 0")
        seen = _Seen(version, frozenset(language for (language,) in records))
        self._last, self._least_revision = seen, max(self._least_revision, version.revision)
        return seen

    def _read_manifest(self, tables: Tables, seen: _Seen) -> tuple[int, Manifest]:
        known, revision = self._manifest, seen.version.revision
        if known is not None and known[0] == revision:
            return known
        return revision, manifests.read(tables, seen.version, self._articles)

    def _listen(self) -> None:
        """Learn from the primary of every change, so that a standby that lags is noticed."""
        while not self._closed.is_set():
            try:
                with errors_as_store_errors(self._url), connect(self._url) as connection:
                    self._attend(connection)
            except StoreError as error:
                logger.debug("the primary is not listened to: %s", error)
            self._closed.wait(_LISTEN_AGAIN_S)

    def _attend(self, connection: Connection) -> None:
        connection.execute(f"LISTEN {versions.CHANNEL}")
        newest = versions.current(Tables(connection, self._url)).revision
        self._least_revision = max(self._least_revision, newest)
        while not self._closed.is_set():
            for notice in connection.notifies(timeout=1):
                name, _, revision = notice.payload.partition(" ")
                if name == self._url.schema:
                    self._least_revision = max(self._least_revision, int(revision))
