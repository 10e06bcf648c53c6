"""The PostgreSQL servers of the tests leave nothing running."""

import subprocess
import sys
import time

from tests.conftest import ROOT


def test_a_server_does_not_outlive_a_killed_test_process() -> None:
    code = (
        "import os, signal; from tests.servers import new_server\n"
        "with new_server() as server:\n"
        "    print(server._process.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    deadline = time.monotonic() + 20
    while subprocess.run(["ps", "-o", "stat=", "-p", done.stdout], stdout=-1).stdout[:1] not in (
        b"",
        b"Z",
    ):
        assert time.monotonic() < deadline
        time.sleep(0.05)
