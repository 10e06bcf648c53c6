"""Answers questions: encode, rank, deduplicate, highlight, decide."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from embeddings.array_types import Floats, Rows
from embeddings.errors import IndexDamaged, IndexMismatch
from embeddings.index.embed import texts_of
from embeddings.index.late_interaction import dequantize
from embeddings.index.location import Location
from embeddings.index.manifest import ModelEntry
from embeddings.index.open import open_index
from embeddings.index.search_index import IndexSnapshot, SearchIndex
from embeddings.index.token_means import token_means_for
from embeddings.model.encoder import Encoder, Encoding, Model
from embeddings.search.answer import Answer, Hit, Timing
from embeddings.search.answer_type import lacks_specific_answer_type, needs_literal_answer
from embeddings.search.confidence import FAIRLY_SURE, SURE, Calibration, calibration_for
from embeddings.search.deduplicate import deduplicate, join_halves
from embeddings.search.highlight import finish_highlights, highlight_by_verdict, highlight_of
from embeddings.search.names import says_the_opposite
from embeddings.search.question_form import asks_for_overview, is_noise, latest_from, normalise
from embeddings.search.question_similarity import mean_question_vector, question_vector
from embeddings.search.ranking import Ranked, Ranking, extend_dense, rank
from embeddings.search.reranker import CrossEncoderReranker, Reranker
from embeddings.text.keyboard import as_meant
from embeddings.verifier.verifier import Verdict, Verifier, shipped_verifier

DEFAULT_K = 5
_UNSURE = round(SURE - 0.01, 2)
"""Most confidence of what plainly lacks something."""
_LIKELY = 0.6
"""Confidence below which the sentence itself must have a price or the like that is asked for."""
_MOST_READ, _NEARLY_AS_HIGH = 3, 0.1
"""Hits that the verifier reads where the first does not say what is asked, and how far they may be
below the first in score."""
_VERDICT_WEIGHT, _CLEARLY = 0.01, 1.0
"""Weight of a verdict's logit beside the score, and by how much it must be greater."""


@dataclass(frozen=True)
class EncodedQuestion:
    """A question that is encoded.

    Attributes:
        question: the question as it was asked.
        normalised: the text that was encoded.
        encoding: None for a question without words.
        took_ms: milliseconds that its whole batch took to encode.
        understood: the question as it was understood, where that is not what was typed.
    """

    question: str
    normalised: str
    encoding: Encoding | None
    took_ms: float
    understood: str | None = None


