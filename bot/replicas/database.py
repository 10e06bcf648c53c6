"""Connections to the database that the replicas share."""

from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import URL, Connection, create_engine, make_url, text

from bot.journal.ids import Pseudonyms

CLOSED_IN_S = 5
"""After this time a connection to a machine that has vanished counts as lost, at both ends."""
_CONNECT_S = 3


def driver_url(url: str) -> URL:
    """Return the address for psycopg; `url` is as `Settings.database_url` has it, for asyncpg."""
    parts = make_url(url).set(drivername="postgresql+psycopg")
    if "ssl" in parts.query:
        query = {name: value for name, value in parts.query.items() if name != "ssl"}
        parts = parts.set(query=query | {"sslmode": parts.query["ssl"]})
    return parts


def connection_options() -> dict[str, Any]:
    """Return the options of a connection that must notice soon that its other end is gone."""
    keepalives = {"idle": 2, "interval": 1, "count": CLOSED_IN_S - 2}
    ours = {f"keepalives_{name}": value for name, value in keepalives.items()}
    servers = {f"tcp_keepalives_{name}": value for name, value in keepalives.items()}
    for options in (ours, servers):
        options["tcp_user_timeout"] = CLOSED_IN_S * 1000
    set_at_server = " ".join(f"-c {name}={value}" for name, value in servers.items())
    return ours | {"connect_timeout": _CONNECT_S, "options": set_at_server}


def connection_arguments(url: str) -> dict[str, Any]:
    """Return what psycopg connects with; `url` is as `Settings.database_url` has it."""
    address = driver_url(url)
    _, arguments = address.get_dialect()().create_connect_args(address)
    return dict(arguments) | connection_options()


class SharedDatabase:
    """Connections for short transactions, from any thread."""

    def __init__(self, url: str) -> None:
        """Prepare; `url` is as `Settings.database_url` has it."""
        self._engine = create_engine(
            driver_url(url),
            hide_parameters=True,  # what people asked must not be in an error's text
            pool_pre_ping=True,
            pool_size=8,
            max_overflow=0,
            pool_timeout=_CONNECT_S,
            connect_args=connection_options(),
        )
        self._pseudonyms: Pseudonyms | None = None

    def open(self) -> None:
        """Read the key that ids are hashed with; the journal's tables must be up to date.

        Raises:
            SQLAlchemyError: the database cannot be used now.
        """
        with self.transaction() as connection:
            key = connection.execute(text("SELECT value FROM secrets WHERE name = 'key'"))
            self._pseudonyms = Pseudonyms(bytes(key.scalar_one()), names=False)

    @property
    def is_open(self) -> bool:
        """Whether ids can be hashed."""
        return self._pseudonyms is not None

    def hashed(self, id_: int) -> int:
        """Return the hash of a person's or a chat's id, as the journal has it."""
        assert self._pseudonyms is not None  # noqa: S101
        return self._pseudonyms.hashed(id_)

    def transaction(self) -> AbstractContextManager[Connection]:
        """Give a connection within a transaction."""
        return self._engine.begin()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()
