"""Questions that are asked of an index in PostgreSQL while it is edited, or its primary dies.

    python -m tests.postgres_load COUNT

Edits an index COUNT times under four readers, and kills its primary under four others: each answer
must be whole and not older than what was built before it was asked for. Prints figures.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit

from embeddings import readers
from embeddings.errors import StoreError
from embeddings.index.build import build_index
from embeddings.index.location import DatabaseUrl
from embeddings.index.search_index import IndexSnapshot
from embeddings.search.search import Searcher
from tests.conftest import tiny_model
from tests.servers import Server, execute, new_server


def tell(seeds: Path, number: int) -> None:
    """Write an article whose first and last passage name the same number."""
    filler = "The keeper of the old lighthouse wrote down the weather four times a day. " * 20
    first, last = (f"The {place} told number is {number}." for place in ("first", "last"))
    (seeds / "told.md").write_text(f"# Told\n\n{first}\n\n{filler}\n\n{last}\n", encoding="utf-8")


def told(index: IndexSnapshot) -> set[int]:
    """Return the numbers that the article names in one state of the index."""
    rows = index.passages.rows_of_article("told.md")
    assert rows is not None
    texts = [passage.text for passage, _ in index.passages.get(rows)]
    assert "first told" in texts[0]
    assert "last told" in texts[-1]
    return {int(text.split("told number is ")[1].split(".")[0]) for text in (texts[0], texts[-1])}


class Readers:
    """Four threads that ask; whatever goes wrong in one is raised at the end of the block.

    Attributes:
        least: the number that an answer has at least from now on.
        answers: how many there were.
        slowest_s: how long the slowest of them took.
    """

    def __init__(self, database: DatabaseUrl) -> None:
        self.least, self.answers, self.slowest_s = 0, 0, 0.0
        self._database, self._stop = database, threading.Event()

    @contextmanager
    def asking(self) -> Iterator[None]:
        with ThreadPoolExecutor(4) as pool:
            asking = [pool.submit(self._ask) for _ in range(4)]
            try:
                yield
            finally:
                self._stop.set()
            for one in asking:
                one.result()

    def _ask(self) -> None:
        with closing(Searcher.open(self._database, tiny_model())) as searcher:
            while not self._stop.is_set():
                started, least = time.monotonic(), self.least
                (number,) = searcher.index.snapshot(told)
                assert number >= least, "stale"
                found = searcher.search(f"What is the first told number {number}?").passages
                assert any("first told number" in hit.passage.text for hit in found)
                self.slowest_s = max(self.slowest_s, time.monotonic() - started)
                self.answers += 1


def edit_under_readers(database: DatabaseUrl, seeds: Path, edits: int) -> Readers:
    """Edit an article, and now and then build a second version, under readers."""
    tell(seeds, 0)
    build_index(seeds, database, tiny_model())
    asked = Readers(database)
    with asked.asking():
        for number in range(1, edits + 1):
            tell(seeds, number)
            build_index(seeds, database, tiny_model(), full=number % 6 == 0)
            asked.least = number
    return asked


@contextmanager
def with_standby(server: Server) -> Iterator[tuple[DatabaseUrl, Server]]:
    """Yield a new database that a primary and a standby have."""
    url = server.create_database()
    standby = server.standby()
    hosts = f"127.0.0.1:{server.port},127.0.0.1:{standby.port}"
    try:
        yield DatabaseUrl(url.replace(f"127.0.0.1:{server.port}", hosts)), standby
    finally:
        standby.stop()


def wait_for_standby(database: DatabaseUrl, primary: Server, standby: Server) -> None:
    """Return when a standby has all that the primary has committed."""
    name = urlsplit(database.url).path[1:]
    (position,) = execute(primary.url(name), "SELECT pg_current_wal_lsn()")[0]
    reached = f"SELECT pg_last_wal_replay_lsn() >= '{position}'"
    while execute(standby.url(name), reached) != [(True,)]:
        time.sleep(0.02)


def fail_over_under_readers(seeds: Path) -> tuple[Readers, float]:
    """Kill a primary under readers, and promote its standby, which lacks the last edit.

    Returns:
        The readers, and seconds from the promotion until an edit was built.
    """
    with new_server() as primary, with_standby(primary) as (both, standby):
        tell(seeds, 1)
        build_index(seeds, both, tiny_model())
        wait_for_standby(both, primary, standby)
        asked = Readers(both)
        with asked.asking():
            name = urlsplit(both.url).path[1:]
            asked.least = 1
            execute(standby.url(name), "SELECT pg_wal_replay_pause()")
            tell(seeds, 2)
            build_index(seeds, both, tiny_model())
            wanted = asked.answers + 20
            while asked.answers < wanted:
                time.sleep(0.02)
            primary.kill()
            execute(standby.url(name), "SELECT pg_wal_replay_resume()")
            started = time.monotonic()
            standby.promote()
            number = 2
            while number == 2:
                try:
                    tell(seeds, 3)
                    build_index(seeds, both, tiny_model())
                    number = 3
                except StoreError:
                    time.sleep(0.05)
            without_writes_s = time.monotonic() - started
            asked.least = 3
            wanted = asked.answers + 20
            while asked.answers < wanted:
                time.sleep(0.02)
    return asked, without_writes_s


def main(count: int) -> None:
    """Do both, and print figures."""
    from embeddings.index.postgres.building import build as database_build

    setattr(database_build, "open_parser", lambda **_: nullcontext(readers))  # noqa: B010
    with tempfile.TemporaryDirectory() as folder:
        with new_server() as server:
            asked = edit_under_readers(DatabaseUrl(server.create_database()), Path(folder), count)
            print(f"{count} edits: {asked.answers} answers, slowest {asked.slowest_s:.2f} s")
        asked, seconds = fail_over_under_readers(Path(folder))
        print(
            f"fail-over: {asked.answers} answers, slowest {asked.slowest_s:.2f} s, "
            f"{seconds:.2f} s without writes"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", metavar="COUNT", type=int)
    main(parser.parse_args().count)
