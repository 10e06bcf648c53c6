"""Data sets: what is in a line, which line is wrong, and what counts as an answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from embeddings.articles.article import PageStart
from embeddings.articles.passage import Passage
from embeddings.errors import DatasetError
from embeddings.index.passages import Source
from embeddings.quality.dataset import Question, load_questions
from embeddings.search.answer import Highlight, Hit
from tests.conftest import ROOT

LANGUAGES = ("en", "uk", "ru")
GOOD: dict[str, Any] = {"question": "How?", "article": "a.txt", "answers": ["so"]}


def dataset(folder: Path, *lines: object) -> Path:
    (folder / "seeds").mkdir(parents=True, exist_ok=True)
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (folder / "questions.jsonl").write_text("\n".join(written), encoding="utf-8")
    return folder


def test_a_line_says_all_there_is(tmp_path: Path) -> None:
    full: dict[str, Any] = {"id": "q7", "lang": "uk", "question": "Як?", "article": "тека/a.pdf"}
    full |= {"answers": ["так", "отак"], "page": 12, "previous": "Де це?", "stands_alone": True}
    (question,) = load_questions(dataset(tmp_path, full | {"part": "tune", "note": "of no matter"}))
    assert question == Question(
        "q7", "uk", "Як?", "тека/a.pdf", ("так", "отак"), 12, "Де це?", True, "tune"
    )
    assert question.answerable


def test_what_may_be_left_out(tmp_path: Path) -> None:
    lines = [GOOD, {"question": "Why?", "article": None}, {**GOOD, "answers": None, "page": 3}]
    first, second, third = load_questions(dataset(tmp_path, *lines))
    assert (first.id, first.language, first.page) == ("1", "und", None)
    assert (second.id, second.article, second.answers) == ("2", None, ())
    assert not second.answerable
    assert (third.answers, third.page) == ((), 3)


def test_a_mark_empty_lines_and_other_line_ends_are_no_matter(tmp_path: Path) -> None:
    dataset(tmp_path)
    odd = json.dumps({**GOOD, "question": "a\u2028b\u0085c\x0cd"}, ensure_ascii=False)
    text = f"\n{odd}\r\n  \n{json.dumps(GOOD)}\n"
    (tmp_path / "questions.jsonl").write_bytes(b"\xef\xbb\xbf" + text.encode())
    questions = load_questions(tmp_path)
    assert [question.text for question in questions] == ["a\u2028b\u0085c\x0cd", "How?"]


@pytest.mark.parametrize(
    "line",
    [
        *("nonsense", "{", "[]", "null", "5", '"How?"', "{}"),
        {"question": "How?"},
        {"article": "a.txt", "answers": ["so"]},
        {"question": None, "article": None},
        {"question": 5, "article": None},
        {"question": "", "article": None},
        {"question": " \n", "article": None},
        {"question": "How?", "article": 5, "answers": ["so"]},
        {"question": "How?", "article": "", "answers": ["so"]},
        {"question": "How?", "article": "a.txt"},
        {"question": "How?", "article": "a.txt", "answers": []},
        {"question": "How?", "article": "a.txt", "answers": [""]},
        {"question": "How?", "article": "a.txt", "answers": [5]},
        {"question": "How?", "article": "a.txt", "answers": "so"},
        {"question": "How?", "article": "a.txt", "answers": {"so": 1}},
        {"question": "How?", "article": "a.txt", "answers": ["so"], "page": "12"},
        {"question": "How?", "article": "a.txt", "answers": ["so"], "page": 1.5},
        {"question": "How?", "article": None, "previous": 5},
    ],
    ids=ascii,
)
def test_a_malformed_line_is_named(tmp_path: Path, line: object) -> None:
    with pytest.raises(DatasetError, match=r"questions\.jsonl, line 3: ") as caught:
        load_questions(dataset(tmp_path, GOOD, "", line, GOOD))
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_no_data_set_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no folder seeds/"):
        load_questions(tmp_path / "nowhere")
    (tmp_path / "seeds").mkdir()
    for content, fault in (
        (None, r"questions\.jsonl cannot be read"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"\n \n", "holds no questions"),
    ):
        if content is not None:
            (tmp_path / "questions.jsonl").write_bytes(content)
        with pytest.raises(DatasetError, match=fault):
            load_questions(tmp_path)


# What counts


def found(text: str, article: str = "a.txt", page: int | None = None, mark: str = "") -> Hit:
    start = text.find(mark)
    highlight = Highlight(start, start + len(mark), mark) if mark else None
    passage = Passage(article, 0, len(text), text, (), (PageStart(0, page),) if page else ())
    return Hit(passage, Source(article, "A", None, None, "en"), 1.0, highlight)


def asked(*answers: str, page: int | None = None) -> Question:
    return Question("1", "en", "?", "a.txt", answers, page)


@pytest.mark.parametrize(
    ("question", "passage", "is_answered"),
    [
        (asked("twenty countries", "20"), found("Nearly twenty countries joined."), True),
        (asked("twenty countries", "20"), found("In all 20."), True),
        (asked("twenty countries", "20"), found("Nearly twenty joined."), False),
        (asked("twenty countries"), found("Nearly twenty countries joined.", "b.txt"), False),
        (asked("of no matter", page=3), found("Anything", page=3), True),
        (asked("of no matter", page=3), found("of no matter", page=4), False),
        (asked("of no matter", page=3), found("of no matter"), False),
        (Question("1", "en", "?", None, ("twenty",), None), found("twenty"), False),
    ],
)
def test_what_answers_is_from_the_article_and_holds_an_answer_or_lies_on_the_page(
    question: Question, passage: Hit, is_answered: bool
) -> None:
    assert question.is_answered_by(passage) is is_answered


@pytest.mark.parametrize(
    ("mark", "right"),
    [
        ("Nearly twenty countries joined.", True),
        ("twenty", True),
        ("countries joined", True),
        ("Nearly", False),
        ("joined.", False),
        ("", False),
    ],
)
def test_a_highlight_is_right_when_it_overlaps_an_answer(mark: str, right: bool) -> None:
    passage = found("Nearly twenty countries joined. It was cold.", mark=mark)
    assert asked("twenty countries").is_highlighted_by(passage) is right


def test_any_place_of_an_answer_may_be_highlighted() -> None:
    text = "In May it rained. In June too. It rained in May again."
    assert asked("May").is_highlighted_by(found(text, mark="It rained in May again."))
    assert not asked("May").is_highlighted_by(found(text, "b.txt", mark="It rained in May again."))


def test_the_data_set_on_the_owners_article_is_sound() -> None:
    """At least 60 questions, three languages, a third unanswerable; each answer is in the text."""
    folder = ROOT / "tests" / "data" / "latvia"
    entries = entries_of(folder)
    assert len(entries) >= 60
    assert len({entry["id"] for entry in entries}) == len(entries)
    assert len({entry["question"] for entry in entries}) == len(entries)
    for language in LANGUAGES:
        own = [entry for entry in entries if entry["lang"] == language]
        assert len(own) >= 20
        assert 0.25 < sum(entry["article"] is None for entry in own) / len(own) < 0.5
    for entry in entries:
        if entry["article"] is not None:
            text = (folder / "seeds" / entry["article"]).read_text(encoding="utf-8")
            assert all(answer in text for answer in entry["answers"]), entry


# The project's own near misses

DATA = ROOT / "tests" / "data"
IN_PARTS = [DATA / "near_misses", DATA / "short_passages"]
LEARNT_FROM = [
    DATA / name / language
    for name in ("near_misses_train", "short_passages_train")
    for language in LANGUAGES
]


@pytest.mark.parametrize(
    "folder",
    [*IN_PARTS, DATA / "paraphrases", *LEARNT_FROM],
    ids=lambda folder: str(folder.relative_to(DATA)),
)
def test_near_misses_and_their_articles_fit_together(folder: Path) -> None:
    entries = entries_of(folder)
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("seeds/*")}
    for entry in entries:
        for answer in entry.get("answers", ()):
            assert texts[entry["article"]].count(answer) == 1, entry
    assert {entry["article"] or entry["about"] for entry in entries} == set(texts)
    assert len({entry["id"] for entry in entries}) == len(entries) == len(load_questions(folder))
    assert len({entry["question"].casefold() for entry in entries}) == len(entries)


@pytest.mark.parametrize("folder", IN_PARTS, ids=lambda folder: folder.name)
def test_an_article_is_in_one_part(folder: Path) -> None:
    tune, held_out = (
        {
            entry["article"] or entry["about"]
            for entry in entries_of(folder)
            if entry["part"] == part
        }
        for part in ("tune", "held-out")
    )
    assert tune and held_out and not tune & held_out


def entries_of(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
