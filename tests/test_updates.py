"""Which update ids a bot remembers after a restart."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from bot.transport.updates import SeenUpdates


@pytest.mark.parametrize(
    ("content", "is_new"),
    [
        ("bot 42\n7\n8", False),  # its own
        ("bot 43\n7\n8", True),  # another bot's
        ("bot \n7\n8", True),
        ("7\n8", True),  # of an earlier version: whose ids they are is unknown
        ("", True),
        ("bot 42\nseven", True),
        ("бот 42\n7", True),
    ],
)
def test_only_ids_of_the_same_bot_are_remembered(
    tmp_path: Path, content: str, *, is_new: bool
) -> None:
    path = tmp_path / "updates.txt"
    path.write_text(content, encoding="utf-8")
    assert SeenUpdates(path, "42").add(7) is is_new


def test_ids_are_there_after_a_restart_without_the_token(tmp_path: Path) -> None:
    settings = Settings(telegram_bot_token=SecretStr("42:AAsecret"))
    path = tmp_path / "state" / "updates.txt"
    seen = SeenUpdates(path, settings.bot_id)
    assert all(seen.add(number) for number in range(1500))
    assert not seen.add(1499)
    seen.save()
    assert "secret" not in path.read_text(encoding="ascii")
    assert not SeenUpdates(path, "42").add(1499)
    assert SeenUpdates(path, "42").add(3)  # only the last thousand
    assert SeenUpdates(path, "43").add(1499)
