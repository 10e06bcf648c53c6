"""Computes the metrics of a data set: ranking, highlights and abstention."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np

from embeddings.array_types import Rows
from embeddings.index.build import build_index
from embeddings.index.location import Location
from embeddings.index.search_index import IndexSnapshot
from embeddings.model.encoder import Model
from embeddings.progress import Progress
from embeddings.quality.dataset import Question, load_questions
from embeddings.search.answer import Answer, Hit
from embeddings.search.confidence import SURE
from embeddings.search.search import Searcher

DEPTH = 10
"""Passages judged for each question."""


@dataclass(frozen=True)
class Judged:
    """A question of the data set with its answer."""

    question: Question
    answer: Answer

    @property
    def hits(self) -> list[bool]:
        """Whether each passage, best first, answers."""
        return [self.question.is_answered_by(hit) for hit in self.answer.passages]

    @property
    def is_right(self) -> bool:
        """Whether the first passage answers."""
        return any(self.hits[:1])

    @property
    def best(self) -> Hit | None:
        """The first passage, if there is one."""
        return self.answer.passages[0] if self.answer.passages else None

    @property
    def is_highlighted(self) -> bool:
        """Whether the highlight of the first passage overlaps an answer."""
        return self.best is not None and self.question.is_highlighted_by(self.best)

    @property
    def is_sure(self) -> bool:
        """Whether it was answered, and told as sure."""
        return bool(self.answer.answered) and (self.answer.confidence or 0) >= SURE


@dataclass(frozen=True)
class Metrics:
    """Shares in [0, 1]; None where the data set has no question to measure it on.

    Attributes:
        questions: number of questions.
        answer_at_1: share of the answerable questions whose first passage answers.
        answer_at_3: share of them with an answer among the first three passages.
        mrr_at_10: mean of 1 / rank of the first passage that answers, 0 beyond rank 10.
        article_at_1: share whose first passage is from the right article.
        highlight_at_1: share whose first passage has a highlight that overlaps an answer.
        passage_length: mean length of the first passage in characters.
        auroc: area under the ROC curve of `confidence`, answerable against unanswerable.
        answered: share of the answerable questions that were answered.
        false_answers: share of the unanswerable questions that were answered.
        false_answers_sure: share of the unanswerable questions whose answer is told as sure.
        sure: share of the answerable questions whose answer is told as sure.
        sure_right: share of the answers told as sure that are right, when a quarter of the
            questions are near misses: answerable ones, asked without the passages that answer.
        near_miss_auroc: area under the ROC curve, answerable questions against near misses.
        near_misses_answered: share of the near misses that were answered.
        near_misses_sure: share of the near misses whose answer is told as sure.
        follow_ups_right: share of the questions with a `previous` one, without which they are not
            to be understood, that were asked together with it and whose first passage answers.
        follow_ups_mistaken: share of those that stand alone that were asked together with it.
        milliseconds: median time of a question.
    """

    questions: int
    answer_at_1: float | None
    answer_at_3: float | None
    mrr_at_10: float | None
    article_at_1: float | None
    highlight_at_1: float | None
    passage_length: float | None
    auroc: float | None
    answered: float | None
    false_answers: float | None
    false_answers_sure: float | None
    sure: float | None
    sure_right: float | None
    near_miss_auroc: float | None
    near_misses_answered: float | None
    near_misses_sure: float | None
    follow_ups_right: float | None
    follow_ups_mistaken: float | None
    milliseconds: float | None


@dataclass(frozen=True)
class Evaluation:
    """The metrics of a data set, in total, by language and by part, and every question answered.

    `near_misses` are the answerable questions, asked again without the passages that answer them.
    """

    name: str
    total: Metrics
    by_language: dict[str, Metrics]
    judged: tuple[Judged, ...]
    near_misses: tuple[Judged, ...] = ()
    by_part: dict[str, Metrics] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the metrics as the command line prints them."""
        return {
            "dataset": self.name,
            "all": asdict(self.total),
            "by_language": {name: asdict(metrics) for name, metrics in self.by_language.items()},
            "by_part": {name: asdict(metrics) for name, metrics in self.by_part.items()},
        }


