"""Which of several files with one content came first: the others are its copies."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from embeddings.articles.folder import SourceFile, read_bytes, stat_of
from embeddings.articles.formats import suffix_of
from embeddings.errors import FileGone, UnreadableFile
from embeddings.index.manifest import ArticleEntry, Manifest, SkippedEntry
from embeddings.index.passages import ArticleRecord
from embeddings.readers import READERS

Content = tuple[str | None, str]
"""What decides an article: who reads a file, as its suffix tells, and the digest of its bytes."""
States = Mapping[str, str | None]
"""Digests of the bytes of files, by path; None for one that cannot be read."""


@dataclass(frozen=True)
class PreviousEntries:
    """What an index has of the files that it was built from, by the same rules."""

    records: tuple[ArticleRecord, ...] = ()
    articles: tuple[ArticleEntry, ...] = ()
    skipped: tuple[SkippedEntry, ...] = ()


Entries = Manifest | PreviousEntries
"""What an index, or a part of it, was built from."""


@dataclass(frozen=True)
class FileCopies:
    """The files of a build.

    Attributes:
        seen: when an index first had each file with this content, by path, as Unix times.
        originals: for each content, the path of the file that came first.
        now: Unix time of the build, for files that are found only while it reads.
    """

    seen: Mapping[str, float]
    originals: Mapping[Content, str]
    now: float
    states: States

    def is_copy(self, path: str) -> bool:
        """Whether a file with the same content came before this one."""
        state = self.states.get(path)
        return state is not None and self.originals[content_of(path, state)] != path


def content_of(path: str, state: str) -> Content:
    """Return what decides the article of a file."""
    return READERS.get(suffix_of(path)), state


def find_copies(
    files: Sequence[SourceFile], states: States, previous: Entries | None, now: float
) -> FileCopies:
    """Find out which files came first.

    A file is known by its path and its content; a renamed one keeps its time. Of files that are new
    alike, the one that was changed last comes last.
    """
    entries = entries_of(previous) if previous else []
    known = {(entry.path, entry.sha256): entry.seen for entry in entries}
    gone: dict[str | None, float] = {}
    for entry in entries:
        if states.get(entry.path) != entry.sha256:
            gone[entry.sha256] = min(entry.seen, gone.get(entry.sha256, now))
    seen = {
        path: known.get((path, state), gone.get(state, now) if state else now)
        for path, state in states.items()
    }
    originals: dict[Content, str] = {}
    for file in sorted(files, key=lambda file: (seen.get(file.path, now), _modified(file))):
        state = states.get(file.path)
        if state is not None:
            originals.setdefault(content_of(file.path, state), file.path)
    return FileCopies(seen, originals, now, states)


def entries_of(known: Entries) -> list[ArticleEntry | SkippedEntry]:
    """Return what is known of each file."""
    return [*known.articles, *known.skipped]


def known_states(known: Entries) -> dict[str, str | None]:
    """Return the digests of the files that an index was built from, by path."""
    return {entry.path: entry.sha256 for entry in entries_of(known)}


def states_of(files: Iterable[SourceFile]) -> Iterator[tuple[str, str | None]]:
    """Yield path and digest of each file that is still there."""
    for file in files:
        try:
            yield file.path, hashlib.sha256(read_bytes(file)).hexdigest()
        except FileGone:
            continue
        except UnreadableFile:
            yield file.path, None


def _modified(file: SourceFile) -> float:
    try:
        return stat_of(file).st_mtime
    except OSError:
        return 0.0
