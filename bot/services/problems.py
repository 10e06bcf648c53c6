"""What is wrong with the program although it answers: told by /health, /healthz and /readyz."""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.journal import Journal
from bot.services.index_updater import IndexUpdater, Stale
from bot.settings import Settings
from bot.transport.inbox import Inbox

_LITTLE = 100 * 2**20
"""Bytes; with less room on the disk a build or the journal may soon fail."""


class Problems:
    """Looks at the parts of the program each time it is asked."""

    def __init__(
        self,
        settings: Settings,
        journal: Journal,
        inbox: Inbox,
        index_updater: IndexUpdater | None = None,
    ) -> None:
        self._folders = (settings.index_dir, settings.state_dir)
        self._journal, self._inbox, self._index_updater = journal, inbox, index_updater

    @property
    def stale(self) -> Stale | None:
        """Since when the index is not up to date, and why; None when it is."""
        return self._index_updater.stale if self._index_updater else None

    @property
    def building(self) -> tuple[str, int, int] | None:
        """The step of the build that is under way, how much of it is done, and of how much."""
        return self._index_updater.building if self._index_updater else None

    @property
    def room(self) -> int | None:
        """How many bytes are left on the disk, where these are too few."""
        free = min(map(_free, self._folders))
        return free if free < _LITTLE else None

    @property
    def can_lose_questions(self) -> bool:
        """Whether updates are not written to the disk, and are lost with the process."""
        return self._inbox.is_failing

    def found(self) -> Mapping[str, str]:
        """Return everything that is wrong, by part, in English for whoever runs the program."""
        found = {}
        if stale := self.stale:
            since = datetime.fromtimestamp(stale.since, UTC).isoformat(timespec="seconds")
            found["index"] = f"not up to date since {since}: {stale.error}"
        if (room := self.room) is not None:
            found["disk"] = f"only {room // 2**20} MB are left"
        if self.can_lose_questions:
            found["updates"] = "cannot be written down; a killed process loses questions"
        if not self._journal.is_working:
            found["journal"] = f"cannot be written; {self._journal.waiting} entries wait"
        return found


def _free(folder: Path) -> int:
    """Return the bytes that are free on the disk of a folder, or of where it is to be made."""
    for existing in (folder, *folder.absolute().parents):
        try:
            return shutil.disk_usage(existing).free
        except OSError:
            continue
    return _LITTLE
