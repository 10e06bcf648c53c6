"""How much memory the bot holds while it serves, with the default model and one article."""

import shutil
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.performance.options import ROOT, Options, tell
from benchmarks.performance.processes import memory_of
from benchmarks.performance.serving import serving
from embeddings import build_index, find_model
from embeddings.quality.dataset import load_questions
from tests.botapi import Person

_SETTLE_S = 3.0
_WAIT_S = 120.0


@dataclass(frozen=True)
class Serving:
    """What was found.

    Attributes:
        questions: how many were asked before the second look.
        megabytes: at each moment; see `processes.Memory`.
    """

    questions: int
    megabytes: dict[str, dict[str, float]]


def measure(options: Options) -> Serving:
    """Start the bot, ask it, change the article, look each time."""
    count = options.few(100, 10)
    asked = _questions(options.work, count)
    with tempfile.TemporaryDirectory(prefix="memory-") as place:
        seeds = Path(place) / "seeds"
        index = Path(place) / "index"
        shutil.copytree(ROOT / "seeds", seeds)
        build_index(seeds, index, find_model())  # so that the bot does not begin with a build
        with serving(seeds, index) as (server, process):
            person, found = server.person(), {}
            tell("after the start")
            time.sleep(_SETTLE_S)
            found["after the start"] = asdict(memory_of(process.pid))
            tell(f"after {count} questions")
            for text in asked:
                person.says(text)
                person.hears_sync(timeout=_WAIT_S)
            found[f"after {count} questions"] = asdict(memory_of(process.pid))
            tell("after an edit")
            _edited(seeds, person)
            time.sleep(_SETTLE_S)
            found["after an edit and its build"] = asdict(memory_of(process.pid))
    return Serving(count, found)


def _questions(work: Path, count: int) -> list[str]:
    """Return questions about the article that ships with the program, again where they are few."""
    dataset = work / "latvia"
    (dataset / "seeds").mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "tests" / "data" / "latvia" / "questions.jsonl", dataset)
    texts = [question.text for question in load_questions(dataset)]
    return [texts[number % len(texts)] for number in range(count)]


def _edited(seeds: Path, person: Person) -> None:
    """Add a paragraph to the article, and wait until the bot answers from it."""
    (path,) = seeds.glob("*.txt")
    news = "The lighthouse keeper of Ventspils collects 4417 brass buttons."
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{news}\n", encoding="utf-8")
    deadline = time.monotonic() + _WAIT_S
    while time.monotonic() < deadline:
        person.says("How many brass buttons does the lighthouse keeper collect?")
        if "4417" in person.hears_sync(timeout=_WAIT_S).text:
            return
        time.sleep(0.2)
    raise TimeoutError("the edit did not come into the answers")
