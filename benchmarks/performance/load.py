"""Questions a second, and how long each person waits, through the real bot.

The bot runs as a process; the people, and the stand-in for Telegram, run in this one, on the same
cores. Each person asks the next question as soon as the answer to the last is there.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.performance.options import Options, tell
from benchmarks.performance.result import percentiles
from benchmarks.performance.serving import serving
from embeddings import find_model
from tests.botapi import BotApi, Person

_PEOPLE = (1, 8, 64)
_WAIT_S = 120.0


@dataclass(frozen=True)
class Load:
    """What was found; a row for each number of people.

    Attributes:
        dataset: whose articles were asked about.
        rows: people, questions, seconds, questions a second, and milliseconds from writing a
            question to hearing the answer, by percentile.
    """

    dataset: str
    rows: list[dict[str, float]]


def measure(options: Options) -> Load:
    """Ask with more and more people at once."""
    index = options.index(find_model())
    texts = [question.text for question in options.questions()]
    with serving(options.dataset / "seeds", index) as (server, _):
        _crowd(server, texts[-20:], 2)  # what loads lazily is loaded
        rows = []
        for people in _PEOPLE:
            count = options.few(200, 16) + 8 * people
            tell(f"{people} at once")
            rows.append(_crowd(server, texts[: min(count, len(texts))], people))
    return Load(options.dataset.resolve().name, rows)


def _crowd(server: BotApi, texts: Sequence[str], people: int) -> dict[str, float]:
    waiting = iter(texts)
    lock, took, failures = threading.Lock(), list[float](), list[Exception]()

    def take() -> Iterator[str]:
        while True:
            with lock:
                text = next(waiting, None)
            if text is None:
                return
            yield text

    def ask(person: Person) -> None:
        try:
            for text in take():
                started = time.perf_counter()
                person.says(text)
                person.hears_sync(timeout=_WAIT_S)
                took.append(1000 * (time.perf_counter() - started))
        except (AssertionError, TimeoutError) as error:
            failures.append(error)

    threads = [
        threading.Thread(target=ask, args=[server.person(f"Person {number}")])
        for number in range(people)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    if failures:
        raise failures[0]
    return {
        "people": people,
        "questions": len(took),
        "seconds": seconds,
        "per_second": len(took) / seconds,
        **percentiles(took),
    }
