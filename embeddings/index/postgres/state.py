"""The state of an index in a database, for those that do not ask it questions."""

from contextlib import closing

from embeddings.index.location import DatabaseUrl
from embeddings.index.manifest import Manifest
from embeddings.index.postgres import manifest as manifests
from embeddings.index.postgres import schema, versions
from embeddings.index.postgres.database import PREFER_STANDBY, connect, explained


def current_revision(url: DatabaseUrl) -> str:
    """Return the number of the current state, as `SearchIndex.name` has it."""
    with explained(url), closing(connect(url, PREFER_STANDBY)) as connection:
        schema.check(connection, url)
        return f"{versions.current(connection, url).revision:08d}"


def current_revision_and_manifest(url: DatabaseUrl) -> tuple[str, Manifest]:
    """Return the number of the current state, and what it was built from."""
    with explained(url), closing(connect(url, PREFER_STANDBY)) as connection:
        schema.check(connection, url)
        version = versions.current(connection, url)
        return f"{version.revision:08d}", manifests.read(connection, url, version)
