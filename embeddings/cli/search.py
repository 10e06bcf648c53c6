"""`search`: answers one question, or each line of a file."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from embeddings.cli import common
from embeddings.cli.common import (
    answer_settings,
    index_option,
    json_option,
    print_json,
    seeds_option,
)
from embeddings.errors import UsageError
from embeddings.index.location import Location

if TYPE_CHECKING:
    from embeddings.index.manifest import Manifest
    from embeddings.search.answer import Answer
    from embeddings.search.search import Searcher

_BATCH = 32
"""Questions of a file that are encoded at once."""


@click.command()
@click.argument("question", required=False)
@click.option(
    "--input",
    "input_file",
    type=click.File(encoding="utf-8-sig"),
    help='A JSON object with "question" on each line; "-" is standard input.',
)
@click.option("--strict", is_flag=True, help="Answer nothing when a line of --input is wrong.")
@click.option("-k", default=5, show_default=True, type=click.IntRange(1, 100), help="How many.")
@click.option(
    "--page-image",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a picture of the page of a PDF that the best passage stands on (JPEG).",
)
@seeds_option
@index_option
@json_option
def search(
    question: str | None,
    input_file: IO[str] | None,
    strict: bool,
    k: int,
    page_image: Path | None,
    seeds: Path,
    index: Location,
    as_json: bool,
) -> None:
    """Print the passages that answer a question best."""
    from embeddings.console import print_answer
    from embeddings.search.question_form import normalise
    from embeddings.search.search import Searcher

    if (question is None) == (input_file is None):
        raise UsageError("Give one question, or --input with a file of them.")
    if input_file is not None and not as_json:
        raise UsageError("--input prints JSON: add --json.")
    if question is not None:
        if not normalise(question):
            raise UsageError("There are no words in the question.")
        _check_length(question, "The question")
    entries, wrong = _read_questions(input_file) if input_file else ([], [])
    if strict and wrong:
        raise wrong[0]
    with closing(Searcher.open(index, common.model(), **answer_settings())) as searcher:
        if question is None:
            _answer_lines(searcher, entries, wrong, k)
        else:
            answer = searcher.search(question, k)
            if as_json:
                print_json(answer.to_json())
            else:
                print_answer(answer)
            if page_image:
                _write_pictures(page_image, seeds, answer, searcher.index.manifest)


def _write_pictures(path: Path, seeds: Path, answer: "Answer", manifest: "Manifest") -> None:
    """Write the pages of the best passage; all after the first get a number in their name."""
    from embeddings.search.page_pictures import has_page_pictures, page_pictures
    from embeddings.storage.files import write_bytes_atomically

    if not answer.passages or not has_page_pictures(answer.passages[0]):
        raise UsageError("The best passage is not from a PDF, so there is no picture of its page.")
    pictures = page_pictures(seeds, manifest, answer.passages[0])
    for number, picture in enumerate(pictures, start=1):
        target = path if number == 1 else path.with_stem(f"{path.stem}-{number}")
        try:
            write_bytes_atomically(target, picture)
        except OSError as error:
            raise UsageError(f"{target} cannot be written: {error.strerror}.") from error


def _read_questions(file: IO[str]) -> tuple[list[dict[str, Any]], list[UsageError]]:
    """Return the objects on the lines of a file, and what is wrong with other lines.

    Raises:
        UsageError: the file is not UTF-8.
    """
    entries: list[dict[str, Any]] = []
    wrong: list[UsageError] = []
    try:
        lines = file.readlines()
    except UnicodeDecodeError as error:
        raise UsageError(f"{file.name} is not UTF-8.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                entries.append(_parsed(line, number))
            except UsageError as error:
                wrong.append(error)
    return entries, wrong


def _parsed(line: str, number: int) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise UsageError(f"Line {number} of the input is not JSON.") from error
    if not isinstance(entry, dict) or not isinstance(entry.get("question"), str):
        raise UsageError(f'Line {number} of the input has no "question".')
    _check_length(entry["question"], f"The question in line {number} of the input")
    return entry


def _check_length(question: str, what: str) -> None:
    from embeddings.search.question_form import LONGEST_QUESTION

    if len(question) > LONGEST_QUESTION:
        raise UsageError(
            f"{what} has {len(question)} characters; up to {LONGEST_QUESTION} are read."
        )


def _answer_lines(
    searcher: "Searcher", entries: list[dict[str, Any]], wrong: list[UsageError], k: int
) -> None:
    """Print the answer to each line, and then raise UsageError when lines were skipped."""
    for error in wrong:
        click.echo(f"Skipped: {error}", err=True)
    for start in range(0, len(entries), _BATCH):
        batch = entries[start : start + _BATCH]
        encoded = searcher.encode([entry["question"] for entry in batch])
        for entry, one in zip(batch, encoded, strict=True):
            share = replace(one, took_ms=one.took_ms / len(batch))  # of what they took together
            print_json({**entry, **searcher.answer(share, k).to_json()}, indent=None)
    if wrong:
        raise UsageError(f"Lines of the input that were skipped: {len(wrong)}.")
