"""How long the journal waits, and how many entries it holds in memory."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Times in seconds.

    Attributes:
        settings_s: how long the settings of a person are not read again.
        statement_s: how long a statement waits for a lock of another process.
        prepare_s: how long to wait at the start for another process that prepares the database.
        read_s: for a read; `report_s` for a report.
        write_s: how long a person waits for a rating or a setting to be written.
        forget_s: how long they wait until everything of theirs is deleted.
        first_pause_s: before the first new attempt to write; doubled up to `longest_pause_s`.
        close_s: how long entries are still written when the journal is closed.
        waiting: the most entries that wait to be written; about ten megabytes of questions.
    """

    settings_s: float = 60.0
    statement_s: float = 2.0
    prepare_s: float = 10.0
    read_s: float = 5.0
    report_s: float = 60.0
    write_s: float = 4.0
    forget_s: float = 30.0
    first_pause_s: float = 0.2
    longest_pause_s: float = 10.0
    close_s: float = 5.0
    waiting: int = 5000
