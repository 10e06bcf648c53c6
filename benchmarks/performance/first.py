"""One process that answers once, and says how long each step took: see `start`."""

import json
import sys
import time
from pathlib import Path


def main() -> None:
    """Print seconds by step."""
    marks = [time.perf_counter()]
    from embeddings.model.runtimes import find_model
    from embeddings.search.search import Searcher

    marks.append(time.perf_counter())
    model = find_model()
    model.load()
    marks.append(time.perf_counter())
    searcher = Searcher.open(Path(sys.argv[1]), model)
    marks.append(time.perf_counter())
    for _ in range(2):
        searcher.search(sys.argv[2])
        marks.append(time.perf_counter())
    searcher.close()
    names = ("imports", "model", "index", "first answer", "second answer")
    steps = zip(names, marks, marks[1:], strict=False)
    print(json.dumps({name: after - before for name, before, after in steps}))  # noqa: T201


if __name__ == "__main__":
    main()
