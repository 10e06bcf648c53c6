"""Brings an index up to date with the folder of articles, wherever it is kept."""

import time
from dataclasses import replace
from pathlib import Path

from embeddings.articles.folder import check_folder
from embeddings.index.build_result import BuildOptions, BuildResult
from embeddings.index.local.build import build_local
from embeddings.index.location import DatabaseUrl, Location
from embeddings.model.encoder import Model
from embeddings.model.memory import trim
from embeddings.progress import Progress


def build_index(
    seeds: Path,
    index: Location,
    model: Model,
    *,
    full: bool = False,
    repair: bool = False,
    allow_empty: bool = False,
    progress: Progress | None = None,
) -> BuildResult:
    """Bring the index up to date with the folder of seeds.

    Nothing is written when nothing changed. What the index holds of a file, or of a passage, is
    taken from there.

    Args:
        seeds: the folder of articles.
        index: its directory, made where it is missing; or the database that holds it.
        model: loaded only when there is something to encode.
        full: read and encode everything again.
        repair: write a generation even when nothing changed: the current one is damaged.
        allow_empty: empty the index when the folder holds no articles any more; otherwise it is
            taken for one whose disk is not there.
        progress: told of each step; what it raises ends the build. What it has published by then
            stays: a first or full build is published whole, others may be in portions.

    Raises:
        SeedsError: there is nothing to build from; the index stays as it is.
        SeedsEmptied: the folder held articles, and holds none any more; likewise.
        StoreError: the index cannot be written, or another process is building it.
        ModelError: the model does not load.
    """
    started = time.monotonic()
    check_folder(seeds)  # a missing folder is worth saying before anything is made
    report_progress = progress or (lambda *_: None)
    options = BuildOptions(seeds, model, report_progress, full, repair, allow_empty)
    if isinstance(index, DatabaseUrl):
        from embeddings.index.postgres.building.build import build_in_database

        result = build_in_database(options, index)
    else:
        result = build_local(options, index)
    if result.published:
        trim()
    return replace(result, seconds=time.monotonic() - started)
