"""Builds that are killed at random moments; run as a process, since its children must be forks.

    python -m tests.kills FOLDER COUNT SEED

Each round edits an article, begins a build in a child, kills it, and checks what is left: a whole
generation, of the articles before the edit or after it. Prints how many of each there were.
"""

import os
import random
import shutil
import signal
import sys
import time
from contextlib import nullcontext
from pathlib import Path

from embeddings import readers
from embeddings.index.local import build as building
from embeddings.index.local.build import build_index
from embeddings.index.local.generation import open_current
from embeddings.index.local.verify import verify
from embeddings.search.search import Searcher
from tests.conftest import ARTICLE, tiny_model


def main(folder: Path, count: int, seed: int) -> None:
    """Kill builds and check what they leave."""
    chance = random.Random(seed)
    seeds, index = folder / "seeds", folder / "index"
    seeds.mkdir(parents=True)
    shutil.copy(ARTICLE, seeds / "latvia.txt")
    setattr(building, "open_parser", lambda **_: nullcontext(readers))  # noqa: B010
    write(seeds, 0)
    build_index(seeds, index, tiny_model())
    takes_s = time_of_a_build(seeds, index)
    published, left = -1, {"before": 0, "after": 0}
    for number in range(2, count + 2):
        write(seeds, number)
        child = begin(seeds, index)
        time.sleep(chance.uniform(0, 1.2 * takes_s))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = version(index)
        assert found in (published, number), f"{found} is neither {published} nor {number}"
        left["after" if found == number else "before"] += 1
        published = found
    write(seeds, 1)
    build_index(seeds, index, tiny_model())
    assert version(index) == 1
    names = sorted(path.name for path in (index / "generations").iterdir())
    assert all(name.isdecimal() for name in names), names
    assert len(names) == 2, names
    assert sorted(path.name for path in index.iterdir()) == ["CURRENT", "generations", "lock"]
    print(left["before"], left["after"])


def begin(seeds: Path, index: Path) -> int:
    """Build in a child, and return its number."""
    child = os.fork()
    if not child:
        build_index(seeds, index, tiny_model())
        os._exit(0)
    return child


def time_of_a_build(seeds: Path, index: Path) -> float:
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


def version(index: Path) -> int:
    """Open the current generation, strictly, and ask it."""
    open_current(index, strict=True).close()
    verify(index)
    searcher = Searcher.open(index, tiny_model())
    try:
        texts = [found.passage.text for found in searcher.search("number told here", 3).passages]
        (text,) = (text for text in texts if text.startswith("The number that is told"))
        number = int(text.split()[7])
        paths = {entry.path for entry in searcher.index.manifest.articles}
        expected = {"latvia.txt", "told.txt", f"moved-{number % 7}.txt"}
        assert paths == expected | ({"third.txt"} if number % 3 else set()), paths
        return number
    finally:
        searcher.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
