"""Data sets for `eval` and `calibrate`: a folder of articles, and questions, one a line."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.errors import DatasetError
from embeddings.search.answer import Hit


@dataclass(frozen=True)
class Question:
    """One line of questions.jsonl.

    Attributes:
        article: path of the one that answers; None where no article does.
        answers: strings, each of which answers when it stands in the text.
        page: the page that answers, where that is what counts.
    """

    id: str
    language: str
    text: str
    article: str | None
    answers: tuple[str, ...]
    page: int | None

    @property
    def answerable(self) -> bool:
        """Whether the articles answer it."""
        return self.article is not None

    def is_answered_by(self, found: Hit) -> bool:
        """Whether a passage answers: from the article, and with an answer, or on the page."""
        passage = found.passage
        if self.page is not None:
            return passage.article == self.article and passage.page == self.page
        return self.is_answered_in(passage.article, passage.text)

    def is_answered_in(self, article: str, text: str) -> bool:
        """Whether some text of an article answers: it is the right article, and holds an answer."""
        return article == self.article and any(answer in text for answer in self.answers)

    def is_highlighted_by(self, found: Hit) -> bool:
        """Whether the highlight of a passage that answers holds an answer, or overlaps one."""
        highlight = found.highlight
        if highlight is None or not self.is_answered_by(found):
            return False
        return any(
            start < highlight.end and start + len(answer) > highlight.start
            for answer in self.answers
            for start in _places(found.passage.text, answer)
        )


def load_questions(folder: Path) -> list[Question]:
    """Read `questions.jsonl` of a data set.

    Raises:
        DatasetError: it is missing or malformed; the line is named.
    """
    path = folder / "questions.jsonl"
    if not (folder / "seeds").is_dir():
        raise DatasetError(f"{folder} is no data set: it has no folder seeds/.")
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")  # JSON may hold other line ends
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} cannot be read as UTF-8 text.") from error
    questions = [
        _question(line, number, path) for number, line in enumerate(lines, 1) if line.strip()
    ]
    if not questions:
        raise DatasetError(f"{path} holds no questions.")
    return questions


def _question(line: str, number: int, path: Path) -> Question:
    try:
        entry = json.loads(line)
        return _checked(entry, number)
    except ValueError as error:
        raise DatasetError(f"{path}, line {number}: not JSON.") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise DatasetError(
            f'{path}, line {number}: it needs "question" (text), "article" (a path or null) and '
            '"answers" (a list of texts).'
        ) from error


def _checked(entry: dict[str, Any], number: int) -> Question:
    question, article, answers = entry["question"], entry["article"], entry.get("answers") or []
    page = entry.get("page")
    if not isinstance(answers, list) or not isinstance(page, int | None):
        raise TypeError("wrong types")
    texts = [question, *answers, *([] if article is None else [article])]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise TypeError("wrong types, or an empty text")
    if article is not None and page is None and not answers:
        raise KeyError("answers")
    return Question(
        str(entry.get("id", number)),
        str(entry.get("lang") or "und"),
        question,
        article,
        tuple(answers),
        page,
    )


def _places(text: str, part: str) -> list[int]:
    places, start = [], text.find(part)
    while start >= 0:
        places.append(start)
        start = text.find(part, start + 1)
    return places
