"""Measure, and write the page: `python -m benchmarks.performance`."""

import argparse
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import click

from benchmarks.performance import PARTS
from benchmarks.performance.common import (
    ROOT,
    NotMeasured,
    Options,
    Result,
    default_dataset,
    load_results,
    log,
    python,
    save,
)
from benchmarks.performance.machine import commit, this_machine
from benchmarks.performance.page import write_page
from embeddings import configure_process
from embeddings.errors import PassageBotError
from embeddings.quality.dataset import load_questions


def main() -> int:
    """Measure the chosen parts, each in a process of its own, then write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.performance")
    parser.add_argument("--out", type=Path, help="where the page goes; docs by default")
    parser.add_argument("--quick", action="store_true", help="only check that everything works")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS, help="none: only write")
    parser.add_argument("--dataset", type=Path, help="XQuAD by default, if it is there")
    parser.add_argument("--work", type=Path, default=Path("var/performance"))
    parser.add_argument("--peers-python", type=Path, default=ROOT / ".venv-peers/bin/python")
    parser.add_argument("--one", choices=PARTS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    work = given.work.resolve()
    if given.one:
        if given.one != "peers":  # the peers keep the threads that their libraries choose
            configure_process()
        save(
            _measure(given.one, Options(given.dataset, work, given.peers_python, given.quick)), work
        )
        return 0
    if given.quick:
        work /= "quick"  # real results are not overwritten
    dataset = (given.dataset or default_dataset(work)).resolve()
    try:
        load_questions(dataset)
    except PassageBotError as error:
        parser.error(str(error))
    options = ["--dataset", str(dataset), "--work", str(work)]
    options += ["--peers-python", str(given.peers_python.absolute())]
    options += ["--quick"] if given.quick else []
    failed = [part for part in given.only if not _run(part, options)]
    page = write_page(
        load_results(work, PARTS), given.out or (work if given.quick else Path("docs"))
    )
    click.echo(f"The page is {page}.", err=True)
    if failed:
        click.echo(f"Not measured, see above: {', '.join(failed)}.", err=True)
    return 1 if failed else 0


def _run(part: str, options: list[str]) -> bool:
    """Measure a part in a new process; return whether that succeeded."""
    click.echo(part, err=True)
    started = time.monotonic()
    arguments = ["-m", "benchmarks.performance", "--one", part, *options]
    done = python(*arguments, capture_output=False, check=False)
    log(f"{time.monotonic() - started:.0f} s")
    return done.returncode == 0


def _measure(part: str, options: Options) -> Result:
    """Measure a part in this process."""
    machine, now = this_machine(), datetime.now(UTC).isoformat(timespec="minutes")
    found, missing, started = None, None, time.monotonic()
    try:
        found = import_module(f"benchmarks.performance.{part}").measure(options)
    except NotMeasured as reason:
        missing = str(reason)
        log(f"not measured: {missing}")
    took = time.monotonic() - started
    return Result(part, now, took, options.quick, commit(), machine, found, missing)


if __name__ == "__main__":
    sys.exit(main())
