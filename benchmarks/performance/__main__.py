"""Measure, and write the page: `python -m benchmarks.performance`."""

import argparse
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import click

from benchmarks.performance import PARTS
from benchmarks.performance.machine import commit, this_machine
from benchmarks.performance.options import ROOT, NotMeasured, Options, environment, usual_dataset
from benchmarks.performance.page import write_page
from benchmarks.performance.result import Result, keep, kept
from embeddings import PassageBotError
from embeddings.quality.dataset import load_questions


def main() -> int:
    """Run the parts that are asked for, each in a process of its own; then write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.performance")
    parser.add_argument("--out", type=Path, help="where the page goes; docs by default")
    parser.add_argument("--quick", action="store_true", help="only see that everything works")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS, help="the page if none")
    parser.add_argument("--dataset", type=Path, help="XQuAD, where it is beside the program")
    parser.add_argument("--work", type=Path, default=Path("var/performance"))
    parser.add_argument("--peers-python", type=Path, default=ROOT / ".venv-peers/bin/python")
    parser.add_argument("--one", choices=PARTS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    work = given.work.resolve()
    if given.quick and not given.one:
        work /= "quick"  # what was measured in earnest stays
    dataset = (given.dataset or usual_dataset(work)).resolve()
    if given.one:
        keep(_measured(given.one, Options(dataset, work, given.peers_python, given.quick)), work)
        return 0
    try:
        load_questions(dataset)
    except PassageBotError as error:
        parser.error(str(error))
    more = ["--quick"] if given.quick else []
    places = {"--dataset": dataset, "--work": work, "--peers-python": given.peers_python.absolute()}
    more += [str(word) for pair in places.items() for word in pair]
    failed = [part for part in given.only if _fails(part, more)]
    page = write_page(kept(work, PARTS), given.out or (work if given.quick else Path("docs")))
    click.echo(f"The page is {page}.", err=True)
    if failed:
        click.echo(f"Not measured, see above: {', '.join(failed)}.", err=True)
    return 1 if failed else 0


def _fails(part: str, more: list[str]) -> bool:
    click.echo(part, err=True)
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "benchmarks.performance", "--one", part, *more],
        cwd=ROOT,
        env=environment(),
        check=False,
    )
    click.echo(f"  {time.monotonic() - started:.0f} s", err=True)
    return done.returncode != 0


def _measured(part: str, options: Options) -> Result:
    machine, program = asdict(this_machine()), commit()
    now, started = datetime.now(UTC).isoformat(timespec="minutes"), time.monotonic()
    found, missing = None, None
    try:
        found = asdict(import_module(f"benchmarks.performance.{part}").measure(options))
    except NotMeasured as reason:
        missing = str(reason)
        click.echo(f"  not measured: {missing}", err=True)
    took = time.monotonic() - started
    return Result(part, now, took, options.quick, program, machine, found, missing)


if __name__ == "__main__":
    sys.exit(main())
