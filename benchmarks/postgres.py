"""An index in PostgreSQL beside the one on disk: questions, edits, building, memory.

    python -m benchmarks.postgres DATASET [--sizes N ...] [--url URL] [--work DIR]

The passages are those of `benchmarks.performance.made_up`; questions are those of the data set,
encoded by the real model. Each index is built on disk, copied into the database, and asked there
and on disk in turn. An edit replaces a paragraph of one article of twenty passages. Without --url a
server of the tests' own is started, with the settings that a small server has.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from benchmarks import percentiles
from benchmarks.corpus import Corpus
from benchmarks.performance.common import Options, log
from benchmarks.performance.made_up import drawing_model
from benchmarks.performance.size import build_made_up
from embeddings import (
    Location,
    Model,
    Searcher,
    build_index,
    configure_process,
    find_model,
    parse_location,
)
from embeddings.index.postgres.copy import copy_index

_SIZES = (1_000, 10_000, 50_000)
_QUESTIONS, _ROUNDS, _EDITS = 100, 3, 5
_SETTINGS = {
    "shared_buffers": "2GB",
    "maintenance_work_mem": "2GB",
    "max_wal_size": "8GB",
    "fsync": "on",
    "full_page_writes": "on",
}


def main() -> None:
    """Print a row of JSON for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES)
    parser.add_argument("--url")
    parser.add_argument("--work", type=Path, default=Path("var/benchmarks"))
    given = parser.parse_args()
    options = Options(given.dataset, given.work, Path(sys.executable), quick=False)
    model = find_model()
    drawing = drawing_model(options.index(model), model)
    questions = options.questions(_QUESTIONS)
    with nullcontext(given.url) if given.url else _server() as url:
        for size in given.sizes:
            address = parse_location(f"{url}{'&' if '?' in url else '?'}schema=bench_{size}")
            row = _measured(options, size, address, model, drawing, questions)
            print(json.dumps(row), flush=True)


@contextmanager
def _server() -> Iterator[str]:
    from tests.servers import new_server

    with new_server(**_SETTINGS) as server:
        yield server.create_database()


def _measured(
    options: Options,
    size: int,
    database: Location,
    model: Model,
    drawing: Model,
    questions: list[str],
) -> dict[str, Any]:
    """Copy an index of so many passages, and ask and edit both.

    Returns:
        The number of `passages`; seconds to `copy` them into the database, with the making of its
        indexes; `bytes` of both indexes; milliseconds of a question without encoding, on `disk`
        and in the `database`; and the median seconds of an edit in each.
    """
    disk = build_made_up(options, size, drawing)
    seeds = disk.parent / "seeds"
    log(f"{size:,} passages, copy")
    started = time.perf_counter()
    copy_index(disk, database, lambda *_: None)
    copied = time.perf_counter() - started
    log(f"{size:,} passages, questions")
    times: dict[Location, list[float]] = {disk: [], database: []}
    with closing(Searcher.open(disk, model)) as one, closing(Searcher.open(database, model)) as two:
        sizes = [each.index.manifest.bytes for each in (one, two)]
        for each in (one, two):
            for question in questions:
                each.search(question)
        for _ in range(_ROUNDS):
            for question in questions:
                for location, searcher in ((disk, one), (database, two)):
                    times[location].append(searcher.search(question).took.search)
    log(f"{size:,} passages, edits")
    corpus = Corpus(seed=time.time_ns() % 2**32)  # other words each time
    paths = sorted(seeds.rglob("*.txt"))
    edits: dict[Location, list[float]] = {disk: [], database: []}
    for number in range(_EDITS):
        corpus.edit(paths[number * len(paths) // _EDITS])
        for location, seconds in edits.items():
            started = time.perf_counter()
            build_index(seeds, location, drawing)
            seconds.append(time.perf_counter() - started)
    return {
        "passages": size,
        "copy": copied,
        "bytes": sizes,
        "disk": percentiles(times[disk]),
        "database": percentiles(times[database]),
        "edit_disk": statistics.median(edits[disk]),
        "edit_database": statistics.median(edits[database]),
    }


if __name__ == "__main__":
    configure_process()
    main()
