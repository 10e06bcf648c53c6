"""Texts to token ids with the `tokenizers` library alone, equal to those of transformers."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.array_types import Ints
from embeddings.model.openvino.lazy_vocabulary import TABLE, LazyTokenizer, write_vocabulary

_FILE = "tokenizer.json"
_CHUNK = 256


@dataclass(frozen=True)
class Tokens:
    """The tokens of one text.

    Attributes:
        ids: token ids as the model reads them, with prompt and special tokens, of shape (n,).
        kept: which of them belong to the text itself, of shape (n,).
        spans: start and end of those in the text, in characters, of shape (t, 2).
    """

    ids: Ints
    kept: NDArray[np.bool_]
    spans: Ints


def write_tokenizer(content: str, directory: Path) -> None:
    """Write a tokenizer, given as the content of its `tokenizer.json`, for `TokenReader`.

    Raises:
        RuntimeUnavailable: it has features that are not supported.
    """
    tokenizer = json.loads(content)
    if tokenizer["model"]["type"] == "Unigram":
        write_vocabulary(tokenizer, directory)
    else:
        (directory / _FILE).write_text(content, encoding="utf-8")


class TokenReader:
    """Splits texts into the tokens of a model. Not thread-safe."""

    def __init__(self, directory: Path, limit: int) -> None:
        """Open what `write_tokenizer` wrote; a text is cut after `limit` tokens, all included."""
        from tokenizers import Tokenizer

        self._limit = limit
        self._lazy: LazyTokenizer | None = None
        if (directory / TABLE).is_file():
            self._lazy = LazyTokenizer(directory)
            self._library = self._lazy.library
        else:
            self._library = Tokenizer.from_file(str(directory / _FILE))
            self._library.no_padding()

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without special tokens."""
        self._library.no_truncation()
        counts: list[int] = []
        for chunk in _chunks(texts):
            self._numbers(chunk)
            read = self._library.encode_batch_fast(chunk, add_special_tokens=False)
            counts += map(len, read)
        return counts

    def read(self, texts: Sequence[str], prompt: str) -> list[Tokens]:
        """Return the tokens of each text after the prompt, cut at the limit."""
        self._library.enable_truncation(self._limit)
        tokens: list[Tokens] = []
        for chunk in _chunks([prompt + text for text in texts]):
            numbers = self._numbers(chunk)
            read = self._library.encode_batch(chunk)
            tokens += [_tokens(encoding, numbers, len(prompt)) for encoding in read]
        return tokens

    def _numbers(self, texts: list[str]) -> NDArray[np.int32] | None:
        return None if self._lazy is None else self._lazy.prepare(texts)


def _tokens(encoding: Any, numbers: NDArray[np.int32] | None, prompt: int) -> Tokens:
    ids = np.array(encoding.ids, np.int32)
    spans = np.array(encoding.offsets, np.int32).reshape(-1, 2) - prompt
    kept = (np.array(encoding.special_tokens_mask) == 0) & (spans[:, 1] > 0)
    return Tokens(ids if numbers is None else numbers[ids], kept, np.maximum(spans[kept], 0))


def _chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), _CHUNK):
        yield list(texts[start : start + _CHUNK])
