"""A thorough check of the current generation."""

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings.errors import IndexDamaged
from embeddings.index.local.generation import PASSAGES, VECTORS, open_current
from embeddings.index.local.local_index import LocalIndex
from embeddings.index.local.sentence_store import VECTORS as SENTENCES
from embeddings.index.vectors import VectorStore, ivf_path
from embeddings.storage.files import HOW_TO_REPAIR

_BATCH = 4096
_TOLERANCE = 1e-3


@dataclass(frozen=True)
class Verified:
    """What was found whole."""

    generation: str
    files: int
    passages: int


def verify(index: Path) -> Verified:
    """Check the digest of every file, the order of the passages, and the length of each vector.

    Raises:
        IndexMissing: nothing has been built.
        IndexDamaged: something is not as it must be; the text names the file.
    """
    with closing(open_current(index, strict=True, thorough=True)) as generation:
        _check_passages(generation)
        _check_vectors(generation)
    manifest = generation.manifest
    return Verified(generation.name, len(manifest.files) + 1, manifest.passages)


def _check_passages(generation: LocalIndex) -> None:
    """Passages of an article follow each other and hold as many characters as they span."""
    counts: Counter[str] = Counter()
    position = 0
    for row, (passage, source) in generation.passages.all():
        if source.path not in counts:
            position = 0
        counts[source.path] += 1
        if passage.start < position or passage.end - passage.start != len(passage.text):
            path = generation.directory / PASSAGES
            raise IndexDamaged(f"{path}: passage {row} is out of place. {HOW_TO_REPAIR}")
        position = passage.end
    expected = {entry.path: entry.passages for entry in generation.manifest.articles}
    if counts != Counter(expected):  # an article without passages counts as one that is not there
        path = generation.directory / PASSAGES
        raise IndexDamaged(f"{path} holds other articles than its manifest names. {HOW_TO_REPAIR}")


def _check_vectors(generation: LocalIndex) -> None:
    for name, store in (
        (VECTORS, generation.vectors),
        (SENTENCES, generation.sentences.all_vectors),
    ):
        _check_lengths(generation.directory / name, store)
        if not store.check():
            path = ivf_path(generation.directory / name)
            raise IndexDamaged(f"{path} does not belong to the vectors of {name}. {HOW_TO_REPAIR}")


def _check_lengths(path: Path, store: VectorStore) -> None:
    for start in range(0, len(store), _BATCH):
        vectors = store.get(range(start, min(start + _BATCH, len(store))))
        lengths = np.linalg.norm(vectors, axis=1)
        if not np.all(np.abs(lengths - 1) < _TOLERANCE):
            raise IndexDamaged(f"{path} holds a vector that is not of length 1. {HOW_TO_REPAIR}")
