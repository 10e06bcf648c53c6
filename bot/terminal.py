"""The same conversation in a terminal, or from a pipe; no token needed."""

import locale
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.handlers.question import refuse
from bot.services.question_worker import QuestionWorker
from bot.texts import Texts, texts_for
from bot.views.answers import SHOWN
from embeddings import print_answer


def run(question_worker: QuestionWorker, state: Path) -> None:
    """Answer questions from standard input until it ends."""
    texts = texts_for(_language())
    say(texts("terminal_token"))
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    if interactive:
        say(texts("terminal_welcome"))
    lines = _prompted(state / "history") if interactive else _piped()
    for number, line in enumerate(lines):
        if number and not interactive:
            print()  # noqa: T201
        _answer(line, question_worker, texts)


def say(line: str) -> None:
    """Print a line that is no answer."""
    print(line, file=sys.stderr)  # noqa: T201


def _answer(line: str, question_worker: QuestionWorker, texts: Texts) -> None:
    refusal = refuse(line, texts)
    if refusal:
        say(refusal)
        return
    answer = question_worker.ask_now(line, SHOWN)
    if not answer.passages:
        say(texts("nothing_indexed"))
        return
    print_answer(answer, texts("nearest"))


def _piped() -> Iterator[str]:
    """Lines of a pipe; bytes that are no text do not end the conversation."""
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", "replace").strip()
        if line:
            yield line


def _prompted(history: Path) -> Iterator[str]:
    """Lines that a person types, with editing, and with history where it can be kept."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory, History, InMemoryHistory

    kept: History = InMemoryHistory()
    if os.access(history.parent, os.W_OK):
        kept = FileHistory(str(history))
    session: PromptSession[str] = PromptSession(history=kept)
    while True:
        try:
            line = session.prompt("? ").strip()
        except (EOFError, KeyboardInterrupt):
            return
        if not line:
            return
        yield line


def _language() -> str | None:
    """The language that the system is set to."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name]
    return locale.getlocale()[0]
