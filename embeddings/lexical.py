"""Words to BM25: which passages hold a question's words, in whatever form.

A score is the share of what the question could score at most, so it is 0 where no word matches,
stays below 1, and means the same in a corpus of five passages and of a hundred thousand. The
formula is Robertson and Zaragoza's (2009), with their usual k1 and b.
"""

import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np

from embeddings.arrays import load_arrays, save_arrays

if TYPE_CHECKING:
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

T = TypeVar("T", bound=np.generic)

LEXICAL_VERSION = 2
"""Raise it when the same passage would give other words."""

_K1, _B = 1.2, 0.75

_VARIANTS = str.maketrans(
    dict.fromkeys("’ʼ`‘ʹ", "'")
    | dict.fromkeys("‐‑–—", "-")
    | {"ё": "е", "Ё": "Е", "\u0301": None, "\u00ad": None}
)
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[ ,]\d{3})+(?!\d)")
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)*")


def words(text: str, language: str) -> list[str]:
    """Return the words of a text in their dictionary forms.

    A language without a dictionary, such as "und", gives the words as they are written.
    """
    return [_lemma(word, language) for word in _WORD.findall(_one_spelling(text))]


def _one_spelling(text: str) -> str:
    """Bring to one form what people write in many: п’ять, ё, dashes, 10,000 and 10 000."""
    text = unicodedata.normalize("NFKC", text).translate(_VARIANTS).lower()
    return _GROUPED.sub(lambda number: re.sub("[ ,]", "", number[0]), text)


@lru_cache(maxsize=200_000)
def _lemma(word: str, language: str) -> str:
    from simplemma import lemmatize

    try:
        lemma: str = lemmatize(word, lang=language)
    except ValueError:
        _say_that_there_is_no_dictionary(language)
        return word
    return lemma.lower().replace("ё", "е")


@cache
def _say_that_there_is_no_dictionary(language: str) -> None:
    """Say it once for each language."""
    logger.info("there is no dictionary for %r: its words are compared as written", language)


class LexicalWriter:
    """Collects the words of all passages in the order of their rows."""

    def __init__(self) -> None:
        self._postings: dict[int, tuple[list[int], list[int]]] = {}
        self._lengths: list[int] = []

    def add(self, document: Sequence[str]) -> None:
        """Append the words of the next passage."""
        row = len(self._lengths)
        self._lengths.append(max(len(document), 1))
        for word, times in Counter(document).items():
            rows, counts = self._postings.setdefault(_key(word), ([], []))
            rows.append(row)
            counts.append(times)

    def save(self, directory: Path) -> None:
        """Write the index's files into a directory."""
        lengths = np.array(self._lengths or [1], np.float32)
        saturation = _K1 * (1 - _B + _B * lengths / lengths.mean())
        keys = sorted(self._postings)
        entries = [self._postings[key] for key in keys]
        rows = _flat((rows for rows, _ in entries), np.int32)
        times = _flat((counts for _, counts in entries), np.float32)
        save_arrays(
            directory,
            "lexical",
            keys=np.array(keys, np.uint64),
            starts=np.cumsum([0, *(len(rows) for rows, _ in entries)], dtype=np.int64),
            rows=rows,
            values=times / (times + saturation[rows]),
            count=np.array([len(self._lengths)], np.int64),
        )


class Lexical:
    """BM25 over the passages of a generation, on files that are mapped into memory."""

    def __init__(self, arrays: dict[str, Any]) -> None:
        self._keys, self._starts = arrays["keys"], arrays["starts"]
        self._rows, self._values = arrays["rows"], arrays["values"]
        self._count = int(arrays["count"][0])

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Open what `LexicalWriter.save` wrote."""
        return cls(load_arrays(directory, "lexical", ("keys", "starts", "rows", "values", "count")))

    def __len__(self) -> int:
        """Number of passages."""
        return self._count

    def coverage(self, question: Iterable[str]) -> "NDArray[np.float32]":
        """Return a score of each row in [0, 1): the share of the most that could be reached."""
        scores = np.zeros(self._count, np.float32)
        most = 0.0
        for word in dict.fromkeys(question):
            start, end = self._span(_key(word))
            number = end - start
            weight = np.log1p((self._count - number + 0.5) / (number + 0.5))
            most += float(weight)
            scores[self._rows[start:end]] += np.float32(weight) * self._values[start:end]
        return scores / np.float32(most) if most else scores

    def _span(self, key: int) -> tuple[int, int]:
        place = int(np.searchsorted(self._keys, np.uint64(key)))
        if place == len(self._keys) or self._keys[place] != key:
            return 0, 0
        return int(self._starts[place]), int(self._starts[place + 1])


def _key(word: str) -> int:
    """Words are kept as 64-bit digests: two of a million words share one with 1 : 10^7."""
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")


def _flat(lists: Iterable[Sequence[int]], kind: type[T]) -> "NDArray[T]":
    return np.fromiter((value for values in lists for value in values), kind)
