"""Retrieves candidate passages for a question, scores them and ranks them.

A passage's score does not depend on the other candidates, so it means the same in an index of five
passages and of a hundred thousand. The weights lie on a plateau of four data sets: docs/quality.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from embeddings.array_types import Floats, Mask, Rows
from embeddings.index.late_interaction import TokenMeans, center_and_rotate, maxsim, token_weights
from embeddings.index.search_index import Candidates, IndexSnapshot, Query
from embeddings.model.encoder import Encoding
from embeddings.search.answer_type import asks_for_contact, lacks
from embeddings.search.clauses import answering_row, find_clauses, without_clauses
from embeddings.search.features import Features
from embeddings.search.highlight import (
    answering_sentence,
    prefers_passages,
    sentence_scores,
    suits,
    weights_of_latest,
)
from embeddings.search.names import has_names, holds_contact, names_lacked, words_lacked
from embeddings.search.question_form import asks_who_it_is
from embeddings.search.reranker import RERANKED, Reranker
from embeddings.storage.ragged import Ragged
from embeddings.text.language import detect
from embeddings.text.lemmas import lemmas, one_spelling
from embeddings.text.quantities import Quantity, find_quantities

_BY_PASSAGE, _BY_SENTENCE, _BY_BM25, _BY_LANGUAGE = 30, 60, 10, 15
"""Candidates by passage vector, by sentence vector, by BM25, and by passage vector per language."""

_BM25_WEIGHT, _DENSE_WEIGHT = 0.3, 0.25
_OTHER_LANGUAGE_BONUS = 0.11
"""Makes up for what a passage in another language cannot score: common words, closer cosines."""

_USUAL_INFORMATION = 50.0
"""Nats in a usual question; small talk has less."""
_MOST_BY_NUMBERS = 0.5
"""Most of a question that may count as matched because a passage has its numbers."""
_MATCHED_BY_WORDS = 0.5
"""Of the question who someone is, where the passage names them, in whatever case; of one that a row
of a table answers, and of one for an address or phone number where it stands."""
_SUITING, _MOST_BELOW = 5, 0.2
"""Best candidates among which one with what is asked for is put first, and how far it may be below
the best."""
_MOST_INFORMATIVE = 3
"""Tokens of a question of which each should have a match."""
_WRITTEN = re.compile(r"\d+(?:[.,:/]\d+)*")
"""A number, a date or a time as it is written."""
_CODE = re.compile(r"(?<!\w)(?!\d+(?:st|nd|rd|th|s|го|й|я|е)(?!\w))(?=\w*\d)(?=\w*[^\W\d])[^\W_]+")
"""The name of an error, a form, a model or a room: E3, 7a, M83."""
_COMPARED = 9
"""Next best candidates that the best one is compared with for its lead."""


@dataclass(frozen=True)
class Ranked:
    """One candidate.

    Attributes:
        row: row of the passage in the index.
        score: higher is better.
        sentence: number, within the passage, of the sentence that answers best.
    """

    row: int
    score: float
    sentence: int


@dataclass(frozen=True)
class Ranking:
    """All candidates, best first, and the features of the best one.

    Attributes:
        ranked: the candidates.
        features: of the best one.
        clause: whether the best one holds the clause that the question names by its number; None
            where it names none, or that is not certain.
        alone: whether the question asks for nothing else.
        directions: of the question's tokens in late interaction, (q, d).
        is_respelt: whether the best one has all numbers and dates that the question names, some of
            them in another notation.
    """

    ranked: list[Ranked]
    features: Features
    directions: Floats
    clause: bool | None = None
    alone: bool = False
    is_respelt: bool = False


@dataclass(frozen=True)
class ScoredCandidates(Candidates):
    """Candidates whose tokens were compared with the question's.

    Attributes:
        late: score of the late interaction, at most 1.
        other_language: whether the passage is in another language than the question.
        matches: best cosine of each token of the question in each segment of a passage; the first
            segment is the title, the others are the sentences.
        directions: of the question's tokens in late interaction, (q, d).
        weights: weights of the question's tokens, (q,).
    """

    late: Floats
    other_language: Mask
    matches: Ragged
    directions: Floats
    weights: Floats

    @property
    def scores(self) -> Floats:
        """The scores that candidates are ranked by."""
        total: Floats = (
            self.late
            + _BM25_WEIGHT * self.bm25
            + _DENSE_WEIGHT * self.dense
            + _OTHER_LANGUAGE_BONUS * self.other_language
        )
        return total


def rank(
    index: IndexSnapshot,
    question: str,
    encoding: Encoding,
    token_means: TokenMeans,
    among: Rows | None = None,
    reranker: Reranker | None = None,
) -> Ranking:
    """Rank the passages of an index that holds at least one.

    Args:
        index: the index to search.
        question: the normalised question.
        encoding: the encoded question.
        token_means: the token means of the model.
        among: rows of the passages that may be found, rising; None for all.
        reranker: reorders the best candidates. The features, and so the confidence, are those of
            the passage it puts first, and do not use its scores.
    """
    language = detect(question, index.languages)
    candidates = retrieve(index, encoding.vector, lemmas(question, language), among)
    scored = score_late_interaction(index, candidates, encoding, token_means, language)
    others = without_clauses(question)
    quantities, share = _quantities_of(others)
    numbers = numbers_held(index, quantities, scored.rows)
    matched = share * numbers
    scored = replace(scored, late=_with_matched(scored.late, matched))
    clauses = find_clauses(index, question, scored.rows)
    scores = scored.scores + clauses.bonus
    if clauses.alone:  # nothing tells whose clause is meant but the language
        scores -= clauses.bonus * scored.other_language / 2
    order = np.argsort(-scores, kind="stable")
    if reranker is not None:
        best, worse = order[:RERANKED], order[RERANKED:]
        entries = index.passages.get(scored.rows[best].tolist())
        reranked = np.array(scores)
        reranked[best] = reranker.score(question, [passage.text for passage, _ in entries])
        if len(worse):  # they keep their order, below those that were reranked
            reranked[worse] += reranked[best].min() - scores[worse].max() - 1
        scores = reranked
        order = np.argsort(-scores, kind="stable")
    weights = weights_of_latest(scored.weights, encoding.spans[:, 0], question)
    of_sentences = sentence_scores(scored.matches, weights, scored.cosines)
    order = _with_suiting_first(index, question, scored.rows, scores, order, of_sentences)
    sentences = [int(of_sentences[n].argmax()) for n in range(len(scores))]
    first = int(order[0])
    texts = _sentences_of(index, int(scored.rows[first]))
    row = answering_row(question, texts, language)
    sentences[first] = answering_sentence(question, texts, of_sentences[first])
    for position, sentence in clauses.sentences.items():
        sentences[position] = sentence
    if row is not None:
        sentences[first] = row
    ranked = [Ranked(int(scored.rows[n]), float(scores[n]), sentences[n]) for n in order]
    text, marked = _text_of(index, ranked[0])
    if (
        (asks_who_it_is(question) and has_names(question, text))
        or row is not None
        or holds_contact(question, text)
    ):
        matched[first] = max(matched[first], _MATCHED_BY_WORDS)
        scored.late[first] = _with_matched(scored.late[first], matched[first])
    features = Features(
        **_vector_features(scored, candidates, first, encoding),
        weakest=float(_with_matched(_weakest(scored, first), matched[first])),
        numbers=1 - float(numbers[first]) if quantities else 0.0,
        names=names_lacked(question, text),
        kind=1.0 if lacks(question, text) else 0.5 * lacks(question, marked),
        lacking=0.0 if scored.other_language[first] else words_lacked(others, text, language),
    )
    is_respelt = bool(quantities and numbers[first] == 1) and _is_respelt(others, text)
    named = clauses.stands_in(first, text)
    return Ranking(ranked, features, scored.directions, named, clauses.alone, is_respelt)


def extend_dense(
    index: IndexSnapshot,
    ranked: Sequence[Ranked],
    vector: Floats,
    count: int,
    among: Rows | None = None,
) -> list[Ranked]:
    """Return further passages by vector alone, scored below the last candidate.

    Args:
        index: the index that was ranked.
        ranked: all candidates, best first.
        vector: the question's vector.
        count: passages to retrieve; those in `ranked` are left out of them.
        among: rows of the passages that may be found, rising; None for all.
    """
    rows, cosines = index.nearest(vector, count, among)
    new = ~np.isin(rows, [entry.row for entry in ranked])
    rows, cosines = rows[new], cosines[new]
    if not len(rows):
        return []
    sentences = index.sentence_cosines(rows, vector)
    scores = ranked[-1].score + (cosines - cosines[0]).astype(float)
    return [
        Ranked(int(row), float(scores[n]), int(sentences[n].argmax())) for n, row in enumerate(rows)
    ]


def retrieve(
    index: IndexSnapshot,
    vector: Floats,
    question_lemmas: Sequence[str],
    among: Rows | None = None,
) -> Candidates:
    """Return the passages nearest by passage vector, by sentence vector and by BM25."""
    return index.retrieve(
        Query(
            vector,
            tuple(question_lemmas),
            _BY_PASSAGE,
            _BY_SENTENCE,
            _BY_BM25,
            _BY_LANGUAGE,
            among,
        )
    )


def score_late_interaction(
    index: IndexSnapshot,
    candidates: Candidates,
    encoding: Encoding,
    token_means: TokenMeans,
    language: str,
) -> ScoredCandidates:
    """Score the best candidates by vectors, by BM25, and of each language, token by token.

    Cosines favour the question's own language, so every language has candidates of its own.
    """
    chosen = [_top(candidates.dense, _BY_PASSAGE), _top(candidates.bm25, _BY_BM25)]
    if len(index.languages) > 1:
        for name in np.unique(candidates.languages):
            (same,) = np.nonzero(candidates.languages == name)
            chosen.append(same[_top(candidates.dense[same], _BY_LANGUAGE)])
    kept = candidates.take(np.unique(np.concatenate(chosen)))
    directions = center_and_rotate(encoding.tokens, token_means.of_question(language))
    matches = maxsim(directions, *index.tokens(kept.rows), kept.cosines.lengths + 1)
    weights = token_weights(encoding.information)
    return ScoredCandidates(
        **vars(kept),
        late=matches.max() @ weights,
        other_language=kept.languages != language,
        matches=matches,
        directions=directions,
        weights=weights,
    )


def _with_suiting_first(
    index: IndexSnapshot, question: str, rows: Rows, scores: Floats, order: Rows, sentences: Ragged
) -> Rows:
    """Return the order with a passage first that has what is asked for.

    That is a phone number or an address, or what `prefers_passages` tells of.
    """
    asks_for_contacts = asks_for_contact(question)
    if not asks_for_contacts and not prefers_passages(question):
        return order
    near = order[:_SUITING][scores[order[:_SUITING]] >= scores[order[0]] - _MOST_BELOW]
    found = []
    for position in near.tolist():
        row = int(rows[position])
        if asks_for_contacts:
            text, _ = _text_of(index, Ranked(row, 0.0, 0))
            found.append(int(holds_contact(question, text)))
        else:
            found.append(suits(question, _sentences_of(index, row), sentences[position]))
    best = int(np.argmax(found))
    return np.concatenate((near[best : best + 1], np.delete(order, best)))


def _sentences_of(index: IndexSnapshot, row: int) -> list[str]:
    ((passage, _),) = index.passages.get([row])
    return [passage.text[start:end] for start, end in index.sentence_spans(row)]


def _quantities_of(question: str) -> tuple[list[Quantity], float]:
    """Return a question's numbers, dates, times and codes, and which share of it they are."""
    text = one_spelling(question)
    quantities, rest = find_quantities(text)
    quantities += [Quantity((code,)) for code in _CODE.findall(rest)]
    letters, others = (sum(map(str.isalnum, one)) for one in (text, _CODE.sub("", rest)))
    return quantities, min(_MOST_BY_NUMBERS, max(0.0, 1 - others / max(letters, 1)))


