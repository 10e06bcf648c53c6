"""What the encoder makes of questions and passages, kept in memory and on disk."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

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

    def read() -> Iterator[tuple[Tokens, int, Floats]]:
        for number, encoding in _encoded([one.text for one in asked], encoder.encode_questions):
            progress(number)
            one = asked[number]
            directions = center_and_rotate(encoding.tokens, means.of_question(one.language))
            lower = encoder.encode_question_halfway(one.text)
            yield question_tokens(lower, directions), 0, encoding.vector

    return _joined(read())


def states_of_passages(
    texts: Sequence[Text],
    encoder: LayeredEncoder,
    means: TokenMeans,
    progress: Callable[[int], None],
) -> States:
    """Encode passages; `progress` is told how many are done.

    Their directions are those that an index has.
    """

    def read() -> Iterator[tuple[Tokens, int, Floats]]:
        for number, encoding in _encoded([one.whole for one in texts], encoder.encode_passages):
            progress(number)
            text = texts[number]
            exact = center_and_rotate(encoding.tokens, means.of_passage(text.language))
            lower = encoder.encode_passage_halfway(text.whole)
            both = passage_tokens(lower, dequantize(quantize(exact)), text)
            parts = zip(vars(both.title).values(), vars(both.text).values(), strict=True)
            tokens = Tokens(*(np.concatenate(pair) for pair in parts))
            yield tokens, len(both.title), encoding.vector

    return _joined(read())


def _encoded(
    texts: Sequence[str], encode: Callable[[Sequence[str]], list[Encoding]]
) -> Iterator[tuple[int, Encoding]]:
    for start in range(0, len(texts), _AT_ONCE):
        yield from enumerate(encode(texts[start : start + _AT_ONCE]), start)


def _joined(read: Iterator[tuple[Tokens, int, Floats]]) -> States:
    found = [
        (
            tokens.middle.astype(np.float16),
            tokens.directions.astype(np.float16),
            tokens.information,
            tokens.spans,
            title,
            vector,
        )
        for tokens, title, vector in read
    ]
    middle, directions, information, spans, titles, vectors = zip(*found, strict=True)
    return States(
        np.concatenate(middle),
        np.concatenate(directions),
        np.concatenate(information),
        np.concatenate(spans),
        edges([len(one) for one in middle]),
        np.array(titles, np.int32),
        np.stack(vectors),
    )
