"""The systemd unit and the container file, as far as they can be checked without running them."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot import app
from bot.settings import Settings
from tests.conftest import ROOT

UNIT = ROOT / "deploy" / "passage-bot.service"


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the container file, continued lines joined."""
    text = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    pairs = [line.partition(" ") for line in joined.splitlines() if line.strip()]
    return [(name, rest.strip()) for name, _, rest in pairs]


def given(name: str) -> list[str]:
    return [rest for found, rest in instructions() if found == name]


def environment() -> dict[str, str]:
    return dict(word.split("=", 1) for rest in given("ENV") for word in rest.split())


def unit() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def test_only_known_instructions_in_a_sensible_order() -> None:
    names = [name for name, _ in instructions()]
    known = "FROM ARG ENV RUN COPY LABEL USER WORKDIR VOLUME EXPOSE HEALTHCHECK STOPSIGNAL CMD"
    assert set(names) <= set(known.split())
    assert names[:2] == ["ARG", "FROM"]
    assert given("FROM")[-1] == "image"
    assert all(rest for _, rest in instructions())


def test_what_is_copied_is_there_and_not_ignored() -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    kept = {rule[1:] for rule in rules if rule.startswith("!")}
    sources = {
        source
        for rest in given("COPY")
        if "--from" not in rest
        for source in [word for word in rest.split() if not word.startswith("--")][:-1]
    }
    assert sources == kept
    for source in sources:
        assert (ROOT / source).exists()
    for private in (".env", "var", ".git"):
        assert "*" in rules
        assert not any(fnmatch(private, rule) for rule in kept)


def test_it_runs_as_nobody_in_particular_and_holds_no_secret() -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", given("USER")[-1])
    text = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    assert not re.search(r"token|secret|password", text, re.IGNORECASE)


def test_its_settings_are_settings() -> None:
    known = {name.upper() for name in Settings.model_fields}
    others = ("PYTHON", "PIP_", "HF_", "PATH", "MPLCONFIGDIR")
    ours = {name for name in environment() if not name.startswith(others)}
    assert ours <= known
    assert {word.split("=")[0] for word in unit()["Environment"]} - known == {
        "MPLCONFIGDIR",
        "PYTHONDONTWRITEBYTECODE",
    }


def test_the_example_lists_every_setting_with_its_default_and_sets_none() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    found = dict(re.findall(r"^#([A-Z_]+)=(.*)$", text, re.MULTILINE))
    assert found.keys() == {name.upper() for name in Settings.model_fields}
    usual = Settings()
    shown = Settings(**{name.lower(): value for name, value in found.items() if value})
    assert shown == usual
    for name in (name.lower() for name, value in found.items() if not value):
        assert not getattr(usual, name)
    assert not [line for line in text.splitlines() if line and not line.startswith("#")]


def test_it_installs_the_tested_torch_from_where_it_is_told() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    torch = next(name for name in project["dependencies"] if name.startswith("torch"))
    assert any(f" {torch} ${{TORCH_INDEX:+--index-url" in run for run in given("RUN"))


def test_what_changes_seldom_is_installed_first_and_torch_stays_behind() -> None:
    lines = [f"{name} {rest}" for name, rest in instructions()]
    installed = [number for number, line in enumerate(lines) if "--require-hashes" in line]
    source = [
        number for number, line in enumerate(lines) if re.match(r"COPY (embeddings|bot)", line)
    ]
    assert max(installed) < min(source)
    last = lines[lines.index(next(line for line in lines if line.endswith("AS image"))) :]
    until = next(number for number, line in enumerate(last) if line.endswith("AS with-torch"))
    assert not [line for line in last[:until] if "torch" in line]
    assert "runtime='openvino'" in "".join(given("RUN"))  # or the build fails


def test_state_and_articles_outlive_it() -> None:
    volumes = json.loads(given("VOLUME")[0])
    settings = environment()
    for name in ("SEEDS_DIR", "INDEX_DIR", "STATE_DIR"):
        assert any(settings[name].startswith(volume) for volume in volumes)
    assert not any(settings["MODEL_DIR"].startswith(volume) for volume in volumes)


def test_its_commands_are_python() -> None:
    health = given("HEALTHCHECK")[0].partition("CMD ")[2]
    program, flag, code = json.loads(health)
    assert (program, flag) == ("python", "-c")
    compile(code, "HEALTHCHECK", "exec")
    assert "/healthz" in code
    model = next(run for run in given("RUN") if "find_model" in run)
    code, _, rest = model.partition('-c "')[2].partition('"')
    compile(code, "RUN", "exec")
    assert rest.endswith("chmod -R a+rX /opt/model")  # for whom it runs as
    assert json.loads(given("CMD")[0]) == ["python", "-m", "bot"]
    assert given("STOPSIGNAL") == ["SIGTERM"]


def test_the_unit_is_not_started_again_for_what_a_start_cannot_mend() -> None:
    assert unit()["RestartPreventExitStatus"] == ["2"]  # TokenUnknown and settings, by bot.__main__
    assert unit()["StartLimitIntervalSec"] == ["0"]  # an operator may restart it often


def test_the_unit_waits_longer_than_the_bot_needs_to_end() -> None:
    assert int(unit()["TimeoutStopSec"][0]) > app.Session.drain_s + app.Session.stop_s + 5


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    text = UNIT.read_text(encoding="utf-8")
    program = text.replace("/opt/passage-bot/.venv/bin/python", str(Path(sys.executable).resolve()))
    (tmp_path / UNIT.name).write_text(program, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / UNIT.name)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_line_that_names_the_token_keeps_what_is_in_the_settings(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^echo .*\.env$", readme, re.MULTILINE)
    (tmp_path / ".env").write_text("ADMIN_IDS=7\nTELEGRAM_BOT_TOKEN=old\n", encoding="utf-8")
    subprocess.run(line, shell=True, cwd=tmp_path, check=True)
    values = dotenv_values(tmp_path / ".env")
    assert values == {"ADMIN_IDS": "7", "TELEGRAM_BOT_TOKEN": "123456:ABC-your-token"}


def test_own_articles_and_settings_are_no_changes_to_git(tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    shutil.copy(ROOT / ".gitignore", tmp_path)
    for own in ("seeds/own.txt", "seeds/deep/own.pdf", ".env", "var/bot.sqlite3"):
        (tmp_path / own).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / own).touch()
    status = subprocess.run(
        [*git, "status", "--porcelain"], check=True, capture_output=True, text=True
    )
    assert status.stdout == "?? .gitignore\n"
