"""Retrieves candidate passages for a question and scores them by vectors, by BM25 and by tokens.

Tokens do not show that a passage has a number in another notation, or a name in other letters; what
it has of these is told apart.

A passage's score does not depend on the other candidates, so it means the same in an index of five
passages and of a hundred thousand. The weights lie on a plateau of four data sets: docs/quality.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings.array_types import Floats, Mask, Rows
from embeddings.articles.passage import Passage
from embeddings.index.late_interaction import TokenMeans, center_and_rotate, maxsim, token_weights
from embeddings.index.passages import Source
from embeddings.index.search_index import Candidates, IndexSnapshot, Query
from embeddings.model.encoder import Encoding
from embeddings.search.names import names_in_other_letters, share_of_names
from embeddings.storage.ragged import Ragged
from embeddings.text.lemmas import one_spelling
from embeddings.text.quantities import Quantity, find_quantities

_BY_PASSAGE, _BY_SENTENCE, _BY_BM25, _BY_LANGUAGE = 30, 60, 10, 15
"""Candidates by passage vector, by sentence vector, by BM25, and by passage vector per language."""

_BM25_WEIGHT, _DENSE_WEIGHT = 0.3, 0.25
_OTHER_LANGUAGE_BONUS = 0.11
"""Makes up for what a passage in another language cannot score: common words, closer cosines."""

_MOST_BY_NUMBERS = 0.5
"""Most of a question that may count as matched because a passage has its numbers."""
_NAME_WEIGHT, _NAMED = 0.15, 20
"""Weight of names that are, or are not, in a passage in other letters than the question's, and how
many of such passages are compared."""
_CODE = re.compile(r"(?<!\w)(?!\d+(?:st|nd|rd|th|s|го|й|я|е)(?!\w))(?=\w*\d)(?=\w*[^\W\d])[^\W_]+")
"""The name of an error, a form, a model or a room: E3, 7a, M83."""


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
    chosen = [top(candidates.dense, _BY_PASSAGE), top(candidates.bm25, _BY_BM25)]
    if len(index.languages) > 1:
        for name in np.unique(candidates.languages):
            (same,) = np.nonzero(candidates.languages == name)
            chosen.append(same[top(candidates.dense[same], _BY_LANGUAGE)])
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


def top(scores: Floats, count: int) -> Rows:
    """Return the positions of the `count` greatest scores, in any order."""
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(-scores, count)[:count]


def quantities_of(question: str) -> tuple[list[Quantity], float]:
    """Return a question's numbers, dates, times and codes, and which share of it they are."""
    text = one_spelling(question)
    quantities, rest = find_quantities(text)
    quantities += [Quantity((code,)) for code in _CODE.findall(rest)]
    letters, others = (sum(map(str.isalnum, one)) for one in (text, _CODE.sub("", rest)))
    return quantities, min(_MOST_BY_NUMBERS, max(0.0, 1 - others / max(letters, 1)))


def numbers_held(index: IndexSnapshot, quantities: Sequence[Quantity], rows: Rows) -> Floats:
    """Return the share of a question's quantities that each passage has; 0 without any."""
    held = np.zeros(len(rows), np.float32)
    for quantity in quantities:
        held += index.word_scores(quantity.tokens, rows) > 0
    return held / np.float32(max(1, len(quantities)))


def names_held(
    index: IndexSnapshot, question: str, scored: ScoredCandidates, language: str
) -> Floats:
    """Return which share of a question passages have as names in other letters, or lack (below 0).

    Tokens hardly show that Варшава is Warsaw. In German every noun has a capital letter, so that
    nothing tells a name.
    """
    held = np.zeros(len(scored.rows), np.float32)
    share = 0.0 if language == "de" else _NAME_WEIGHT * share_of_names(question)
    (others,) = np.nonzero(scored.other_language)
    if share and len(others):
        best = others[top(scored.scores[others], _NAMED)]
        entries = index.passages.get(scored.rows[best].tolist())
        texts = [whole_text(*entry) for entry in entries]
        for position, found in zip(best, names_in_other_letters(question, texts), strict=True):
            held[position] = 0.0 if found is None else share * (2 * found - 1)
    return held


def whole_text(passage: Passage, source: Source) -> str:
    """Return a passage with its title and headings."""
    return f"{source.title}. {' '.join(passage.headings)}. {passage.text}"
