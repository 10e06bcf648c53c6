"""This program by its public names; its times include the highlight and the decision to answer.

Only this program writes its index to a disk, with fsync. The first run on a machine also converts
the model for OpenVINO, so take the figures of the second one.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.peers.peer import Retrieved
from embeddings import Searcher, build_index, find_model

PACKAGES = ("passage-bot", "sentence-transformers", "torch", "openvino", "faiss-cpu")


class Us:
    """An index in a temporary folder."""

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
