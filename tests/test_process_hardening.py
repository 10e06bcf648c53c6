"""What other processes of the user can read of the bot's secrets."""

import os
import sys
from pathlib import Path

import pytest

from bot.settings import SECRETS, Settings
from tests.botapi import BotApi
from tests.conftest import ROOT, run_python
from tests.test_process import bot_process

HIDE = """
import os
from bot.process_hardening import hide_secrets
print(hide_secrets({"TELEGRAM_BOT_TOKEN", "WEBHOOK_SECRET"}), sorted(os.environ), flush=True)
"""


def test_secrets_leave_the_environment_in_any_spelling() -> None:
    given = {"telegram_bot_token": "42:a", "WEBHOOK_SECRET": "b", "LANG": "C"}
    done = run_python(HIDE, without=tuple(os.environ), warnings="default", cwd=ROOT, **given)
    assert done.returncode == 0, done.stderr
    assert "token" not in done.stdout.lower()
    assert "SECRET" not in done.stdout
    assert "LANG" in done.stdout
    assert done.stdout.startswith(str(sys.platform == "linux"))


def test_every_secret_setting_is_hidden() -> None:
    secret = {name for name, field in Settings.model_fields.items() if "Secret" in str(field)}
    assert {name.upper() for name in secret | {"database_url", "index_url"}} == SECRETS
    assert {"TELEGRAM_BOT_TOKEN", "WEBHOOK_SECRET", "INVITE_CODE"} < SECRETS


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
@pytest.mark.usefixtures("real_model")
def test_the_running_bot_is_closed_to_other_processes(tmp_path: Path) -> None:
    script = (
        "import ctypes, os, threading, time, runpy\n"
        "def look():\n"
        "    while True:\n"
        "        dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)\n"
        "        token = 'TELEGRAM_BOT_TOKEN' in os.environ\n"
        f"        open({str(tmp_path / 'new')!r}, 'w').write(f'{{dumpable}} {{token}}')\n"
        f"        os.replace({str(tmp_path / 'new')!r}, {str(tmp_path / 'seen')!r})\n"
        "        time.sleep(0.05)\n"
        "threading.Thread(target=look, daemon=True).start()\n"
        "runpy.run_module('bot', run_name='__main__')\n"
    )
    with BotApi() as server, bot_process(tmp_path, server, program=("-c", script)):
        assert (tmp_path / "seen").read_text(encoding="ascii") == "0 False"
