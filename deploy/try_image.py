"""Runs the image `passage-bot` against the tests' Bot API server, and its stage with PyTorch.

`try-image.sh` builds both.
"""

import contextlib
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conversation import ADMIN, converse, run, settings

from tests.botapi import BotApi

READYZ = "http://127.0.0.1:8081/readyz"
CONFINED = "--read-only --cap-drop all --security-opt no-new-privileges --tmpfs /tmp".split()
OWN_MODEL = """
export MODEL_DIR=/data/state/model ENCODER_RUNTIME=torch
python -m embeddings build
export EMBEDDING_MODEL=$(echo $MODEL_DIR/multilingual-*[0-9]) INDEX_DIR=/data/state/own
python -m embeddings build
python -m embeddings search "Who is Rustem Umerov?"
"""


@contextmanager
def container(server: BotApi, file: Path) -> Iterator[None]:
    file.write_text(settings(server))
    started, polls = time.monotonic(), len(server.calls("getUpdates"))
    options = [*CONFINED, "--network", "host", "--stop-timeout", "30", "--env-file", str(file)]
    volumes = "-v try-seeds:/data/seeds -v try-state:/data/state".split()
    run("podman", "run", "--detach", "--name", "try", *options, *volumes, "passage-bot")
    try:
        server.called_sync("getUpdates", polls + 1, timeout=180)
        print(f"takes updates after {time.monotonic() - started:.1f} s")
        yield
        started = time.monotonic()
        run("podman", "stop", "try")
        state = run("podman", "inspect", "try", "--format", "{{.State.ExitCode}}").strip()
        print(f"SIGTERM: exit status {state} after {time.monotonic() - started:.1f} s")
        assert state == "0"
    finally:
        logs = subprocess.run(["podman", "logs", "try"], capture_output=True, text=True)
        print(logs.stderr)
        run("podman", "rm", "--force", "try")


def until_ready() -> None:
    """Wait until the articles are indexed."""
    for _ in range(120):
        with contextlib.suppress(OSError), urllib.request.urlopen(READYZ, timeout=5):
            return
        time.sleep(1)
    raise TimeoutError(READYZ)


def use_own_model() -> None:
    """Assemble the default model, and use its folder as somebody would a model of their own."""
    started = time.monotonic()
    options = [*CONFINED, "--network", "none"]
    said = run("podman", "run", "--rm", *options, "passage-bot:with-torch", "sh", "-ec", OWN_MODEL)
    assert "Umerov" in said, said
    print(f"-- a model of one's own, by PyTorch, after {time.monotonic() - started:.1f} s\n{said}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, BotApi() as server:
        admin = server.person(id=ADMIN)
        for start in ("first", "second"):
            print(f"-- the {start} start")
            with container(server, Path(folder) / "env"):
                until_ready()
                converse(admin)
                run("podman", "healthcheck", "run", "try")
                print("HEALTHCHECK is healthy")
                print(run("podman", "exec", "try", "sh", "-c", "id; ls -ln /data /data/state"))
        run("podman", "volume", "rm", "try-seeds", "try-state")
    use_own_model()


if __name__ == "__main__":
    main()
