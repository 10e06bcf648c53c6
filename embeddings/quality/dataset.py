"""Reads data sets for `eval` and `calibrate`: a folder of articles, and a file of questions."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.articles.folder import list_files, read_bytes
from embeddings.articles.passage import Passage, split
from embeddings.errors import DatasetError
from embeddings.index.embed import Text, texts_of
from embeddings.index.passages import Passages, source_of
from embeddings.model.encoder import Encoder
from embeddings.readers import parse
from embeddings.search.answer import Hit
from embeddings.search.question_form import asked_together


@dataclass(frozen=True)
class Question:
    """One line of questions.jsonl.

    Attributes:
        article: path of the article that answers; None where no article does.
        answers: strings; a passage of the article that contains one of them answers.
        page: the page that answers; when it is given, it counts instead of `answers`.
        previous: the question that the same person asked before.
        stands_alone: whether it is to be understood without the one before.
        part: the part of the data set that it belongs to; "" where there are no parts.
    """

    id: str
    language: str
    text: str
    article: str | None
    answers: tuple[str, ...]
    page: int | None
    previous: str | None = None
    stands_alone: bool = False
    part: str = ""

    @property
    def together(self) -> str | None:
        """The question together with the one before; None where it is asked alone."""
        return self.previous and asked_together(self.text, self.previous)

    @property
    def answerable(self) -> bool:
        """Whether the articles answer it."""
        return self.article is not None

    def is_answered_by(self, hit: Hit) -> bool:
        """Whether a passage of the article contains an answer, or lies on the page."""
        passage = hit.passage
        if self.page is not None:
            return passage.article == self.article and hit.page == self.page
        return self.is_answered_in(passage.article, passage.text)

    def is_answered_in(self, article: str, text: str) -> bool:
        """Whether it is the right article, and the text contains an answer."""
        return article == self.article and any(answer in text for answer in self.answers)

    def rows_that_answer(self, store: Passages) -> list[int]:
        """Return the rows of all passages of the article that answer."""
        rows = store.rows_of_article(self.article) if self.article is not None else None
        passages = zip(rows, store.get(rows), strict=True) if rows else ()
        return [row for row, (passage, _) in passages if self._is_in(passage)]

    def _is_in(self, passage: Passage) -> bool:
        if self.page is not None:
            pages = [page.number for page in passage.pages]
            return bool(pages) and pages[0] <= self.page <= pages[-1]
        return self.is_answered_in(passage.article, passage.text)

    def is_highlighted_by(self, hit: Hit) -> bool:
        """Whether the passage answers, and its highlight overlaps an answer."""
        highlight = hit.highlight
        if highlight is None or not self.is_answered_by(hit):
            return False
        text = hit.passage.text
        return any(
            text.find(answer, max(0, highlight.start - len(answer) + 1)) in range(highlight.end)
            for answer in self.answers
        )


def load_questions(folder: Path) -> list[Question]:
    """Read `questions.jsonl` of a data set.

    Raises:
        DatasetError: the file is missing or malformed; the message names the line.
    """
    path = folder / "questions.jsonl"
    if not (folder / "seeds").is_dir():
        raise DatasetError(f"{folder} is no data set: it has no folder seeds/.")
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")  # JSON may hold other line ends
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} cannot be read as UTF-8 text.") from error
    questions = [_parse(line, number, path) for number, line in enumerate(lines, 1) if line.strip()]
    if not questions:
        raise DatasetError(f"{path} holds no questions.")
    return questions


def texts_of_articles(folder: Path, encoder: Encoder) -> Iterator[tuple[str, list[Text]]]:
    """Yield the path of each article of a data set, and what is encoded of its passages."""
    for file in list_files(folder / "seeds"):
        article = parse(read_bytes(file), file.path)
        passages = split(article, encoder.count_tokens, encoder.max_tokens)
        source = source_of(article)
        yield file.path, texts_of([(passage, source) for passage in passages], encoder)


def _parse(line: str, number: int, path: Path) -> Question:
    try:
        entry = json.loads(line)
        return _question(entry, number)
    except ValueError as error:
        raise DatasetError(f"{path}, line {number}: not JSON.") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise DatasetError(
            f'{path}, line {number}: it needs "question" (text), "article" (a path or null) and '
            '"answers" (a list of texts).'
        ) from error


def _question(entry: dict[str, Any], number: int) -> Question:
    """Return the question of one line; errors are of the types that `_parse` expects."""
    question, article, answers = entry["question"], entry["article"], entry.get("answers") or []
    page, previous = entry.get("page"), entry.get("previous")
    if not isinstance(answers, list) or not isinstance(page, int | None):
        raise TypeError("wrong types")
    texts = [question, *answers, *(one for one in (article, previous) if one is not None)]
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
        previous,
        bool(entry.get("stands_alone")),
        str(entry.get("part") or ""),
    )
