"""Whether an admin has ticked off a question without a good answer."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing is ticked off yet."""
    column = sa.Column("done", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("answers", column)
