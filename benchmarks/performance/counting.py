"""What one question has to compute and to read at least, as this program goes about it.

Counted are multiply-adds and the bytes that they need; each byte once a question:

- *linear layers*: every weight of the model's graph with every token of the question (its prompt
  and special tokens included, padding not), and every weight read once, in 8 bits with its scales
  where the converted model has it so, otherwise in 4 bytes (2 where OpenVINO takes bfloat16);
- *attention*: in each layer every token with every token, twice the width of the model; what is
  read was just written, so no bytes;
- *vectors*: every passage and every sentence with the question, 4 bytes a dimension. An index that
  compares fewer of them can be below this;
- *late interaction*: every token of the candidates with every token of the question, a quarter of
  a byte a dimension.

Not counted: tokenising, unpacking tokens, looking words up, norms and activations, sorting, reading
the passages' text. A stage cannot be faster than the slower of its arithmetic and its traffic, and
stages follow each other: the floor is the sum of the stages' own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.performance.peaks import Peaks


@dataclass(frozen=True)
class Layers:
    """The model's graph in numbers.

    Attributes:
        float_weights: of linear layers that are computed in floats.
        small_weights: of those in 8 bits.
        weight_bytes: of all of them, as they are read.
        attentions: how many layers have one.
        width: of a token's vector.
    """

    float_weights: int
    small_weights: int
    weight_bytes: int
    attentions: int
    width: int


@dataclass(frozen=True)
class Asked:
    """One question in numbers.

    Attributes:
        tokens: that the model reads.
        compared: tokens of it that are compared.
        candidates: tokens of passages that they are compared with.
        vectors: of passages and sentences in the index.
    """

    tokens: int
    compared: int
    candidates: int
    vectors: int


@dataclass(frozen=True)
class Stage:
    """What one step costs at least.

    Attributes:
        name: the one of `timers.PARTS` that does it.
        floats: multiply-adds in floats.
        eight_bits: multiply-adds in 8 bits.
        bytes: read.
    """

    name: str
    floats: int
    eight_bits: int
    bytes: int

    def milliseconds(self, peaks: Peaks) -> float:
        """Return its floor: what takes longer, the arithmetic or the traffic."""
        arithmetic = self.floats / peaks.floats + self.eight_bits / peaks.eight_bits
        return 1000 * max(arithmetic, self.bytes / max(peaks.bytes_far, peaks.bytes_near))


def stages(layers: Layers, asked: Asked) -> list[Stage]:
    """Count what a question costs."""
    width = layers.width
    attention = 2 * layers.attentions * asked.tokens**2 * width
    return [
        Stage(
            "run the model",
            asked.tokens * layers.float_weights + attention,
            asked.tokens * layers.small_weights,
            layers.weight_bytes,
        ),
        Stage("vectors", asked.vectors * width, 0, 4 * asked.vectors * width),
        Stage(
            "late interaction",
            asked.candidates * asked.compared * width,
            0,
            asked.candidates * width // 4,
        ),
    ]


def layers_of(graph: Any, width: int, float_bytes: int) -> Layers:
    """Count the weights of an OpenVINO graph.

    Args:
        graph: everything behind the word vectors.
        width: of a token's vector.
        float_bytes: of a weight that is computed in floats.
    """
    floats = small = scales = attentions = 0
    for node in graph.get_ordered_ops():
        if node.get_type_name() == "ScaledDotProductAttention":
            attentions += 1
        if node.get_type_name() != "MatMul":
            continue
        constants = list(_constants(node.input_value(1).get_node()))
        shape = node.input_value(1).get_partial_shape()
        if not constants or shape.is_dynamic or len(shape) != 2:
            continue
        weights = shape[0].get_length() * shape[1].get_length()
        if any(constant.get_element_type().get_type_name() == "i8" for constant in constants):
            small += weights
            scales += sum(
                constant.get_element_type().get_size() * _size(constant)
                for constant in constants
                if constant.get_element_type().is_real() and _size(constant) > 1
            )
        else:
            floats += weights
    return Layers(floats, small, float_bytes * floats + small + scales, attentions, width)


def _constants(node: Any) -> Iterator[Any]:
    """Go back from a layer's weights to what they are made of; nothing where they are computed."""
    if node.get_type_name() == "Constant":
        yield node
    elif node.get_type_name() in ("Convert", "Multiply", "Subtract", "Reshape", "Transpose"):
        for number in range(node.get_input_size()):
            yield from _constants(node.input_value(number).get_node())


def _size(constant: Any) -> int:
    size = 1
    for length in constant.get_output_shape(0):
        size *= length
    return size
