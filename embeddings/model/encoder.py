"""What an encoder is: texts to vectors, one of a whole text and one of each of its tokens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from embeddings.array_types import Floats, Ints


@dataclass(frozen=True)
class Encoding:
    """The vectors of one text.

    Attributes:
        vector: of the whole text, a unit vector of shape (dimension,).
        tokens: of each token, the output of the last layer, of shape (t, dimension); tokens of
            the prompt and special tokens are left out.
        spans: start and end of each token in the text, in characters, of shape (t, 2).
        information: -log p of each token, in nats, of shape (t,).
    """

    vector: Floats
    tokens: Floats
    spans: Ints
    information: Floats


@dataclass(frozen=True)
class LowerEncoding:
    """What the lower half of a model's layers makes of one text.

    Attributes:
        tokens: of each token, the output of the middle layer, of shape (t, dimension); the tokens
            are those of `Encoding`, as are their spans and information.
    """

    tokens: Floats
    spans: Ints
    information: Floats


class Encoder(Protocol):
    """Turns texts into vectors. Questions and passages may have different prompts."""

    @property
    def runtime(self) -> str:
        """The library that runs the model: `openvino` or `torch`."""

    @property
    def dimension(self) -> int:
        """Number of dimensions of a vector."""

    @property
    def max_tokens(self) -> int:
        """Tokens that the model reads of one passage, without prompt and special tokens."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without prompt and special tokens."""

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions, in the given order; several at once are faster than one by one."""

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages, in the given order."""

    def encode_sentences(self, texts: Sequence[str]) -> Floats:
        """Return only the text vectors of short passages, unit vectors of shape (n, dimension)."""


class LayeredEncoder(Encoder, Protocol):
    """An encoder whose lower half of layers can be run alone, one text at a time."""

    def encode_question_halfway(self, text: str) -> LowerEncoding:
        """Run a question through the lower half of the layers."""

    def encode_passage_halfway(self, text: str) -> LowerEncoding:
        """Run a passage through the lower half of the layers."""


@dataclass(frozen=True)
class Model:
    """An embedding model, loaded only when it is needed.

    Attributes:
        name: as configured.
        digest: identifies the weights. An index stores it, so that vectors of two models are never
            mixed. It is the same for both runtimes, as their vectors are interchangeable.
        load: returns the encoder, the same one at each call; raises ModelError.
    """

    name: str
    digest: str
    load: Callable[[], Encoder]
