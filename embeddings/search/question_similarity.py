"""Questions that ask the same, in whatever words and language.

The vectors of a model of the E5 kind lie close together, whatever they mean: what all questions
share is taken off first. The 111 questions of 24 meanings in tests/data/alike.json, many of them
made to be mistaken for each other, come into about 44 groups, 5 of them into a wrong one: "Who
founded the company?" beside "When was the company founded?".
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embeddings.index.late_interaction import center_and_rotate, token_weights
from embeddings.model.encoder import Encoder, Encoding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_ALIKE = 0.7
"""Cosine from which two questions ask the same. From 0.65 on it would be 38 groups and 7 questions
in a wrong one, from 0.75 on 55 groups and 4."""

_USUAL = (
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
"""They have nothing in common but that they are questions."""


def mean_question_vector(encoder: Encoder) -> "Floats":
    """Return the mean token vector of usual questions, of shape (d,)."""
    tokens = [encoder.encode_questions([question])[0].tokens for question in _USUAL]
    mean: Floats = np.concatenate(tokens).mean(axis=0)
    return mean


def question_vector(encoding: Encoding, shared: "Floats") -> "Floats":
    """Return a unit vector of what a question asks, or zeros where it asks nothing."""
    total = token_weights(encoding.information) @ center_and_rotate(encoding.tokens, shared)
    vector: Floats = total / max(float(np.linalg.norm(total)), 1e-6)
    return vector


def cluster_questions(
    questions: Sequence[str], meanings: "Sequence[Floats | None]"
) -> list[list[int]]:
    """Group questions that ask the same; those that name different numbers do not.

    Each is compared with the first of every group and joins the nearest, so that one more question
    at the end changes no group but its own.

    Args:
        questions: in the order in which groups form.
        meanings: of each, unit vectors; one without is alone.

    Returns:
        The places of each group's questions, in their order.
    """
    numbers = [set(re.findall(r"\d+", question)) for question in questions]
    groups: list[list[int]] = []
    for place, vector in enumerate(meanings):
        near = [
            (float(vector @ first), group)
            for group in groups
            if vector is not None
            and (first := meanings[group[0]]) is not None
            and numbers[place] == numbers[group[0]]
        ]
        likeness, home = max(near, key=lambda one: one[0], default=(0.0, []))
        if likeness < _ALIKE:
            groups.append(home := [])
        home.append(place)
    return groups
