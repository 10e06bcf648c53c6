"""Weights in 8 bits, so that a processor multiplies integers: a quarter of the time and memory.

Each 32 neighbouring weights share a scale (symmetric, as in Q8_0 of ggml). OpenVINO quantises what
they are multiplied with while it runs, 32 values at a time as well, and adds up in 32 bits.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

GROUP = 32
"""Neighbours that share a scale."""
_MOST = 127


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

    for node in graph.get_ordered_ops():
        weights = _weights_of(node)
        if weights is None:
            continue
        numbers, scales = quantise(weights)
        scaled = ops.multiply(ops.convert(ops.constant(numbers), "f32"), ops.constant(scales))
        flat = ops.reshape(scaled, ops.constant(np.array(weights.shape, np.int64)), False)
        linear = ops.matmul(node.input_value(0), flat, transpose_a=False, transpose_b=True)
        linear.set_friendly_name(node.get_friendly_name())
        for reader in node.output(0).get_target_inputs():
            reader.replace_source_output(linear.output(0))
    graph.validate_nodes_and_infer_types()


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
    return None if weights.shape[1] % GROUP else weights
