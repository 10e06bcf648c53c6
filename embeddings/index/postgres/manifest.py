"""What a version of the index was built from, as its tables tell."""

from datetime import UTC
from operator import attrgetter

import numpy as np

from embeddings.articles.article import title_from
from embeddings.index.manifest import ArticleEntry, FileEntry, Manifest, ModelEntry, SkippedEntry
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
        found = articles(tables, "WHERE id = ANY(%(new)s)", new=list(new))
        entries |= {new[first]: entry for first, entry in found.items()}
        entries = dict(sorted(entries.items(), key=lambda item: item[1].path))
        self._last = tables.schema, entries
        return tuple(entries.values())


def read(tables: Tables, version: Version, known: ArticleList | None = None) -> Manifest:
    """Return the manifest; its only file is the database, with the size of all tables.

    The connection is in a transaction with one snapshot; `known` is what was read before.
    """
    tables = tables.of(version.number)
    ((size,),) = tables.fetch(
        "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::int8 FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relkind = 'r'",
        tables.schema,
    )
    return Manifest(
        version.created.astimezone(UTC).isoformat(timespec="seconds"),
        ModelEntry(version.model, version.model_digest, version.dimension),
        version.rules,
        (known or ArticleList()).read(tables),
        skipped(tables),
        {tables.schema: FileEntry(size, "")},
    )


def skipped(tables: Tables, which: str = "", **named: object) -> tuple[SkippedEntry, ...]:
    """Return files of a version that gave no article, in the order of their paths."""
    query = "SELECT path, sha256, reason, same_as, seen FROM {skipped} {which}"
    entries = (
        SkippedEntry(path, sha256, from_json(reason), same_as, seen)
        for path, sha256, reason, same_as, seen in tables.fetch(
            query.replace("{which}", which), **named
        )
    )
    return tuple(sorted(entries, key=attrgetter("path")))


def articles(tables: Tables, which: str, **named: object) -> dict[int, ArticleEntry]:
    """Return articles of a version by their first row."""
    query = (
        "SELECT id, path, file, title, language, passages, warnings, seen FROM {article} {which}"
    )
    return {
        first: ArticleEntry(
            path,
            file,
            title or title_from(path),
            language,
            passages,
            tuple(map(from_json, warnings)),
            seen,
        )
        for first, path, file, title, language, passages, warnings, seen in tables.fetch(
            query.replace("{which}", which), **named
        )
    }
