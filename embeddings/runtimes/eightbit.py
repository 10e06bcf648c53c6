"""Weights in 8 bits, so that a processor multiplies integers.

With AVX-512 VNNI a question of 20 tokens takes 7.9 ms instead of 14, passages 134 instead of 187.

Each 32 neighbouring weights share a scale. OpenVINO quantises what they are multiplied with while
it runs, 32 values at a time as well, and adds up in 32 bits; that is where precision is lost, for
some values are far greater than their neighbours. Most of it is lost late, where attentions pass
on what they read and where layers widen: those few keep their weights as they are.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

GROUP = 32
"""Neighbours that share a scale."""
_MOST = 120
"""Of 127: a multiple of 8, so that weights which come from 4 bits, as the default model's do,
are the same in 8."""
_LAST = 2
"""One in so many blocks, the last ones, keep their values and their widening layer whole. Of the
default model that is a fifth of the weights: texts take an eighth longer, and what a token's
direction is off, 1 - cosine, falls from 0.00035 to 0.00010 on average."""


def quantise(weights: "Floats") -> "tuple[NDArray[np.int8], Floats]":
    """Return numbers of shape (outputs, groups, GROUP) and scales of shape (outputs, groups, 1).

    Args:
        weights: (outputs, inputs), where GROUP divides the inputs.
    """
    groups = weights.reshape(len(weights), -1, GROUP)
    scales = np.abs(groups).max(axis=2, keepdims=True) / _MOST
    scales[scales == 0] = 1
    return np.round(groups / scales).astype(np.int8), scales.astype(np.float32)


def to_eight_bits(graph: Any) -> None:
    """Replace the weights of an OpenVINO graph's linear layers where they stand."""
    from openvino import opset13 as ops

    kept = _most_sensitive(graph)
    for node in graph.get_ordered_ops():
        weights = _weights_of(node)
        if weights is None or weights.shape[1] % GROUP or node.get_friendly_name() in kept:
            continue
        numbers, scales = quantise(weights)
        scaled = ops.multiply(ops.convert(ops.constant(numbers), "f32"), ops.constant(scales))
        flat = ops.reshape(scaled, ops.constant(np.array(weights.shape, np.int64)), False)
        linear = ops.matmul(node.input_value(0), flat, transpose_a=False, transpose_b=True)
        linear.set_friendly_name(node.get_friendly_name())
        for reader in node.output(0).get_target_inputs():
            reader.replace_source_output(linear.output(0))
    graph.validate_nodes_and_infer_types()


def _most_sensitive(graph: Any) -> set[str]:
    """Name the layers that make values for the last attentions, and those before the last gates."""
    nodes = graph.get_ordered_ops()
    values = [n.input_value(2) for n in nodes if n.get_type_name() == "ScaledDotProductAttention"]
    widened = [n.input_value(0) for n in nodes if n.get_type_name() == "Gelu"]
    last = [
        output
        for outputs in (values, widened)
        for output in outputs[len(outputs) - len(outputs) // _LAST :]
    ]
    return {_layer_before(output.get_node()).get_friendly_name() for output in last}


def _layer_before(node: Any) -> Any:
    """Go back through additions and changes of shape to the layer whose output this is."""
    while node.get_type_name() != "MatMul" and node.get_input_size():
        node = node.input_value(0).get_node()
    return node


def _weights_of(node: Any) -> "Floats | None":
    """Return the weights of a linear layer, (outputs, inputs); None for any other node."""
    if node.get_type_name() != "MatMul":
        return None
    constant, how = node.input_value(1).get_node(), node.get_attributes()
    if constant.get_type_name() != "Constant" or how["transpose_a"]:
        return None
    weights = np.asarray(constant.get_data(), np.float32)
    if weights.ndim != 2:
        return None
    if not how["transpose_b"]:
        weights = np.ascontiguousarray(weights.T)
    return weights
