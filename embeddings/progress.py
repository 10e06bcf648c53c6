"""Progress bars on standard error; silent where that is no terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from embeddings.errors import Stopped

Progress = Callable[[str, int, int], None]
"""Told what is being done (a key of _LABELS), how many are done, and how many there are."""

_LABELS = {
    "wait": "Waiting for another build",
    "read": "Reading articles",
    "encode": "Encoding passages",
    "arrange": "Arranging vectors",
    "ask": "Asking questions",
}


def cancellable(stop: Event, progress: Progress) -> Progress:
    """Pass progress on, and raise Stopped when `stop` is set."""

    def report_progress(what: str, done: int, total: int) -> None:
        if stop.is_set():
            raise Stopped
        progress(what, done, total)

    return report_progress


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Give a function to be told of progress; each kind of work gets a bar of its own."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    bars = Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    tasks: dict[str, Any] = {}

    def update(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bars.add_task(_LABELS.get(what, what), total=total)
        bars.update(tasks[what], completed=done, total=total)

    with bars:
        yield update
