"""Ranks the candidate passages for a question, and tells how well the first one answers it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from embeddings.array_types import Floats, Rows
from embeddings.index.late_interaction import TokenMeans
from embeddings.index.search_index import Candidates, IndexSnapshot
from embeddings.model.encoder import Encoding
from embeddings.search.answer_type import (
    asks_for_contact,
    holds_count,
    lacks_answer_type,
)
from embeddings.search.candidates import (
    ScoredCandidates,
    names_held,
    numbers_held,
    quantities_of,
    retrieve,
    score_late_interaction,
    top,
    whole_text,
)
from embeddings.search.clauses import (
    Clauses,
    answering_row,
    find_clauses,
    without_clauses,
)
from embeddings.search.confidence import Features
from embeddings.search.highlight import (
    answering_sentence,
    count_strong_cues,
    has_strong_cues,
    sentence_scores,
    weights_of_latest,
)
from embeddings.search.names import (
    has_names,
    holds_contact,
    is_contact_of_another,
    names_lacked,
    names_other_code,
    words_lacked,
)
from embeddings.search.question_form import asks_who_it_is, latest_from
from embeddings.search.reranker import RERANKED, Reranker
from embeddings.storage.ragged import Ragged
from embeddings.text.days import names_others
from embeddings.text.language import detect
from embeddings.text.lemmas import lemmas

_USUAL_INFORMATION = 50.0
"""Nats in a usual question; small talk has less."""
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
    """All candidates, best first, and the features of the first one.

    Attributes:
        ranked: the candidates.
        features: of the first one.
        directions: of the question's tokens in late interaction, (q, d).
        with_first: returns the ranking with the candidate of another row first.
        clause: whether the first one holds the clause that the question names by its number; None
            where it names none, or that is not certain.
        alone: whether the question asks for nothing else.
        is_plain: whether the first one has the number of what the question counts, or all numbers
            and dates that it names, some of them in another notation.
        of_another: whether the first one plainly says of another thing, person or day.
    """

    ranked: list[Ranked]
    features: Features
    directions: Floats
    with_first: "Callable[[int], Ranking]"
    clause: bool | None = None
    alone: bool = False
    is_plain: bool = False
    of_another: bool = False


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
    quantities, share = quantities_of(others)
    numbers = numbers_held(index, quantities, scored.rows)
    matched = share * numbers + names_held(index, question, scored, language)
    scored = replace(scored, late=_raised_by_matches(scored.late, matched))
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
    found = _Found(
        index, question, language, encoding, candidates, scored, clauses, scores, of_sentences,
        others, numbers if quantities else None, matched,
    )  # fmt: skip
    return found.in_order(order)


@dataclass(frozen=True)
class _Found:
    """What is known of all candidates, in whatever order.

    Attributes:
        index: the index.
        question: the normalised question.
        language: of the question.
        encoding: of the question.
        candidates: all, before some were chosen to be compared token by token.
        scored: those.
        clauses: the clause that the question names, if it does.
        scores: those that the candidates are ranked by.
        of_sentences: scores of the sentences of each candidate.
        others: the question without the clause.
        numbers: share of the question's quantities that each has; None where it has none.
        matched: share of the question that each has in another form than tokens show.
    """

    index: IndexSnapshot
    question: str
    language: str
    encoding: Encoding
    candidates: Candidates
    scored: ScoredCandidates
    clauses: Clauses
    scores: Floats
    of_sentences: Ragged
    others: str
    numbers: Floats | None
    matched: Floats

    def with_first(self, order: Rows, row: int) -> Ranking:
        """Return the ranking with the candidate of some row before the others."""
        (position,) = np.nonzero(self.scored.rows == row)
        return self.in_order(np.concatenate((position, order[order != position])))

    def in_order(self, order: Rows) -> Ranking:
        """Return the candidates in an order, with the features of the first."""
        index, question, scored = self.index, self.question, self.scored
        sentences = [int(self.of_sentences[n].argmax()) for n in range(len(self.scores))]
        first = int(order[0])
        texts = _sentences_of(index, int(scored.rows[first]))
        row = answering_row(question, texts, self.language)
        sentences[first] = answering_sentence(question, texts, self.of_sentences[first])
        for position, sentence in self.clauses.sentences.items():
            sentences[position] = sentence
        if row is not None:
            sentences[first] = row
        rows, scores = scored.rows.tolist(), self.scores.tolist()
        ranked = [Ranked(rows[n], scores[n], sentences[n]) for n in order.tolist()]
        text, marked = _text_of(index, ranked[0])
        is_cross = bool(scored.other_language[first])
        lacking = 0.0 if is_cross else words_lacked(self.others, text, self.language)
        has_count = not is_cross and not lacking and holds_count(self.others, marked)
        matched, late = float(self.matched[first]), scored.late.copy()
        if (
            (asks_who_it_is(question) and has_names(question, text))
            or (row is not None and not lacking)
            or holds_contact(question, text)
            or has_count
        ):
            matched = max(matched, _MATCHED_BY_WORDS)
            late[first] = _raised_by_matches(late[first], matched)
        scored = replace(scored, late=late)
        numbers = None if self.numbers is None else float(self.numbers[first])
        features = Features(
            **_vector_features(scored, self.candidates, first, self.encoding),
            weakest=float(_raised_by_matches(_weakest(scored, first), matched)),
            numbers=0.0 if numbers is None else 1 - numbers,
            names=names_lacked(question, text),
            kind=1.0
            if lacks_answer_type(question, text)
            else 0.5 * lacks_answer_type(question, marked),
            lacking=lacking,
        )
        return Ranking(
            ranked,
            features,
            scored.directions,
            partial(self.with_first, order),
            self.clauses.stands_in(first, text),
            self.clauses.alone,
            has_count or (numbers == 1 and _is_respelt(self.others, text)),
            self._is_of_another(text, marked, is_cross),
        )

    def _is_of_another(self, text: str, marked: str, is_cross: bool) -> bool:
        """Whether a passage has none of the codes or days that the question names, but others.

        In one language, too, where the contact in it is not whose the question asks for.
        """
        question = self.question
        start = latest_from(question)
        if names_other_code(question[start:], text) or names_other_code(self.others, text):
            return True
        if names_others(question, start, marked, text):
            return True
        return not is_cross and is_contact_of_another(question, text)


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


def _with_suiting_first(
    index: IndexSnapshot, question: str, rows: Rows, scores: Floats, order: Rows, sentences: Ragged
) -> Rows:
    """Return the order with a passage first that has what is asked for.

    That is a phone number or an address, or what `has_strong_cues` tells of.
    """
    asks_for_contacts = asks_for_contact(question)
    if not asks_for_contacts and not has_strong_cues(question):
        return order
    near = order[:_SUITING][scores[order[:_SUITING]] >= scores[order[0]] - _MOST_BELOW]
    found = []
    for position in near.tolist():
        row = int(rows[position])
        if asks_for_contacts:
            text, _ = _text_of(index, Ranked(row, 0.0, 0))
            found.append(int(holds_contact(question, text)))
        else:
            found.append(
                count_strong_cues(question, _sentences_of(index, row), sentences[position])
            )
    best = int(np.argmax(found))
    return np.concatenate((near[best : best + 1], np.delete(order, best)))


def _sentences_of(index: IndexSnapshot, row: int) -> list[str]:
    ((passage, _),) = index.passages.get([row])
    return [passage.text[start:end] for start, end in index.sentence_spans(row)]


def _raised_by_matches(late: Floats | float, share: Floats | float) -> Floats:
    """Return scores of late interaction where a share of the question counts as matched.

    Tokens do not show that 350 тис. is 350,000.
    """
    return np.asarray(late + share * (1 - late), np.float32)


def _is_respelt(question: str, text: str) -> bool:
    """Whether a text has some number of a question in another notation only."""
    return any(written not in text for written in _WRITTEN.findall(question))


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
    return whole_text(passage, source), passage.text[start:end]


def _weakest(scored: ScoredCandidates, best: int) -> float:
    informative = np.argsort(-scored.weights)[:_MOST_INFORMATIVE]
    return float(scored.matches[best][:, informative].max(axis=0).min())


def _lead(scores: Floats, best: int) -> float:
    """Return how far a candidate is above the mean of the best others; 0 if it is the only one."""
    others = np.delete(scores, best)
    if not len(others):
        return 0.0
    return float(scores[best] - others[top(others, _COMPARED)].mean())
