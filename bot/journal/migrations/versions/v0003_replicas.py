"""What several processes that serve one bot share; only in PostgreSQL."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.create_table(
        "replicas",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("bot", sa.Text, nullable=False),
        sa.Column("elected", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_replicas"),
    )
    op.create_table(
        "updates",
        sa.Column("bot", sa.Text, nullable=False),
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("received", sa.Double, nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("unsure", sa.Boolean, nullable=False),
        sa.Column("starts", sa.Integer, nullable=False),
        sa.Column("chat", sa.BigInteger, nullable=False),
        sa.Column("owner", sa.Integer, nullable=False),
        sa.Column("handed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("bot", "id", name="pk_updates"),
    )
    waits = sa.text("body IS NOT NULL")
    op.create_index("ix_updates_bot_owner", "updates", ["bot", "owner"], postgresql_where=waits)
    op.create_index("ix_updates_bot_chat_received", "updates", ["bot", "chat", "received"])
    op.create_index("ix_updates_received", "updates", ["received"])
    op.create_table(
        "question_times",
        sa.Column("person", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("times", sa.ARRAY(sa.Double), nullable=False),
        sa.PrimaryKeyConstraint("person", "kind", name="pk_question_times"),
    )