def _with_matched(late: Floats | float, share: Floats) -> Floats:
    """Return scores of late interaction where a share of the question counts as matched.

    Tokens do not show that 350 тис. is 350,000.
    """
    scores: Floats = late + share * (1 - late)
    return scores


def _is_respelt(question: str, text: str) -> bool:
    """Whether a text has some number of a question in another notation only."""
    return any(written not in text for written in _WRITTEN.findall(question))


def numbers_held(index: IndexSnapshot, quantities: Sequence[Quantity], rows: Rows) -> Floats:
    """Return the share of a question's quantities that each passage has; 0 without any."""
    held = np.zeros(len(rows), np.float32)
    for quantity in quantities:
        held += index.word_scores(quantity.tokens, rows) > 0
    return held / np.float32(max(1, len(quantities)))


def _vector_features(
    scored: ScoredCandidates, candidates: Candidates, best: int, encoding: Encoding
) -> dict[str, float]:
    cross = bool(scored.other_language[best])
    return {
        "late": float(scored.late[best]),
        "sentence": float(scored.sentence[best]),
        "words": 0.0 if cross else float(scored.bm25[best]),
        "cross": float(cross),
        "lead": _lead(scored.late, best),
        "sentence_lead": _lead(candidates.sentence, int(np.argmax(candidates.sentence))),
        "short": max(0.0, 1 - float(encoding.information.sum()) / _USUAL_INFORMATION),
    }


def _text_of(index: IndexSnapshot, candidate: Ranked) -> tuple[str, str]:
    """Return a passage with its title and headings, and its sentence that answers best."""
    ((passage, source),) = index.passages.get([candidate.row])
    start, end = index.sentence_spans(candidate.row)[candidate.sentence]
    text = f"{source.title}. {' '.join(passage.headings)}. {passage.text}"
    return text, passage.text[start:end]


def _weakest(scored: ScoredCandidates, best: int) -> float:
    informative = np.argsort(-scored.weights)[:_MOST_INFORMATIVE]
    return float(scored.matches[best][:, informative].max(axis=0).min())


def _lead(scores: Floats, best: int) -> float:
    """Return how far a candidate is above the mean of the best others; 0 if it is the only one."""
    others = np.delete(scores, best)
    if not len(others):
        return 0.0
    return float(scores[best] - others[_top(others, _COMPARED)].mean())


def _top(scores: Floats, count: int) -> Rows:
    """Return the positions of the `count` greatest scores, in any order."""
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(-scores, count)[:count]
