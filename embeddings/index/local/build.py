"""The folder of articles to the next generation of the index."""

import time
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from embeddings.articles.folder import is_hidden, list_files
from embeddings.errors import IndexDamaged, IndexMissing, IndexOutdated, UsageError
from embeddings.index.build_result import (
    ASKED_FOR,
    OTHER_MODEL,
    OTHER_RULES,
    RULES,
    BuildOptions,
    BuildResult,
    compared,
    has_new,
    unchanged,
    warnings_of,
)
from embeddings.index.file_copies import States, find_copies, known_states, states_of
from embeddings.index.ingest import Parse
from embeddings.index.local import generation as generations
from embeddings.index.local.generation import PASSAGES
from embeddings.index.local.ingest import Build, IngestResult, ingest
from embeddings.index.local.local_index import LocalIndex
from embeddings.index.local.passage_store import PassageStore
from embeddings.index.local.portion import left_for_later
from embeddings.index.local.writers import write_vectors, write_words
from embeddings.index.manifest import Manifest, ModelEntry
from embeddings.model.encoder import Model
from embeddings.readers.subprocess_parser import open_parser

_LISTINGS = 3
"""How often a folder is listed again at most in which files move while they are read."""


def build_local(options: BuildOptions, index: Path) -> BuildResult:
    """Bring an index on disk up to date; see `embeddings.index.build.build_index`."""
    _must_be_apart(options.seeds, index)
    progress = options.progress
    with generations.building(index, waiting=lambda: progress("wait", 0, 1)) as work:
        files = list_files(options.seeds)
        previous = _previous(index)
        states = dict(states_of(files))
        anew = options.full or options.repair
        if previous and not anew and _matches(index, previous, states, options.model):
            return unchanged(previous, generations.current_name(index))
        # The process that reads loads while the base is checked, which takes as long.
        early = options.full or has_new(states, previous)
        with (
            generations.errors_as_unwritable(index),
            open_parser(early=bool(files) and early) as parser,
        ):
            return _in_portions(options, index, work, previous, parser.parse)


def _in_portions(
    options: BuildOptions, index: Path, work: Path, previous: Manifest | None, parse: Parse
) -> BuildResult:
    """Publish a generation, and further ones while files are left for later."""
    before = previous.articles if previous else ()
    later: frozenset[str] = frozenset()
    encoded, reason = 0, None
    while True:
        with ExitStack() as opened:
            base, why = (None, ASKED_FOR) if options.full else _open_base(index, options.model)
            if base is not None:
                opened.callback(base.close)
            reason = reason or why
            build = Build(work, base, options.model, options.progress, later)
            build, ingested = _ingest(build, options, previous, parse)
            name = publish(build, index, ingested)
        encoded += ingested.new_passages
        later = build.later
        if not later:
            break
        work.mkdir()
        previous = _previous(index)
    total = len(ingested.vectors_from)
    result = BuildResult(
        published=True,
        generation=name,
        articles=len(ingested.articles),
        passages=total,
        skipped=ingested.skipped,
        warnings=warnings_of(ingested.articles),
        reused=max(total - encoded, 0),
        encoded=encoded,
        rebuild_reason=reason,
    )
    return compared(result, ingested.articles, before)


def _ingest(
    build: Build, options: BuildOptions, previous: Manifest | None, parse: Parse
) -> tuple[Build, IngestResult]:
    """Read the files; a folder in which files move meanwhile is listed and read again.

    Returns:
        The build with what it leaves for later, and what was read.
    """
    for attempt in range(_LISTINGS + 1):
        files = list_files(options.seeds)
        if not files:
            options.refuse_accidental_empty(previous)
        states = dict(states_of(files))
        if build.base is not None:
            later = left_for_later(files, states, build.base.manifest, build.later)
            build = replace(build, later=later)
        ingested = ingest(build, files, find_copies(files, states, previous, time.time()), parse)
        if attempt == _LISTINGS or not ingested.moved or not options.seeds.is_dir():
            break
        (build.work / PASSAGES).unlink()  # a renamed file would be missing until the next build
    if not ingested.articles:
        options.must_be_readable(files, ingested.skipped, previous)
    return build, ingested


def publish(build: Build, index: Path, ingested: IngestResult) -> str:
    """Write the vectors and words, publish the generation, and return its name."""
    with closing(PassageStore(build.work / PASSAGES)) as passage_store:
        write_vectors(build, passage_store, ingested)
        write_words(build.work, build.base, passage_store, ingested.words_to)
    entry = ModelEntry(build.model.name, build.model.digest, build.dimension)
    manifest = Manifest("", entry, RULES, ingested.articles, ingested.skipped, {})
    base = None if build.base is None else build.base.directory
    return generations.publish(index, build.work, manifest, base)


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


def _open_base(index: Path, model: Model) -> tuple[LocalIndex | None, str | None]:
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
        reason = OTHER_MODEL
    elif base.manifest.rules != RULES:
        reason = OTHER_RULES
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
    return known_states(manifest) == states
