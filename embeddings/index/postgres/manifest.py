"""What a version of the index was built from, as its tables tell."""

from datetime import UTC
from operator import attrgetter
from typing import Any

import numpy as np

from embeddings.articles.article import title_from
from embeddings.index.location import DatabaseUrl
from embeddings.index.manifest import ArticleEntry, FileEntry, Manifest, ModelEntry, SkippedEntry
from embeddings.index.postgres.database import Connection
from embeddings.index.postgres.tables import Tables
from embeddings.index.postgres.versions import Version
from embeddings.translatable import from_json


class ArticleList:
    """The articles of an index, of which only those that have changed are read again."""

    def __init__(self) -> None:
        self._last: tuple[str, dict[int, ArticleEntry]] = ("", {})

    def read(self, tables: Tables) -> tuple[ArticleEntry, ...]:
        """Return the articles of a version, in the order of their paths."""
        # A row that has changed has another number, or was written by another transaction.
        query = "SELECT string_agg(int4send(id) || xidsend(xmin), '') FROM {article}"
        ((written,),) = tables.fetch(query)
        stamps = set(np.frombuffer(written or b"", ">i8").tolist())
        known = self._last[1] if self._last[0] == tables.schema else {}
        entries = {stamp: entry for stamp, entry in known.items() if stamp in stamps}
        new = {stamp >> 32: stamp for stamp in stamps - entries.keys()}
        records = tables.fetch(
            "SELECT id, path, file, title, language, passages, warnings, seen FROM {article} "
            "WHERE id = ANY(%s)",
            list(new),
        )
        entries |= {new[id_]: article_entry(*record) for id_, *record in records}
        entries = dict(sorted(entries.items(), key=lambda item: item[1].path))
        self._last = tables.schema, entries
        return tuple(entries.values())


def read(
    connection: Connection,
    url: DatabaseUrl,
    version: Version,
    articles: ArticleList | None = None,
) -> Manifest:
    """Return the manifest; its only file is the database, with the size of all tables.

    The connection is in a transaction with one snapshot; `articles` is what was read before.
    """
    tables = Tables(connection, url, version.number)
    ((size,),) = tables.fetch(
        "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::int8 FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relkind = 'r'",
        tables.schema,
    )
    return Manifest(
        version.created.astimezone(UTC).isoformat(timespec="seconds"),
        ModelEntry(version.model, version.model_digest, version.dimension),
        version.rules,
        (articles or ArticleList()).read(tables),
        skipped(tables),
        {tables.schema: FileEntry(size, "")},
    )


def skipped(tables: Tables) -> tuple[SkippedEntry, ...]:
    """Return the files of a version that gave no article, in the order of their paths."""
    query = "SELECT path, sha256, reason, same_as, seen FROM {skipped}"
    entries = (skipped_entry(*record) for record in tables.fetch(query))
    return tuple(sorted(entries, key=attrgetter("path")))


def article_entry(
    path: str,
    file: str,
    title: str | None,
    language: str,
    passages: int,
    warnings: list[Any],
    seen: float,
) -> ArticleEntry:
    """Return what a manifest says of an article, from its columns."""
    texts = tuple(map(from_json, warnings))
    return ArticleEntry(path, file, title or title_from(path), language, passages, texts, seen)


def skipped_entry(
    path: str, sha256: str | None, reason: object, same_as: str | None, seen: float
) -> SkippedEntry:
    """Return what a manifest says of a file that gave no article, from its columns."""
    return SkippedEntry(path, sha256, from_json(reason), same_as, seen)
