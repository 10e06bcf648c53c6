"""The one statement that the two databases spell in their own ways."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def write_over(
    connection: AsyncConnection,
    table: Table,
    key: dict[str, int],
    values: dict[str, Any],
    otherwise: dict[str, Any] | None = None,
) -> None:
    """Insert a row, or change these values of the one that is there.

    Args:
        connection: within a transaction.
        table: where.
        key: the row's primary key.
        values: to write in either case.
        otherwise: more values, for a new row.
    """
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    new = dialect.insert(table).values(**(otherwise or {}) | key | values)
    await connection.execute(new.on_conflict_do_update(index_elements=list(key), set_=values))
