"""Progress bars on standard error; silent where that is no terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from embeddings.errors import Stopped

Progress = Callable[[str, int, int], None]
"""A callback that takes the kind of work (a key of _LABELS), the amount done, and the total."""

_LABELS = {
    "wait": "Waiting for another build",
    "read": "Reading articles",
    "encode": "Encoding passages",
    "copy": "Copying articles",
    "arrange": "Arranging vectors",
    "ask": "Asking questions",
}


def cancellable(stop: Event, progress: Progress) -> Progress:
    """Return a callback that calls `progress`, and raises Stopped when `stop` is set."""

    def report_progress(what: str, done: int, total: int) -> None:
        if stop.is_set():
            raise Stopped
        progress(what, done, total)

    return report_progress


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Provide a callback that draws a bar for each kind of work."""
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
