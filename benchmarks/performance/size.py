"""Measures how long a question takes in a corpus of 1,000 and of up to 100,000 passages.

The passages are those of `made_up`, the index is written by the real build, and real questions are
encoded by the real model. Each size is asked in a process of its own, all sizes in turn and several
times, since a machine may be slower for a while; the round with the median time counts for each
size. Indexes are stored, so that they are built once.
"""

import json
import os
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks import percentiles
from benchmarks.performance.common import NotMeasured, Options, log, memory_of, python
from benchmarks.performance.made_up import drawing_model, write_articles
from benchmarks.performance.question import WARM_UP
from embeddings import (
    Model,
    Searcher,
    build_index,
    configure_process,
    find_model,
)
from embeddings.index.local.generation import open_current

_SIZES, _QUICK_SIZES = (1000, 10_000, 100_000), (100, 400)
_ROUNDS = 5


def measure(options: Options) -> dict[str, Any]:
    """Build each size where it is not there yet, and ask it.

    Returns:
        How often each size was asked, and a row for each, as `_ask` returns it.
    """
    if not any((options.dataset / "seeds").rglob("*.txt")):
        raise NotMeasured("the data set has no .txt articles to draw words from")
    sizes = _QUICK_SIZES if options.quick else _SIZES
    model = find_model()
    drawing = drawing_model(options.index(model), model)
    indexes = [build_made_up(options, passages, drawing) for passages in sizes]
    questions = json.dumps(options.questions(options.count(220, 40)))
    rounds = []
    for number in range(options.count(_ROUNDS, 1)):
        log(f"round {number + 1}")
        module = "benchmarks.performance.size"
        asked = [python("-m", module, str(index), input=questions) for index in indexes]
        rounds.append([json.loads(done.stdout) for done in asked])
    rows = [
        sorted(some, key=lambda row: float(row["total"]["p50"]))[len(some) // 2]
        for some in zip(*rounds, strict=True)
    ]
    return {"dataset": options.dataset.name, "rounds": len(rounds), "rows": rows}


def build_made_up(options: Options, passages: int, model: Model) -> Path:
    """Return the index of so many made-up passages, in a folder beside their `seeds`."""
    folder = options.work / "size" / str(passages)
    if not (folder / "seeds").is_dir():
        log(f"{passages:,} passages, articles")
        partial = folder / "seeds.part"
        write_articles(partial, passages, options.dataset / "seeds")
        partial.rename(folder / "seeds")
    log(f"{passages:,} passages, index")
    build_index(folder / "seeds", folder / "index", model)
    return folder / "index"


def _ask(index: Path, questions: list[str]) -> dict[str, Any]:
    """Open an index and ask it.

    Returns:
        Its size in `passages`, `sentences` and `bytes`; seconds to open it with nothing of it in
        memory (`open_cold`) and with all of it (`open_warm`); milliseconds of a question with
        (`total`) and without (`search`) encoding it; the `memory` of the process at the end.
    """
    model = find_model()
    model.load().encode_questions(["warm-up"])
    files = list((index / "generations" / (index / "CURRENT").read_text().strip()).iterdir())
    for path in files:
        with path.open("rb") as file:
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    cold = _open(index)
    for path in files:  # a machine that serves has in memory what is read often
        with path.open("rb") as file:
            while file.read(2**20):
                pass
    warm = min(_open(index) for _ in range(3))
    searcher = Searcher.open(index, model)
    with closing(open_current(index)) as generation:
        sentences = len(generation.sentences.all_vectors)
    answers = [searcher.search(text) for text in questions][WARM_UP:]
    return {
        "passages": searcher.index.manifest.passages,
        "sentences": sentences,
        "bytes": sum(path.stat().st_size for path in files),
        "open_cold": cold,
        "open_warm": warm,
        "total": percentiles([answer.took.total for answer in answers]),
        "search": percentiles([answer.took.search for answer in answers]),
        "memory": memory_of(),
    }


def _open(index: Path) -> float:
    started = time.perf_counter()
    open_current(index).close()
    return time.perf_counter() - started


if __name__ == "__main__":
    configure_process()
    print(json.dumps(_ask(Path(sys.argv[1]), json.load(sys.stdin))))
