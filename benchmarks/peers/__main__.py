"""Measure one of the programs: `python -m benchmarks.peers NAME DATASET_DIR`."""

import argparse
import json
import os
import sys
from contextlib import redirect_stdout
from dataclasses import asdict
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.peers import PEERS
from embeddings import configure_process
from embeddings.model.source import DEFAULT_MODEL, find, prepare
from embeddings.storage.cache import default_cache

_QUIET = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "false",
    "LANGSMITH_TRACING": "false",
}


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers")
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("dataset", type=Path, help="a folder with seeds/ and questions.jsonl")
    parser.add_argument("--questions", type=int, help="how many; all by default")
    parser.add_argument("--seed", type=int, default=1, help="draws the questions")
    given = parser.parse_args()
    if given.peer == "us":  # as its own command line does; its peers run as they come
        configure_process()
    os.environ.update(_QUIET)
    prepare(find(DEFAULT_MODEL, default_cache()))
    with redirect_stdout(sys.stderr):  # a library's progress is no result
        found = _measured(given.peer, given.dataset, given.questions, given.seed)
    print(json.dumps(_rounded(found)))  # noqa: T201


def _measured(name: str, dataset: Path, count: int | None, seed: int) -> dict[str, Any]:
    from benchmarks.peers import memory
    from benchmarks.peers.measure import measure

    home = f"benchmarks.peers.with_{name}"
    children = memory.ChildrenPeak()
    found = measure(
        lambda: import_module(home).load(), dataset, count, seed, building=children.watching()
    )
    return {
        "peer": name,
        "dataset": dataset.resolve().name,
        "versions": {package: version(package) for package in import_module(home).PACKAGES},
        **asdict(found),
        "memory_mb": memory.resident() / 2**20,
        "peak_memory_mb": memory.peak() / 2**20,
        "peak_memory_of_others_mb": children.bytes / 2**20,
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return round(value, 3) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
