"""What docs/operations.md tells operators to do, and to watch."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.journal import Journal
from bot.transport.metrics import Metrics
from tests.conftest import ROOT


async def test_a_journal_is_copied_while_it_is_written_and_restored(tmp_path: Path) -> None:
    journal = Journal(f"sqlite+aiosqlite:///{tmp_path / 'bot.sqlite3'}")
    await journal.start()
    await journal.choose_language(7, "uk")
    with (
        closing(sqlite3.connect(tmp_path / "bot.sqlite3")) as running,
        closing(sqlite3.connect(tmp_path / "backup.sqlite3")) as backup,
    ):
        running.backup(backup)  # as .backup of the command line does
    await journal.choose_language(7, "ru")
    await journal.close()
    restored = Journal(f"sqlite+aiosqlite:///{tmp_path / 'backup.sqlite3'}")
    await restored.start()
    assert await restored.language_of(7) == "uk"
    await restored.close()


def test_the_rules_for_prometheus_name_metrics_that_there_are() -> None:
    names = {
        sample.name for family in Metrics()._registry.collect() for sample in family.samples
    } | {"passage_bot_question_seconds_bucket"}
    for page in ("deploy/prometheus-rules.yaml", "docs/operations.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        wanted = set(re.findall(r"passage_bot_[a-z_]+", text))
        assert len(wanted) >= 4
        assert {name for name in wanted if name not in names} <= {"passage_bot_question_seconds"}
