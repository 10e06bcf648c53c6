"""Chooses the highlight: the sentence of a passage that answers the question best.

A sentence is scored by the late interaction of its own tokens and by its cosine. Matches in the
sentence before it and in the title count too, at a discount.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from embeddings.array_types import Floats
from embeddings.index.search_index import IndexSnapshot
from embeddings.search.answer import Highlight, Span
from embeddings.search.answer_type import answer_span, lacks_quantity
from embeddings.storage.ragged import Ragged

_PREVIOUS_WEIGHT, _TITLE_WEIGHT, _COSINE_WEIGHT = 0.8, 0.9, 0.5
_NEARLY = 0.05
"""How far below the best score a sentence with the quantity that is asked for may be."""


def sentence_scores(matches: Ragged, weights: Floats, cosines: Ragged) -> Ragged:
    """Return how well each sentence of each passage answers; the greatest is the one that does.

    Args:
        matches: best cosine of each token of the question in each segment of each passage,
            (segments, q); the first segment is the title, the others are the sentences.
        weights: weights of the question's tokens, (q,).
        cosines: cosine of each sentence of each passage and the question.
    """
    own, titles = matches.values, matches.first[:-1]
    previous = np.vstack([np.full_like(own[:1], -1), own[:-1]])
    previous[titles + 1] = -1
    title = np.repeat(own[titles], matches.lengths, axis=0)
    matched = np.maximum(np.maximum(own, _PREVIOUS_WEIGHT * previous), _TITLE_WEIGHT * title)
    late = np.delete(matched @ weights, titles)
    return Ragged(late + _COSINE_WEIGHT * cosines.values, cosines.first)


def answering_sentence(question: str, sentences: Sequence[str], scores: Floats) -> int:
    """Return the number of the sentence of a passage that answers.

    Where a number, a date or the like is asked for, one nearly as good that has it is better.
    """
    best = int(scores.argmax())
    if not lacks_quantity(question, sentences[best]):
        return best
    near = [n for n in np.argsort(-scores) if scores[n] >= scores[best] - _NEARLY]
    return next((int(n) for n in near if not lacks_quantity(question, sentences[n])), best)


def with_span(highlight: Highlight, question: str) -> Highlight:
    """Return a highlight with the answer's own words, where they are certain."""
    found = answer_span(question, highlight.text)
    if found is None:
        return highlight
    start, end = found
    text = highlight.text[start:end]
    return replace(highlight, span=Span(highlight.start + start, highlight.start + end, text))


def highlight_of(index: IndexSnapshot, row: int, sentence: int, text: str) -> Highlight:
    """Return a sentence of a passage, as a span of the passage's text."""
    start, end = index.sentence_spans(row)[sentence]
    return Highlight(start, end, text[start:end])
