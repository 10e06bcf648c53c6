"""The same conversation in a terminal, or from a pipe; no token needed."""

import locale
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.handlers.question import refuse
from bot.services.question_worker import QuestionWorker
from bot.texts import texts_for
from bot.views.answers import SHOWN, as_understood
from embeddings import asked_together, print_answer


def run(question_worker: QuestionWorker, state: Path) -> None:
    """Answer questions from standard input until it ends."""
    texts = texts_for(_language())
    say(texts("terminal_token"))
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    if interactive:
        say(texts("terminal_welcome"))
    lines = _prompted(state / "history") if interactive else _piped()
    previous = ""
    for number, line in enumerate(lines):
        if number and not interactive:
            print()  # noqa: T201
        refusal = refuse(line, texts)
        if refusal:
            say(refusal)
            continue
        together = asked_together(line, previous) if previous else None
        previous = together or line
        answer = as_understood(question_worker.ask_now(previous, SHOWN), together)
        if answer.passages:
            print_answer(answer, texts("nearest"))
        else:
            say(texts("nothing_indexed"))


def say(line: str) -> None:
    """Print a line that is no answer."""
    print(line, file=sys.stderr)  # noqa: T201


def _piped() -> Iterator[str]:
    """Yield the lines of a pipe; bytes that are no text do not end the conversation."""
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", "replace").strip()
        if line:
            yield line


def _prompted(history: Path) -> Iterator[str]:
    """Yield lines that a person types, with editing, and with history where it can be kept."""
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
    """Return the language that the system is set to."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return value
    return locale.getlocale()[0]
