"""The same answers in a terminal, or from a pipe, where no follow-ups are recognised; no token."""

import locale
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.errors import SettingsError
from bot.handlers.preferences import describe_index
from bot.handlers.question import refuse
from bot.services.language_cache import language_in
from bot.services.question_worker import QuestionWorker
from bot.services.recent_answers import MOST_QUESTIONS
from bot.services.small_talk import (
    AMBIGUOUS,
    REPLIES,
    questions_in,
    small_talk_in,
    without_courtesy,
)
from bot.texts import Texts, is_spoken, texts_for
from bot.views.answers import SHOWN, as_understood, sureness
from bot.views.article_list import named, words_after_command
from bot.views.view import View
from embeddings import Answer, asked_together, print_passage

_QUIT = frozenset("q quit exit вихід выход".split())
_MORE = frozenset(("", *"m more далі дальше".split()))
_COMMAND = re.compile(r"/(\w+)(?:\s|$)")
_NUMBER = re.compile(r"\d{1,9}")


def run(question_worker: QuestionWorker, state: Path) -> None:
    """Answer questions from standard input until it ends."""
    texts = texts_for(_language())
    say(texts("terminal_token"))
    if _is_interactive():
        say(texts("terminal_welcome"))
        converse(_prompted(state / "history"), question_worker, texts)
    else:
        _answer_lines(question_worker, texts)


def converse(lines: Iterable[str], question_worker: QuestionWorker, texts: Texts) -> None:
    """Answer what a person types; one passage at a time."""
    answer, shown = Answer("", ()), -1
    for line in lines:
        line = line.removeprefix("/ask ")
        word = line.casefold().removeprefix("/")
        if word in _QUIT:
            return
        texts = _texts_of(line, texts)
        if word in _MORE:
            number = shown + 1
        elif answer.passages and _NUMBER.fullmatch(word):
            number = int(word) - 1
        else:
            answer, shown = _answered(line, (answer, shown), question_worker, texts)
            continue
        if 0 <= number < len(answer.passages):
            shown = number
            _show(answer, number, texts)
        elif word not in _MORE:
            say(texts.count("terminal_passages", len(answer.passages)))
        elif answer.passages:
            say(texts("terminal_no_more"))


def _answered(
    line: str, last: tuple[Answer, int], question_worker: QuestionWorker, texts: Texts
) -> tuple[Answer, int]:
    """Answer each question of a line; return the last answer, and which passage of it is shown.

    What was returned for the line before is `last`.
    """
    questions = questions_in(line)
    for question in map(without_courtesy, questions[:MOST_QUESTIONS]):
        before = last[0].question
        together = asked_together(question, before) if before else None
        remark = _remark(question, question_worker, texts, is_follow_up=together is not None)
        if remark:
            say(remark)
            continue
        answer = _asked(question, question_worker, texts, together)
        if answer.answered is False:
            last = answer, -1
            say(f"{texts('not_answered')} {texts('terminal_nearest')}")
        elif answer.passages:
            last = answer, 0
            _show(answer, 0, texts)
    if len(questions) > MOST_QUESTIONS:
        say(texts("more_questions"))
    return last


def _texts_of(line: str, before: Texts) -> Texts:
    """Return the texts to answer with: in the language of the system, else in that of the line."""
    return before if is_spoken(_language()) else texts_for(language_in(line) or before.language)


def _remark(
    line: str, question_worker: QuestionWorker, texts: Texts, *, is_follow_up: bool = False
) -> str | None:
    """Return what is said to a line that asks nothing of the articles; None where it does."""
    command, articles = _COMMAND.match(line), question_worker.manifest.articles
    titles = () if command else (article.title for article in articles)
    kind = small_talk_in(command[1] if command else line, titles)
    if is_follow_up and kind in AMBIGUOUS:
        return None
    if line == "?" or (kind and REPLIES[kind] == "help"):
        return texts("terminal_help")
    if command and command[1] == "articles":
        found = named(articles, words_after_command(line))
        return "\n".join([texts.count("articles", len(found)), *(one.title for one in found)])
    if command and command[1] == "about":
        return View(describe_index(question_worker.manifest, texts)).plain
    if kind is None or not articles:
        return texts("terminal_no_command") if command else None
    return View(texts(REPLIES[kind], articles=texts.count("articles", len(articles)))).plain


def _asked(
    question: str, question_worker: QuestionWorker, texts: Texts, together: str | None = None
) -> Answer:
    """Return the answer to a question, or to it `together` with the one before.

    Say how it was understood, or why it has no answer.
    """
    refusal = refuse(question, texts)
    answer = Answer("", ()) if refusal else question_worker.ask_now(together or question, SHOWN)
    if not answer.passages:
        say(refusal or texts("nothing_indexed"))
        return Answer("", ())
    answer = as_understood(answer, together)
    if answer.understood:
        say(texts("understood", question=answer.understood))
    return answer


def _show(answer: Answer, number: int, texts: Texts) -> None:
    if answer.answered is False:
        say(texts("nearest"))
    print_passage(answer.passages[number], mark=answer.answered is not False)
    if number == 0 and answer.answered and answer.confidence is not None:
        say(texts(sureness(answer.confidence)))
    if number + 1 < len(answer.passages):
        say(texts("terminal_more", number=number + 1, total=len(answer.passages)))


def _answer_lines(question_worker: QuestionWorker, texts: Texts) -> None:
    """Print each question of a pipe with the passage that answers it, or that none does."""
    for number, line in enumerate(_piped()):
        texts = _texts_of(line, texts)
        remark = _remark(line, question_worker, texts)
        answer = Answer("", ()) if remark else _asked(line, question_worker, texts)
        if not remark and not answer.passages:
            continue
        print(f"{chr(10) * bool(number)}? {line}\n")  # noqa: T201
        if remark or answer.answered is False:
            print(remark or texts("not_answered"))  # noqa: T201
            continue
        print_passage(answer.passages[0])
        if answer.confidence is not None:
            print(f"\n{texts(sureness(answer.confidence))}")  # noqa: T201


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
        yield line


def _language() -> str | None:
    """Return the language that the system is set to."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return value
    return locale.getlocale()[0]
