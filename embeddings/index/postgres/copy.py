"""Takes an index over from a directory into a database, and back, without encoding anything."""

from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from embeddings.errors import UsageError
from embeddings.index.local import generation as generations
from embeddings.index.local.generation import PASSAGES
from embeddings.index.local.local_index import LocalIndex
from embeddings.index.local.passage_store import PassageStore, PassageStoreWriter
from embeddings.index.local.writers import VectorWriters, write_words
from embeddings.index.location import DatabaseUrl, Location
from embeddings.index.manifest import ArticleEntry, Manifest
from embeddings.index.passages import ArticleRecord
from embeddings.index.postgres import manifest as manifests
from embeddings.index.postgres import versions
from embeddings.index.postgres.building import nearest_indexes
from embeddings.index.postgres.building.article_writer import ArticleWriter, StagedArticle
from embeddings.index.postgres.building.builder_lock import only_builder
from embeddings.index.postgres.building.target import TOGETHER
from embeddings.index.postgres.passages import PostgresPassages
from embeddings.index.postgres.tables import Tables
from embeddings.index.postgres.versions import Version, at_one_moment, connected
from embeddings.progress import Progress


def copy_index(source: Location, target: Location, progress: Progress) -> Manifest:
    """Copy an index, and return what it was built from.

    What was at the target is replaced once the copy is whole. What `progress` raises ends it.

    Raises:
        UsageError: both are directories, or both are databases.
        StoreError: one of them cannot be read or written.
    """
    if isinstance(source, Path) and isinstance(target, DatabaseUrl):
        return _to_database(source, target, progress)
    if isinstance(source, DatabaseUrl) and isinstance(target, Path):
        return _to_directory(source, target, progress)
    raise UsageError(
        "An index is copied from a directory to a database, or back. Copy a directory with the "
        "tools of the system, and a database with pg_dump."
    )


def _to_database(source: Path, url: DatabaseUrl, progress: Progress) -> Manifest:
    with (
        closing(generations.open_current(source, strict=True)) as generation,
        only_builder(url, progress) as tables,
    ):
        manifest, transaction = generation.manifest, tables.connection.transaction
        version = versions.begin(tables, manifest.model, manifest.rules, anew=True)
        writer = ArticleWriter(tables, version)
        entries = {entry.path: entry for entry in manifest.articles}
        records = generation.passages.articles()
        for start in range(0, len(records), TOGETHER):
            progress("copy", start, len(records))
            with transaction():
                for record in records[start : start + TOGETHER]:
                    _put_in(writer, generation, record, entries[record.source.path])
                writer.finish()
        with transaction():
            writer.note_skipped((), manifest.skipped)
        nearest_indexes.bring_up_to_date(tables, version, lambda: progress("arrange", 0, 1))
        versions.switch(tables, version)
        versions.drop_old(tables)
        return manifests.read(tables, versions.current(tables))


def _put_in(
    writer: ArticleWriter, generation: LocalIndex, record: ArticleRecord, entry: ArticleEntry
) -> None:
    digests = generation.passages.digests(record.rows)
    embedded = dict(zip(digests, generation.embedded(record.rows), strict=True))
    passages = [passage for passage, _ in generation.passages.get(record.rows)]
    writer.replace(
        StagedArticle(
            record.source,
            entry.warnings,
            record.file,
            record.words,
            passages,
            digests,
            entry.seen,
        ),
        embedded,
    )


def _to_directory(url: DatabaseUrl, target: Path, progress: Progress) -> Manifest:
    with (
        connected(url) as found,
        generations.building(target, waiting=lambda: progress("wait", 0, 1)) as work,
        at_one_moment(found) as (tables, version),  # not before: one may wait long for the lock
        generations.errors_as_unwritable(target),
    ):
        manifest = manifests.read(tables, version)
        _write(tables, version, work, progress)
        generations.publish(target, work, replace(manifest, files={}))
        return generations.current_manifest(target)


def _write(tables: Tables, version: Version, work: Path, progress: Progress) -> None:
    reader = ArticleWriter(tables, version)
    records = PostgresPassages(tables, version.passages).articles()
    with (
        closing(PassageStoreWriter(work / PASSAGES)) as passages,
        closing(VectorWriters(work, version.dimension)) as vectors,
    ):
        for number, record in enumerate(sorted(records, key=lambda one: one.source.path)):
            progress("copy", number, len(records))
            store = PostgresPassages(tables, version.passages)
            entries, digests = store.get(record.rows), store.digests(record.rows)
            own = [passage for passage, _ in entries]
            passages.add(record.source, own, digests, file=record.file, words=record.words)
            embedded = reader.known_vectors(digests)
            for digest in digests:
                vectors.add(embedded[digest])
        passages.finish()
        vectors.finish(partial(progress, "arrange", 0, 1))
    with closing(PassageStore(work / PASSAGES)) as written:
        write_words(work, None, written, np.empty(0, np.int64))
