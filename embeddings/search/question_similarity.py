"""Groups questions that ask the same, in any words and any language.

Vectors of E5 models lie close together whatever they mean, so the mean of common questions is
subtracted first. tests/data/alike.json has 111 questions of 24 meanings, many of them easy to
confuse: they form about 44 clusters, and 5 questions are in a wrong one ("Who founded the company?"
beside "When was the company founded?").
"""

import re
from collections.abc import Sequence

import numpy as np

from embeddings.array_types import Floats
from embeddings.index.late_interaction import center_and_rotate, token_weights
from embeddings.model.encoder import Encoder, Encoding

_SAME = 0.7
"""Cosine from which two questions ask the same. 0.65 would give 38 clusters and 7 questions in a
wrong one, 0.75 would give 55 and 4."""

_COMMON_QUESTIONS = (
    "When was the old bridge rebuilt?",
    "What kind of bacteria did the scientists find in the water?",
    "How much did the new stadium cost?",
    "Which team won the championship three times in a row?",
    "Хто підписав мирний договір?",
    "Чому компанія закрила завод?",
    "Яка річка тече через центр міста?",
    "Скільки людей уміє читати й писати?",
    "Кто открыл закон тяготения?",
    "Как двигатель превращает тепло в движение?",
    "Где проходили первые Олимпийские игры?",
    "На каком языке говорят на севере острова?",
)
"""Questions on unrelated topics; their mean vector is what all questions share."""


def mean_question_vector(encoder: Encoder) -> Floats:
    """Return the mean token vector of common questions, of shape (d,)."""
    tokens = [encoder.encode_questions([question])[0].tokens for question in _COMMON_QUESTIONS]
    mean: Floats = np.concatenate(tokens).mean(axis=0)
    return mean


def question_vector(encoding: Encoding, mean: Floats) -> Floats:
    """Return a unit vector (d,) of what a question asks; zeros for a question without meaning.

    Args:
        encoding: the encoded question.
        mean: the vector returned by `mean_question_vector`.
    """
    total = token_weights(encoding.information) @ center_and_rotate(encoding.tokens, mean)
    vector: Floats = total / max(float(np.linalg.norm(total)), 1e-6)
    return vector


def cluster_questions(
    questions: Sequence[str], vectors: Sequence[Floats | None]
) -> list[list[int]]:
    """Group questions that ask the same; questions that name different numbers never do.

    Each question is compared with the first one of every cluster and joins the nearest, so that a
    question added at the end changes no other cluster.

    Args:
        questions: the questions, in the order in which clusters are formed.
        vectors: the `question_vector` of each; a question without one stays alone.

    Returns:
        The positions of each cluster's questions, rising.
    """
    numbers = [set(re.findall(r"\d+", question)) for question in questions]
    clusters: list[list[int]] = []
    for position, vector in enumerate(vectors):
        similar = [
            (float(vector @ first), cluster)
            for cluster in clusters
            if vector is not None
            and (first := vectors[cluster[0]]) is not None
            and numbers[position] == numbers[cluster[0]]
        ]
        similarity, nearest = max(similar, key=lambda pair: pair[0], default=(0.0, []))
        if similarity < _SAME:
            clusters.append(nearest := [])
        nearest.append(position)
    return clusters
