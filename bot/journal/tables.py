"""The tables of the journal; `migrations` brings a database up to them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    false,
)

metadata = MetaData(
    naming_convention={  # a constraint without a name cannot be changed later
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")
"""In SQLite only an INTEGER can be the row id; it holds 64 bits as well."""

secrets = Table(
    "secrets",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
"""The key that ids of persons are hashed with."""

people = Table(
    "people",
    metadata,
    Column("person", Id, primary_key=True, autoincrement=False),
    Column("language", String(35)),
    Column("admitted", Boolean, nullable=False),
)
"""What a person has set; `person` is always a hash."""

answers = Table(
    "answers",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False, index=True),
    Column("chat", BigInteger),
    Column("chat_kind", String(16), nullable=False),
    Column("person", BigInteger, index=True),
    Column("question", Text, nullable=False),
    Column("alike", Text, nullable=False),
    Column("language", String(35), nullable=False),
    Column("answered", Boolean),
    Column("confidence", Float),
    Column("took_ms", Float, nullable=False),
    Column("generation", String(255), nullable=False),
    Column("question_message", BigInteger),
    Column("answer_message", BigInteger),
    Column("done", Boolean, nullable=False, server_default=false()),
    Index(None, "chat", "question_message"),
)
"""`at` is milliseconds since 1970; `alike` is the same for questions that count as one; `done` is
set when nothing is left to do about a question without a good answer."""

passages = Table(
    "passages",
    metadata,
    Column("answer_id", Id, ForeignKey(answers.c.id, ondelete="CASCADE"), primary_key=True),
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    Column("article", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("page", Integer),
    Column("score", Float, nullable=False),
    Column("highlight_start", Integer),
    Column("highlight_end", Integer),
)

ratings = Table(
    "ratings",
    metadata,
    Column("answer_id", Id, ForeignKey(answers.c.id, ondelete="CASCADE"), primary_key=True),
    Column("person", Id, primary_key=True, autoincrement=False, index=True),
    Column("value", SmallInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""`person` is always a hash."""
