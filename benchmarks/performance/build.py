"""Measures builds: with an encoder that takes almost no time, and with the real one.

The first shows everything but the model, for sizes for which the model would need hours; `python -m
benchmarks.performance.build PASSAGES` measures one size. The second builds the articles of the data
set, and again after one edit.
"""

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpus import Corpus, hash_model
from benchmarks.performance.common import Options, log, memory_of, python
from benchmarks.performance.question import Timers, method_of
from embeddings import BuildResult, Model, build_index, configure_process, find_model

_SIZES, _QUICK_SIZES = (1000, 10_000, 100_000), (100, 400)
_EDITS = 5


def measure(options: Options) -> dict[str, Any]:
    """Build everything; each size in a process of its own, which gives the memory that it needs.

    Returns:
        `free`: a row for each size, as `_free` returns it. Of the data set with the default model:
        `real`: size, and seconds of the whole build, of one without a change and of one after an
        edit (the median of several); `parts`: seconds of the whole build.
    """
    free = []
    for passages in _QUICK_SIZES if options.quick else _SIZES:
        log(f"{passages:,} passages of invented words")
        made = python("-m", "benchmarks.performance.build", str(passages))
        free.append(json.loads(made.stdout))
    model = find_model()
    log(f"{options.dataset.name} with the real model")
    real = _real(options, model)
    log("the same with timers")
    return {"free": free, "real": real, "parts": _parts(options, model)}


def _free(passages: int) -> dict[str, float]:
    """Build articles of invented words, and build again after each kind of change.

    Returns:
        What `_timed_builds` returns, and the seconds after an article was renamed (`rename`).
    """
    model = hash_model()
    with tempfile.TemporaryDirectory(prefix="build-") as folder:
        corpus, seeds = Corpus(), Path(folder) / "seeds"
        paths = corpus.write(seeds, passages)
        found = _timed_builds(seeds, model, paths, lambda path, _: corpus.edit(path), _EDITS)
        paths[-1].rename(paths[-1].with_name("renamed.txt"))
        found["rename"], _ = _build(seeds, model)
    return found


def _real(options: Options, model: Model) -> dict[str, Any]:
    runtime = model.load().runtime
    with tempfile.TemporaryDirectory(prefix="build-") as folder:
        seeds = Path(folder) / "seeds"
        shutil.copytree(options.dataset / "seeds", seeds)
        texts = [path for path in sorted(seeds.rglob("*")) if path.suffix in (".txt", ".md")]
        characters = sum(len(path.read_text(encoding="utf-8")) for path in texts)
        found = _timed_builds(seeds, model, texts, _edit, options.count(_EDITS, 2))
    about = {"dataset": options.dataset.name, "runtime": runtime, "characters": characters}
    return about | found


def _timed_builds(
    seeds: Path, model: Model, paths: Sequence[Path], edit: Callable[[Path, int], None], edits: int
) -> dict[str, float]:
    """Build everything, again without a change, and again after each of some edits.

    Args:
        seeds: the folder of articles; the index is written beside it.
        model: encodes them.
        paths: the articles that may be edited; those that are lie evenly spread.
        edit: changes an article; it is given the path and the number of the edit.
        edits: how many.

    Returns:
        Seconds of everything (`full`), without a change (`same`) and of the median build after an
        edit (`edit`), with the passages that it encoded (`encoded`); the number of `passages`; and
        the peak `memory` in megabytes.
    """
    full, result = _build(seeds, model)
    same, _ = _build(seeds, model)
    builds = []
    for number in range(edits):
        edit(paths[number * len(paths) // edits], number)
        builds.append(_build(seeds, model))
    took, edited = sorted(builds, key=lambda build: build[0])[edits // 2]
    return {
        "passages": result.passages,
        "full": full,
        "same": same,
        "edit": took,
        "encoded": edited.encoded,
        "memory": memory_of()["peak"],
    }


def _build(seeds: Path, model: Model) -> tuple[float, BuildResult]:
    started = time.perf_counter()
    result = build_index(seeds, seeds.with_name("index"), model)
    return time.perf_counter() - started, result


def _edit(path: Path, number: int) -> None:
    """Insert a sentence after the first half of an article."""
    text = path.read_text(encoding="utf-8")
    end = text.find(". ", len(text) // 2) + 2
    at = end if end > 1 else len(text)
    news = f"This was added on the {number + 1}. day of March. "
    path.write_text(text[:at] + news + text[at:], encoding="utf-8")


def _parts(options: Options, model: Model) -> dict[str, float]:
    """Build once more, with timers."""
    encoder, timers = model.load(), Timers()
    methods = {kind: method_of(encoder, f"encode_{kind}") for kind in ("passages", "sentences")}
    reader = "embeddings.model.openvino.tokenizer.TokenReader"
    timed = {f"run the model, {kind}": [name] for kind, name in methods.items()}
    timed["tokenise"] = [f"{reader}.read", f"{reader}.count"]
    with tempfile.TemporaryDirectory(prefix="build-") as folder, timers.around(timed):
        started = time.perf_counter()
        build_index(options.dataset / "seeds", Path(folder) / "index", model)
        whole = time.perf_counter() - started
    parts = dict(timers.seconds)
    parts["everything else"] = whole - sum(parts.values())
    return parts


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.performance.build")
    parser.add_argument("passages", type=int, help="how many to build an index of")
    given = parser.parse_args()
    configure_process()
    print(json.dumps(_free(given.passages)))
