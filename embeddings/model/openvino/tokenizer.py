"""Texts to token numbers with the `tokenizers` library alone, as transformers would do it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings.model.openvino.lazy_vocabulary import PieceTokenizer, write_pieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from embeddings.model.encoder import Ints

_FILE = "tokenizer.json"
_CHUNK = 256


@dataclass(frozen=True)
class Tokens:
    """The tokens of one text.

    Attributes:
        ids: as the model reads them, prompt and special tokens included, (n,).
        kept: which of them are the text's own, (n,).
        spans: the characters of the text behind those, (t, 2).
    """

    ids: "Ints"
    kept: "NDArray[np.bool_]"
    spans: "Ints"


def write_tokenizer(content: str, directory: Path) -> None:
    """Write a tokenizer, given as the text of its `tokenizer.json`, in the form that loads fast.

    Raises:
        RuntimeUnavailable: it has no such form.
    """
    tokenizer = json.loads(content)
    if tokenizer["model"]["type"] == "Unigram":
        write_pieces(tokenizer, directory)
    else:
        (directory / _FILE).write_text(content, encoding="utf-8")


class TokenReader:
    """Reads texts as a model does. Not thread-safe."""

    def __init__(self, directory: Path, limit: int) -> None:
        """Open what `write_tokenizer` wrote; `limit` is in tokens, special ones included."""
        from tokenizers import Tokenizer

        self._limit = limit
        self._pieces: PieceTokenizer | None = None
        if (directory / "pieces.npy").is_file():
            self._pieces = PieceTokenizer(directory)
            self._library = self._pieces.library
        else:
            self._library = Tokenizer.from_file(str(directory / _FILE))
            self._library.no_padding()

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens."""
        self._library.no_truncation()
        counts: list[int] = []
        for chunk in _chunks(texts):
            self._numbers(chunk)
            read = self._library.encode_batch_fast(chunk, add_special_tokens=False)
            counts += map(len, read)
        return counts

    def read(self, texts: Sequence[str], prompt: str) -> list[Tokens]:
        """Tokens of each text behind the prompt, cut at the limit."""
        self._library.enable_truncation(self._limit)
        tokens: list[Tokens] = []
        for chunk in _chunks([prompt + text for text in texts]):
            numbers = self._numbers(chunk)
            read = self._library.encode_batch(chunk)
            tokens += [_tokens(encoding, numbers, len(prompt)) for encoding in read]
        return tokens

    def _numbers(self, texts: list[str]) -> "NDArray[np.int32] | None":
        return None if self._pieces is None else self._pieces.prepare(texts)


def _tokens(encoding: Any, numbers: "NDArray[np.int32] | None", prompt: int) -> Tokens:
    ids = np.array(encoding.ids, np.int32)
    spans = np.array(encoding.offsets, np.int32).reshape(-1, 2) - prompt
    kept = (np.array(encoding.special_tokens_mask) == 0) & (spans[:, 1] > 0)
    return Tokens(ids if numbers is None else numbers[ids], kept, np.maximum(spans[kept], 0))


def _chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), _CHUNK):
        yield list(texts[start : start + _CHUNK])
