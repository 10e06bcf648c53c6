"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_secrets"),
    )
    op.create_table(
        "people",
        sa.Column("person", _ID, autoincrement=False, nullable=False),
        sa.Column("language", sa.String(35)),
        sa.Column("admitted", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_people"),
    )
    _make_answers()
    op.create_table(
        "passages",
        sa.Column("answer_id", _ID, nullable=False),
        sa.Column("place", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("article", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("page", sa.Integer),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("highlight_start", sa.Integer),
        sa.Column("highlight_end", sa.Integer),
        sa.PrimaryKeyConstraint("answer_id", "place", name="pk_passages"),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], "fk_passages_answer_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "ratings",
        sa.Column("answer_id", _ID, nullable=False),
        sa.Column("person", _ID, autoincrement=False, nullable=False),
        sa.Column("value", sa.SmallInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "person", name="pk_ratings"),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], "fk_ratings_answer_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_ratings_person", "ratings", ["person"])


def _make_answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("chat", sa.BigInteger),
        sa.Column("chat_kind", sa.String(16), nullable=False),
        sa.Column("person", sa.BigInteger),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("alike", sa.Text, nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("answered", sa.Boolean),
        sa.Column("confidence", sa.Float),
        sa.Column("took_ms", sa.Float, nullable=False),
        sa.Column("generation", sa.String(255), nullable=False),
        sa.Column("question_message", sa.BigInteger),
        sa.Column("answer_message", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
    )
    op.create_index("ix_answers_at", "answers", ["at"])
    op.create_index("ix_answers_person", "answers", ["person"])
    op.create_index("ix_answers_chat_question_message", "answers", ["chat", "question_message"])
