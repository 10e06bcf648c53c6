"""The folder of articles to the next generation of the index."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

from embeddings.articles.folder import SourceFile, is_hidden, list_files, read_bytes
from embeddings.articles.passage import SPLITTER_VERSION
from embeddings.errors import (
    FileGone,
    IndexDamaged,
    IndexMissing,
    IndexOutdated,
    SeedsEmptied,
    SeedsError,
    UnreadableFile,
    UsageError,
)
from embeddings.index.arrival import States, arrivals, entries_of
from embeddings.index.embed import EMBED_VERSION
from embeddings.index.ingest import Build, IngestResult, Parse, ingest
from embeddings.index.local import generation as generations
from embeddings.index.local.generation import PASSAGES, Generation
from embeddings.index.local.passage_store import PassageStore
from embeddings.index.local.portion import left_for_later
from embeddings.index.local.writers import write_vectors, write_words
from embeddings.index.manifest import ArticleEntry, Manifest, ModelEntry, SkippedEntry
from embeddings.model.encoder import Model
from embeddings.model.memory import trim
from embeddings.progress import Progress
from embeddings.readers import EMPTY, READER_VERSION, READERS
from embeddings.readers.subprocess_parser import open_parser
from embeddings.text.file_names import printable
from embeddings.text.lemmas import LEMMAS_VERSION
from embeddings.translatable import Translatable

RULES = f"{READER_VERSION}.{SPLITTER_VERSION}.{EMBED_VERSION}.{LEMMAS_VERSION}"
"""An index made by other rules is built anew."""


_LISTINGS = 3
"""How often a folder is listed again at most in which files move while they are read."""

_ASKED_FOR = "everything was asked for"


@dataclass(frozen=True)
class BuildResult:
    """What a build did.

    Attributes:
        published: False when nothing had changed and the current generation stays.
        generation: name of the generation that is current now.
        articles: how many are in the index.
        passages: how many are in the index.
        added: paths of articles that are new.
        changed: paths of articles whose file changed.
        renamed: paths of articles whose file was only renamed, before and after.
        removed: paths of articles that are gone.
        skipped: files that gave no article, each with the reason.
        warnings: paths of articles that were not read well, each with what is wrong.
        reused: passages whose vectors were taken from the generation before.
        encoded: passages whose vectors were computed.
        rebuild_reason: why nothing could be taken from the generation before, None where it could.
        seconds: how long it took.
    """

    published: bool
    generation: str
    articles: int
    passages: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()
    skipped: tuple[SkippedEntry, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    reused: int = 0
    encoded: int = 0
    rebuild_reason: str | None = None
    seconds: float = 0.0


def build_index(
    seeds: Path,
    index: Path,
    model: Model,
    *,
    full: bool = False,
    repair: bool = False,
    allow_empty: bool = False,
    progress: Progress | None = None,
) -> BuildResult:
    """Bring the index up to date with the folder of seeds.

    Nothing is written when nothing changed. What the current generation holds of a file, or of a
    passage, is taken from there.

    Args:
        seeds: the folder of articles.
        index: the directory of the index; made where it is missing.
        model: loaded only when there is something to encode.
        full: read and encode everything again.
        repair: write a generation even when nothing changed: the current one is damaged.
        allow_empty: empty the index when the folder holds no articles any more; otherwise it is
            taken for one whose disk is not there.
        progress: told of each step; what it raises ends the build. What it has published by then
            stays: a first or full build is published whole, others may be in portions.

    Raises:
        SeedsError: there is nothing to build from; the current generation stays.
        SeedsEmptied: the folder held articles, and holds none any more; likewise.
        StoreError: the index cannot be written, or another process is building it.
        ModelError: the model does not load.
    """
    started = time.monotonic()
    report_progress = progress or _silent
    _must_be_apart(seeds, index)
    list_files(seeds)  # a missing folder is worth saying before anything is made
    with generations.building(index, waiting=lambda: report_progress("wait", 0, 1)) as work:
        files = list_files(seeds)
        previous = _previous(index)
        states = dict(_states(files))
        if previous and not (full or repair) and _matches(index, previous, states, model):
            result = _unchanged(previous, generations.current_name(index))
        else:
            # The process that reads loads while the base is checked, which takes as long.
            early = full or _has_new(states, previous)
            with generations.explained(index), open_parser(early=bool(files) and early) as parser:
                folder = _Folder(seeds, parser.parse, allow_empty)
                result = _in_portions(folder, index, work, model, report_progress, full=full)
            result = _compared(result, generations.current_manifest(index), previous)
            trim()
    return replace(result, seconds=time.monotonic() - started)


@dataclass(frozen=True)
class _Folder:
    """Where articles are built from, and how they are read."""

    seeds: Path
    parse: Parse
    allow_empty: bool


def _in_portions(
    folder: _Folder, index: Path, work: Path, model: Model, progress: Progress, *, full: bool
) -> BuildResult:
    """Publish a generation, and further ones while files are left for later."""
    later: frozenset[str] = frozenset()
    encoded, reason = 0, None
    while True:
        previous = _previous(index)
        with ExitStack() as opened:
            base, why = (None, _ASKED_FOR) if full else _open_base(index, model)
            if base:
                opened.callback(base.close)
            reason = reason or why
            build = Build(work, base, model, progress, later)
            build, ingested = _ingest(build, folder, previous)
            name = _publish(build, index, ingested)
        encoded += ingested.new_passages
        later = build.later
        if not later:
            return _published(name, ingested, encoded, reason)
        work.mkdir()


def _ingest(build: Build, folder: _Folder, previous: Manifest | None) -> tuple[Build, IngestResult]:
    """Read the files; a folder in which files move meanwhile is listed and read again.

    Returns:
        The build with what it leaves for later, and what was read.
    """
    for attempt in range(_LISTINGS + 1):
        files = list_files(folder.seeds)
        if not files:
            _must_be_meant(folder.seeds, previous, folder.allow_empty)
        states = dict(_states(files))
        if build.base:
            later = left_for_later(files, states, build.base.manifest, build.later)
            build = replace(build, later=later)
        arrived = arrivals(files, states, previous, time.time())
        ingested = ingest(build, files, arrived, folder.parse)
        if attempt == _LISTINGS or not ingested.moved or not folder.seeds.is_dir():
            break
        (build.work / PASSAGES).unlink()  # a renamed file would be missing until the next build
    if not ingested.articles:
        _must_be_readable(folder, files, ingested.skipped, previous)
        _must_be_meant(folder.seeds, previous, folder.allow_empty)
    return build, ingested


def _publish(build: Build, index: Path, ingested: IngestResult) -> str:
    """Write the vectors and words, publish the generation, and return its name."""
    with closing(PassageStore(build.work / PASSAGES)) as passage_store:
        write_vectors(build, passage_store, ingested)
        write_words(build, passage_store, ingested.words_to)
    entry = ModelEntry(build.model.name, build.model.digest, build.dimension)
    manifest = Manifest("", entry, RULES, ingested.articles, ingested.skipped, {})
    return generations.publish(index, build.work, manifest)


def _published(
    name: str, ingested: IngestResult, encoded: int, rebuild_reason: str | None
) -> BuildResult:
    total = len(ingested.vectors_from)
    return BuildResult(
        published=True,
        generation=name,
        articles=len(ingested.articles),
        passages=total,
        skipped=ingested.skipped,
        warnings=_warnings(ingested.articles),
        reused=max(total - encoded, 0),
        encoded=encoded,
        rebuild_reason=rebuild_reason,
    )


def _must_be_apart(seeds: Path, index: Path) -> None:
    """Refuse an index among the articles: each build would change the folder that it is built from.

    In a hidden folder it is not seen.
    """
    root, place = seeds.resolve(), index.resolve()
    if place.is_relative_to(root) and not any(map(is_hidden, place.relative_to(root).parts)):
        raise UsageError(
            f"The index cannot be in the folder of articles: {index} is in {seeds}. "
            "Name another directory with --index or INDEX_DIR."
        )


def _must_be_meant(seeds: Path, previous: Manifest | None, allow_empty: bool) -> None:
    """Refuse to build from no articles, unless they are gone on purpose."""
    were = len(previous.articles) if previous else 0
    if not were:
        formats = ", ".join(sorted(READERS))
        raise SeedsError(
            "There are no articles in {folder}. Put some there: {formats}.",
            folder=str(seeds),
            formats=formats,
        )
    if not allow_empty:
        raise SeedsEmptied(
            "There are no articles in {folder} any more, and the index has {number}: it stays as "
            "it is. Is the disk of that folder there? To empty the index: "
            "python -m embeddings build --allow-empty",
            folder=str(seeds),
            number=were,
        )


def _must_be_readable(
    folder: _Folder,
    files: Sequence[SourceFile],
    skipped: Sequence[SkippedEntry],
    previous: Manifest | None,
) -> None:
    """Refuse to publish an empty index, unless the articles that there were are gone.

    Those whose files are empty are gone where that is meant.
    """
    if not folder.seeds.is_dir():
        raise SeedsError(
            "The folder {folder} went away while it was read.", folder=str(folder.seeds)
        )
    were = [entry.path for entry in previous.articles] if previous else None
    unread = [
        entry
        for entry in skipped
        if were is None
        or (entry.path in were and not (folder.allow_empty and entry.reason == EMPTY))
        or _is_parent(entry.path, were)
    ]
    if unread:
        named = (
            Translatable("{path}: {reason}", path=printable(entry.path), reason=entry.reason)
            for entry in unread[:5]
        )
        reasons = reduce(lambda a, b: Translatable("{first}; {rest}", first=a, rest=b), named)
        raise SeedsError(
            "None of the files could be read ({number}). {reasons}",
            number=len(files),
            reasons=reasons,
        )


def _is_parent(path: str, others: Sequence[str]) -> bool:
    """Whether a path is that of a folder, with a slash at its end, that holds one of the others."""
    return path.endswith("/") and any(other.startswith(path) for other in others)


def _open_base(index: Path, model: Model) -> tuple[Generation | None, str | None]:
    """Open the generation that can be taken from; or say why none can."""
    try:
        base = generations.open_current(index, thorough=True)  # what is copied gets new digests
    except IndexMissing:
        return None, None
    except IndexOutdated:
        return None, "another version of the program had written the index"
    except IndexDamaged:
        return None, "the index was damaged"
    if base.manifest.model.digest != model.digest:
        reason = "the model is another one"
    elif base.manifest.rules != RULES:
        reason = "articles are read, split or encoded by newer rules"
    else:
        return base, None
    base.close()
    return None, reason


def _previous(index: Path) -> Manifest | None:
    try:
        return generations.current_manifest(index)
    except (IndexMissing, IndexDamaged):
        return None


def _matches(index: Path, manifest: Manifest, states: States, model: Model) -> bool:
    """Whether a build from files in these states with this model gives the same generation."""
    if (manifest.model.digest, manifest.rules) != (model.digest, RULES):
        return False
    if not generations.looks_whole(index, manifest):
        return False
    return _known(manifest) == states


def _has_new(states: States, previous: Manifest | None) -> bool:
    """Whether a file is to be read that no generation has, whatever it was called there."""
    return previous is None or not set(states.values()) <= set(_known(previous).values())


def _known(manifest: Manifest) -> States:
    return {entry.path: entry.sha256 for entry in entries_of(manifest)}


def _states(files: Sequence[SourceFile]) -> Iterator[tuple[str, str | None]]:
    for file in files:
        try:
            yield file.path, hashlib.sha256(read_bytes(file)).hexdigest()
        except FileGone:
            continue
        except UnreadableFile:
            yield file.path, None


def _unchanged(manifest: Manifest, name: str) -> BuildResult:
    return BuildResult(
        published=False,
        generation=name,
        articles=len(manifest.articles),
        passages=manifest.passages,
        skipped=manifest.skipped,
        warnings=_warnings(manifest.articles),
    )


def _warnings(articles: Sequence[ArticleEntry]) -> tuple[tuple[str, str], ...]:
    return tuple((entry.path, warning) for entry in articles for warning in entry.warnings)


def _compared(result: BuildResult, now: Manifest, previous: Manifest | None) -> BuildResult:
    before = {entry.path: entry.sha256 for entry in previous.articles} if previous else {}
    after = {entry.path: entry.sha256 for entry in now.articles}
    gone = {before[path]: path for path in before if path not in after}
    renamed = {
        gone[after[path]]: path for path in after if path not in before and after[path] in gone
    }
    return replace(
        result,
        added=tuple(p for p in after if p not in before and p not in renamed.values()),
        changed=tuple(path for path in after if before.get(path, after[path]) != after[path]),
        renamed=tuple(renamed.items()),
        removed=tuple(path for path in before if path not in after and path not in renamed),
    )


def _silent(_what: str, _done: int, _total: int) -> None:
    pass
