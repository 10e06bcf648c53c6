"""Which tables there are.

The schema that INDEX_URL names holds what all versions of the index share, and is brought up to
date by alembic:

    version     what each version of the index was built from; one of them is current
    encoding    texts that wait to be encoded, and their vectors until they are taken

Each version of the index has a schema of its own, whose tables are made at once and never altered:

    article           path, title, …; `file` and `words` are digests of its bytes and of its text
    skipped           files that gave no article, each with the reason
    passage           text, and `digest`, which names what was embedded; `words` are those it holds
    passage_vector    a vector of each passage
    sentence          place and vector of each sentence
    passage_token     token vectors in 2 bits a dimension (see `late_interaction`)
    word              the number of each lemma, and in how many passages it is
    posting           how often each word is in each passage, and how many words that passage has
"""

from pathlib import Path

from pgvector.psycopg import register_vector
from psycopg import errors as pg

from embeddings.errors import IndexOutdated, IndexUnwritable
from embeddings.index.location import DatabaseUrl
from embeddings.index.postgres.database import Connection
from embeddings.index.postgres.tables import Tables
from embeddings.storage.migrations import run_migrations

LAYOUT = 1
"""Version of the tables of one version of the index; an index of another one is built anew."""
_MIGRATIONS = Path(__file__).parent / "migrations"

# A B-tree refuses a path of more than 2700 bytes, a hash index does not.
_TABLES = """
CREATE SCHEMA {schema};
CREATE TABLE {article} (
    id integer PRIMARY KEY, path text NOT NULL, title text, author text, url text,
    language text NOT NULL, date text, file text NOT NULL, words text NOT NULL,
    passages integer NOT NULL, warnings jsonb NOT NULL, seen float8 NOT NULL, stat text,
    EXCLUDE USING hash (path WITH =) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX article_file ON {article} USING hash (file);
CREATE INDEX article_words ON {article} USING hash (words);
CREATE TABLE {skipped} (
    path text NOT NULL, sha256 text, reason jsonb NOT NULL, same_as text, seen float8 NOT NULL,
    stat text, EXCLUDE USING hash (path WITH =)
);
CREATE SEQUENCE {schema}.next_row AS integer MINVALUE 0 START 0;
CREATE TABLE {passage} (
    id integer PRIMARY KEY, article integer NOT NULL, start integer NOT NULL,
    "end" integer NOT NULL, pages jsonb NOT NULL, headings jsonb NOT NULL, text text NOT NULL,
    digest text COLLATE "C" NOT NULL, words integer[] NOT NULL
);
CREATE INDEX passage_digest ON {passage} (digest);
CREATE TABLE {passage_vector} (
    id integer PRIMARY KEY, language text NOT NULL, vector halfvec({dimension}) NOT NULL
);
ALTER TABLE {passage_vector} ALTER vector SET STORAGE PLAIN;
CREATE TABLE {sentence} (
    passage integer, number smallint, start integer NOT NULL, "end" integer NOT NULL,
    vector halfvec({dimension}) NOT NULL, PRIMARY KEY (passage, number)
);
ALTER TABLE {sentence} ALTER vector SET STORAGE PLAIN;
CREATE TABLE {passage_token} (
    id integer PRIMARY KEY, packed bytea NOT NULL, segments bytea NOT NULL
);
ALTER TABLE {passage_token} ALTER packed SET STORAGE EXTERNAL;
CREATE TABLE {word} (
    key bigint PRIMARY KEY, id integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    passages integer NOT NULL
);
CREATE TABLE {posting} (
    word integer, passage integer, count smallint NOT NULL, length smallint NOT NULL,
    PRIMARY KEY (word, passage) INCLUDE (count, length)
);
"""


def prepare(tables: Tables) -> None:
    """Make or bring up to date the tables that all versions share.

    Raises:
        IndexUnwritable: pgvector is missing.
        IndexOutdated: a newer version of the program has changed the tables.
    """
    if _revision(tables) == _newest():
        return
    _need_vector(tables)
    register_vector(tables.connection)  # where the extension is new, connecting did not find it
    tables.run("CREATE SCHEMA IF NOT EXISTS {schema}")
    _upgrade(tables.connection, tables.url)


def check(tables: Tables) -> None:
    """Refuse tables that another version of the program has made.

    Raises:
        IndexOutdated: the text says which version is the newer one.
        psycopg.errors.UndefinedTable: there are none.
    """
    found = _revision(tables)
    if found is None:
        raise pg.UndefinedTable("no index")
    if found < _newest():
        raise IndexOutdated(
            f"The tables of the index in {tables.url} are of an older version of this program. "
            "Bring them up to date: python -m embeddings build"
        )
    if found > _newest():
        raise _too_new(tables.url)


def create_tables(tables: Tables, dimension: int) -> None:
    """Make the tables of a version of the index, empty."""
    tables.run(_TABLES.replace("{dimension}", str(dimension)))


def _need_vector(tables: Tables) -> None:
    try:
        tables.run("CREATE EXTENSION IF NOT EXISTS vector")
    except pg.InsufficientPrivilege as error:
        raise IndexUnwritable(
            f"{tables.url} lacks the extension pgvector, and the user of INDEX_URL may not create "
            "it. Let a superuser run in that database: CREATE EXTENSION vector"
        ) from error
    except (pg.UndefinedFile, pg.FeatureNotSupported) as error:
        raise IndexUnwritable(
            f"The server of {tables.url} lacks pgvector. Install it there (on Debian "
            "postgresql-NN-pgvector, NN being the server's version), and build again."
        ) from error


def _upgrade(connection: Connection, url: DatabaseUrl) -> None:
    """Run the migrations that are missing."""
    from alembic.util import CommandError
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    connection.autocommit = False
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: connection, poolclass=StaticPool
    )
    try:
        with engine.begin() as opened:
            run_migrations(_MIGRATIONS, connection=opened, schema=url.schema)
        connection.commit()
    except CommandError as error:
        connection.rollback()
        raise _too_new(url) from error
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.autocommit = True


def _too_new(url: DatabaseUrl) -> IndexOutdated:
    return IndexOutdated(
        f"The index in {url} was made by a newer version of this program. Install that version, or "
        "name another database or schema in INDEX_URL."
    )


def _revision(tables: Tables) -> str | None:
    """Return the last migration that was run; None where there was none."""
    try:
        with tables.connection.transaction():
            records = tables.fetch("SELECT version_num FROM {alembic_version}")
    except (pg.UndefinedTable, pg.InvalidSchemaName):
        return None
    return records[0][0] if records else None


def _newest() -> str:
    return max(path.stem[1:5] for path in (_MIGRATIONS / "versions").glob("v*.py"))
