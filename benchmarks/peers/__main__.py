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

import psutil

from benchmarks.peers import PEERS
from benchmarks.peers.measure import measure
from embeddings import DEFAULT_MODEL, configure_process
from embeddings.model.source import find, prepare
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
    if given.peer == "us":  # as its own command line does; the others run as they come
        configure_process()
    os.environ.update(_QUIET)
    prepare(find(DEFAULT_MODEL, default_cache()))
    module = f"benchmarks.peers.with_{given.peer}"
    with redirect_stdout(sys.stderr):  # a library's progress is no result
        found = measure(
            lambda: import_module(module).load(), given.dataset, given.questions, given.seed
        )
    result = {
        "peer": given.peer,
        "dataset": given.dataset.resolve().name,
        "versions": {package: version(package) for package in import_module(module).PACKAGES},
        **asdict(found),
        "memory_mb": psutil.Process().memory_info().rss / 2**20,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
