"""This program by its public names; the highlight and the decision to answer are in the times.

It is the only one here that keeps its index on a disk, and forces it there. The first run on a
machine also converts the model for OpenVINO, so the second one is to be looked at.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.peers.peer import Retrieved
from embeddings import Searcher, build_index, find_model

PACKAGES = ("passage-bot", "sentence-transformers", "torch", "openvino", "faiss-cpu")


class Us:
    """An index in a folder of its own, gone with the process."""

    def __init__(self) -> None:
        self._model = find_model()
        self._model.load()
        self._folder = TemporaryDirectory(prefix="peers-")

    def build(self, folder: Path) -> int:
        """Build and open an index."""
        index = Path(self._folder.name)
        result = build_index(folder, index, self._model)
        self._searcher = Searcher.open(index, self._model)
        return result.passages

    def ask(self, question: str, k: int) -> list[Retrieved]:
        """Search."""
        found = self._searcher.search(question, k).passages
        return [Retrieved(entry.passage.article, entry.passage.text) for entry in found]


load = Us
