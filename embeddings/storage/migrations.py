"""Brings the tables of a database up to date by the steps of alembic."""

import threading
from pathlib import Path

_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps its state in global names, for whatever database and thread."""


def run_migrations(directory: Path, **attributes: object) -> None:
    """Run the steps that a database lacks; others of this process wait meanwhile.

    Args:
        directory: holds `env.py`, and the steps in `versions`.
        attributes: what `env.py` reads: the connection, and more.

    Raises:
        alembic.util.CommandError: the database has had a step that is not there.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(directory).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(attributes)
    with _ONE_AT_A_TIME:
        command.upgrade(config, "head")
