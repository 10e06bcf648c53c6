"""A question to ranked rows of a generation: candidates, late interaction, one score.

No part of the score is relative to the other candidates, so it means the same in a corpus of five
passages and of a hundred thousand. The weights were chosen on a plateau of four data sets; see
docs/quality.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from embeddings.index.late_interaction import TokenMeans, center_and_rotate, maxsim, weights
from embeddings.index.local.generation import Generation
from embeddings.model.encoder import Encoding
from embeddings.search.features import Features
from embeddings.search.reranker import READ, Reranker
from embeddings.storage.ragged import Ragged
from embeddings.text.language import detect
from embeddings.text.lemmas import lemmas

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Rows = NDArray[np.int64]
    Mask = NDArray[np.bool_]

_DENSE, _SENTENCES, _WORDS, _EACH_LANGUAGE = 30, 60, 10, 15
"""Candidates by vectors, by sentences, by words, and by vectors within each language."""

_WORDS_SHARE, _DENSE_SHARE = 0.3, 0.25
_OTHER_LANGUAGE = 0.15
"""What a passage in another language cannot score: common words, and the closer cosines."""

_FROM_PREVIOUS, _FROM_TITLE, _SENTENCE_SHARE = 0.8, 0.9, 0.5
_USUAL_INFORMATION = 50.0
"""Nats of a usual question; small talk has less."""
_NEXT = 9


@dataclass(frozen=True)
class Ranked:
    """One candidate.

    Attributes:
        row: in the generation.
        score: higher is better.
        sentence: number of the sentence that answers.
    """

    row: int
    score: float
    sentence: int


@dataclass(frozen=True)
class Ranking:
    """All candidates, best first, and what was measured of the best."""

    ranked: list[Ranked]
    features: Features


@dataclass(frozen=True)
class Candidates:
    """Passages that are near by some measure; all arrays are in the order of `rows`.

    Attributes:
        rows: in the generation, rising.
        dense: cosine of the passage plus that of its best sentence.
        sentence: cosine of its best sentence.
        covered: share of the question's words.
        cosines: of all its sentences.
    """

    rows: "Rows"
    dense: "Floats"
    sentence: "Floats"
    covered: "Floats"
    cosines: Ragged


@dataclass(frozen=True)
class ScoredCandidates:
    """Passages whose tokens were compared; all arrays but `weights` are in the order of `rows`.

    Attributes:
        late: late interaction, at most 1.
        other_language: whether the question is in another.
        matches: of each segment with each token of the question; the first is the title.
        weights: of the question's tokens.
    """

    rows: "Rows"
    dense: "Floats"
    sentence: "Floats"
    covered: "Floats"
    cosines: Ragged
    late: "Floats"
    other_language: "Mask"
    matches: Ragged
    weights: "Floats"

    @property
    def scores(self) -> "Floats":
        """What candidates are ranked by."""
        total: Floats = (
            self.late
            + _WORDS_SHARE * self.covered
            + _DENSE_SHARE * self.dense
            + _OTHER_LANGUAGE * self.other_language
        )
        return total


def rank(
    generation: Generation,
    question: str,
    encoding: Encoding,
    token_means: TokenMeans,
    among: "Mask | None" = None,
    reranker: Reranker | None = None,
) -> Ranking:
    """Rank the passages of a generation.

    Args:
        generation: holds at least one passage.
        question: normalised.
        encoding: of the question.
        token_means: of the model.
        among: (passages,), True for those that may be found; all, when it is None.
        reranker: reads the best again and puts them in its own order. It chooses the first
            passage; what is measured of that one, and so the confidence, it does not touch.
    """
    language = detect(question, generation.languages)
    candidates = retrieve(generation, encoding.vector, lemmas(question, language), among)
    found = score_late_interaction(generation, candidates, encoding, token_means, language)
    scores = found.scores
    order = np.argsort(-scores, kind="stable")
    if reranker is not None:
        scores = _reread(generation, question, found.rows, scores, order, reranker)
        order = np.argsort(-scores, kind="stable")
    sentences = _answering(found)
    ranked = [
        Ranked(int(found.rows[place]), float(scores[place]), sentences[place]) for place in order
    ]
    return Ranking(ranked, _features(found, candidates, int(order[0]), encoding))


def extend_dense(
    generation: Generation, ranked: Sequence[Ranked], vector: "Floats", count: int
) -> list[Ranked]:
    """Return what comes after the candidates, by vectors alone, for those who ask for many.

    Args:
        generation: the one that was ranked.
        ranked: all candidates, best first.
        vector: of the question.
        count: how many passages to look at, the candidates among them.
    """
    known = [entry.row for entry in ranked]
    rows, cosines = generation.vectors.query(vector[None], count)
    new = ~np.isin(rows[0], known)
    if not new.any():
        return []
    others, scores = rows[0][new], cosines[0][new]
    sentences = generation.sentences.cosines(others, vector)
    return [
        Ranked(int(row), ranked[-1].score + float(score - scores[0]), int(sentences[n].argmax()))
        for n, (row, score) in enumerate(zip(others, scores, strict=True))
    ]


def _reread(
    generation: Generation,
    question: str,
    rows: "Rows",
    scores: "Floats",
    order: "Rows",
    reranker: Reranker,
) -> "Floats":
    """Return the scores with the reranker's for the best; the others keep their order below."""
    best, others = order[:READ], order[READ:]
    entries = generation.passage_store.get(rows[best].tolist())
    reread = np.array(scores)
    reread[best] = reranker.score(question, [passage.text for passage, _ in entries])
    if len(others):
        reread[others] += reread[best].min() - scores[others].max() - 1
    return reread


