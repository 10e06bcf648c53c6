"""Opens an index, wherever it is kept."""

from contextlib import closing

from embeddings.index.local import generation as generations
from embeddings.index.location import DatabaseUrl, Location
from embeddings.index.manifest import Manifest
from embeddings.index.search_index import SearchIndex


def open_index(location: Location) -> SearchIndex:
    """Open the current state of an index.

    Raises:
        IndexMissing: nothing has been built.
        IndexDamaged: a file is not what it was when it was written.
        IndexUnavailable: the system has no handles or memory left, or the database cannot be
            reached.
    """
    if isinstance(location, DatabaseUrl):
        from embeddings.index.postgres.postgres_index import PostgresIndex

        return PostgresIndex.open(location)
    return generations.open_current(location)


def current_stamp(location: Location) -> tuple[str, int, int]:
    """Return what changes whenever another state of the index becomes current.

    Raises:
        IndexMissing: nothing has been built.
        IndexDamaged: the file that names the current generation cannot be used.
        IndexUnavailable: the database cannot be reached.
    """
    if isinstance(location, DatabaseUrl):
        with closing(open_index(location)) as index:
            return index.name, 0, 0
    return generations.current_stamp(location)


def current_name_and_manifest(location: Location) -> tuple[str, Manifest]:
    """Return the number of the current state of an index, and what it was built from.

    Raises:
        IndexMissing: nothing has been built.
        IndexDamaged: the manifest cannot be used.
        IndexUnavailable: the database cannot be reached.
    """
    if isinstance(location, DatabaseUrl):
        with closing(open_index(location)) as index:
            return index.name, index.manifest
    return generations.current_name(location), generations.current_manifest(location)


def current_manifest(location: Location) -> Manifest:
    """Return what the current state of an index was built from; errors as above."""
    return current_name_and_manifest(location)[1]
