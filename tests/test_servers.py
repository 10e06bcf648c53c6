"""The PostgreSQL servers of the tests: they start, know vectors and Cyrillic, and are followed."""

import subprocess
import sys
import time

from tests.conftest import ROOT
from tests.servers import Server, execute, new_server


def test_a_fresh_database_knows_vectors_and_cyrillic_letters(database_url: str) -> None:
    asked = "SELECT lower('ПРИВЕТ'), '[1,2]'::halfvec(2) <#> '[3,4]'::halfvec(2)"
    assert execute(database_url, asked) == [("привет", -11.0)]


def test_a_standby_follows_and_takes_over(postgres: Server) -> None:
    url = postgres.create_database()
    standby = postgres.standby()
    execute(url, "CREATE TABLE notes (text text)", "INSERT INTO notes VALUES ('written')")
    followed = url.replace(str(postgres.port), str(standby.port))
    deadline = time.monotonic() + 20
    while execute(followed, "SELECT to_regclass('notes')") == [(None,)]:
        assert time.monotonic() < deadline, standby.log()
        time.sleep(0.01)
    assert execute(followed, "SELECT pg_is_in_recovery()") == [(True,)]
    standby.promote()
    assert execute(followed, "INSERT INTO notes VALUES ('here') RETURNING text") == [("here",)]
    standby.stop()


def test_a_killed_server_starts_again_with_what_was_committed() -> None:
    with new_server(durable=True) as server:
        execute(server.url(), "CREATE TABLE notes (text text)")
        server.kill()
        server.start()
        assert execute(server.url(), "SELECT * FROM notes") == []


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