class Searcher:
    """Answers questions from one open index. Not thread-safe, as the encoder is not."""

    def __init__(
        self,
        index: SearchIndex,
        encoder: Encoder,
        calibration: Calibration | None,
        reranker: Reranker | None = None,
        verifier: Verifier | None = None,
    ) -> None:
        self.index = index
        self._encoder = encoder
        self._calibration = calibration
        self._reranker = reranker
        self._verifier = verifier
        self._token_means = token_means_for(index.manifest.model.digest, encoder.dimension)

    @classmethod
    def open(
        cls,
        location: Location,
        model: Model,
        calibration: Path | None = None,
        reranker: str | None = None,
    ) -> Self:
        """Open an index and load the model.

        Args:
            location: the directory of the index, or the database that holds it.
            model: the model that the index was built with.
            calibration: a calibration file; None for the shipped calibration.
            reranker: name or directory of a CrossEncoder; None for no reranking.

        Raises:
            IndexMissing: nothing has been built.
            IndexDamaged: a file was changed since it was written.
            IndexMismatch: the index was built with another model.
            CalibrationError: the file holds no calibration, or one for another model.
            ModelError: the model does not load.
        """
        index = open_index(location)
        try:
            _check_model(index.manifest.model, model.name, model.digest)
            return cls._of(index, model, calibration, reranker)
        except BaseException:
            index.close()
            raise

    @classmethod
    def empty(
        cls,
        model: Model,
        calibration: Path | None = None,
        reranker: str | None = None,
        damage: IndexDamaged | None = None,
    ) -> Self:
        """Load the model, and search no articles, until the first build of an index has ended.

        Args:
            model: the model of that index.
            calibration: a calibration file; None for the shipped calibration.
            reranker: name or directory of a CrossEncoder; None for no reranking.
            damage: what is wrong with the index that is being built again.

        Raises:
            CalibrationError: the file holds no calibration, or one for another model.
            ModelError: the model does not load.
        """
        from embeddings.index.local.empty import open_empty  # with all that builds

        return cls._of(open_empty(model, damage), model, calibration, reranker)

    @classmethod
    def _of(
        cls,
        index: SearchIndex,
        model: Model,
        calibration: Path | None,
        reranker: str | None,
    ) -> Self:
        encoder = model.load()
        # The weights of the verifier were fitted to the shipped calibration.
        verifier = None if calibration else shipped_verifier(model.digest, encoder)
        return cls(
            index,
            encoder,
            calibration_for(model.digest, calibration),
            CrossEncoderReranker(reranker) if reranker else None,
            verifier,
        )

    def reopened(self, location: Location) -> Self:
        """Open the index as it is now, with the same model and settings.

        Raises:
            StoreError: the index cannot be opened, or was built with another model.
        """
        index = open_index(location)
        try:
            model = self.index.manifest.model
            _check_model(index.manifest.model, model.name, model.digest)
        except BaseException:
            index.close()
            raise
        return type(self)(index, self._encoder, self._calibration, self._reranker, self._verifier)

    def search(self, question: str, k: int = DEFAULT_K) -> Answer:
        """Return the best `k` passages for a question, and whether the first one answers it.

        There are no passages for a question without words, or from an empty index.
        """
        (encoded,) = self.encode([question])
        return self.answer(encoded, k)

    def encode(self, questions: Sequence[str]) -> list[EncodedQuestion]:
        """Encode questions for `answer`; a batch is faster than one by one."""
        started = time.perf_counter()
        typed = [normalise(question) for question in questions]
        meant = [as_meant(text) for text in typed]
        texts = [other or text for text, other in zip(typed, meant, strict=True)]
        batch = [text for text in texts if text]
        encodings = iter(self._encoder.encode_questions(batch) if batch else ())
        took = 1000 * (time.perf_counter() - started)
        return [
            EncodedQuestion(question, text, next(encodings) if text else None, took, other)
            for question, text, other in zip(questions, texts, meant, strict=True)
        ]

    def answer(
        self, question: EncodedQuestion, k: int = DEFAULT_K, among: Rows | None = None
    ) -> Answer:
        """Return what `search` returns, for an encoded question.

        Args:
            question: the question.
            k: how many passages.
            among: rows of the passages that may be found, rising; None for all.
        """
        return self.index.snapshot(lambda index: self._answer(index, question, k, among))

    def _answer(
        self, index: IndexSnapshot, question: EncodedQuestion, k: int, among: Rows | None
    ) -> Answer:
        encoding, calibration = question.encoding, self._calibration
        if encoding is None or not len(index):
            if calibration is None:
                return Answer(question.question, ())
            return Answer(question.question, (), answered=False, confidence=0.0)
        started = time.perf_counter()
        beginnings = _beginnings(index, question.normalised) if among is None else []
        if beginnings:
            among = np.array(beginnings)
        ranking = rank(
            index,
            question.normalised,
            encoding,
            self._token_means,
            among,
            reranker=self._reranker,
        )
        ranked = ranking.ranked
        if len(ranked) < k:
            ranked = [*ranked, *extend_dense(index, ranked, encoding.vector, 2 * k, among)]
        if beginnings:
            ranked = [replace(candidate, sentence=0) for candidate in ranked]
        hits, rows = deduplicate(index, ranked, max(k, _MOST_READ), question.normalised)
        answered = confidence = None
        if calibration is not None:
            hits, answered, confidence = self._decided(
                index, question.normalised, calibration, ranking, hits, rows, len(beginnings)
            )
        hits = join_halves(hits[:k])
        search = 1000 * (time.perf_counter() - started)
        took = Timing(encode=question.took_ms, search=search, total=question.took_ms + search)
        return Answer(question.question, hits, answered, confidence, took, question.understood)

    def _decided(
        self,
        index: IndexSnapshot,
        question: str,
        calibration: Calibration,
        ranking: Ranking,
        hits: tuple[Hit, ...],
        rows: Sequence[int],
        beginnings: int,
    ) -> tuple[tuple[Hit, ...], bool, float]:
        """Return the hits, the best one first and marked, whether it answers, and how surely.

        Args:
            index: the index.
            question: the normalised question.
            calibration: what decides before the verifier.
            ranking: all candidates.
            hits: the best ones.
            rows: of the hits.
            beginnings: how many articles there are, for a question what they are about, else 0.
        """
        answered = calibration.answered(ranking.features)
        place, verdict = 0, None
        if answered and not (beginnings or ranking.clause):
            place, verdict = self._read(index, question, ranking, hits, rows)
        if place:  # another one than ranked first
            ranking = ranking.with_first(rows[place])
            hits = _with_first(index, hits, place, ranking.ranked[0])
        confidence = calibration.confidence(ranking.features)
        if verdict and self._verifier:
            marked = highlight_by_verdict(index, rows[place], hits[0], question, verdict)
            hits = (replace(hits[0], highlight=marked), *hits[1:])
            is_unlearnt = latest_from(question) or ranking.is_plain
            confidence, answered = self._verifier.decide(
                confidence, verdict, may_refuse=bool(place) or not is_unlearnt
            )
        confidence, answered = _decide(confidence, answered, ranking, question, hits)
        answered = answered and not (ranking.of_another and verdict and verdict.logit < 0)
        if place:
            confidence = min(confidence, _UNSURE)
        if beginnings == 1:  # it is what the only article is about
            confidence, answered = max(confidence, SURE), True
        hits = finish_highlights(hits, question, answered, confidence, verdict)
        return hits, answered, confidence

    def _read(
        self,
        index: IndexSnapshot,
        question: str,
        ranking: Ranking,
        hits: Sequence[Hit],
        rows: Sequence[int],
    ) -> tuple[int, Verdict | None]:
        """Return which hit is to be the first, by the verifier, and the verdict on it.

        Another hit comes first where the first does not say what is asked and the other, nearly as
        high in score, more probably does. Where the first is not the one with the highest score,
        it was put first for what it holds, and stays. The network has not learnt from two questions
        that are asked together.
        """
        first = self._verdict(question, ranking.directions, index, rows[0])
        chosen = 0, first
        is_chosen = hits[0].score < max(hit.score for hit in hits)
        stays = is_chosen or self._reranker or latest_from(question)
        if first is None or first.logit >= 0 or stays:
            return chosen
        most = hits[0].score + _VERDICT_WEIGHT * first.logit
        ranked = {candidate.row for candidate in ranking.ranked}  # others are known by vector alone
        for place in range(1, min(_MOST_READ, len(rows))):
            is_near = hits[place].score >= hits[0].score - _NEARLY_AS_HIGH
            if not is_near or rows[place] not in ranked:
                continue
            verdict = self._verdict(question, ranking.directions, index, rows[place])
            if verdict is None or verdict.logit < first.logit + _CLEARLY:
                continue
            score = hits[place].score + _VERDICT_WEIGHT * verdict.logit
            if score > most:
                most, chosen = score, (place, verdict)
        return chosen

    def _verdict(
        self, question: str, directions: Floats, index: IndexSnapshot, row: int
    ) -> Verdict | None:
        """Read a question and a passage together, if it has tokens and it can be done."""
        if self._verifier is None:
            return None
        (text,) = texts_of(index.passages.get([row]), self._encoder)
        packed, *_ = index.tokens(np.array([row]))
        return self._verifier.judge(question, directions, text, dequantize(packed))

    def question_vector(self, question: str) -> Floats:
        """Return a unit vector of what a question asks, for `cluster_questions`; zeros if empty."""
        (encoding,) = self._encoder.encode_questions([normalise(question)])
        return question_vector(encoding, self._mean_question_vector)

    @cached_property
    def _mean_question_vector(self) -> Floats:
        return mean_question_vector(self._encoder)

    def close(self) -> None:
        """Close the index."""
        self.index.close()


