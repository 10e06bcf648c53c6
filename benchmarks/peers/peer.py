"""The interface of a measured program, and what all of them share."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from embeddings.model.source import DEFAULT_MODEL, find
from embeddings.storage.cache import default_cache

QUERY, PASSAGE = "query: ", "passage: "
"""The prompts of a question and of a passage that E5 was trained with."""
SUFFIXES = (".txt", ".md")


@dataclass(frozen=True)
class Retrieved:
    """A passage that a program shows; `article` is the path below the folder of articles."""

    article: str
    text: str


class Peer(Protocol):
    """A program whose model is loaded."""

    def build(self, folder: Path) -> int:
        """Index the articles of a folder, and return how many passages that gives."""

    def ask(self, question: str, k: int) -> list[Retrieved]:
        """Return the `k` best passages, best first."""


def model_path() -> str:
    """Return the directory of the default model in the format of sentence-transformers."""
    return find(DEFAULT_MODEL, default_cache()).location


def article_files(folder: Path) -> Iterator[Path]:
    """Return the files that every program can read, sorted by name."""
    return (path for path in sorted(folder.rglob("*")) if path.suffix in SUFFIXES)


def article_name(path: str | Path, folder: Path) -> str:
    """Return the path of an article below its folder, as data sets name it."""
    return Path(path).resolve().relative_to(folder.resolve()).as_posix()
