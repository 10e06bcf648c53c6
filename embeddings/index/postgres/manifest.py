"""What a version of the index was built from, as its tables tell."""

from datetime import UTC
from typing import TYPE_CHECKING, Any

from embeddings.articles.article import title_from
from embeddings.index.location import DatabaseUrl
from embeddings.index.manifest import ArticleEntry, FileEntry, Manifest, SkippedEntry
from embeddings.index.postgres.passages import fetch
from embeddings.index.postgres.schema import version_schema
from embeddings.index.postgres.versions import Version
from embeddings.translatable import from_json

if TYPE_CHECKING:
    from psycopg import Connection


def read(connection: "Connection[Any]", url: DatabaseUrl, version: Version) -> Manifest:
    """Return the manifest; its only file is the database, with the size of all tables."""
    schema = version_schema(url, version.number)
    articles = fetch(
        connection,
        schema,
        "SELECT path, file, title, language, passages, warnings, seen FROM {article} ORDER BY path",
    )
    skipped = fetch(
        connection,
        schema,
        "SELECT path, sha256, reason, same_as, seen FROM {skipped} ORDER BY path",
    )
    ((size,),) = fetch(
        connection,
        schema,
        "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::int8 FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relkind = 'r'",
        (schema,),
    )
    return Manifest(
        version.created.astimezone(UTC).isoformat(timespec="seconds"),
        version.model_entry,
        version.rules,
        tuple(
            ArticleEntry(
                path, file, title or title_from(path), language, passages, _texts(warnings), seen
            )
            for path, file, title, language, passages, warnings, seen in articles
        ),
        tuple(
            SkippedEntry(path, sha256, from_json(reason), same_as, seen)
            for path, sha256, reason, same_as, seen in skipped
        ),
        {schema: FileEntry(size, "")},
    )


def _texts(values: list[Any]) -> tuple[str, ...]:
    return tuple(map(from_json, values))
