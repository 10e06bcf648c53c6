"""Reads the questions of `search --input`: a JSON object with "question" on each line."""

import json
from dataclasses import dataclass
from typing import IO, Any

from embeddings.errors import UsageError
from embeddings.search.search import LONGEST_QUESTION


@dataclass(frozen=True)
class QuestionLines:
    """The lines of a file: the objects, and what is wrong with the others."""

    entries: list[dict[str, Any]]
    wrong: list[UsageError]


def read_questions(file: IO[str], strict: bool = False) -> QuestionLines:
    """Read all lines; empty ones are passed over.

    Raises:
        UsageError: the file is not UTF-8, or `strict` is set and a line is wrong.
    """
    found = QuestionLines([], [])
    try:
        lines = list(enumerate(file, start=1))
    except UnicodeDecodeError as error:
        raise UsageError(f"{file.name} is not UTF-8.") from error
    for number, line in lines:
        if line.strip():
            try:
                found.entries.append(_parse(line, number))
            except UsageError as error:
                if strict:
                    raise
                found.wrong.append(error)
    return found


def check_length(question: str, what: str) -> None:
    """Raise UsageError, which calls the question `what`, when a question is too long."""
    if len(question) > LONGEST_QUESTION:
        raise UsageError(
            f"{what} has {len(question)} characters; up to {LONGEST_QUESTION} are read."
        )


def _parse(line: str, number: int) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise UsageError(f"Line {number} of the input is not JSON.") from error
    if not isinstance(entry, dict) or not isinstance(entry.get("question"), str):
        raise UsageError(f'Line {number} of the input has no "question".')
    check_length(entry["question"], f"The question in line {number} of the input")
    return entry
