"""Reorders the best candidates with a CrossEncoder, where one is configured."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from embeddings.errors import ModelError

RERANKED = 10
"""Passages reranked for each question; each costs a pass through the model."""


class Reranker(Protocol):
    """Scores passages against a question."""

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return a score for each passage; higher is better."""


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder with a single score.

    Raises:
        ModelError: it does not load, or gives several scores.
    """

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import CrossEncoder

            self._model = CrossEncoder(
                name, device="cpu", local_files_only=Path(name).is_dir() or None
            )
        except Exception as error:  # the library raises errors of many types
            raise ModelError(
                f"The reranker {name!r} does not load ({type(error).__name__}). "
                "RERANKER_MODEL must name a sentence-transformers CrossEncoder or its directory."
            ) from error
        if self._model.num_labels != 1:
            raise ModelError(
                f"The reranker {name!r} gives {self._model.num_labels} scores for a passage, not "
                "one. RERANKER_MODEL must name a CrossEncoder that was trained to rank."
            )

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return a score for each passage; higher is better."""
        scores = self._model.predict(
            [(question, passage) for passage in passages], show_progress_bar=False
        )
        return [float(score) for score in scores]
