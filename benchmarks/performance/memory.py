"""Measures the memory of the serving bot, with the default model and one article."""

import shutil
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.performance.common import Options, log, memory_of, shipped_dataset
from benchmarks.performance.load import WAIT_S, serving
from embeddings import build_index, find_model
from embeddings.quality.dataset import load_questions
from tests.botapi import Person

_SETTLE_S = 3.0
"""The time within which work after an answer or a build ends."""


def measure(options: Options) -> dict[str, Any]:
    """Start the bot, ask it, change the article, and look at its memory each time."""
    count = options.count(100, 10)
    dataset = shipped_dataset(options.work)
    questions = [question.text for question in load_questions(dataset)]
    megabytes = {}
    with tempfile.TemporaryDirectory(prefix="memory-") as folder:
        seeds, index = Path(folder) / "seeds", Path(folder) / "index"
        shutil.copytree(dataset / "seeds", seeds)
        build_index(seeds, index, find_model())  # so that the bot does not begin with a build
        with serving(seeds, index) as (server, process):
            person = server.person()
            log("after the start")
            time.sleep(_SETTLE_S)
            megabytes["after the start"] = memory_of(process.pid)
            log(f"after {count} questions")
            for text in islice(cycle(questions), count):
                person.says(text)
                person.hears_sync(timeout=WAIT_S)
            megabytes[f"after {count} questions"] = memory_of(process.pid)
            log("after an edit")
            _edit(seeds, person)
            time.sleep(_SETTLE_S)
            megabytes["after an edit and its build"] = memory_of(process.pid)
    return {"megabytes": megabytes}


def _edit(seeds: Path, person: Person) -> None:
    """Add a paragraph to the article, and wait until the bot answers from it."""
    (path,) = seeds.glob("*.txt")
    news = "The lighthouse keeper of Ventspils collects 4417 brass buttons."
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{news}\n", encoding="utf-8")
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        person.says("How many brass buttons does the lighthouse keeper collect?")
        if "4417" in person.hears_sync(timeout=WAIT_S).text:
            return
        time.sleep(0.2)
    raise TimeoutError("the bot does not answer from the edited article")
