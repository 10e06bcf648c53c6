"""The network of the verifier: the upper half of the encoder, reading two texts at once.

Each of its layers begins as a layer of the encoder, where it read one text; what is new is a bias
on the attention between tokens that match, and what marks a token's kind.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from embeddings.verifier.tokens import Kind

_LEAST_MATCH, _STEEP = 0.2, 8.0
"""Cosine from which tokens count as alike, and the scale of what is above it."""


class JointLayer(nn.Module):
    """A layer of BERT (Devlin et al. 2019) whose attention is drawn to what matches."""

    def __init__(self, layer: Any, heads: int) -> None:
        super().__init__()
        attention = layer.attention
        self.heads = heads
        self.query, self.key, self.value = (
            getattr(attention.self, name) for name in ("query", "key", "value")
        )
        self.mixed, self.mixed_norm = attention.output.dense, attention.output.LayerNorm
        self.wide, self.narrow = layer.intermediate.dense, layer.output.dense
        self.norm = layer.output.LayerNorm
        self.drawn = nn.Parameter(torch.zeros(heads))

    def forward(self, states: Tensor, likeness: Tensor, unread: Tensor) -> Tensor:
        """Return the new states, (n, l, d).

        Args:
            states: of the tokens, (n, l, d).
            likeness: of each pair of tokens, (n, 1, l, l).
            unread: 0 for a token, a large negative number for padding, (n, 1, 1, l).
        """
        count, length, width = states.shape
        shape = (count, length, self.heads, width // self.heads)
        query, key, value = (
            part(states).view(shape).transpose(1, 2) for part in (self.query, self.key, self.value)
        )
        bias = self.drawn[None, :, None, None] * likeness + unread
        read = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        mixed = self.mixed(read.transpose(1, 2).reshape(count, length, width))
        states = self.mixed_norm(states + mixed)
        hidden: Tensor = self.norm(states + self.narrow(nn.functional.gelu(self.wide(states))))
        return hidden


class Network(nn.Module):
    """Tells of a batch whether each window answers, and where the answer begins and ends."""

    def __init__(self, encoder: Any, first: int, last: int) -> None:
        """Take the layers `first` to `last - 1` of a BERT model."""
        super().__init__()
        width = encoder.config.hidden_size
        heads = encoder.config.num_attention_heads
        self.kinds = nn.Embedding(len(Kind), width)
        self.features = nn.Linear(2, width)
        for start in (self.kinds.weight, self.features.weight, self.features.bias):
            nn.init.normal_(start, std=0.02)
        self.layers = nn.ModuleList(
            JointLayer(layer, heads) for layer in encoder.encoder.layer[first:last]
        )
        self.ends = nn.Linear(width, 2)
        self.answers = nn.Sequential(
            nn.Linear(width, width // 2), nn.GELU(), nn.Linear(width // 2, 1)
        )

    def forward(
        self, middle: Tensor, matches: Tensor, features: Tensor, kinds: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return logits that a window answers, and of the answer's first and last token.

        Their shapes are (n,), (n, l) and (n, l). Those of the first token of all, which stands for
        the whole, are of no answer. The arguments are those of `tokens.Inputs`.
        """
        unread = (kinds == Kind.PADDING)[:, None, None, :] * -1e4
        likeness = _STEEP * (matches - _LEAST_MATCH).clamp_min(0)[:, None]
        states = middle + self.kinds(kinds) + self.features(features)
        for layer in self.layers:
            states = layer(states, likeness, unread)
        possible = (kinds == Kind.TEXT) | (kinds == Kind.WHOLE)
        ends = self.ends(states) + torch.where(possible, 0.0, -1e4)[..., None]
        return self.answers(states[:, 0])[:, 0], ends[..., 0], ends[..., 1]

    def groups(self, rate: float, decay: float) -> Iterator[dict[str, Any]]:
        """Yield groups of parameters for an optimiser: what is new learns faster."""
        known = [p for name, p in self.named_parameters() if _is_known(name)]
        new = [p for name, p in self.named_parameters() if not _is_known(name)]
        yield {"params": [p for p in known if p.ndim > 1], "lr": rate, "weight_decay": decay}
        yield {"params": [p for p in known if p.ndim == 1], "lr": rate, "weight_decay": 0.0}
        yield {"params": new, "lr": 3 * rate, "weight_decay": 0.0}


def _is_known(name: str) -> bool:
    return name.startswith("layers.") and not name.endswith(".drawn")
