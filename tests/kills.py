"""Builds that are killed at random moments; run as a process, since its children must be forks.

    python -m tests.kills FOLDER COUNT [SEED]
    python -m tests.kills postgres COUNT [SEED [URL]]

Each round edits an article, begins a build in a child, kills it, and checks what is left: a whole
generation, of the articles before the edit or after it. Prints how many of each there were.

In PostgreSQL each article is as before the edit or after it; then as many encoders are killed, and
the number of texts is printed whose vectors are all there, once. Without URL a server is started.
"""

import argparse
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, nullcontext
from pathlib import Path

from embeddings import readers
from embeddings.index.build import build_index
from embeddings.index.local import build as local_build
from embeddings.index.location import DatabaseUrl, Location
from embeddings.index.open import open_index
from embeddings.index.search_index import IndexSnapshot
from embeddings.index.stored_article import stored_article
from tests.conftest import ARTICLE, tiny_model, verify_any
from tests.servers import new_server


def main(where: str, count: int, seed: int, url: str | None) -> None:
    """Kill builds, and encoders of an index in PostgreSQL, and check what they leave."""
    from embeddings.index.postgres.building import build as database_build

    for module in (local_build, database_build):
        setattr(module, "open_parser", lambda **_: nullcontext(readers))  # noqa: B010
    chance = random.Random(seed)
    with ExitStack() as stack:
        seeds = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if where == "postgres":
            database = DatabaseUrl(url or stack.enter_context(new_server()).create_database())
            print(
                *kill_builders(seeds, database, count, chance),
                kill_encoders(database, count, chance),
            )
        else:
            index = Path(where) / "index"
            print(*kill_builders(seeds, index, count, chance))
            names = [path.name for path in (index / "generations").iterdir()]
            assert len(names) == 2, names
            assert all(name.isdecimal() for name in names), names
            assert {path.name for path in index.iterdir()} == {"CURRENT", "generations", "lock"}


def kill_builders(
    seeds: Path, index: Location, count: int, chance: random.Random
) -> tuple[int, int]:
    shutil.copy(ARTICLE, seeds / "latvia.txt")
    write(seeds, 0)
    build_index(seeds, index, tiny_model())
    takes_s = time_of_a_build(seeds, index)
    before, left = contents(index), [0, 0]
    for number in range(2, count + 2):
        write(seeds, number)
        kill_after(begin(seeds, index), chance.uniform(0, 1.2 * takes_s))
        found, after = contents(index), files(seeds)
        if isinstance(index, Path):
            assert found in (before, after), number
        for name, text in found.items():
            assert text in (before.get(name), after.get(name)), (name, text)
        assert before.keys() & after.keys() <= found.keys()
        left[found == after] += 1
        before = found
    write(seeds, 1)
    build_index(seeds, index, tiny_model())
    assert contents(index) == files(seeds)
    return left[0], left[1]


def begin(seeds: Path, index: Location) -> int:
    """Build in a child, and return its number."""
    return fork(lambda: build_index(seeds, index, tiny_model()))


def fork(work: Callable[[], object]) -> int:
    """Do some work in a child, and return its number."""
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    return child


def kill_after(child: int, seconds: float) -> None:
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def time_of_a_build(seeds: Path, index: Location) -> float:
    write(seeds, -1)
    started = time.monotonic()
    os.waitpid(begin(seeds, index), 0)
    return time.monotonic() - started


def write(seeds: Path, number: int) -> None:
    """Change one article, move another, and add or remove a third."""
    (seeds / "told.txt").write_text(f"Told\n\nThe number that is told here is {number} now.\n")
    moved = sorted(seeds.glob("moved-*.txt"))
    for path in moved:
        path.unlink()
    text = "Moved\n\nThis article is found under another name each time, and stays the same.\n"
    (seeds / f"moved-{number % 7}.txt").write_text(text)
    if number % 3:
        (seeds / "third.txt").write_text("Third\n\nIt comes and goes with every third build.\n")
    else:
        (seeds / "third.txt").unlink(missing_ok=True)


def files(seeds: Path) -> dict[str, str]:
    return {path.name: path.read_text().strip() for path in seeds.iterdir()}


def contents(index: Location) -> dict[str, str]:
    """Check an index; return the text of every article, with its title, but for the long one."""
    verify_any(index)
    with closing(open_index(index)) as opened:
        assert opened.damage is None

        def read(snapshot: IndexSnapshot) -> dict[str, str]:
            paths = [record.source.path for record in snapshot.passages.articles()]
            found = {path: stored_article(snapshot.passages, path) for path in paths}
            return {path: f"{one.title}\n\n{one.text}" for path, one in found.items() if one}

        texts = opened.snapshot(read)
    texts["latvia.txt"] = ARTICLE.read_text().strip()
    return texts


def kill_encoders(database: DatabaseUrl, count: int, chance: random.Random) -> int:
    """Let three encoders work at a time, kill them, and return how many texts were encoded."""
    import numpy as np

    from embeddings.index.embed import Text
    from embeddings.index.postgres.database import connect
    from embeddings.index.postgres.encode import encode_waiting
    from embeddings.index.postgres.encoding_queue import BATCH, EncodingQueue
    from embeddings.index.postgres.tables import Tables

    model = tiny_model()
    texts = [Text("", f"This is text number {n}.", "en") for n in range(3 * BATCH * count)]

    def encode(*, until_empty: bool) -> None:
        encode_waiting(database, model, lambda _: time.sleep(0.02), until_empty=until_empty)

    with closing(connect(database)) as connection:
        EncodingQueue(Tables(connection, database), model.digest).put(
            texts, [[(0, len(text.body))] for text in texts]
        )
    children = [fork(lambda: encode(until_empty=False)) for _ in range(3)]
    for _ in range(count):
        kill_after(children.pop(0), chance.uniform(0, 0.3))
        children.append(fork(lambda: encode(until_empty=False)))
    for child in children:
        kill_after(child, 0)
    encode(until_empty=True)
    with closing(connect(database)) as connection:
        queue = EncodingQueue(Tables(connection, database), model.digest)
        assert queue.waiting() == 0
        found = queue.encoded([text.digest for text in texts], 256)
    assert found.keys() == {text.digest for text in texts}
    for text in texts:
        (own,) = model.load().encode_passages([text.body])
        assert np.allclose(found[text.digest].sentences[0], own.vector, atol=1e-3)
    return len(found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("where", metavar="FOLDER|postgres")
    parser.add_argument("count", metavar="COUNT", type=int)
    parser.add_argument("seed", metavar="SEED", type=int, nargs="?", default=1)
    parser.add_argument("url", metavar="URL", nargs="?", help="with postgres only")
    asked = parser.parse_args()
    main(asked.where, asked.count, asked.seed, asked.url)
