"""Runs the image `passage-bot` against the tests' Bot API server; `try-image.sh` builds it."""

import contextlib
import os
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.botapi import BotApi

STORAGE = Path(os.environ["STORAGE"])
os.environ["DISABLE_HC_SYSTEMD"] = "true"  # Podman's timers of HEALTHCHECK need systemd
PODMAN = ["podman", "--root", str(STORAGE / "storage"), "--runroot", str(STORAGE / "run")]
READYZ = "http://127.0.0.1:8081/readyz"


def podman(*arguments: str) -> str:
    command = [*PODMAN, "--cgroup-manager", "cgroupfs", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def container(server: BotApi, settings: Path) -> Iterator[None]:
    settings.write_text(f"TELEGRAM_BOT_TOKEN={server.token}\nTELEGRAM_API_URL={server.url}\n")
    started, polls = time.monotonic(), len(server.calls("getUpdates"))
    options = "--read-only --cap-drop all --security-opt no-new-privileges --tmpfs /tmp".split()
    limits = "--runtime runc --network host --stop-timeout 30".split()
    limits += "--ulimit nofile=20000:20000 --ulimit nproc=20000:20000".split()
    volumes = "-v try-seeds:/data/seeds -v try-state:/data/state".split()
    options += ["--detach", "--name", "try", "--env-file", str(settings)]
    podman("run", *options, *limits, *volumes, "passage-bot")
    try:
        server.called_sync("getUpdates", polls + 1, timeout=180)
        print(f"takes updates after {time.monotonic() - started:.1f} s")
        yield
        started = time.monotonic()
        podman("stop", "try")
        state = podman("inspect", "try", "--format", "{{.State.ExitCode}}").strip()
        print(f"SIGTERM: exit status {state} after {time.monotonic() - started:.1f} s")
        assert state == "0"
    finally:
        print(subprocess.run([*PODMAN, "logs", "try"], capture_output=True, text=True).stderr)
        podman("rm", "--force", "try")


def until_ready() -> None:
    """Wait until the articles are indexed."""
    for _ in range(120):
        with contextlib.suppress(OSError), urllib.request.urlopen(READYZ, timeout=5):
            return
        time.sleep(1)
    raise TimeoutError(READYZ)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, BotApi() as server:
        settings = Path(folder) / "env"
        for start in ("first", "second"):
            print(f"-- the {start} start")
            with container(server, settings):
                until_ready()
                alice = server.person()
                alice.says("Who is Rustem Umerov?")
                assert "Umerov" in alice.hears_sync(timeout=30).text
                podman("healthcheck", "run", "try")
                print("answers; HEALTHCHECK is healthy")
                print(podman("exec", "try", "sh", "-c", "id; ls -ln /data /data/state"))
        podman("volume", "rm", "try-seeds", "try-state")


if __name__ == "__main__":
    main()
