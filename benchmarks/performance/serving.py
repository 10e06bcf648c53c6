"""The real bot as a process of its own, and a stand-in for Telegram that it talks to."""

import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.botapi import BotApi
from tests.soak import start

_START_S = 600.0
"""The index may have to be built first."""


@contextmanager
def serving(
    seeds: Path, index: Path, settings: Mapping[str, str] | None = None
) -> Iterator[tuple[BotApi, "subprocess.Popen[str]"]]:
    """Run the bot on a folder of articles until the block ends; it has answered once by then."""
    given = {"SEEDS_DIR": str(seeds.resolve()), "INDEX_DIR": str(index.resolve())}
    with tempfile.TemporaryDirectory(prefix="bot-") as place, BotApi() as server:
        process = start(Path(place), server, given | dict(settings or {}))
        try:
            server.called_sync("getUpdates", timeout=_START_S)
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
