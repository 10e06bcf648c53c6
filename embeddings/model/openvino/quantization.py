"""8-bit quantisation of a graph's weights, so that the processor multiplies integers.

Groups of 32 neighbouring weights share a scale. OpenVINO quantises the activations that they are
multiplied with at run time, also in groups of 32, and accumulates in 32 bits. The error comes from
activations that are far greater than their neighbours. After a layer normalisation these are always
in the same channels; so the activations of such channels are divided, and their weights multiplied
(SmoothQuant, Xiao et al. 2022). The factors are powers of two, so that weights that were in 4 bits
are represented exactly.

On one core with AVX-512 VNNI, single precision → 8 bits: a question of 20 tokens takes 13 → 6.1 ms,
512 tokens of passages 172 → 105 ms. The error of a token's vector, 1 - cosine, is 0.00005 on
average, and 0.00012 without the powers of two.

With bfloat16 in the processor full weights are computed in that, and less is gained: on one such
core (time of the process, a busy machine) a question of 23 tokens takes 13.4 → 11.6 ms, a passage
of 272 tokens 90 → 79 ms, and the process 118 → 103 MB of its own. Weights compressed by NNCF 3.4 to
`int8_sym`, with a scale for each output, took 11.7 and 80 ms there, and 99 MB; their error on the
same texts was seven times as large (0.00022, ours 0.00003).

With AMX it is no gain: OpenVINO computes in bfloat16 there, with an error of 0.00001. On two such
cores passages took 10 tokens a millisecond with full weights, 8 with 8-bit weights, which are
converted to floats first, and 5 in single precision.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.array_types import Floats

GROUP = 32
"""Neighbouring weights that share a scale."""
_LARGEST = (127, 112, 96, 80, 64)
"""Candidates for the 8-bit value of a group's largest weight, of which the best is taken. In 4 bits
the largest is 4 to 8 steps, which one of the last four represents without rounding."""
_SHARE = 0.7
"""SmoothQuant's alpha: the share of the activations' range moved to the weights; 0.5 to 0.8."""
_REACH = 3
"""Greatest difference of exponents in a group; 4-bit weights are exact in 8 bits up to it."""
_LEAST = 1e-5

_Source = tuple[int, int]
"""Index of a node in a graph, and of one of its outputs."""


def quantise(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return integers of shape (outputs, groups, GROUP) and scales of shape (outputs, groups, 1).

    Args:
        weights: of shape (outputs, inputs); the number of inputs is a multiple of GROUP.
    """
    groups = weights.reshape(len(weights), -1, GROUP)
    largest = np.abs(groups).max(axis=2, keepdims=True)
    best = np.zeros(groups.shape, np.int8)
    scales, least = np.ones_like(largest), np.full_like(largest, np.inf)
    for most in _LARGEST:
        tried = np.where(largest > 0, largest / most, 1)
        numbers = np.round(groups / tried)
        off = np.square(numbers * tried - groups).sum(axis=2, keepdims=True)
        better = off < least
        best = np.where(better, numbers.astype(np.int8), best)
        scales, least = np.where(better, tried, scales), np.where(better, off, least)
    return best, scales


def smoothing_exponents(weights: Floats, largest: Floats) -> NDArray[np.intc]:
    """Return, for each input, the power of two to divide it and multiply its weights by, (inputs,).

    Args:
        weights: of shape (outputs, inputs); the number of inputs is a multiple of GROUP.
        largest: the greatest absolute value of each input, (inputs,).
    """
    weight = np.maximum(np.abs(weights).max(axis=0), _LEAST)
    wanted = np.log2(np.maximum(largest, _LEAST) ** _SHARE / weight ** (1 - _SHARE))
    groups = np.round(wanted).astype(np.intc).reshape(-1, GROUP)
    least = groups.max(axis=1, keepdims=True) - _REACH
    found: NDArray[np.intc] = np.maximum(groups, least).reshape(-1)
    return found


