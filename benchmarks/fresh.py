"""Measures how fast an index follows its articles, and the time and memory of a build.

    python -m benchmarks.fresh [--passages N ...] > table.md

For each number of passages, in a process of its own: a build of everything, and again without a
change, with one edited paragraph, and with one renamed article; and the peak memory of the first.
The encoder takes almost no time, which shows the rest; `benchmarks.performance` measures builds
with the default model, too.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpus import Corpus, hash_model
from embeddings import BuildResult, Model, build_index, configure_process

_EDITS = 5


def main() -> None:
    """Print a table, a row for each number of passages."""
    configure_process()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measured(given.one)))
        return
    print("| passages | everything | nothing changed | a paragraph edited | renamed | memory |")
    print("|---|---|---|---|---|---|")
    for passages in given.passages:
        command = [sys.executable, "-m", "benchmarks.fresh", "--one", str(passages)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found: dict[str, Any] = json.loads(done.stdout)
        print(
            f"| {found['passages']:,} | {found['full']:.1f} s | {1000 * found['same']:.0f} ms "
            f"| {found['edit']:.2f} s (1 : {found['full'] / found['edit']:.0f}; "
            f"{found['encoded']} passages encoded) | {found['rename']:.2f} s "
            f"| {found['memory']:,.0f} MB |",
            flush=True,
        )


def measured(passages: int) -> dict[str, float]:
    """Build articles of invented words, and build again after each kind of change."""
    model = hash_model()
    with tempfile.TemporaryDirectory(prefix="fresh-") as folder:
        corpus, seeds = Corpus(), Path(folder) / "seeds"
        paths = corpus.write(seeds, passages)
        found = timed_builds(seeds, model, paths, lambda path, _: corpus.edit(path), _EDITS)
        paths[-1].rename(paths[-1].with_name("renamed.txt"))
        found["rename"], _ = _build(seeds, model)
    return found


def timed_builds(
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
        the peak `memory` of everything in megabytes.
    """
    full, result = _build(seeds, model)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB, on macOS bytes
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
        "memory": peak / (2**20 if sys.platform == "darwin" else 2**10),
    }


def _build(seeds: Path, model: Model) -> tuple[float, BuildResult]:
    started = time.perf_counter()
    result = build_index(seeds, seeds.with_name("index"), model)
    return time.perf_counter() - started, result


if __name__ == "__main__":
    main()
