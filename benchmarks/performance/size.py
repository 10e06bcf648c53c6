"""How long a question takes in a corpus of a thousand passages, and of a hundred thousand.

The passages are those of `nearreal`, the index is written by the real build, and real questions
are encoded by the real model. Each size is asked in a process of its own, all sizes in turn and
several times, since a machine may be slower for a while; of each the round with the median time
counts. Indexes are kept, so that they are built once.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks.performance.nearreal import NearReal, pool_of, write_articles
from benchmarks.performance.options import ROOT, NotMeasured, Options, environment, tell
from benchmarks.performance.processes import memory_of
from benchmarks.performance.question import WARM_UP
from benchmarks.performance.result import percentiles
from embeddings import Model, Progress, Searcher, build_index, find_model, open_current

_BLOCK = 2**20
_SIZES, _QUICK_SIZES = (1000, 10_000, 100_000), (100, 400)
_ROUNDS = 5


@dataclass(frozen=True)
class Size:
    """What was found; a row for each size.

    Attributes:
        rounds: how often each was asked; the median round counts.
    """

    dataset: str
    rounds: int
    rows: list["Row"]


@dataclass(frozen=True)
class Row:
    """One size.

    Attributes:
        bytes: of the index on the disk.
        build: seconds, None where the index was there already.
        open_cold: seconds to open it when nothing of it is in memory.
        open_warm: the same once it is.
        first: milliseconds of the first question after that.
        total: milliseconds of a question, by percentile.
        search: the same without encoding it.
        memory: of the process in the end; see `processes.Memory`.
    """

    passages: int
    sentences: int
    bytes: int
    build: float | None
    open_cold: float
    open_warm: float
    first: float
    total: dict[str, float]
    search: dict[str, float]
    memory: dict[str, float]


def measure(options: Options) -> Size:
    """Build each size where it is not there yet, and ask it."""
    if not any((options.dataset / "seeds").rglob("*.txt")):
        raise NotMeasured("the data set has no .txt articles to draw words from")
    sizes = _QUICK_SIZES if options.quick else _SIZES
    built = [_build(options, passages) for passages in sizes]
    rounds = []
    for number in range(options.few(_ROUNDS, 1)):
        tell(f"round {number + 1}")
        rounds.append([_row(options, passages) for passages in sizes])
    rows = [
        replace(_median(some), build=took)
        for some, took in zip(zip(*rounds, strict=True), built, strict=True)
    ]
    return Size(options.dataset.resolve().name, len(rounds), rows)


def _median(rows: Sequence[Row]) -> Row:
    """Return the row whose median question is the median of all rows."""
    return sorted(rows, key=lambda row: row.total["p50"])[len(rows) // 2]


def _row(options: Options, passages: int) -> Row:
    tell(f"{passages:,} passages, questions")
    index = options.work / "size" / str(passages) / "index"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "benchmarks.performance.size", str(index)],
        input=json.dumps([each.text for each in options.questions(options.few(220, 40))]),
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return Row(**json.loads(done.stdout))


def _build(options: Options, passages: int) -> float | None:
    place = options.work / "size" / str(passages)
    if not (place / "seeds").is_dir():
        tell(f"{passages:,} passages, articles")
        partial = place / "seeds.part"
        write_articles(partial, passages, options.dataset / "seeds")
        partial.rename(place / "seeds")
    real = find_model()
    pool = pool_of(options.index(real), real)
    drawing = Model(real.name, real.digest, lambda: NearReal(pool))
    tell(f"{passages:,} passages, index")
    result = build_index(place / "seeds", place / "index", drawing, progress=_telling())
    return result.seconds if result.published else None


def _telling() -> Progress:
    """Return what says how far a long build is, twice a minute."""
    said = time.monotonic()

    def told(what: str, done: int, total: int) -> None:
        nonlocal said
        if time.monotonic() - said > 30:
            said = time.monotonic()
            tell(f"  {what}: {done:,} of {total:,}")

    return told


def main() -> None:
    """Ask one index the questions on standard input, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    index = parser.parse_args().index
    print(json.dumps(asdict(_asked(index, json.load(sys.stdin)))))  # noqa: T201


def _asked(index: Path, texts: list[str]) -> Row:
    model = find_model()
    model.load().encode_questions(["warm-up"])
    (generation,) = (index / "generations").glob((index / "CURRENT").read_text().strip())
    files = list(generation.iterdir())
    for path in files:
        _forget(path)
    cold = _opening(index)
    for path in files:
        _recall(path)
    warm = min(_opening(index) for _ in range(3))
    searcher = Searcher.open(index, model)
    found = searcher.generation
    started = time.perf_counter()
    searcher.search(texts[0])
    first = 1000 * (time.perf_counter() - started)
    answers = [searcher.search(text) for text in texts][WARM_UP:]
    return Row(
        passages=len(found.vectors),
        sentences=len(found.sentences.all_vectors),
        bytes=sum(path.stat().st_size for path in files),
        build=None,
        open_cold=cold,
        open_warm=warm,
        first=first,
        total=percentiles([answer.took.total for answer in answers]),
        search=percentiles([answer.took.search for answer in answers]),
        memory=asdict(memory_of()),
    )


def _opening(index: Path) -> float:
    started = time.perf_counter()
    open_current(index).close()
    return time.perf_counter() - started


def _forget(path: Path) -> None:
    """Ask the system to keep nothing of a file in memory."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _recall(path: Path) -> None:
    """Read a file once: the memory of a machine that serves holds what is asked for often."""
    with path.open("rb") as file:
        while file.read(_BLOCK):
            pass


if __name__ == "__main__":
    main()
