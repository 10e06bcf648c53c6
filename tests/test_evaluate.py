"""Metrics and the report: each number against one computed by hand."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from embeddings.errors import DatasetError, UsageError
from embeddings.model.encoder import Model
from embeddings.quality.dataset import Question
from embeddings.quality.evaluate import DEPTH, Evaluation, Judged, Metrics, evaluate, measure
from embeddings.quality.report import table, write_report
from embeddings.search.answer import Answer, Timing
from tests.conftest import calibration_file
from tests.test_dataset import dataset, found


def asked(
    place: int | None,
    *,
    answerable: bool = True,
    answered: bool | None = True,
    confidence: float | None = 0.9,
    milliseconds: float = 1.0,
    language: str = "en",
    mark: str = "",
    passages: int = DEPTH,
    others: str = "a.txt",
    page: int | None = None,
) -> Judged:
    """A question whose answer is in the passage at `place`, counted from 1."""
    question = Question("q", language, "Where?", "a.txt" if answerable else None, ("yes",), page)
    if not answerable:
        question = replace(question, answers=())
    listed = [
        found("yes, it is here", mark=mark if number == 1 else "")
        if number == place
        else found("no, not here, not at all", others)
        for number in range(1, passages + 1)
    ]
    answer = Answer("Where?", tuple(listed), answered, confidence, Timing(total=milliseconds))
    return Judged(question, answer)


PLACES = (1, 1, 3, 4, 10, None)


def test_ranks() -> None:
    """Found at 1, 1, 3, 4, 10, and never: reciprocal ranks 1, 1, 1/3, 1/4, 1/10, 0."""
    metrics = measure([asked(place, milliseconds=ms) for ms, place in enumerate(PLACES)])
    assert metrics.questions == 6
    assert metrics.milliseconds == 2.5  # the median
    assert metrics.answer_at_1 == pytest.approx(2 / 6)
    assert metrics.answer_at_3 == pytest.approx(3 / 6)
    assert metrics.mrr_at_10 == pytest.approx((1 + 1 + 1 / 3 + 1 / 4 + 1 / 10) / 6)


def test_what_counts_of_a_ranking() -> None:
    """The eleventh passage does not; several that answer count once; nothing found is a miss."""
    assert measure([asked(11, passages=12), asked(1)]).mrr_at_10 == pytest.approx(1 / 2)
    both = asked(1)
    listed = (found("yes"), found("yes too"), *both.answer.passages[2:])
    metrics = measure([replace(both, answer=replace(both.answer, passages=listed))])
    assert (metrics.answer_at_1, metrics.mrr_at_10) == (1, 1)
    metrics = measure([asked(None, passages=0, answered=False, confidence=0.0), asked(1)])
    assert metrics.answer_at_1 == metrics.answer_at_3 == metrics.mrr_at_10 == 0.5
    assert metrics.article_at_1 == 1  # of those that found anything


def test_articles_highlights_and_lengths() -> None:
    right, wrong = asked(1, mark="yes"), asked(1, mark="it is")
    metrics = measure([right, wrong, asked(1), asked(2, others="b.txt")])
    assert metrics.article_at_1 == pytest.approx(3 / 4)
    assert metrics.highlight_at_1 == pytest.approx(1 / 4)
    assert metrics.passage_length == pytest.approx((3 * 15 + 24) / 4)
    on_a_page = measure([asked(1, page=3)])  # the passage lies on none
    assert (on_a_page.highlight_at_1, on_a_page.answer_at_1, on_a_page.article_at_1) == (None, 0, 1)


def test_abstention() -> None:
    """Of 2 answerable and 4 unanswerable questions; pairs in the right order: 7 of 8."""
    metrics = measure(
        [
            asked(1, confidence=0.9, answered=True),
            asked(1, confidence=0.5, answered=False),
            *(
                asked(None, answerable=False, confidence=confidence, answered=confidence > 0.55)
                for confidence in (0.6, 0.4, 0.2, 0.1)
            ),
        ]
    )
    assert metrics.auroc == pytest.approx(7 / 8)
    assert metrics.answered == pytest.approx(1 / 2)
    assert metrics.false_answers == pytest.approx(1 / 4)
    assert metrics.false_answers_sure == 0
    assert metrics.answer_at_1 == 1  # of the answerable ones only


def test_near_misses() -> None:
    """A quarter of the questions: of 4 answerable ones 2 are told as sure, one of them wrongly."""
    answerable = [
        asked(1, confidence=0.95),
        asked(2, confidence=0.92),
        asked(1, confidence=0.6),
        asked(1, confidence=0.95, answered=False),
    ]
    near = [asked(None, confidence=0.93), asked(None, confidence=0.3, answered=False)]
    metrics = measure(answerable, near)
    assert metrics.near_misses_answered == metrics.near_misses_sure == pytest.approx(1 / 2)
    assert metrics.near_miss_auroc == pytest.approx(6 / 8)
    assert metrics.sure == pytest.approx(2 / 4)
    assert metrics.sure_right == pytest.approx(3 * 0.25 / (3 * 0.25 + 3 * 0.25 + 0.5))
    assert measure(answerable).near_miss_auroc is None


def test_a_near_miss_is_asked_without_what_answers(data: Path, tmp_path: Path, tiny: Model) -> None:
    evaluation = evaluate(data, tmp_path / "index", tiny, near_misses=True)
    assert [entry.question.id for entry in evaluation.near_misses] == [
        entry.question.id for entry in evaluation.judged if entry.question.answerable
    ]
    assert any(any(entry.hits) for entry in evaluation.judged)
    assert not any(any(entry.hits) for entry in evaluation.near_misses)


def test_what_cannot_be_told_is_none_and_not_a_number() -> None:
    assert measure([]) == Metrics(0, *[None] * (len(fields(Metrics)) - 1))
    only = measure([asked(1), asked(2)])
    assert (only.auroc, only.false_answers) == (None, None)
    assert only.answered == 1
    none = measure([asked(None, answerable=False)])
    assert (none.answer_at_1, none.answer_at_3, none.mrr_at_10) == (None, None, None)
    assert (none.article_at_1, none.highlight_at_1, none.answered, none.auroc) == (None,) * 4
    assert none.false_answers == 1
    unknown: dict[str, Any] = {"answered": None, "confidence": None}
    undecided = measure([asked(1, **unknown), asked(None, answerable=False, **unknown)])
    assert (undecided.auroc, undecided.answered, undecided.false_answers) == (None, None, None)
    assert undecided.answer_at_1 == 1


# The whole way


ARTICLES = {
    "lighthouse.txt": "The lighthouse\n\nThe lighthouse was built in granite by forty masons.\n",
    "bread.txt": "Baking\n\nLet the dough rise for two hours in some warm place.\n",
}
QUESTIONS: list[dict[str, Any]] = [
    {"id": "1", "lang": "en", "question": "Which masons built the lighthouse?"}
    | {"article": "lighthouse.txt", "answers": ["forty masons"]},
    {"id": "2", "lang": "en", "question": "How many hours must the dough rise?"}
    | {"article": "bread.txt", "answers": ["two hours"]},
    {"id": "3", "lang": "uk", "question": "Чому dough?"}
    | {"article": "bread.txt", "answers": ["never said"]},
    {"id": "4", "lang": "uk", "question": "Хто такий granite?", "article": None},
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = dataset(tmp_path / "my data", *QUESTIONS)
    for name, text in ARTICLES.items():
        (folder / "seeds" / name).write_text(text, encoding="utf-8")
    return folder


def test_a_data_set_is_indexed_and_asked(data: Path, tmp_path: Path, tiny: Model) -> None:
    told: list[tuple[str, int, int]] = []
    evaluation = evaluate(
        data,
        tmp_path / "index",
        tiny,
        calibration=calibration_file(tmp_path, 0.75),
        progress=lambda *what: told.append(what),
    )
    assert evaluation.name == "my data"
    total = evaluation.total
    assert total.questions == 4
    assert total.answer_at_1 == total.answer_at_3 == total.mrr_at_10 == pytest.approx(2 / 3)
    assert total.article_at_1 == 1
    assert total.highlight_at_1 == pytest.approx(2 / 3)
    assert (total.answered, total.false_answers, total.auroc) == (1, 1, 0.5)
    assert set(evaluation.by_language) == {"en", "uk"}
    assert evaluation.by_language["en"].answer_at_1 == 1
    assert evaluation.by_language["uk"].answer_at_1 == 0
    assert [entry.question.id for entry in evaluation.judged] == ["1", "2", "3", "4"]
    assert {what for what, _, _ in told} == {"read", "encode", "ask"}
    assert evaluation.by_part == {}
    # the second time everything is there already, and an edited article is read again
    (data / "seeds" / "bread.txt").write_text("Baking\n\nNobody knows, and nobody ever asked.\n")
    again = evaluate(data, tmp_path / "index", tiny)
    assert again.total.answer_at_1 == pytest.approx(1 / 3)
    assert again.total.answered is None


def test_a_malformed_data_set_is_named_before_anything_is_built(
    data: Path, tmp_path: Path, tiny: Model
) -> None:
    (data / "questions.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="line 1"):
        evaluate(data, tmp_path / "index", tiny)
    assert not (tmp_path / "index").exists()


# The report


def evaluation_of(*entries: Judged) -> Evaluation:
    return Evaluation("set", measure(entries), {"en": measure(entries)}, entries)


MIXED = (
    asked(1, confidence=0.97),
    asked(2, confidence=0.91, answered=True),
    asked(1, confidence=0.3, answered=False),
    asked(None, confidence=0.2, answered=False),
    asked(None, answerable=False, confidence=0.8, answered=True),
    asked(None, answerable=False, confidence=0.1, answered=False),
    asked(None, passages=0, confidence=0.0, answered=False),
)


def test_the_table_has_a_row_for_each_metric() -> None:
    lines = table(evaluation_of(*MIXED)).splitlines()
    assert lines[0] == "| set | all | en |"
    assert len(lines) == 2 + len(fields(Metrics))
    assert all(line.count("|") == 4 for line in lines)
    assert "| questions | 7 | 7 |" in lines
    assert "| false answers | 0.500 | 0.500 |" in lines
    assert "–" in table(evaluation_of(asked(1)))
    parts = replace(evaluation_of(*MIXED), by_part={"held-out": measure(MIXED[:2])})
    assert table(parts).splitlines()[0] == "| set | all | en | held-out |"


def test_a_report_has_pictures_and_names_the_misses(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "report"
    write_report(evaluation_of(*MIXED), folder)
    names = ["confidence.png", "reliability.png", "risk-coverage.png"]
    assert {path.name for path in folder.iterdir()} == {*names, "report.md"}
    for name in names:
        assert (folder / name).read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
        assert (folder / name).stat().st_size > 2000
    page = (folder / "report.md").read_text(encoding="utf-8")
    assert all(f"]({name})" in page for name in names)
    assert "Answered, and the first passage does not answer: 2" in page
    assert "Not answered, though the first passage answers: 1" in page
    wrong = page.index("confidence 0.91"), page.index("confidence 0.80")
    assert wrong[0] < wrong[1]  # the surest first
    assert "confidence 0.30" in page
    assert "confidence 0.97" not in page


@pytest.mark.parametrize(
    "entries",
    [
        (asked(1),),
        (asked(None, answerable=False, answered=False, confidence=0.0),),
        (asked(1, confidence=1.0), asked(1, confidence=0.0, answered=False)),
        (asked(1, answered=None, confidence=None),),
        (asked(None, passages=0, answered=None, confidence=None),),
    ],
    ids=["one", "only unanswerable", "extremes", "undecided", "nothing found"],
)
def test_a_report_of_little_is_a_report(tmp_path: Path, entries: tuple[Judged, ...]) -> None:
    write_report(evaluation_of(*entries), tmp_path)
    assert (tmp_path / "report.md").is_file()
    decided = entries[0].answer.confidence is not None
    assert len(list(tmp_path.glob("*.png"))) == (3 if decided else 0)


def test_a_report_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UsageError, match="cannot be written"):
            write_report(evaluation_of(asked(1)), folder)
