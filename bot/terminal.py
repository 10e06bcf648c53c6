"""The same conversation in a terminal, or from a pipe; no token needed."""

import locale
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.errors import SettingsError
from bot.handlers.question import refuse
from bot.services.question_worker import QuestionWorker
from bot.texts import texts_for
from bot.views.answers import SHOWN
from embeddings import print_answer


def run(question_worker: QuestionWorker, state: Path) -> None:
    """Answer questions from standard input until it ends."""
    texts = texts_for(_language())
    say(texts("terminal_token"))
    interactive = _is_interactive()
    if interactive:
        say(texts("terminal_welcome"))
    lines = _prompted(state / "history") if interactive else _piped()
    for number, line in enumerate(lines):
        if number and not interactive:
            print()  # noqa: T201
        refusal = refuse(line, texts)
        answer = None if refusal else question_worker.ask_now(line, SHOWN)
        if answer and answer.passages:
            print_answer(answer, texts("nearest"))
        else:
            say(refusal or texts("nothing_indexed"))


def must_be_there() -> bool:
    """Refuse to go on without anybody who could ask: a service, say, that was given no token.

    Returns:
        Whether it is a person, who reads what is written; False for a pipe or a file.

    Raises:
        SettingsError: standard input is closed, or is a device like /dev/null.
    """
    try:
        state = os.fstat(sys.stdin.fileno())
    except (AttributeError, OSError, ValueError):
        state = None
    if state is None or (stat.S_ISCHR(state.st_mode) and not sys.stdin.isatty()):
        raise SettingsError(
            "TELEGRAM_BOT_TOKEN is not set, and there is no terminal to talk in. Set the token, "
            "or give questions on standard input."
        )
    return _is_interactive()


def _is_interactive() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


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
