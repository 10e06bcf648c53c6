"""Following the folder of seeds: when has it changed, and come to rest?

The system tells of changes; a sweep over the folder every few seconds finds those it does not tell
of, as on network folders. A file that is still being copied is waited for.
"""

import logging
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from threading import Event

from embeddings.articles.folder import is_hidden, list_files
from embeddings.errors import SeedsError

logger = logging.getLogger(__name__)

Snapshot = dict[str, tuple[int, ...]]
"""Size, times and inode by path; the folder itself is ".".

The second time changes with rights too, and when an edit keeps the first one."""

_SWEEP_S = 5.0
_QUIET_S = 0.4
"""A folder that stays the same for so long is at rest."""
_LONGEST_WAIT_S = 10.0
"""A folder that never comes to rest is read all the same; files in motion keep their old text."""


def watch_folder(seeds: Path, stop: Event, sweep_s: float = _SWEEP_S) -> Iterator[None]:
    """Yield whenever the folder has changed and come to rest; end soon after `stop` is set.

    What changes from the call on is told of, also before the first of them is asked for. A folder
    that is not there, or goes away and comes back, is waited for.
    """
    return _changes(seeds, stop, sweep_s, snapshot(seeds))


def _changes(seeds: Path, stop: Event, sweep_s: float, known: Snapshot) -> Iterator[None]:
    while not stop.is_set():
        for told in chain((False,), _events(seeds, stop, sweep_s)):
            found = _at_rest(seeds, stop) if told or snapshot(seeds) != known else known
            moved = found.get(".") != known.get(".")
            if told or found != known:
                known = found
                yield
            if moved:  # another folder has this name now: listen to that one
                break


def snapshot(seeds: Path) -> Snapshot:
    """Return the state of every file; empty, when there is no folder."""
    found: Snapshot = {}
    try:
        found["."] = (seeds.stat().st_ino,)
        for seed in list_files(seeds):
            try:
                state = seed.location.stat()
            except OSError:  # gone, or a link to nowhere
                continue
            times = (state.st_mtime_ns, state.st_ctime_ns)
            found[seed.path] = (state.st_size, *times, state.st_ino)
    except (OSError, SeedsError):
        return {}
    return found


def _at_rest(seeds: Path, stop: Event) -> Snapshot:
    """Wait until nothing changes any more, and return the state then."""
    deadline = time.monotonic() + _LONGEST_WAIT_S
    before = snapshot(seeds)
    while not stop.wait(_QUIET_S) and time.monotonic() < deadline:
        now = snapshot(seeds)
        if now == before:
            break
        before = now
    return before


def _events(seeds: Path, stop: Event, sweep_s: float) -> Iterator[bool]:
    """Yield True when the system tells of a change, False when it is time for a sweep."""
    from watchfiles import watch
    from watchfiles.main import Change

    def is_seed(_change: Change, path: str) -> bool:
        return not is_hidden(Path(path).name)

    try:
        for told in watch(
            seeds,
            watch_filter=is_seed,
            stop_event=stop,
            rust_timeout=int(1000 * sweep_s),
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            yield bool(told)
    except (OSError, RuntimeError) as error:  # no such folder, or no more watches to be had
        logger.debug("%s is not watched: %s", seeds, error)
    if not stop.wait(min(sweep_s, 1.0)):
        yield False
