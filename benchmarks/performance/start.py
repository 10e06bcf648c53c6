"""Measures how long a process takes to show its help, and to give its first answer.

The index exists already. Times are wall times of whole processes, with all files in the system's
cache, as from the second start on.
"""

import json
import time
from statistics import median
from typing import Any

from benchmarks.performance.common import Options, log, python
from embeddings import find_model

FIRST_ANSWER, HELP = "python -m embeddings search … --json", "python -m embeddings --help"
_STEPS = """
import json, sys, time
from pathlib import Path

marks = [time.perf_counter()]
from embeddings import Searcher, configure_process, find_model

configure_process()

marks.append(time.perf_counter())
model = find_model()
model.load()
marks.append(time.perf_counter())
searcher = Searcher.open(Path(sys.argv[1]), model)
marks.append(time.perf_counter())
for _ in range(2):
    searcher.search(sys.argv[2])
    marks.append(time.perf_counter())
names = ("imports", "model", "index", "first answer", "second answer")
print(json.dumps({name: after - before for name, before, after in zip(names, marks, marks[1:])}))
"""
"""A program that answers twice and prints how many seconds each step took."""


def measure(options: Options) -> dict[str, Any]:
    """Start processes, one after the other.

    Returns:
        `seconds`: best and median by what was started; `split`: seconds of the first answer by
        step.
    """
    index, question = str(options.index(find_model())), options.questions(1)[0]
    runs = options.count(15, 2)
    asking = ["-m", "embeddings", "search", question, "--index", index, "--json"]
    processes = {
        "Python alone": ["-c", "pass"],
        HELP: ["-m", "embeddings", "--help"],
        FIRST_ANSWER: asking,
        "import of the bot": ["-c", "import bot.__main__"],
        "import of the bot for Telegram": ["-c", "import bot.app"],
    }
    seconds = {}
    for name, arguments in processes.items():
        log(name)
        took = sorted(_wall_time(arguments) for _ in range(runs + 1))
        seconds[name] = {"best": took[0], "median": median(took[:-1])}
    log("what the first answer waits for")
    splits = [json.loads(python("-c", _STEPS, index, question).stdout) for _ in range(runs)]
    split = {step: median(each[step] for each in splits) for step in splits[0]}
    return {"runs": runs, "seconds": seconds, "split": split}


def _wall_time(arguments: list[str]) -> float:
    started = time.perf_counter()
    python(*arguments)
    return time.perf_counter() - started
