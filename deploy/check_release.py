"""Checks what a release must agree on: version, changelog, lists of versions, what is committed.

    python deploy/check_release.py

Exit status: 0 it can be released, 1 it cannot; each reason is a line.
"""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;]+)", re.MULTILINE)


def main() -> int:
    """Print what is wrong, and return the exit status."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    problems = [*_changelog(project["version"]), *_locks(project), *_tree()]
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"passage-bot {project['version']} can be released")
    return 1 if problems else 0


def _changelog(version: str) -> Iterator[str]:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    if not re.search(rf"^## \[?{re.escape(version)}\b", text, re.MULTILINE):
        yield f"CHANGELOG.md has no section for {version}"


def _locks(project: dict[str, list[str]]) -> Iterator[str]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned: dict[str, list[str]] = {}
    for name, version in PINNED.findall(text):
        pinned.setdefault(name, []).append(version)
    for line in project["dependencies"]:
        wanted = Requirement(line)
        name = re.sub(r"[._-]+", "-", wanted.name).lower()
        versions = pinned.get(name, [])
        if name != "torch" and not versions:
            yield f"requirements.lock lacks {name}; make lock"
        elif not all(wanted.specifier.contains(version) for version in versions):
            yield f"requirements.lock has {name} {versions}, and {line} is wanted; make lock"


def _tree() -> Iterator[str]:
    command = ["git", "status", "--porcelain"]
    changed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    if changed:
        yield f"these files are not committed:\n{changed.rstrip()}"


if __name__ == "__main__":
    sys.exit(main())
