"""What all parts share: options, child processes, memory, stored results."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from embeddings import Model, build_index, write_atomically
from embeddings.quality.dataset import load_questions

ROOT = Path(__file__).parents[2]


class NotMeasured(Exception):
    """A part cannot be measured here; the text says why."""


@dataclass(frozen=True)
class Options:
    """How to measure.

    Attributes:
        dataset: a folder with `seeds/` and `questions.jsonl`.
        work: where results and indexes are stored.
        peers_python: the interpreter of the environment that `make peers` creates.
        quick: only check that everything works; the figures are meaningless.
    """

    dataset: Path
    work: Path
    peers_python: Path
    quick: bool

    def count(self, usual: int, quick: int) -> int:
        """Return how many repetitions to make."""
        return quick if self.quick else usual

    def questions(self, most: int | None = None) -> list[str]:
        """Return up to `most` questions in random order, the same order each time."""
        questions = [question.text for question in load_questions(self.dataset)]
        random.Random(1).shuffle(questions)
        return questions[:most]

    def index(self, model: Model) -> Path:
        """Return an up-to-date index of the data set's articles."""
        index = self.work / "index" / self.dataset.name
        log(f"an index of {self.dataset.name}")
        build_index(self.dataset / "seeds", index, model)
        return index


def default_dataset(work: Path) -> Path:
    """Return XQuAD if it lies beside the program, else the article that ships with it."""
    xquad = ROOT.parent / "shared" / "eval" / "xquad"
    return xquad if xquad.is_dir() else shipped_dataset(work)


def shipped_dataset(work: Path) -> Path:
    """Put the shipped article and its questions together as a data set."""
    dataset = work / "latvia"
    shutil.copytree(ROOT / "seeds", dataset / "seeds", dirs_exist_ok=True)
    shutil.copy(ROOT / "tests" / "data" / "latvia" / "questions.jsonl", dataset)
    return dataset


def log(text: str) -> None:
    """Print on standard error what is being done."""
    click.echo(f"  {text}", err=True)


def python(
    *arguments: str, interpreter: str | Path = sys.executable, **options: Any
) -> "subprocess.CompletedProcess[str]":
    """Run Python with this program importable, and capture what it prints."""
    settings = {"capture_output": True, "text": True, "check": True} | options
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run([str(interpreter), *arguments], cwd=ROOT, env=environment, **settings)


def memory_of(process: int | str = "self") -> dict[str, float]:
    """Return the memory of a process in megabytes, as Linux counts it.

    Returns:
        `resident`: everything in memory, including files shared with other processes; `own`: what
        only this process uses; `anonymous`: what is not backed by a file; `peak`: the largest
        `resident` so far.

    Raises:
        NotMeasured: the system has no /proc.
    """
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
        lines += Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError as error:
        raise NotMeasured("the memory of a process is read from Linux's /proc") from error
    fields = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    mb = {name: int(value[0]) / 1024 for name, value in fields.items() if value[-1:] == ["kB"]}
    own = mb["Private_Clean"] + mb["Private_Dirty"]
    return {"resident": mb["Rss"], "own": own, "anonymous": mb["Anonymous"], "peak": mb["VmHWM"]}


@dataclass(frozen=True)
class Result:
    """What one part measured, when, and where.

    Attributes:
        started: ISO 8601, UTC.
        seconds: how long the part took.
        program: the commit that was measured.
        machine: see `machine.this_machine`.
        found: what the part's `measure` returned; None if it could not be measured.
        missing: why it could not.
    """

    part: str
    started: str
    seconds: float
    quick: bool
    program: str
    machine: dict[str, Any]
    found: dict[str, Any] | None = None
    missing: str | None = None


Results = dict[str, Result]


def save(result: Result, work: Path) -> None:
    """Store a result, replacing an older one."""
    work.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(result), indent=1, ensure_ascii=False)
    write_atomically(work / f"{result.part}.json", text + "\n")


def load_results(work: Path, parts: Iterable[str]) -> Results:
    """Read the stored results of those parts that have one."""
    paths = {part: work / f"{part}.json" for part in parts}
    return {
        part: Result(**json.loads(path.read_text(encoding="utf-8")))
        for part, path in paths.items()
        if path.is_file()
    }
