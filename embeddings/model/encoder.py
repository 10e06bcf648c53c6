"""Texts to vectors: one for a whole text, and one for each of its tokens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Encoding:
    """What the encoder makes of one text.

    Attributes:
        vector: of the whole text, a unit vector of shape (dimension,).
        tokens: of each token, as the last layer gives them, (t, dimension); the prompt's tokens
            and the special ones are left out.
        spans: the characters of the text behind each token, (t, 2).
        information: -log p of each token in nats, (t,).
    """

    vector: "Floats"
    tokens: "Floats"
    spans: "Ints"
    information: "Floats"


class Encoder(Protocol):
    """Turns texts into vectors, questions and passages each in their own way."""

    @property
    def runtime(self) -> str:
        """What runs the model: `openvino` or `torch`."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Tokens the model reads of one passage, its prompt and special tokens not counted."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without prompt and special tokens."""

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions, in their order; several that wait are faster together."""

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages, in their order."""

    def encode_sentences(self, texts: Sequence[str]) -> "Floats":
        """Return only the vectors of short passages, unit vectors of shape (n, dimension)."""


@dataclass(frozen=True)
class Model:
    """An embedding model by name and digest, loaded only when it is needed.

    Attributes:
        name: as configured.
        digest: of the weights; an index remembers it, so that two models are never mixed. It says
            nothing of the runtime: the vectors of both are interchangeable.
        load: returns the encoder, the same one at every call; raises ModelError.
    """

    name: str
    digest: str
    load: Callable[[], Encoder]
