"""Measures the questions a second that the real bot answers, and how long each person waits.

The bot runs as a process; the people, and the stand-in for Telegram, run in this one, on the same
cores. Each person asks the next question as soon as the answer to the last has arrived.
"""

import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from benchmarks import percentiles
from benchmarks.performance.common import Options, log
from embeddings import find_model
from tests.botapi import BotApi, Person
from tests.soak import start

WAIT_S = 120.0
"""The longest wait for an answer."""
_PEOPLE = (1, 8, 64)


def measure(options: Options) -> dict[str, Any]:
    """Ask with growing numbers of people at once.

    Returns:
        A row for each number of people, with the milliseconds from writing a question to hearing
        the answer.
    """
    index, texts = options.index(find_model()), options.questions()
    rows = []
    with serving(options.dataset / "seeds", index) as (server, _):
        _ask_all(server, texts[-20:], 2)  # what loads lazily is loaded
        for people in _PEOPLE:
            log(f"{people} at once")
            count = options.count(200, 16) + 8 * people
            rows.append(_ask_all(server, texts[:count], people))
    return {"dataset": options.dataset.name, "rows": rows}


@contextmanager
def serving(seeds: Path, index: Path) -> Iterator[tuple[BotApi, "subprocess.Popen[str]"]]:
    """Run the bot on a folder of articles until the block ends; it has answered once by then."""
    settings = {"SEEDS_DIR": str(seeds.resolve()), "INDEX_DIR": str(index.resolve())}
    with tempfile.TemporaryDirectory(prefix="bot-") as folder, BotApi() as server:
        process = start(Path(folder), server, settings)
        try:
            server.called_sync("getUpdates", timeout=600)  # the index may have to be built first
            first = server.person("First")
            first.says("Who has asked first?")
            first.hears_sync(timeout=60)
            yield server, process
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def _ask_all(server: BotApi, texts: Sequence[str], people: int) -> dict[str, float]:
    """Let people share the questions; return what their answers took."""
    waiting: SimpleQueue[str] = SimpleQueue()
    for text in texts:
        waiting.put(text)

    def ask(person: Person) -> list[float]:
        took: list[float] = []
        while True:
            try:
                text = waiting.get_nowait()
            except Empty:
                return took
            started = time.perf_counter()
            person.says(text)
            person.hears_sync(timeout=WAIT_S)
            took.append(1000 * (time.perf_counter() - started))

    crowd = [server.person(f"Person {number}") for number in range(people)]
    started = time.perf_counter()
    with ThreadPoolExecutor(people) as pool:
        took = [milliseconds for each in pool.map(ask, crowd) for milliseconds in each]
    seconds = time.perf_counter() - started
    return {
        "people": people,
        "questions": len(took),
        "per_second": len(took) / seconds,
        **percentiles(took),
    }
