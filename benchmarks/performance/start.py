"""How long a process needs: for its help, and for its first answer from an index that is there.

Wall time of whole processes, with the files in the system's cache, as they are from the second
start on.
"""

import json
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.performance.options import ROOT, Options, environment, tell
from embeddings import find_model

_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+([\w.]+)")
_SHOWN = 10


@dataclass(frozen=True)
class Start:
    """What was found.

    Attributes:
        runs: of each.
        seconds: by what was started, the best and the median.
        split: the first answer by what it waits for, seconds, medians.
        imports: the packages that take longest to import for it, milliseconds.
    """

    runs: int
    seconds: dict[str, dict[str, float]]
    split: dict[str, float]
    imports: dict[str, float]


def measure(options: Options) -> Start:
    """Start processes, one after the other."""
    index = options.index(find_model())
    question = options.questions(1)[0].text
    runs = options.few(15, 2)
    asking = ["-m", "embeddings", "search", question, "--index", str(index), "--json"]
    processes = {
        "Python alone": ["-c", "pass"],
        "python -m embeddings --help": ["-m", "embeddings", "--help"],
        "python -m embeddings search … --json": asking,
        "import of the bot": ["-c", "import bot.__main__"],
        "import of the bot for Telegram": ["-c", "import bot.app"],
    }
    seconds = {}
    for name, arguments in processes.items():
        tell(name)
        took = sorted(_wall(arguments) for _ in range(runs + 1))
        seconds[name] = {"best": took[0], "median": median(took[:-1])}
    tell("what the first answer waits for")
    first = ["-m", "benchmarks.performance.first", str(index), question]
    splits = [json.loads(_run(first).stdout) for _ in range(runs)]
    split = {step: median(each[step] for each in splits) for step in splits[0]}
    return Start(runs, seconds, split, _imports(_run(["-X", "importtime", *asking]).stderr))


def _wall(arguments: Sequence[str]) -> float:
    started = time.perf_counter()
    _run(arguments)
    return time.perf_counter() - started


def _run(arguments: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603
        [sys.executable, *arguments],
        cwd=Path(ROOT),
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )


def _imports(told: str) -> dict[str, float]:
    """Add up by package what Python says of its imports."""
    spent: dict[str, float] = defaultdict(float)
    for microseconds, module in _IMPORT.findall(told):
        spent[module.partition(".")[0]] += int(microseconds) / 1000
    return dict(sorted(spent.items(), key=lambda entry: -entry[1])[:_SHOWN])