def to_eight_bits(graph: Any, samples: Sequence[tuple[Any, ...]]) -> None:
    """Replace the weights of an OpenVINO graph's linear layers, in place.

    Samples are inputs of the graph, to find out which activations are large; there may be none.
    """
    from openvino import opset13 as ops

    places = {node.get_name(): place for place, node in enumerate(graph.get_ordered_ops())}
    layers: dict[_Source, list[Any]] = {}  # by their input
    for node in filter(_is_quantisable, graph.get_ordered_ops()):
        given = node.input_value(0)
        layers.setdefault((places[given.get_node().get_name()], given.get_index()), []).append(node)
    behind_norms = [
        source for source, nodes in layers.items() if _is_behind_norm(nodes[0].input_value(0))
    ]
    largest = _largest_values(graph, behind_norms, samples)
    for source, nodes in layers.items():
        given = nodes[0].input_value(0)  # read only now: it may be a layer that was replaced
        weights = [_weights_of(node) for node in nodes]
        if source in largest:
            shared = smoothing_exponents(np.concatenate(weights), largest[source])
            weights = [np.ldexp(each, shared) for each in weights]
            given = ops.multiply(given, ops.constant(np.ldexp(np.float32(1), -shared)))
        for node, each in zip(nodes, weights, strict=True):
            _replace(node, given, each)
    graph.validate_nodes_and_infer_types()


def _replace(node: Any, source: Any, weights: Floats) -> None:
    from openvino import opset13 as ops

    numbers, scales = quantise(weights)
    scaled = ops.multiply(ops.convert(ops.constant(numbers), "f32"), ops.constant(scales))
    flat = ops.reshape(scaled, ops.constant(np.array(weights.shape, np.int64)), False)
    linear = ops.matmul(source, flat, transpose_a=False, transpose_b=True)
    linear.set_friendly_name(node.get_friendly_name())
    for reader in node.output(0).get_target_inputs():
        reader.replace_source_output(linear.output(0))


def _largest_values(
    graph: Any, sources: Sequence[_Source], samples: Sequence[tuple[Any, ...]]
) -> dict[_Source, Floats]:
    """Return the greatest absolute values of some outputs, for each index of the last axis."""
    import openvino

    found: dict[_Source, Floats] = {}
    if not sources or not samples:
        return found
    watched = graph.clone()
    nodes = watched.get_ordered_ops()
    first = len(watched.outputs)
    watched.add_outputs([nodes[place].output(index) for place, index in sources])
    request = openvino.Core().compile_model(watched, "CPU").create_infer_request()
    for sample in samples:
        request.infer(dict(enumerate(sample)))
        for number, source in enumerate(sources, first):
            values = np.abs(request.get_output_tensor(number).data)
            here = values.max(axis=tuple(range(values.ndim - 1)))
            found[source] = np.maximum(found.get(source, 0), here)
    return found


def _is_behind_norm(output: Any) -> bool:
    """Return whether an output is a layer normalisation, with or without scale and bias."""
    node = output.get_node()
    while node.get_type_name() in ("Add", "Multiply"):
        node = node.input_value(0).get_node()
    return str(node.get_type_name()) == "MVN"


def _is_quantisable(node: Any) -> bool:
    """Return whether a node is a linear layer whose inputs are a multiple of GROUP."""
    if node.get_type_name() != "MatMul" or node.get_attributes()["transpose_a"]:
        return False
    constant = node.input_value(1).get_node()
    if constant.get_type_name() != "Constant" or len(constant.get_output_shape(0)) != 2:
        return False
    return bool(_weights_of(node).shape[1] % GROUP == 0)


def _weights_of(node: Any) -> Floats:
    """Return the weights of a linear layer, of shape (outputs, inputs)."""
    weights = np.asarray(node.input_value(1).get_node().get_data(), np.float32)
    across = node.get_attributes()["transpose_b"]
    return weights if across else np.ascontiguousarray(weights.T)
