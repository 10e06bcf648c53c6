"""The shipped means of token vectors; see `late_interaction.TokenMeans`.

They were taken from the default model and belong to it. With another model there are none, and
nothing is taken off.
"""

from functools import cache
from importlib import resources

import numpy as np

from embeddings.index.late_interaction import TokenMeans

_FILE = "token_means.npz"


def token_means_for(digest: str, dimension: int) -> TokenMeans:
    """Return the means that belong to a model, or zeros."""
    shipped_for, token_means = _shipped()
    if digest == shipped_for:
        return token_means
    nothing = {"": np.zeros(dimension, np.float32)}
    return TokenMeans(nothing, nothing)


@cache
def _shipped() -> tuple[str, TokenMeans]:
    with resources.files("embeddings.data").joinpath(_FILE).open("rb") as file:
        stored = np.load(file, allow_pickle=False)
        languages = [str(name) for name in stored["languages"]]
        questions, passages = (stored[key].astype(np.float32) for key in ("questions", "passages"))
        return str(stored["model"]), TokenMeans(
            dict(zip(languages, questions, strict=True)),
            dict(zip(languages, passages, strict=True)),
        )
