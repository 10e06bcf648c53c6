"""Runs compose.yaml with all its profiles; `try-compose.sh` makes the images.

Its argument is a folder whose deploy/ holds compose.yaml; the settings are written to its .env.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from conversation import ADMIN, ask, converse, run, settings

from tests.botapi import BotApi, Person
from tests.listeners import SECRET

CHECKOUT = Path(sys.argv[1]).absolute()
SERVICES = ("bot", "postgres", "caddy")


def compose(*arguments: str) -> None:
    options = ["--env-file", str(CHECKOUT / ".env"), "-f", str(CHECKOUT / "deploy/compose.yaml")]
    profiles = "--profile postgres --profile webhook".split()
    command = [os.environ["COMPOSE"], *options, *profiles, *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def name(service: str) -> str:
    return f"passage-bot_{service}_1"


def inspect(service: str, what: str) -> str:
    return run("podman", "inspect", name(service), "--format", f"{{{{json {what}}}}}").strip()


def healthy(service: str, seconds: float = 120) -> None:
    """Wait until the service's own check says that it is well."""
    until = time.monotonic() + seconds
    check = ["podman", "healthcheck", "run", name(service)]
    while subprocess.run(check, capture_output=True).returncode:
        assert time.monotonic() < until, f"{service} is not healthy"
        time.sleep(1)


def until_restarted(service: str, before: str) -> None:
    until = time.monotonic() + 60
    while inspect(service, ".State.Pid") in (before, "0"):
        assert time.monotonic() < until, f"{service} was not started again"
        time.sleep(0.5)


def fail(person: Person) -> None:
    """End services as a crash does; each is started again, and the bot answers."""
    for service in SERVICES:
        started, before = time.monotonic(), inspect(service, ".State.Pid")
        os.kill(int(before), signal.SIGKILL)
        until_restarted(service, before)
        healthy(service)
        ask(person, "Who is Rustem Umerov?", "Umerov")
        print(f"killed {service}: answers again after {time.monotonic() - started:.1f} s")


def kept() -> str:
    """Return how many questions the journal has, and what the index says of itself."""
    answers = "SELECT count(*) FROM answers"
    asked = run("podman", "exec", name("postgres"), "psql", "-U", "bot", "-tAc", answers).strip()
    index = json.loads(run("podman", "exec", name("bot"), "passage-index", "info", "--json"))
    return f"{asked} questions, {len(index['articles'])} articles"


def main() -> None:
    with BotApi(host="0.0.0.0") as server:  # noqa: S104  (containers reach it by their gateway)
        (CHECKOUT / ".env").write_text(
            settings(server, f"http://host.containers.internal:{server.port}")
            + "POSTGRES_PASSWORD=sesame\nDATABASE_URL=postgresql://bot:sesame@postgres/bot\n"
            + "INDEX_URL=postgresql://bot:sesame@postgres/bot\n"
            + f"DOMAIN=localhost\nWEBHOOK_URL=https://localhost/\nWEBHOOK_SECRET={SECRET}\n",
            encoding="utf-8",
        )
        admin = server.person(id=ADMIN)
        try:
            started = time.monotonic()
            compose("up", "--detach")
            server.called_sync("setWebhook", timeout=180)
            print(f"the webhook is set after {time.monotonic() - started:.1f} s")
            converse(admin)
            for service in SERVICES:
                healthy(service)
                limits = json.loads(inspect(service, ".HostConfig"))
                shown = {key: limits[key] for key in ("Memory", "PidsLimit", "ReadonlyRootfs")}
                print(f"{service} is healthy; {shown}, {limits['RestartPolicy']['Name']}")
            print(f"in the database: {kept()}")
            fail(admin)
            compose("down")
            before = len(server.calls("setWebhook"))
            compose("up", "--detach")
            server.called_sync("setWebhook", before + 1, timeout=180)
            ask(admin, "How much does the cider press cost?", "six marks")
            print(f"after down and up: answers the same; {kept()}")
        finally:
            logs = subprocess.run(["podman", "logs", name("bot")], capture_output=True, text=True)
            print(logs.stderr[-6000:])
            compose("down", "--volumes")
            run("podman", "volume", "rm", "passage-bot_certificates")


if __name__ == "__main__":
    main()
