"""A unigram tokenizer whose vocabulary stays on disk, but for the entries that a text needs.

The `tokenizers` library takes 280 MB and 0.8 s for a vocabulary of 250,000 entries, far more than
the rest of the model. The tokens of a text depend only on the entries that occur in it as
substrings. So these are looked up by hash in a table on disk, and the library gets a vocabulary of
them alone; the resulting tokens are the same.

A hash collision does no harm: the library gets the text of the entry itself, and does not find it.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import RuntimeUnavailable

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SEPARATOR = "\uffff"
"""Not a character, so that it is in no entry."""

_HASHES, TABLE, _TEXTS = "piece-hashes.npy", "pieces.npy", "piece-letters.npy"
_SKELETON = "tokenizer.json"


def write_vocabulary(tokenizer: dict[str, Any], directory: Path) -> None:
    """Write the vocabulary as a table, and the tokenizer with only its special entries.

    The tokenizer is the content of a `tokenizer.json` whose model is a unigram model.

    Raises:
        RuntimeUnavailable: the tokenizer has features that are not supported here.
    """
    vocabulary = tokenizer["model"]["vocab"]
    scores = np.array([score for _, score in vocabulary], np.float64)
    hashes = np.array([_hash_of(text) for text, _ in vocabulary], np.uint64)
    order = np.argsort(hashes)
    if len(np.unique(hashes)) < len(hashes):
        raise RuntimeUnavailable("two entries of the vocabulary have the same hash")
    letters = [vocabulary[number][0].encode() for number in order.tolist()]
    lengths = np.array([len(text) for text in letters])
    ends = np.cumsum(lengths)
    table = np.empty(len(order), [("score", "f8"), ("id", "i4"), ("begin", "i4"), ("end", "i4")])
    table["score"], table["id"] = scores[order], order
    table["begin"], table["end"] = ends - lengths, ends
    np.save(directory / _HASHES, hashes[order])
    np.save(directory / TABLE, table)
    np.save(directory / _TEXTS, np.frombuffer(b"".join(letters), np.uint8))
    kept = _always_needed(tokenizer, scores)
    small = {vocabulary[number][0]: place for place, number in enumerate(kept)}
    skeleton = _with_vocabulary(tokenizer, [vocabulary[number] for number in kept], small)
    longest = max(len(text) for text, _ in vocabulary)
    (directory / _SKELETON).write_text(
        json.dumps(skeleton | {"kept": kept, "longest": longest}, ensure_ascii=False),
        encoding="utf-8",
    )


def _always_needed(tokenizer: dict[str, Any], scores: NDArray[np.float64]) -> list[int]:
    """Return the ids that are in every vocabulary: special tokens and the least likely one.

    The library derives the score of an unknown character from the latter.
    """
    special = [entry["id"] for entry in tokenizer["added_tokens"]]
    if any(number >= len(scores) for number in special):
        raise RuntimeUnavailable("special tokens lie outside of the vocabulary")
    unknown = tokenizer["model"]["unk_id"]
    if unknown is None or tokenizer["model"].get("byte_fallback"):
        raise RuntimeUnavailable("the tokenizer has no unknown token")
    return list(dict.fromkeys([*special, unknown, int(scores.argmin())]))


def _with_vocabulary(
    tokenizer: dict[str, Any], vocabulary: list[list[Any]], small: dict[str, int]
) -> dict[str, Any]:
    after = tokenizer["post_processor"]
    if after["type"] != "TemplateProcessing":
        raise RuntimeUnavailable(f"unknown post-processor {after['type']}")
    special = {
        name: entry | {"ids": [small[token] for token in entry["tokens"]]}
        for name, entry in after["special_tokens"].items()
    }
    unknown = tokenizer["model"]["vocab"][tokenizer["model"]["unk_id"]][0]
    return tokenizer | {
        "truncation": None,
        "padding": None,
        "added_tokens": [
            entry | {"id": small[entry["content"]]} for entry in tokenizer["added_tokens"]
        ],
        "post_processor": after | {"special_tokens": special},
        "model": tokenizer["model"] | {"vocab": vocabulary, "unk_id": small[unknown]},
    }


class LazyTokenizer:
    """A unigram tokenizer that holds the needed part of its vocabulary. Not thread-safe.

    Attributes:
        library: the tokenizer of the `tokenizers` library; see `prepare`.
    """

    def __init__(self, directory: Path) -> None:
        """Open the files that `write_vocabulary` wrote; the table is mapped, not read."""
        from tokenizers import Tokenizer

        content = json.loads((directory / _SKELETON).read_text(encoding="utf-8"))
        self._kept, self._longest = content.pop("kept"), content.pop("longest")
        self._vocabulary = [(text, score) for text, score in content["model"]["vocab"]]
        self._unknown = content["model"]["unk_id"]
        self._known = {text for text, _ in self._vocabulary}
        self.library: Any = Tokenizer.from_str(json.dumps(content))
        self._words: Any = Tokenizer.from_str(json.dumps(content))
        self._hashes: NDArray[np.uint64] = np.asarray(np.load(directory / _HASHES, mmap_mode="r"))
        self._table: Any = np.asarray(np.load(directory / TABLE, mmap_mode="r"))
        self._letters: Any = memoryview(np.load(directory / _TEXTS, mmap_mode="r"))

    def prepare(self, texts: Sequence[str]) -> NDArray[np.int32]:
        """Give `library` the entries that occur in `texts`.

        Returns:
            For each token id of `library`, the id of the same token in the whole vocabulary.
        """
        from tokenizers.models import Unigram

        found = self._table[self._rows(self._characters(texts))]
        found = found[~np.isin(found["id"], self._kept)]
        places = zip(found["begin"].tolist(), found["end"].tolist(), strict=True)
        letters = (str(self._letters[begin:end], "utf-8") for begin, end in places)
        pieces = zip(letters, found["score"].tolist(), strict=True)
        self.library.model = Unigram([*self._vocabulary, *pieces], self._unknown, False)
        return np.concatenate([np.array(self._kept, np.int32), found["id"]])

    def _characters(self, texts: Sequence[str]) -> str:
        """Return the distinct words, normalised and split by the library, joined by separators.

        With almost no vocabulary, the library makes one unknown token of each word.
        """
        words: set[str] = set()
        for encoding in self._words.encode_batch(list(texts), add_special_tokens=False):
            tokens = encoding.tokens
            words.update(tokens)
            if not self._known.isdisjoint(tokens):  # it may have split a word
                words.add("".join(tokens))
        return _SEPARATOR.join(words)

    def _rows(self, characters: str) -> NDArray[np.intp]:
        """Return the rows of the table whose entries occur in `characters`."""
        codes = np.frombuffer(characters.encode("utf-32-le"), "<u4").astype(np.uint64)
        inside = codes != ord(_SEPARATOR)
        hashes, within, parts = codes, inside, [codes[inside]]
        for length in range(1, min(self._longest, len(codes))):
            hashes = hashes[:-1] * _FACTOR + codes[length:]
            within = within[:-1] & inside[length:]
            parts.append(hashes[within])
        wanted = np.unique(np.concatenate(parts))
        rows = np.searchsorted(self._hashes, wanted)
        rows[rows == len(self._hashes)] = 0
        found: NDArray[np.intp] = rows[self._hashes[rows] == wanted]
        return found


def _hash_of(text: str) -> int:
    total = 0
    for character in text:
        total = (total * int(_FACTOR) + ord(character)) & 0xFFFFFFFFFFFFFFFF
    return total
