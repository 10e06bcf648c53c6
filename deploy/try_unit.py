"""Runs the unit in a tree under systemd-nspawn; `try-unit.sh` makes the tree."""

import contextlib
import os
import re
import signal
import subprocess
import time
from pathlib import Path

from conversation import ask, settings

from tests.botapi import BotApi

TREE = Path(os.environ["TREE"])
MACHINE = "passage-bot-try"


def inside(*command: str, check: bool = True) -> str:
    """Run a command in the machine, by the namespaces of its first process."""
    entered = ["nsenter", "--target", str(first_process()), "--all", "--", *command]
    return subprocess.run(entered, capture_output=True, text=True, check=check).stdout


def first_process() -> int:
    """Return the process here that is number 1 of another namespace, and systemd."""
    for path in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            status = path.read_text()
            if re.search(r"^Name:\tsystemd$.*^NSpid:\t\d+\t1$", status, re.MULTILINE | re.DOTALL):
                return int(path.parent.name)
    raise LookupError("the machine does not run")


def main() -> None:
    with BotApi() as server:
        file = TREE / "etc" / "passage-bot.env"
        file.write_text(settings(server))
        file.chmod(0o600)
        nspawn = ["systemd-nspawn", "--boot", "--quiet", f"--machine={MACHINE}", "-D", str(TREE)]
        with subprocess.Popen(
            [*nspawn, "--register=no", "--keep-unit"], stdin=-3, stdout=-3, stderr=-3
        ) as machine:
            try:
                time.sleep(5)
                started = time.monotonic()
                inside("systemctl", "start", "passage-bot")
                print(f"started after {time.monotonic() - started:.1f} s")
                server.called_sync("getUpdates", timeout=120)
                alice = server.person()
                ask(alice, "Who is Rustem Umerov?", "Umerov")
                print("answers in its sandbox")
                print(inside("systemctl", "status", "--no-pager", "passage-bot"))
                print(inside("systemd-analyze", "security", "--no-pager", "passage-bot")[-80:])
                inside("systemctl", "kill", "--kill-who=main", "--signal=STOP", "passage-bot")
                print("stopped the process, as if it hung; the watchdog should start it again")
                polls = len(server.calls("getUpdates"))
                server.called_sync("getUpdates", polls + 2, timeout=180)
                ask(alice, "How many countries joined?", "20 countries")
                print("the watchdog started it again")
                started = time.monotonic()
                inside("systemctl", "stop", "passage-bot")
                print(f"stopped after {time.monotonic() - started:.1f} s")
                file.write_text(f"TELEGRAM_BOT_TOKEN=42:x\nTELEGRAM_API_URL={server.url}\n")
                inside("systemctl", "start", "passage-bot", check=False)
                time.sleep(25)
                shown = "ActiveState,ExecMainStatus,NRestarts"
                print(inside("systemctl", "show", "-p", shown, "passage-bot"))
            finally:
                print(inside("journalctl", "-u", "passage-bot", "--no-pager", check=False)[-6000:])
                machine.send_signal(signal.SIGTERM)
                machine.wait(60)


if __name__ == "__main__":
    main()
