"""Texts to vectors."""

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from embeddings.errors import ModelError
from embeddings.model import DEFAULT_MODEL, ModelSource, default_cache, find, prepare

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

logger = logging.getLogger(__name__)

Progress = Callable[[int], None]
"""Called with the number of texts that have just been done."""


class Encoder(Protocol):
    """Turns texts into unit vectors, questions and passages each in their own way."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Tokens the model reads of one passage, its prompt and special tokens not counted."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without prompt and special tokens."""

    def encode_questions(self, texts: Sequence[str]) -> "Vectors":
        """Return float32 unit vectors of shape (len(texts), dimension)."""

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> "Vectors":
        """Return float32 unit vectors of shape (len(texts), dimension)."""


class SentenceTransformerEncoder:
    """Any sentence-transformers model. Not thread-safe: fast tokenizers are not."""

    def __init__(self, source: ModelSource, batch_size: int = 32) -> None:
        self._model = _load(source)
        self._batch_size = batch_size
        self._threads = os.cpu_count() or 1
        dimension = self._model.get_embedding_dimension()
        if not dimension:
            raise ModelError(f"{source.name} does not say how long its vectors are.")
        self.dimension: int = dimension
        self._tokenizer = self._model.tokenizer
        self.max_tokens = self._room_for_text()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without prompt and special tokens."""
        if not texts:
            return []
        encoded = self._tokenizer(list(texts), add_special_tokens=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def encode_questions(self, texts: Sequence[str]) -> "Vectors":
        """Return float32 unit vectors of shape (len(texts), dimension)."""
        return self._encode(self._model.encode_query, texts, None, threads=1)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> "Vectors":
        """Return float32 unit vectors of shape (len(texts), dimension)."""
        return self._encode(self._model.encode_document, texts, progress, self._threads)

    def _encode(
        self,
        encode: Callable[..., Any],
        texts: Sequence[str],
        progress: Progress | None,
        threads: int,
    ) -> "Vectors":
        """Encode texts of similar length together: a batch is as slow as its longest text.

        A question takes one thread: with two it is 10 ms faster on an idle machine, and five to
        thirty times slower on a busy one, where each thread waits for the other.
        """
        import numpy as np
        import torch

        torch.set_num_threads(threads)
        vectors = np.empty((len(texts), self.dimension), np.float32)
        by_length = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        for start in range(0, len(by_length), self._batch_size):
            rows = by_length[start : start + self._batch_size]
            vectors[rows] = encode(
                [texts[row] for row in rows],
                batch_size=self._batch_size,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            if progress:
                progress(len(rows))
        return vectors

    def _room_for_text(self) -> int:
        limit = self._model.max_seq_length or 512
        prompts = self._model.prompts.values()
        longest = max(self.count_tokens([prompt or "" for prompt in prompts]), default=0)
        special: int = self._tokenizer.num_special_tokens_to_add()
        return int(limit) - longest - special - 1


@dataclass(frozen=True)
class Model:
    """An embedding model by name and digest, loaded only when it is needed.

    Attributes:
        name: as configured.
        digest: of the weights; an index remembers it, so that two models are never mixed.
        load: returns the encoder, the same one at every call; raises ModelError.
    """

    name: str
    digest: str
    load: Callable[[], Encoder]


def find_model(name: str = DEFAULT_MODEL, directory: Path | None = None) -> Model:
    """Return the model called `name`, to be run on the CPU; `directory` keeps assembled ones."""
    source = find(name, directory or default_cache())
    return Model(source.name, source.digest, cache(lambda: SentenceTransformerEncoder(source)))


def _load(source: ModelSource) -> Any:
    prepare(source)
    if source.offline:
        os.environ["HF_HUB_OFFLINE"] = "1"  # read when the hub's client is first imported
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(source.location, device="cpu", local_files_only=source.offline)
    except Exception as error:  # the library raises many kinds; a person needs one sentence
        logger.debug("loading %s failed", source.location, exc_info=True)
        raise ModelError(
            f"The model {source.name!r} does not load ({type(error).__name__}). "
            "EMBEDDING_MODEL must name a sentence-transformers model or its directory."
        ) from error
    if "e5" in source.location.lower() and not any(model.prompts.values()):
        # E5 models were trained with these prompts, and most of their repositories do not say so.
        model.prompts = {"query": "query: ", "document": "passage: "}
    return model
