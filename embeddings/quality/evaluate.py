"""A data set to metrics: does the right passage come first, and does the program know it?"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from embeddings.index.build import build_index
from embeddings.model.encoder import Model
from embeddings.progress import Progress
from embeddings.quality.dataset import Question, load_questions
from embeddings.search.answer import Answer, Hit
from embeddings.search.search import Searcher

DEPTH = 10
"""Passages looked at for each question."""


@dataclass(frozen=True)
class Asked:
    """A question of the data set and what came back."""

    question: Question
    answer: Answer

    @property
    def hits(self) -> list[bool]:
        """Whether each passage, best first, answers."""
        return [self.question.is_answered_by(found) for found in self.answer.passages]

    @property
    def best(self) -> Hit | None:
        """The first passage."""
        return self.answer.passages[0] if self.answer.passages else None


@dataclass(frozen=True)
class Metrics:
    """Shares in [0, 1]; None where nothing in the data set can tell.

    Attributes:
        questions: how many.
        answer_at_1: the first passage answers, of the answerable questions.
        answer_at_3: one of the first three does.
        mrr_at_10: mean of 1 / rank of the first passage that answers, 0 beyond the tenth.
        article_at_1: the first passage is from the right article.
        highlight_at_1: the highlight of the first passage holds an answer or overlaps one.
        passage_length: mean length of the first passage in characters.
        auroc: of `confidence`, answerable against unanswerable questions.
        answered: share of the answerable questions that were answered.
        false_answers: share of the unanswerable ones that were.
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
    milliseconds: float | None


@dataclass(frozen=True)
class Evaluation:
    """The metrics of a data set in all and by language, and every question with its answer."""

    name: str
    total: Metrics
    by_language: dict[str, Metrics]
    asked: tuple[Asked, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the metrics as the command line prints them."""
        return {
            "dataset": self.name,
            "all": asdict(self.total),
            "by_language": {name: asdict(metrics) for name, metrics in self.by_language.items()},
        }


def evaluate(
    dataset: Path,
    index: Path,
    model: Model,
    *,
    calibration: Path | None = None,
    reranker: str | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Bring an index of the data set's articles up to date, and ask every question.

    Args:
        dataset: a folder with `seeds/` and `questions.jsonl`.
        index: where its index is kept from one evaluation to the next.
        model: what to evaluate.
        calibration: a file of one's own instead of the shipped one.
        reranker: a CrossEncoder's name or directory.
        progress: told how far the work is.

    Raises:
        DatasetError: the data set is malformed.
        PassageBotError: it cannot be indexed.
    """
    questions = load_questions(dataset)
    build_index(dataset / "seeds", index, model, progress=progress)
    searcher = Searcher.open(index, model, calibration, reranker)
    try:
        asked = []
        for number, question in enumerate(questions):
            if progress:
                progress("ask", number, len(questions))
            asked.append(Asked(question, searcher.search(question.text, DEPTH)))
    finally:
        searcher.close()
    languages = sorted({entry.question.language for entry in asked})
    return Evaluation(
        dataset.resolve().name,
        measure(asked),
        {name: measure([a for a in asked if a.question.language == name]) for name in languages},
        tuple(asked),
    )


def measure(asked: Sequence[Asked]) -> Metrics:
    """Return the metrics of some questions."""
    from statistics import median

    answerable = [entry for entry in asked if entry.question.answerable]
    others = [entry for entry in asked if not entry.question.answerable]
    best = [(entry.question, entry.best) for entry in answerable if entry.best]
    spans = [entry for entry in answerable if entry.question.page is None]
    return Metrics(
        questions=len(asked),
        **_ranking_metrics(answerable),
        article_at_1=_share(q.article == found.passage.article for q, found in best),
        highlight_at_1=_share(bool(e.best and e.question.is_highlighted_by(e.best)) for e in spans),
        passage_length=_mean([len(found.passage.text) for _, found in best]),
        auroc=_auroc(asked),
        answered=_share(bool(e.answer.answered) for e in answerable) if _decided(asked) else None,
        false_answers=_share(bool(e.answer.answered) for e in others) if _decided(asked) else None,
        milliseconds=median([e.answer.took.total for e in asked]) if asked else None,
    )


def _ranking_metrics(answerable: Sequence[Asked]) -> dict[str, float | None]:
    import ir_measures
    from ir_measures import RR, Qrel, ScoredDoc, Success

    names = {"answer_at_1": Success @ 1, "answer_at_3": Success @ 3, "mrr_at_10": RR @ DEPTH}
    if not answerable:
        return dict.fromkeys(names)
    # A question whose answer was not found has one relevant passage that no ranking holds.
    judged = [
        Qrel(str(n), "missed", 1) for n, entry in enumerate(answerable) if not any(entry.hits)
    ]
    ranked = [ScoredDoc(str(n), "none", 0.0) for n, _ in enumerate(answerable)]
    for number, entry in enumerate(answerable):
        for place, hit in enumerate(entry.hits):
            judged.append(Qrel(str(number), str(place), int(hit)))
            ranked.append(ScoredDoc(str(number), str(place), float(DEPTH - place)))
    found = ir_measures.calc_aggregate(list(names.values()), judged, ranked)
    return {name: float(found[measure]) for name, measure in names.items()}


def _auroc(asked: Sequence[Asked]) -> float | None:
    from sklearn.metrics import roc_auc_score

    labels = [entry.question.answerable for entry in asked]
    if len(set(labels)) < 2 or not _decided(asked):
        return None
    return float(roc_auc_score(labels, [entry.answer.confidence for entry in asked]))


def _decided(asked: Sequence[Asked]) -> bool:
    return all(entry.answer.answered is not None for entry in asked)


def _share(values: Iterable[bool]) -> float | None:
    return _mean([float(value) for value in values])


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
