"""Which files the next generation takes: what is read soon does not wait for what takes long.

A build publishes what it can read within a second first, and then the rest, in portions that take
about a minute each. The first build, which has no generation to take from, is published whole.
"""

from collections.abc import Collection, Sequence

from embeddings.articles.folder import SourceFile, size_of
from embeddings.index.file_copies import States, entries_of
from embeddings.index.manifest import Manifest

_SOON = 8 * 1024
"""Bytes of plain text that are encoded in about a second, at some 11,000 characters a second."""
_PORTION = 512 * 1024
"""Bytes of plain text that are encoded in about a minute; other formats have more or less text."""
_SMALL = 8 * _SOON
"""For fewer bytes than this a generation of their own is not worth its time."""


def left_for_later(
    files: Sequence[SourceFile], states: States, previous: Manifest, waiting: Collection[str] = ()
) -> frozenset[str]:
    """Return the paths of the files that the next generation does not take.

    A part of what the generation before has left, `waiting`, is always taken.
    """
    entries = entries_of(previous)
    known = {entry.sha256 for entry in entries}
    sizes = {file.path: size_of(file) for file in files if states.get(file.path) not in known}
    rest = set(sizes) - set(_smallest(set(sizes) - set(waiting), sizes, _SOON))
    is_all_left = len(rest) == len(sizes)
    if waiting or (is_all_left and all(entry.path in states for entry in entries)):
        first = sorted(rest & set(waiting) or rest, key=sizes.__getitem__)[:1]
        rest -= {*first, *_smallest(rest, sizes, _PORTION)}
    is_little = sum(sizes[path] for path in rest) <= _SMALL
    return frozenset() if is_little else frozenset(rest)


def _smallest(paths: Collection[str], sizes: dict[str, int], most: int) -> list[str]:
    """Return the smallest files, as many as have `most` bytes together."""
    taken, total = [], 0
    for path in sorted(paths, key=sizes.__getitem__):
        total += sizes[path]
        if total > most:
            break
        taken.append(path)
    return taken
