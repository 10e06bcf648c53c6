"""Watches the folder of seeds: yields when it has changed and no further change follows.

The operating system reports changes; a comparison of the whole folder every few seconds finds those
that it does not report, as on network folders.
"""

import logging
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from threading import Event

from embeddings.articles.folder import is_hidden, list_files, stat_of
from embeddings.errors import SeedsError

logger = logging.getLogger(__name__)

Snapshot = dict[str, tuple[int, ...]]
"""Size, modification time, change time and inode of each path; the folder itself is ".".

The change time also shows a change of permissions, and an edit that keeps the modification time."""

_SWEEP_S = 5.0
"""Seconds between two comparisons of the whole folder."""
_QUIET_S = 0.4
"""Seconds without a change after which the changes are over."""
_LONGEST_WAIT_S = 10.0
"""A folder that changes all the time is read after so many seconds all the same."""


def watch_folder(seeds: Path, stop: Event, sweep_s: float = _SWEEP_S) -> Iterator[None]:
    """Yield whenever the folder has changed and is quiet again; end soon after `stop` is set.

    Changes count from this call on, not from the first `next`. A folder that does not exist, or
    disappears and returns, is waited for.
    """
    return _changes(seeds, stop, sweep_s, snapshot(seeds))


def _changes(seeds: Path, stop: Event, sweep_s: float, known: Snapshot) -> Iterator[None]:
    while not stop.is_set():
        for reported in chain((False,), _events(seeds, stop, sweep_s)):
            changed = reported or snapshot(seeds) != known
            found = _wait_until_quiet(seeds, stop) if changed else known
            is_same_folder = found.get(".") == known.get(".")
            if reported or found != known:
                known = found
                yield
            if not is_same_folder:  # another folder has this name now, and needs a new watch
                break


def snapshot(seeds: Path) -> Snapshot:
    """Return the state of every file; empty when there is no folder."""
    found: Snapshot = {}
    try:
        found["."] = (seeds.stat().st_ino,)
        for file in list_files(seeds):
            try:
                state = stat_of(file)
            except OSError:  # deleted, or a broken link
                continue
            times = (state.st_mtime_ns, state.st_ctime_ns)
            found[file.path] = (state.st_size, *times, state.st_ino)
    except (OSError, SeedsError):
        return {}
    return found


def _wait_until_quiet(seeds: Path, stop: Event) -> Snapshot:
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
    """Yield True when the system reports a change, False when it is time for a comparison."""
    import watchfiles

    try:
        for changes in watchfiles.watch(
            seeds,
            watch_filter=lambda _change, path: not is_hidden(Path(path).name),
            stop_event=stop,
            rust_timeout=int(1000 * sweep_s),
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            yield bool(changes)
    except (OSError, RuntimeError) as error:  # no such folder, or the system's limit is reached
        logger.debug("%s is not watched: %s", seeds, error)
    if not stop.wait(min(sweep_s, 1.0)):
        yield False
