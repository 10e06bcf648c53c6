"""What the encoder makes of questions and passages, kept in memory and on disk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
import numpy as np
from numpy.typing import NDArray

from embeddings.array_types import Floats, Ints
from embeddings.index.embed import Text
from embeddings.index.late_interaction import (
    TokenMeans,
    center_and_rotate,
    dequantize,
    quantize,
)
from embeddings.model.encoder import Encoding, LayeredEncoder, Model
from embeddings.model.openvino.encoder import OpenVinoEncoder
from embeddings.quality.verifier.examples import Asked
from embeddings.storage.ragged import edges
from embeddings.verifier.tokens import PassageTokens, Tokens, passage_tokens, question_tokens

T = TypeVar("T")
Halves = NDArray[np.float16]
_AT_ONCE = 256


@dataclass(frozen=True)
class States:
    """The tokens of many texts, one text after the other; arrays as in `Tokens`.

    Attributes:
        first: where the tokens of each text begin, and where the last ones end, (n + 1,).
        titles: how many of them belong to its title, (n,).
        vectors: of each text, (n, d).
    """

    middle: Halves
    directions: Halves
    information: Floats
    spans: Ints
    first: NDArray[np.int64]
    titles: Ints
    vectors: Floats

    def save(self, path: Path) -> None:
        """Write them to a file."""
        np.savez(path, **vars(self))

    @classmethod
    def load(cls, path: Path) -> "States":
        """Read what `save` has written."""
        with np.load(path) as stored:
            return cls(**{name: stored[name] for name in cls.__dataclass_fields__})

    def tokens(self, number: int) -> Tokens:
        """Return the tokens of a text."""
        return self._part(int(self.first[number]), int(self.first[number + 1]))

    def passage(self, number: int) -> PassageTokens:
        """Return the tokens of a passage."""
        start, end = int(self.first[number]), int(self.first[number + 1])
        middle = start + int(self.titles[number])
        return PassageTokens(self._part(start, middle), self._part(middle, end))

    def _part(self, start: int, end: int) -> Tokens:
        return Tokens(
            self.middle[start:end].astype(np.float32),
            self.directions[start:end].astype(np.float32),
            self.information[start:end],
            self.spans[start:end],
        )


def layered_encoder(model: Model) -> LayeredEncoder:
    """Load a model whose lower layers can be run alone.

    Raises:
        ClickException: OpenVINO does not run it.
    """
    encoder = model.load()
    if not isinstance(encoder, OpenVinoEncoder):
        raise click.ClickException("The verifier needs the default model, run by OpenVINO.")
    return encoder


def states_of_questions(
    asked: Sequence[Asked],
    encoder: LayeredEncoder,
    means: TokenMeans,
    progress: Callable[[int], None],
) -> States:
    """Encode questions; `progress` is told how many are done."""

    def read(one: Asked, encoding: Encoding) -> tuple[Tokens, int]:
        directions = center_and_rotate(encoding.tokens, means.of_question(one.language))
        return question_tokens(encoder.encode_question_halfway(one.text), directions), 0

    return _states(asked, [one.text for one in asked], encoder.encode_questions, read, progress)


def states_of_passages(
    texts: Sequence[Text],
    encoder: LayeredEncoder,
    means: TokenMeans,
    progress: Callable[[int], None],
) -> States:
    """Encode passages; `progress` is told how many are done.

    Their directions are those that an index has.
    """

    def read(text: Text, encoding: Encoding) -> tuple[Tokens, int]:
        exact = center_and_rotate(encoding.tokens, means.of_passage(text.language))
        lower = encoder.encode_passage_halfway(text.whole)
        both = passage_tokens(lower, dequantize(quantize(exact)), text)
        parts = zip(vars(both.title).values(), vars(both.text).values(), strict=True)
        return Tokens(*map(np.concatenate, parts)), len(both.title)

    return _states(texts, [text.whole for text in texts], encoder.encode_passages, read, progress)


def _states(
    items: Sequence[T],
    texts: Sequence[str],
    encode: Callable[[Sequence[str]], list[Encoding]],
    read: Callable[[T, Encoding], tuple[Tokens, int]],
    progress: Callable[[int], None],
) -> States:
    """Encode the text of each item; `read` returns its tokens, and how many are of its title."""
    found: list[tuple[Any, ...]] = []
    titles: list[int] = []
    vectors: list[Floats] = []
    for start in range(0, len(items), _AT_ONCE):
        encodings = encode(texts[start : start + _AT_ONCE])
        for item, encoding in zip(items[start : start + _AT_ONCE], encodings, strict=True):
            progress(len(found))
            tokens, title = read(item, encoding)
            halves = (tokens.middle.astype(np.float16), tokens.directions.astype(np.float16))
            found.append((*halves, tokens.information, tokens.spans))
            titles.append(title)
            vectors.append(encoding.vector)
    middle, directions, information, spans = map(np.concatenate, zip(*found, strict=True))
    return States(
        middle,
        directions,
        information,
        spans,
        edges([len(one) for one, *_ in found]),
        np.array(titles, np.int32),
        np.stack(vectors),
    )
