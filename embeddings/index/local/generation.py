"""Generations: complete, immutable indexes on disk, exactly one of them current.

    INDEX_DIR/
        CURRENT                  the name of the current generation; replaced in one rename
        lock                     held by the process that builds
        generations/NAME/
            manifest.json        what it was built from; digests of the files beside it
            passages.language.npy    the language of each passage
            passages.sqlite      texts and articles (see `passage_store`)
            vectors.*            a row for each passage (see `vectors`)
            sentences.*          a row for each sentence (see `sentence_store`)
            tokens.*             token vectors in 2 bits a dimension (see `token_store`)
            bm25.*               words (see `bm25`)
            .checked.json        which of these files were found whole, and when (see `checksums`)

A generation is written in a directory whose name begins with a dot, forced to the disk, checked
as a reader checks it, and only then named. What a process that dies leaves behind, such a
directory or a generation that CURRENT never named, is removed by the next build. Of the others the
current one is kept, and the one that it took from, which was whole, or else the one before it; a
generation that is open can be read after its files are removed. When the current one turns out to
be damaged, the newest that is whole serves in its place.
"""

import logging
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from embeddings.errors import IndexBusy, IndexDamaged, IndexMissing, IndexUnwritable, StoreError
from embeddings.index import manifest as manifests
from embeddings.index.bm25 import Bm25Index
from embeddings.index.local.local_index import LocalIndex
from embeddings.index.local.passage_store import PassageStore
from embeddings.index.local.sentence_store import SentenceStore
from embeddings.index.local.token_store import TokenStore
from embeddings.index.manifest import FileEntry, Manifest
from embeddings.index.vectors import open_vectors
from embeddings.storage.arrays import load_array
from embeddings.storage.checksums import find_damage, note, stamp_of
from embeddings.storage.files import (
    HOW_TO_REPAIR,
    digests_of,
    fsync,
    fsync_tree,
    unreadable,
    write_atomically,
)

logger = logging.getLogger(__name__)

CURRENT = "CURRENT"
PASSAGES = "passages.sqlite"
VECTORS = "vectors.npy"
KEPT = 2
"""Generations left on the disk: the current one, and another that can serve in its place."""
_ATTEMPTS = 5


def open_current(index: Path, *, strict: bool = False, thorough: bool = False) -> LocalIndex:
    """Open the current generation, with every file checked against the manifest.

    Where it is damaged, the newest that is whole is opened instead, and tells why in `damage`;
    never so when `strict`. When `thorough`, every byte is read, also of files that were found whole
    before.

    Raises:
        IndexMissing: nothing has been built.
        IndexDamaged: a file is not what it was when it was written, the text names it; and no
            other generation is whole.
        IndexUnavailable: the system has no handles or memory left.
    """
    name = None
    for _ in range(_ATTEMPTS):
        try:
            name = current_name(index)
            return open_generation(index / "generations" / name, thorough=thorough)
        except IndexDamaged as error:
            damage = error
            # A build may have replaced, and a later one removed, what CURRENT named a moment ago.
            if name == _name_or_none(index):
                break
    other = None if strict else _newest_whole(index, name)
    if other is None:
        raise damage
    logger.error("%s Generation %s, the last whole one, serves in its place.", damage, other.name)
    return replace(other, damage=damage)


def open_generation(directory: Path, *, thorough: bool = False) -> LocalIndex:
    """Open one generation and check every file of it; see `checksums` for what `thorough` adds.

    Raises:
        IndexDamaged: a file is missing or changed; the text names it.
    """
    with ExitStack() as opened:
        manifest = manifests.load(directory / manifests.FILE_NAME)
        _check_files(directory, manifest, thorough)
        passage_store = PassageStore.load(directory / PASSAGES)
        opened.callback(passage_store.close)
        languages = load_array(directory / "passages.language.npy")
        generation = LocalIndex(
            directory,
            manifest,
            passage_store,
            open_vectors(directory / VECTORS),
            SentenceStore.load(directory),
            TokenStore.load(directory, manifest.model.dimension),
            Bm25Index.load(directory),
            {str(name): languages == name for name in np.unique(languages)},
        )
        parts = (generation.vectors, generation.sentences, generation.token_store, generation.bm25)
        if {len(passage_store), *(len(part) for part in parts)} != {manifest.passages}:
            raise IndexDamaged(f"{directory} holds parts of different sizes. {HOW_TO_REPAIR}")
        opened.pop_all()
    return generation


