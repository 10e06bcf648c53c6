"""Opens an index, wherever it is kept."""

from pathlib import Path

from embeddings.index.local import generation as generations
from embeddings.index.local.local_index import LocalIndex
from embeddings.index.search_index import SearchIndex

Location = Path


def open_index(location: Location) -> SearchIndex:
    """Open the current state of an index.

    Raises:
        IndexMissing: nothing has been built.
        IndexDamaged: a file is not what it was when it was written.
        IndexUnavailable: the system has no handles or memory left.
    """
    return LocalIndex(generations.open_current(location))
