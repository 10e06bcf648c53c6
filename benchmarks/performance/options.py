"""What all parts share: the data set, the folder for what is built and found."""

import os
import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import click

from embeddings import Model, build_index
from embeddings.quality.dataset import Question, load_questions

ROOT = Path(__file__).parents[2]


class NotMeasured(Exception):
    """A part cannot be measured here; the text says why."""


@dataclass(frozen=True)
class Options:
    """How to measure.

    Attributes:
        dataset: a folder with `seeds/` and `questions.jsonl`.
        work: where results and indexes are kept.
        peers_python: of the environment that `make peers` makes.
        quick: only see that everything works; the figures are worth nothing.
    """

    dataset: Path
    work: Path
    peers_python: Path
    quick: bool

    def few(self, usually: int, quickly: int) -> int:
        """Return how many of something are enough."""
        return quickly if self.quick else usually

    def questions(self, most: int | None = None) -> list[Question]:
        """Draw questions, the same ones each time; all of them where `most` is None."""
        questions = load_questions(self.dataset)
        random.Random(1).shuffle(questions)  # noqa: S311
        return questions[:most]

    def index(self, model: Model) -> Path:
        """Return an index of the data set's articles, built where it is not there yet."""
        place = self.work / "index" / self.dataset.resolve().name
        tell(f"an index of {self.dataset.name}")
        build_index(self.dataset / "seeds", place, model)
        return place


def usual_dataset(work: Path) -> Path:
    """Return XQuAD where it lies beside the program, otherwise the article that ships with it."""
    xquad = ROOT.parent / "shared" / "eval" / "xquad"
    if xquad.is_dir():
        return xquad
    place = work / "latvia"
    shutil.copytree(ROOT / "seeds", place / "seeds", dirs_exist_ok=True)
    shutil.copy(ROOT / "tests" / "data" / "latvia" / "questions.jsonl", place)
    return place


def environment() -> dict[str, str]:
    """Return the environment of processes that are measured, which find this program."""
    return os.environ | {"PYTHONPATH": str(ROOT)}


def tell(what: str) -> None:
    """Say on standard error what is being done."""
    click.echo(f"  {what}", err=True)
