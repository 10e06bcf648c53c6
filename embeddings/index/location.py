"""Where an index is kept: in a directory, or in a database."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from embeddings.errors import UsageError

DEFAULT_SCHEMA = "passage_index"
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,40}")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[^:@\[\]]*)(:\d*)?")
_SCHEMES = ("postgresql://", "postgres://")
_NEARLY = re.compile(r"postgres(ql)?:", re.IGNORECASE)

MALFORMED = (
    "INDEX_URL is no address of a PostgreSQL database: postgresql://USER:PASSWORD@HOST/NAME, where "
    "signs of the password stand as %40 for @, %2F for /, and so on."
)
"""What is wrong with an address; the address itself may have a password in it."""


@dataclass(frozen=True)
class DatabaseUrl:
    """The address of a PostgreSQL database, and the schema in it that holds the index.

    Attributes:
        url: as libpq reads it; may name several hosts. It may hold a password: `str` hides it.
        schema: one index each; others can be in the same database.
    """

    url: str
    schema: str = DEFAULT_SCHEMA

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        hosts = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{hosts}{parts.path}"

    def __repr__(self) -> str:
        return f"DatabaseUrl({self!s}, schema={self.schema})"


Location = Path | DatabaseUrl


def parse_location(text: str) -> Location:
    """Return the directory or the database that a text names.

    A database is postgresql://USER:PASSWORD@HOST/NAME, with ?schema=NAME for an index beside the
    usual one.

    Raises:
        UsageError: the address makes no sense.
    """
    if not text.startswith(_SCHEMES):
        if "://" in text:
            raise UsageError(
                "The address of the index must begin with postgresql://, or be a directory."
            )
        if _NEARLY.match(text):  # it may have a password in it, which a path is printed with
            raise UsageError(MALFORMED)
        return Path(text)
    try:
        parts = urlsplit(text)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        raise UsageError(MALFORMED) from None
    user, _, hosts = parts.netloc.rpartition("@")
    if "@" in user + parts.path or not all(map(_HOST.fullmatch, hosts.split(","))):
        raise UsageError(MALFORMED)
    schema = query.pop("schema", DEFAULT_SCHEMA)
    if not _SCHEMA.fullmatch(schema):
        raise UsageError(
            "The schema of INDEX_URL must be lower-case Latin letters, digits and underscores, "
            "at most 41."
        )
    return DatabaseUrl(parts._replace(query=urlencode(query, quote_via=quote)).geturl(), schema)
