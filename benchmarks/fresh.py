"""How fast an index follows its articles, and what a build takes.

    python -m benchmarks.fresh [--real] [--passages N ...] > table.md

For each number of passages, in a process of its own: everything built, nothing changed, one
paragraph edited, one article renamed; and the most memory that the build of everything held.
Without --real the encoder costs nothing, and the rest is seen; with it, the ratio of an edit to
encoding everything.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.corpus import Corpus, hash_model
from embeddings import BuildResult, Model, build_index, configure_process, find_model

_EDITS = 5


def main() -> None:
    """Print a table, a row for each number of passages."""
    configure_process()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--real", action="store_true", help="encode with the default model")
    parser.add_argument("--passages", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measured(given.one, find_model() if given.real else hash_model())))  # noqa: T201
        return
    print("| passages | everything | nothing changed | a paragraph edited | renamed | memory |")  # noqa: T201
    print("|---|---|---|---|---|---|")  # noqa: T201
    for passages in given.passages:
        more = ["--real"] if given.real else []
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "benchmarks.fresh", "--one", str(passages), *more],
            capture_output=True,
            text=True,
            check=True,
        )
        print(_row(json.loads(done.stdout)), flush=True)  # noqa: T201


def _row(found: dict[str, Any]) -> str:
    return (
        f"| {found['passages']:,} | {found['full']:.1f} s | {1000 * found['same']:.0f} ms "
        f"| {found['edit']:.2f} s (1 : {found['full'] / found['edit']:.0f}; "
        f"{found['encoded']} passages encoded) | {found['rename']:.2f} s "
        f"| {found['memory']:,.0f} MB |"
    )


def measured(passages: int, model: Model) -> dict[str, float]:
    """Build, and build again after each kind of change."""
    folder = Path(tempfile.mkdtemp(prefix="fresh-"))
    try:
        corpus = Corpus()
        paths = corpus.write(folder / "seeds", passages)
        model.load()
        full = _build(folder, model)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB, on macOS bytes
        memory = peak / (2**20 if sys.platform == "darwin" else 2**10)
        same = _build(folder, model)
        edits = []
        for number in range(_EDITS):
            corpus.edit(paths[number * len(paths) // _EDITS])
            edits.append(_build(folder, model))
        edit = sorted(edits, key=lambda took: took[0])[_EDITS // 2]
        paths[-1].rename(paths[-1].with_name("renamed.txt"))
        rename = _build(folder, model)
    finally:
        shutil.rmtree(folder)
    return {
        "passages": full[1].passages,
        "full": full[0],
        "same": same[0],
        "edit": edit[0],
        "encoded": edit[1].encoded,
        "rename": rename[0],
        "memory": memory,
    }


def _build(folder: Path, model: Model) -> tuple[float, BuildResult]:
    started = time.perf_counter()
    result = build_index(folder / "seeds", folder / "index", model)
    return time.perf_counter() - started, result


if __name__ == "__main__":
    main()