def _beginnings(index: IndexSnapshot, question: str) -> list[int]:
    """Return the first passage of every article for a question what an article is about."""
    if not asks_for_overview(question):
        return []
    return sorted(record.rows.start for record in index.passages.articles() if record.rows)


def _with_first(
    index: IndexSnapshot, hits: tuple[Hit, ...], place: int, candidate: Ranked
) -> tuple[Hit, ...]:
    """Return hits with one of them before the others, highlighted as its candidate says."""
    text = hits[place].passage.text
    highlight = highlight_of(index, candidate.row, candidate.sentence, text)
    return replace(hits[place], highlight=highlight), *hits[:place], *hits[place + 1 :]


def _decide(
    confidence: float, answered: bool, ranking: Ranking, question: str, hits: tuple[Hit, ...]
) -> tuple[float, bool]:
    """Return both as they are where nothing is plainly lacking, and nothing is certain.

    What plainly lacks what is asked is never sure: a name, a year or several words that stand
    nowhere, a price or a person that is not in the highlight. A clause that is asked for by its
    number answers, and nothing else does.
    """
    features = ranking.features
    if is_noise(question):
        return 0.0, False
    if ranking.clause and ranking.alone:
        return max(confidence, SURE), True
    highlight = hits[0].highlight
    if (
        ranking.clause is False
        or ranking.of_another
        or features.lacks_essentials
        or (highlight and lacks_specific_answer_type(question, highlight.text))
        or (highlight and says_the_opposite(question, highlight.text))
    ):
        confidence = min(confidence, _UNSURE)
    elif ranking.clause:
        confidence, answered = max(confidence, FAIRLY_SURE), True
    lacked = 1.0 if confidence >= _LIKELY else 0.5
    lacks_all = features.kind >= lacked and needs_literal_answer(question)
    return confidence, answered and not (ranking.clause is False or lacks_all)


def _check_model(built_with: ModelEntry, name: str, digest: str) -> None:
    if built_with.digest != digest:
        raise IndexMismatch(
            f"The index was built with the model {built_with.name} ({built_with.digest}), and now "
            f"{name} ({digest}) is asked for. Build it again, "
            "python -m embeddings build, or set EMBEDDING_MODEL back."
        )
