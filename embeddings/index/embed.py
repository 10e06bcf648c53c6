"""Passages to everything that is kept of their meaning."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from embeddings.array_types import Bytes, Floats, Segments
from embeddings.articles.passage import Passage, context_of
from embeddings.index.late_interaction import TokenMeans, center_and_rotate, quantize
from embeddings.index.passages import Source
from embeddings.model.encoder import Encoder, Encoding
from embeddings.text.sentences import Span

EMBED_VERSION = 4
"""Raise it when the same passage would give other vectors."""


@dataclass(frozen=True)
class Text:
    """What is encoded of a passage: its own words, behind the title and headings it was given.

    Two passages with the same digest have the same vectors.
    """

    context: str
    body: str
    language: str

    @property
    def whole(self) -> str:
        """The text that the passage's vector is made from."""
        return f"{self.context}\n{self.body}" if self.context else self.body

    @property
    def digest(self) -> str:
        """Names the text, 64 hexadecimal digits."""
        named = f"{self.language}\n{self.context}\n{self.body}"
        return hashlib.sha256(named.encode()).hexdigest()


@dataclass(frozen=True)
class Embedded:
    """The vectors of one passage.

    Attributes:
        vector: of the passage, (d,).
        spans: its sentences, in its own text.
        sentences: a vector of each, (s, d).
        packed: its tokens, (t, d / 4); see `late_interaction.quantize`.
        segments: 0 for a token of the title, then the number of its sentence from 1, (t,).
    """

    vector: Floats
    spans: list[Span]
    sentences: Floats
    packed: Bytes
    segments: Segments


def texts_of(passages: Sequence[tuple[Passage, Source]], encoder: Encoder) -> list[Text]:
    """Return what is encoded of each passage."""
    contexts: dict[tuple[str, ...], str] = {}
    texts: list[Text] = []
    for passage, source in passages:
        # A title made from the file's name is left out: a renamed file keeps its vectors.
        title = source.own_title or ""
        key = (title, *passage.headings)
        if key not in contexts:
            contexts[key] = context_of(title, passage, encoder.count_tokens, encoder.max_tokens)
        texts.append(Text(contexts[key], passage.text, source.language))
    return texts


def embed(
    texts: Sequence[Text],
    spans: Sequence[Sequence[Span]],
    encoder: Encoder,
    token_means: TokenMeans,
) -> list[Embedded]:
    """Encode passages, and the sentences of each, at least one, given as spans of its own text."""
    encodings = encoder.encode_passages([text.whole for text in texts])
    sentences = iter(
        encoder.encode_sentences(
            [
                replace(text, body=text.body[start:end]).whole
                for text, own in zip(texts, spans, strict=True)
                for start, end in own
            ]
        )
    )
    return [
        Embedded(
            encoding.vector,
            list(own),
            np.array([next(sentences) for _ in own], np.float32).reshape(len(own), -1),
            quantize(center_and_rotate(encoding.tokens, token_means.of_passage(text.language))),
            _segments(text, encoding, own),
        )
        for text, encoding, own in zip(texts, encodings, spans, strict=True)
    ]


def _segments(text: Text, encoding: Encoding, spans: Sequence[Span]) -> Segments:
    """Number the sentence of each token, by the token's last character; 0 is the title."""
    last = encoding.spans[:, 1] - 1 - (len(text.whole) - len(text.body))
    starts = np.array([start for start, _ in spans], np.int32)
    numbers = np.maximum(np.searchsorted(starts, last, side="right"), 1)
    return np.where(last < 0, 0, numbers).astype(np.int16)
