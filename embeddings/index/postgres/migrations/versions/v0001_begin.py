"""The versions of an index, and the texts that wait to be encoded."""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql as pg

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    schema = context.config.attributes["schema"]
    op.create_table(
        "version",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("layout", sa.Integer, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("model_digest", sa.Text, nullable=False),
        sa.Column("dimension", sa.Integer, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("passages", sa.BigInteger, nullable=False),
        sa.Column("sentences", sa.BigInteger, nullable=False),
        sa.Column("words", sa.BigInteger, nullable=False),
        sa.CheckConstraint("state IN ('building', 'current', 'old')", "version_state"),
        schema=schema,
    )
    op.create_index(
        "version_current",
        "version",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state = 'current'"),
        schema=schema,
    )
    op.execute(f"CREATE SEQUENCE {schema}.revision")
    op.create_table(
        "encoding",
        sa.Column("model_digest", sa.Text, primary_key=True),
        sa.Column("text_digest", sa.Text, primary_key=True),
        sa.Column("added", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("context", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("spans", pg.ARRAY(sa.Integer), nullable=False),
        sa.Column("vector", sa.LargeBinary),
        sa.Column("sentences", sa.LargeBinary),
        sa.Column("packed", sa.LargeBinary),
        sa.Column("segments", sa.LargeBinary),
        schema=schema,
    )
    op.create_index(
        "encoding_waiting",
        "encoding",
        ["model_digest", "added"],
        postgresql_where=sa.text("vector IS NULL"),
        schema=schema,
    )
