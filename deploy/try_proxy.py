"""Runs the bot behind proxies that end TLS; `try-proxy.sh` makes the certificate."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.botapi import BotApi
from tests.listeners import HEADER, SECRET, free_port

ROOT, WORK = Path(__file__).parent.parent, Path(sys.argv[1]).absolute()


def nginx(port: int, bot: int) -> list[str]:
    """Write the server of deploy/nginx.conf, with these ports and this certificate."""
    server = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for there, here in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "bot.example.org;": "localhost;",
        "/etc/letsencrypt/live/bot.example.org/fullchain.pem": str(WORK / "cert.pem"),
        "/etc/letsencrypt/live/bot.example.org/privkey.pem": str(WORK / "key.pem"),
        "127.0.0.1:8443": f"127.0.0.1:{bot}",
    }.items():
        assert there in server, there
        server = server.replace(there, here)
    own = f"daemon off; pid {WORK}/nginx.pid; error_log stderr; events {{}}"
    (WORK / "nginx.conf").write_text(f"{own} http {{\n{server}\n}}\n", encoding="utf-8")
    return ["nginx", "-c", str(WORK / "nginx.conf")]


def caddy(port: int, bot: int) -> list[str]:
    """Write what `caddy reverse-proxy` does, with this certificate."""
    (WORK / "Caddyfile").write_text(
        "{\n  admin off\n  auto_https disable_redirects\n  skip_install_trust\n}\n"
        f"https://localhost:{port} {{\n  bind 127.0.0.1\n  tls {WORK}/cert.pem {WORK}/key.pem\n"
        f"  reverse_proxy 127.0.0.1:{bot}\n}}\n",
        encoding="utf-8",
    )
    return ["caddy", "run", "--config", str(WORK / "Caddyfile"), "--adapter", "caddyfile"]


@contextmanager
def running(name: str, command: list[str], **environment: str) -> Iterator[None]:
    with (WORK / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command, env=os.environ | environment, cwd=ROOT, stdout=log, stderr=log
        )
    try:
        yield
        assert process.poll() is None, f"{name} has ended"
    finally:
        process.terminate()
        process.wait(60)


def status(url: str, body: bytes, secret: str) -> int:
    """Post as anybody could, and return the status of the answer."""
    wanted = urllib.request.Request(url, body, {HEADER: secret})  # noqa: S310
    try:
        with urllib.request.urlopen(wanted, timeout=10) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def attempt(name: str, write: Callable[[int, int], list[str]]) -> None:
    port, bot, state = free_port(), free_port(), WORK / f"state-{name}"
    url = f"https://localhost:{port}/hook"
    with BotApi() as server, running(name, write(port, bot)):
        settings = {
            "TELEGRAM_BOT_TOKEN": server.token,
            "TELEGRAM_API_URL": server.url,
            "WEBHOOK_URL": url,
            "WEBHOOK_SECRET": SECRET,
            "WEBHOOK_PORT": str(bot),
            "SEEDS_DIR": str(ROOT / "seeds"),
            "STATE_DIR": str(state),
            "INDEX_DIR": str(WORK / "index"),
            "DATABASE_URL": f"sqlite:///{state / 'bot.sqlite3'}",
        }
        with running(f"bot-{name}", [sys.executable, "-m", "bot"], **settings):
            server.called_sync("setWebhook", timeout=180)
            alice, started = server.person(), time.monotonic()
            alice.says("Who is Rustem Umerov?")
            assert "Umerov" in alice.hears_sync(timeout=120).text
            print(f"{name}: answered through TLS after {time.monotonic() - started:.1f} s")
            update = json.dumps({"update_id": 10**6}).encode()
            found = [status(url, update, secret) for secret in (SECRET, "wrong")]
            found.append(status(url, b"x" * 1_100_000, SECRET))
            print(f"{name}: the secret, a wrong one, a body of a megabyte: {found}")
            assert found == [200, 403, 413]
            assert all(delivery.status == 200 for delivery in server.world.deliveries)


def main() -> None:
    for name, write in (("nginx", nginx), ("caddy", caddy)):
        attempt(name, write)


if __name__ == "__main__":
    main()