def retrieve(
    generation: Generation, vector: "Floats", asked: Sequence[str], among: "Mask | None"
) -> Candidates:
    """Return the passages nearest by vector, by sentence, and by the words that are asked for."""
    chosen = [
        generation.vectors.query(vector[None], _DENSE, among)[0][0],
        generation.sentences.passages_near(vector, _SENTENCES),
        generation.bm25.top_k(asked, _WORDS),
    ]
    if len(generation.languages) > 1:
        chosen += [
            generation.vectors.query(vector[None], _EACH_LANGUAGE, mask)[0][0]
            for mask in generation.languages.values()
        ]
    rows = np.unique(np.concatenate(chosen))
    if among is not None:
        rows = rows[among[rows]]
    cosines = generation.sentences.cosines(rows, vector)
    sentence = cosines.max()
    dense = generation.vectors.get(rows) @ vector + sentence
    return Candidates(
        rows, dense, sentence, generation.bm25.normalized_scores(asked, rows), cosines
    )


def score_late_interaction(
    generation: Generation,
    candidates: Candidates,
    encoding: Encoding,
    token_means: TokenMeans,
    language: str,
) -> ScoredCandidates:
    """Compare tokens of the best by vectors, by words, and of each language.

    Cosines favour a question's own language, so each language sends some.
    """
    chosen = [_best(candidates.dense, _DENSE), _best(candidates.covered, _WORDS)]
    if len(generation.languages) > 1:
        for mask in generation.languages.values():
            (there,) = np.nonzero(mask[candidates.rows])
            chosen.append(there[_best(candidates.dense[there], _EACH_LANGUAGE)])
    places = np.unique(np.concatenate(chosen))
    rows = candidates.rows[places]
    cosines = candidates.cosines.take(places)
    matches = maxsim(
        center_and_rotate(encoding.tokens, token_means.of_question(language)),
        *generation.tokens.get(rows),
        cosines.lengths + 1,
    )
    counted = weights(encoding.information)
    own_language = generation.languages.get(language)
    return ScoredCandidates(
        rows=rows,
        dense=candidates.dense[places],
        sentence=candidates.sentence[places],
        covered=candidates.covered[places],
        cosines=cosines,
        late=matches.max() @ counted,
        other_language=np.ones(len(rows), bool) if own_language is None else ~own_language[rows],
        matches=matches,
        weights=counted,
    )


def _answering(found: ScoredCandidates) -> list[int]:
    """Number the sentence that answers, of each candidate.

    What it leaves unsaid, the sentence before it or the title may have said.
    """
    own, titles = found.matches.values, found.matches.first[:-1]
    previous = np.vstack([np.full_like(own[:1], -1), own[:-1]])
    previous[titles + 1] = -1
    title = np.repeat(own[titles], found.matches.lengths, axis=0)
    known = np.maximum(np.maximum(own, _FROM_PREVIOUS * previous), _FROM_TITLE * title)
    said = np.delete(known @ found.weights, titles)
    scores = Ragged(said + _SENTENCE_SHARE * found.cosines.values, found.cosines.first)
    return [int(scores[place].argmax()) for place in range(len(scores))]


def _features(
    found: ScoredCandidates, candidates: Candidates, best: int, encoding: Encoding
) -> Features:
    cross = bool(found.other_language[best])
    return Features(
        late=float(found.late[best]),
        sentence=float(found.sentence[best]),
        words=0.0 if cross else float(found.covered[best]),
        cross=float(cross),
        lead=_lead(found.late, best),
        sentence_lead=_lead(candidates.sentence, int(np.argmax(candidates.sentence))),
        short=max(0.0, 1 - float(encoding.information.sum()) / _USUAL_INFORMATION),
    )


def _lead(scores: "Floats", best: int) -> float:
    """Return how far one candidate stands above the next ones; 0 where there is no other."""
    others = np.delete(scores, best)
    if not len(others):
        return 0.0
    return float(scores[best] - others[_best(others, _NEXT)].mean())


def _best(scores: "Floats", count: int) -> "Rows":
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(-scores, count)[:count]
