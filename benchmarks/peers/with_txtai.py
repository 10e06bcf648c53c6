"""txtai with content in its database.

Followed: "RAG Quick Start", without the language model and the converter of office files. The
sections that it splits by are parted by two empty lines, which articles seldom have; so paragraphs
are taken, as in "Extract text from documents", and short ones, titles among them, left out.
"""

from pathlib import Path

from txtai import Embeddings
from txtai.pipeline import Textractor

from benchmarks.peers.peer import PASSAGE, QUERY, Retrieved, article_files, article_name, model_path

PACKAGES = "txtai transformers faiss-cpu torch".split()


class Txtai:
    """An embeddings database."""

    def __init__(self) -> None:
        self._embeddings = Embeddings(
            content=True,
            path=model_path(),
            instructions={"query": QUERY, "data": PASSAGE},
        )

    def build(self, folder: Path) -> int:
        """Extract, split, embed."""
        extract = Textractor(paragraphs=True, minlength=100)
        self._embeddings.index(
            (article_name(path, folder), paragraph)
            for path in article_files(folder)
            for paragraph in extract(str(path))
        )
        return int(self._embeddings.count())

    def ask(self, question: str, k: int) -> list[Retrieved]:
        """Search."""
        return [
            Retrieved(found["id"], found["text"]) for found in self._embeddings.search(question, k)
        ]


load = Txtai
