"""A running bot, articles that change all the time, and people who ask all the time.

    python -m tests.soak [--seconds 3600] [--people 3] [--pause 2]

The real program answers over HTTP. Every article tells a secret number of its town; edits change
it, files come, go and are renamed, in several formats. Each answer is held against what was true
while it was asked: wrong is a number that was never told, stale one that was not told any more.
"""

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.botapi import BotApi, Person
from tests.conftest import ARTICLE, ROOT
from tests.packed import para, write_docx

TOWNS = (
    "Kaltori Bremunda Vostelik Dranopol Sefirado Quistavar Moltenik Yarovets Pilgrando Ostimela "
    "Torvaneg Luskadil Hembrovi Cassidor Nefrilan Ruvoltek"
).split()
GRACE_S = 20.0
"""An answer may be as old as this: an edit takes a second or two, more on a busy machine."""


@dataclass
class Report:
    """What was seen."""

    questions: int = 0
    edits: int = 0
    wrong: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    delays_s: list[float] = field(default_factory=list)
    memory_mb: list[tuple[float, float]] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing was wrong, stale or failed."""
        return not (self.wrong or self.stale or self.failed)

    def to_json(self) -> dict[str, Any]:
        """Return what is worth printing."""
        delays = sorted(self.delays_s)
        step = max(1, len(self.memory_mb) // 12)
        return {
            "questions": self.questions,
            "edits": self.edits,
            "wrong": [len(self.wrong), *self.wrong[:5]],
            "stale": [len(self.stale), *self.stale[:5]],
            "failed": [len(self.failed), *self.failed[:5]],
            "from saving to the new answer, s": {
                "median": round(delays[len(delays) // 2], 2),
                "p95": round(delays[int(len(delays) * 0.95)], 2),
                "most": round(delays[-1], 2),
            }
            if delays
            else None,
            "memory, MB": [round(used) for _, used in self.memory_mb[::step]],
        }


class Truth:
    """Which number each town tells, and told when."""

    def __init__(self) -> None:
        self._told: dict[str, list[tuple[float, int | None]]] = {town: [] for town in TOWNS}

    def tell(self, town: str, number: int | None) -> None:
        """Note that an article says so from now on; None, when there is none."""
        self._told[town].append((time.monotonic(), number))

    def between(self, town: str, start: float, end: float) -> list[int | None]:
        """Return what was told at any moment between two."""
        told = list(self._told[town])
        before = [number for moment, number in told if moment <= start][-1:] or [None]
        return [*before, *(number for moment, number in told if start < moment <= end)]

    def ever(self, town: str) -> set[int | None]:
        """Return all numbers that were ever told."""
        return {number for _, number in list(self._told[town])}

    def now(self, town: str) -> int | None:
        """Return the number that is told now."""
        return self._told[town][-1][1] if self._told[town] else None


class Library:
    """The folder that is edited; each town has at most one file, of any format."""

    def __init__(self, folder: Path, truth: Truth, chance: random.Random) -> None:
        self._folder, self._truth, self._chance = folder, truth, chance
        self._paths: dict[str, Path] = {}
        self._number = 1000

    def change(self) -> str:
        """Do one thing that people do; return the town that it was done to."""
        town = self._chance.choice(TOWNS)
        path = self._paths.get(town)
        what = self._chance.random()
        if path is None or what < 0.7:
            self._write(town, path)
        elif what < 0.85:
            target = self._new_path(town, path.suffix)
            target.parent.mkdir(exist_ok=True)
            path.rename(target)
            self._paths[town] = target
        else:
            path.unlink()
            del self._paths[town]
            self._truth.tell(town, None)
        return town

    def _write(self, town: str, path: Path | None) -> None:
        self._number += 1
        suffix = self._chance.choice((".txt", ".md", ".html", ".docx"))
        target = path if path and path.suffix == suffix else self._new_path(town, suffix)
        target.parent.mkdir(exist_ok=True)
        data = article(town, self._number, suffix)
        if self._chance.random() < 0.5:  # as editors do
            temporary = target.with_name(f".{target.name}.part")
            temporary.write_bytes(data)
            temporary.replace(target)
        else:
            target.write_bytes(data)
        if path and path != target:
            path.unlink()
        self._paths[town] = target
        self._truth.tell(town, self._number)

    def _new_path(self, town: str, suffix: str) -> Path:
        folder = self._chance.choice(("", "north", "south"))
        return self._folder / folder / f"{town.lower()}-{self._chance.randrange(10**6)}{suffix}"


def article(town: str, number: int, suffix: str) -> bytes:
    """Return an article about a town in some format."""
    paragraphs = [
        f"The town of {town} lies on a river, and its people mend boats and keep bees there.",
        f"The secret number of {town} is {number}, and it is painted on the gate.",
        "Visitors come in spring, when the ferry runs twice a day and the market is open late.",
    ]
    if suffix == ".docx":
        return write_docx(*(para(text) for text in [town, *paragraphs]))
    if suffix == ".html":
        body = "".join(f"<p>{text}</p>" for text in paragraphs)
        return f"<html><title>{town}</title><body><h1>{town}</h1>{body}</body></html>".encode()
    mark = "# " if suffix == ".md" else ""
    return "\n\n".join([mark + town, *paragraphs]).encode()


def ask(person: Person, truth: Truth, stop: threading.Event, report: Report, seed: int) -> None:
    """Ask one question after the other and hold each answer against the truth."""
    chance = random.Random(seed)
    while not stop.is_set():
        town = chance.choice(TOWNS)
        asked = time.monotonic()
        person.says(f"What is the secret number of {town}?")
        try:
            text = person.hears_sync(timeout=30).text
        except (AssertionError, TimeoutError) as error:
            report.failed.append(f"{town}: no answer ({error})")
            continue
        judge(town, text, truth, asked, report)
        time.sleep(chance.uniform(0, 0.3))


def judge(town: str, text: str, truth: Truth, asked: float, report: Report) -> None:
    """Say of an answer whether it is right, wrong, or stale."""
    report.questions += 1
    possible = truth.between(town, asked - GRACE_S, time.monotonic())
    found = re.search(rf"secret number of {town} is (\d+)", text)
    number = int(found[1]) if found else None
    if number in possible:
        return
    kind = report.stale if number in truth.ever(town) or number is None else report.wrong
    kind.append(f"{town}: {number}, and not one of {possible}: {text[:150]!r}")


def soak(seconds: float, people: int, pause_s: float, seed: int = 1) -> Report:
    """Run the bot and everybody around it."""
    report, truth, stop = Report(), Truth(), threading.Event()
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="soak-") as place, BotApi() as server:
        folder = Path(place) / "seeds"
        folder.mkdir()
        (folder / "latvia.txt").write_bytes(ARTICLE.read_bytes())
        library = Library(folder, truth, chance)
        process = start(Path(place), server)
        try:
            server.called_sync("getUpdates", timeout=120)
            askers = [
                threading.Thread(
                    target=ask, args=(server.person(), truth, stop, report, seed + number)
                )
                for number in range(people)
            ]
            watcher = server.person()
            watcher.says("How many countries joined the coalition?")
            watcher.hears_sync(timeout=120)  # it waits until the first index is there
            for thread in askers:
                thread.start()
            ends = time.monotonic() + seconds
            while time.monotonic() < ends and process.poll() is None:
                town = library.change()
                report.edits += 1
                saved = time.monotonic()
                if report.edits % 5 == 0 and truth.now(town):
                    until_new(watcher, town, truth, saved, report)
                report.memory_mb.append((saved, memory_mb(process.pid)))
                stop.wait(chance.uniform(0, 2 * pause_s))
            stop.set()
            for thread in askers:
                thread.join()
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
            errors = (Path(place) / "errors.txt").read_text()
            if process.returncode or "Traceback" in errors or " ERROR " in errors:
                report.failed.append(f"status {process.returncode}: {errors[-2000:]}")
        finally:
            stop.set()
            if process.poll() is None:
                process.kill()
                process.wait()
    return report


def start(
    place: Path, server: BotApi, settings: Mapping[str, str] | None = None
) -> "subprocess.Popen[str]":
    """Start the real program on a folder of its own."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "MODEL_DIR") if key in os.environ}
    ours = {
        "PYTHONPATH": str(ROOT),
        "TELEGRAM_BOT_TOKEN": server.token,
        "TELEGRAM_API_URL": server.url,
        "NO_PROXY": "127.0.0.1",
        "LOG_LEVEL": "WARNING",
        "RATE_LIMIT": "0",
    }
    with (place / "errors.txt").open("w") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "bot"],
            cwd=place,
            env=kept | dict(settings or {}) | ours,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            text=True,
        )


def until_new(person: Person, town: str, truth: Truth, saved: float, report: Report) -> None:
    """Ask until the answer is the new one, and note how long that took."""
    number = truth.now(town)
    while time.monotonic() - saved < 30:
        person.says(f"What is the secret number of {town}?")
        if f"is {number}," in person.hears_sync(timeout=30).text:
            report.delays_s.append(time.monotonic() - saved)
            return
        time.sleep(0.05)
    report.stale.append(f"{town}: {number} is not told after 30 s")


def memory_mb(process: int) -> float:
    """Return the resident memory of a process, 0 where the system does not say."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    except OSError:
        return 0.0
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> int:
    """Run from the command line; the status is 0 when nothing was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--people", type=int, default=3)
    parser.add_argument("--pause", type=float, default=2, dest="pause_s")
    parser.add_argument("--seed", type=int, default=1)
    report = soak(**vars(parser.parse_args()))
    print(json.dumps(report.to_json(), indent=1, ensure_ascii=False))
    return 0 if report.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