def current_name(index: Path) -> str:
    """Return the name of the current generation without opening it.

    Raises:
        IndexMissing: nothing has been built.
        IndexDamaged: the file that names it cannot be used.
    """
    path = index / CURRENT
    try:
        name = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        raise IndexMissing(
            f"There is no index in {index} yet. Build it: python -m embeddings build"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error
    if not name.isdecimal():
        raise IndexDamaged(f"{path} names no generation. {HOW_TO_REPAIR}")
    return name


def current_stamp(index: Path) -> tuple[str, int, int]:
    """Return what changes whenever a generation is published, the same name or not.

    Raises:
        IndexMissing: nothing has been built.
        IndexDamaged: the file that names the current generation cannot be used.
    """
    name = current_name(index)
    try:
        state = (index / CURRENT).stat()
    except OSError as error:
        raise IndexMissing(f"There is no index in {index} any more.") from error
    return name, state.st_ino, state.st_mtime_ns


def current_manifest(index: Path) -> Manifest:
    """Read what the current generation was built from, without checking its other files.

    Raises:
        IndexMissing: nothing has been built.
        IndexDamaged: the manifest cannot be used.
    """
    return manifests.load(index / "generations" / current_name(index) / manifests.FILE_NAME)


def looks_whole(index: Path, manifest: Manifest) -> bool:
    """Whether the files of the current generation have the sizes they should; a quick look."""
    try:
        return _resized(index / "generations" / current_name(index), manifest) is None
    except OSError:
        return False


@contextmanager
def building(
    index: Path, wait_s: float = 600, waiting: Callable[[], None] | None = None
) -> Iterator[Path]:
    """Hold the index's lock, and give an empty directory to write the next generation into.

    What is not published when the block ends is removed. While another process is building,
    `waiting` is called now and then, and may raise.

    Raises:
        IndexUnwritable: the directory cannot be written.
        IndexBusy: another process was still building after `wait_s` seconds.
    """
    from filelock import FileLock, Timeout

    generations = index / "generations"
    with errors_as_unwritable(index):
        generations.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / "lock")
        deadline = time.monotonic() + wait_s
        while not lock.is_locked:
            try:
                lock.acquire(timeout=min(1, wait_s))
            except Timeout as error:
                if waiting:
                    waiting()
                if time.monotonic() >= deadline:
                    raise IndexBusy(
                        f"Another process is building {index}. Try again later."
                    ) from error
    try:
        with errors_as_unwritable(index):
            _remove_left_overs(index)
            work = generations / f".{os.getpid()}"
            work.mkdir()
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
    finally:
        lock.release()


def publish(index: Path, work: Path, manifest: Manifest, base: Path | None = None) -> str:
    """Make what was written into `work` the current generation; return its name.

    The generation in `base` is kept beside it, where it took from one.

    Raises:
        IndexDamaged: what was written does not read back.
        OSError: it cannot be written.
    """
    stamps = {path.name: stamp_of(path) for path in work.iterdir()}
    found = digests_of(sorted(work.iterdir()))
    files = {path.name: FileEntry(path.stat().st_size, digest) for path, digest in found.items()}
    manifest = replace(
        manifest, created=datetime.now(UTC).isoformat(timespec="seconds"), files=files
    )
    (work / manifests.FILE_NAME).write_text(manifests.dump(manifest), encoding="utf-8")
    fsync_tree(work)
    note(work, {name: entry.sha256 for name, entry in files.items()}, stamps)
    open_generation(work).close()
    name = _next_name(index)
    target = work.with_name(name)
    work.rename(target)
    fsync(target.parent)
    write_atomically(index / CURRENT, f"{name}\n")
    _remove_old(target, base)
    return name


@contextmanager
def errors_as_unwritable(index: Path) -> Iterator[None]:
    """Turn what the system says of a disk into a sentence for a person."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IndexUnwritable(
            f"The index in {index} cannot be written: {reason}. What was there is still in use. "
            "Make room or permission, or name another directory with --index or INDEX_DIR."
        ) from error


def _check_files(directory: Path, manifest: Manifest, thorough: bool) -> None:
    try:
        digests = {name: entry.sha256 for name, entry in manifest.files.items()}
        damaged = _resized(directory, manifest) or find_damage(
            directory, digests, thorough=thorough
        )
    except OSError as error:
        raise unreadable(Path(error.filename or directory), error) from error
    if damaged:
        raise IndexDamaged(f"{directory / damaged} is damaged. {HOW_TO_REPAIR}")
    if missing := {PASSAGES, VECTORS} - manifest.files.keys():
        raise IndexDamaged(f"{directory} lacks {', '.join(sorted(missing))}. {HOW_TO_REPAIR}")


def _resized(directory: Path, manifest: Manifest) -> str | None:
    """Return the name of a file that has another size than it should; None when none has."""
    for name, entry in manifest.files.items():
        if (directory / name).stat().st_size != entry.bytes:
            return name
    return None


def _next_name(index: Path) -> str:
    """Number generations, so that a listing shows their order whatever the clock says."""
    numbers = [int(path.name) for path in _named(index / "generations")]
    return f"{max(numbers, default=0) + 1:08d}"


def _named(generations: Path) -> list[Path]:
    if not generations.is_dir():
        return []
    return sorted(path for path in generations.iterdir() if path.name.isdecimal())


def _name_or_none(index: Path) -> str | None:
    try:
        return current_name(index)
    except IndexDamaged:
        return None


def _newest_whole(index: Path, damaged: str | None) -> LocalIndex | None:
    for directory in reversed(_named(index / "generations")):
        if directory.name != damaged:
            with suppress(IndexDamaged):  # where one rots, another may: nothing noted is believed
                return open_generation(directory, thorough=True)
    return None


def _remove_left_overs(index: Path) -> None:
    """Remove what builds that died have left: they held the lock that this one holds now."""
    generations = index / "generations"
    left_over = [*generations.glob(".*"), *index.glob(f".{CURRENT}.*")]
    with suppress(StoreError):
        current = current_name(index)
        left_over += [path for path in _named(generations) if path.name > current]
    for path in left_over:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _remove_old(current: Path, base: Path | None) -> None:
    others = [path for path in _named(current.parent) if path != current]
    if base is not None:  # it was found whole; a newer one may be damaged
        others.sort(key=lambda path: path.name == base.name)
    for path in others[: len(others) - KEPT + 1]:
        renamed = path.with_name(f".{path.name}")
        with suppress(OSError):  # Windows renames no directory with open files; it goes later
            path.rename(renamed)
            shutil.rmtree(renamed, ignore_errors=True)