def evaluate(
    dataset: Path,
    index: Location,
    model: Model,
    *,
    calibration: Path | None = None,
    reranker: str | None = None,
    near_misses: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Build or update an index of the data set's articles, and ask every question.

    Args:
        dataset: a folder with `seeds/` and `questions.jsonl`.
        index: directory of the index, kept for the next evaluation.
        model: the model to evaluate.
        calibration: a calibration file; None for the shipped calibration.
        reranker: name or directory of a CrossEncoder; None for no reranking.
        near_misses: ask every answerable question once more without the passages that answer it.
        progress: called as the work proceeds.

    Raises:
        DatasetError: the data set is malformed.
        PassageBotError: it cannot be indexed.
    """
    questions = load_questions(dataset)
    build_index(dataset / "seeds", index, model, progress=progress)
    judged, missed = [], []
    with closing(Searcher.open(index, model, calibration, reranker)) as searcher:
        for number, question in enumerate(questions):
            if progress:
                progress("ask", number, len(questions))
            (encoded,) = searcher.encode([question.together or question.text])
            judged.append(Judged(question, searcher.answer(encoded, DEPTH)))
            if near_misses and question.answerable:
                others = searcher.index.snapshot(partial(rows_without_answers, question))
                missed.append(Judged(question, searcher.answer(encoded, DEPTH, others)))
    return Evaluation(
        dataset.resolve().name,
        measure(judged, missed),
        _by(lambda question: question.language, judged, missed),
        tuple(judged),
        tuple(missed),
        _by(lambda question: question.part, judged, missed),
    )


def rows_without_answers(question: Question, index: IndexSnapshot) -> Rows:
    """Return the rows of the passages that do not answer a question."""
    rows = np.array([row for row, _ in index.passages.all()], np.int64)
    return rows[~np.isin(rows, question.rows_that_answer(index.passages))]


def _by(
    name_of: Callable[[Question], str], judged: Sequence[Judged], near_misses: Sequence[Judged]
) -> dict[str, Metrics]:
    """Return the metrics of the questions of each name but ""."""
    names = sorted({name_of(entry.question) for entry in judged} - {""})
    return {
        name: measure(
            *(
                [e for e in entries if name_of(e.question) == name]
                for entries in (judged, near_misses)
            )
        )
        for name in names
    }


def measure(judged: Sequence[Judged], near_misses: Sequence[Judged] = ()) -> Metrics:
    """Return the metrics of some questions, and of near misses where they were asked."""
    answerable = [entry for entry in judged if entry.question.answerable]
    others = [entry for entry in judged if not entry.question.answerable]
    best = [(entry.question, entry.best) for entry in answerable if entry.best]
    spans = [entry for entry in answerable if entry.question.page is None]
    later = [entry for entry in judged if entry.question.previous]
    decided = all(entry.answer.answered is not None for entry in judged)
    return Metrics(
        questions=len(judged),
        **_ranking_metrics(answerable),
        article_at_1=_mean([question.article == hit.passage.article for question, hit in best]),
        highlight_at_1=_mean([e.is_highlighted for e in spans]),
        passage_length=_mean([len(hit.passage.text) for _, hit in best]),
        auroc=_auroc(answerable, others) if decided else None,
        answered=_mean([bool(e.answer.answered) for e in answerable]) if decided else None,
        false_answers=_mean([bool(e.answer.answered) for e in others]) if decided else None,
        false_answers_sure=_mean([e.is_sure for e in others]) if decided else None,
        sure=_mean([e.is_sure for e in answerable]) if decided else None,
        sure_right=_sure_right(answerable, near_misses) if decided else None,
        near_miss_auroc=_auroc(answerable, near_misses) if decided else None,
        near_misses_answered=_mean([bool(e.answer.answered) for e in near_misses]),
        near_misses_sure=_mean([e.is_sure for e in near_misses]),
        follow_ups_right=_mean(
            [bool(e.question.together) and e.is_right for e in later if not e.question.stands_alone]
        ),
        follow_ups_mistaken=_mean(
            [bool(e.question.together) for e in later if e.question.stands_alone]
        ),
        milliseconds=median([e.answer.took.total for e in judged]) if judged else None,
    )


def _sure_right(answerable: Sequence[Judged], near_misses: Sequence[Judged]) -> float | None:
    """Return the share of right answers among those told as sure, with a quarter near misses."""
    right = [e.is_sure and e.is_right for e in answerable]
    wrong = [e.is_sure and not e.is_right for e in answerable]
    missed = _mean([e.is_sure for e in near_misses])
    if missed is None or not (any(right) or any(wrong) or missed):
        return None
    share_right, share_wrong = sum(right) / len(right), sum(wrong) / len(wrong)
    return 3 * share_right / (3 * share_right + 3 * share_wrong + missed)


def _ranking_metrics(answerable: Sequence[Judged]) -> dict[str, float | None]:
    import ir_measures
    from ir_measures import RR, Qrel, ScoredDoc, Success

    names = {"answer_at_1": Success @ 1, "answer_at_3": Success @ 3, "mrr_at_10": RR @ DEPTH}
    if not answerable:
        return dict.fromkeys(names)
    # The library leaves out a question without a relevant passage or without a ranked one.
    relevant = [
        Qrel(str(n), "missed", 1) for n, entry in enumerate(answerable) if not any(entry.hits)
    ]
    ranked = [ScoredDoc(str(n), "none", 0.0) for n, _ in enumerate(answerable)]
    for number, entry in enumerate(answerable):
        for rank, answers in enumerate(entry.hits):
            relevant.append(Qrel(str(number), str(rank), int(answers)))
            ranked.append(ScoredDoc(str(number), str(rank), float(DEPTH - rank)))
    values = ir_measures.calc_aggregate(list(names.values()), relevant, ranked)
    return {name: float(values[measure]) for name, measure in names.items()}


def _auroc(answerable: Sequence[Judged], others: Sequence[Judged]) -> float | None:
    from sklearn.metrics import roc_auc_score

    if not answerable or not others:
        return None
    labels = [True] * len(answerable) + [False] * len(others)
    scores = [entry.answer.confidence for entry in (*answerable, *others)]
    return float(roc_auc_score(labels, scores))


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
