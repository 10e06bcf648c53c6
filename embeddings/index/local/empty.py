"""An index without articles, for the time before the first build has ended."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from embeddings.errors import IndexDamaged
from embeddings.index.file_copies import find_copies
from embeddings.index.local import generation as generations
from embeddings.index.local.build import publish
from embeddings.index.local.ingest import Build, ingest
from embeddings.index.local.local_index import LocalIndex
from embeddings.model.encoder import Model

NAME = "00000000"
"""Numbers of generations on disk begin at 1."""


def open_empty(model: Model, damage: IndexDamaged | None = None) -> LocalIndex:
    """Open a generation without articles; no directory holds it once it is open.

    The model is that of the index that will replace it, and is loaded; `damage` is what is wrong
    with the index in whose place it serves.
    """
    # Windows cannot remove files that are open; the system's own cleaning does that later.
    with TemporaryDirectory(prefix="passage-bot-", ignore_cleanup_errors=True) as folder:
        index = Path(folder)
        work = index / "generations" / ".work"
        work.mkdir(parents=True)
        build = Build(work, None, model, lambda *_: None)
        ingested = ingest(build, (), find_copies((), {}, None, now=0.0), _no_file)
        publish(build, index, ingested)
        opened = generations.open_current(index)
        return replace(opened, directory=index / NAME, damage=damage)


def _no_file(_data: bytes, path: str) -> NoReturn:
    raise AssertionError(path)
