"""What each of the programs is asked to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from embeddings.model.source import DEFAULT_MODEL, find
from embeddings.storage.cache import default_cache

QUERY, PASSAGE = "query: ", "passage: "
"""What E5 was trained to see in front of a question and of a passage."""
SUFFIXES = (".txt", ".md")


@dataclass(frozen=True)
class Retrieved:
    """A passage that a program shows; `article` is the path below the folder of articles."""

    article: str
    text: str


class Peer(Protocol):
    """A program with its model loaded."""

    def build(self, folder: Path) -> int:
        """Index the articles of a folder, and return how many passages that gives."""

    def ask(self, question: str, k: int) -> list[Retrieved]:
        """Return the `k` best passages, best first."""


def model_path() -> str:
    """Where the default model lies as an ordinary sentence-transformers model."""
    return find(DEFAULT_MODEL, default_cache()).location


def article_files(folder: Path) -> Iterator[Path]:
    """The files that every program can read, in the order of their names."""
    return (path for path in sorted(folder.rglob("*")) if path.suffix in SUFFIXES)


def article_name(path: str | Path, folder: Path) -> str:
    """Name an article as a data set does."""
    return Path(path).resolve().relative_to(folder.resolve()).as_posix()
