"""Weights in 8 bits: near what they were, and the same where they came from 4 bits."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.runtimes.eightbit import GROUP, quantise, to_eight_bits

if TYPE_CHECKING:
    from numpy.typing import NDArray

openvino = pytest.importorskip("openvino")


def restored(weights: "NDArray[np.float32]") -> "NDArray[np.float32]":
    numbers, scales = quantise(weights)
    assert numbers.dtype == np.int8
    values: NDArray[np.float32] = (numbers * scales).reshape(weights.shape)
    return values


@given(st.integers(0, 2**32 - 1), st.floats(1e-6, 1e6))
@settings(deadline=None, max_examples=50)
def test_a_weight_is_off_by_half_a_step_at_most(seed: int, size: float) -> None:
    weights = (np.random.default_rng(seed).normal(size=(6, 3 * GROUP)) * size).astype(np.float32)
    steps = np.abs(weights).reshape(6, 3, GROUP).max(axis=2, keepdims=True) / 120
    off = np.abs(restored(weights) - weights).reshape(6, 3, GROUP)
    assert (off <= steps * 0.5001).all()


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=50)
def test_weights_that_come_from_4_bits_are_the_same(seed: int) -> None:
    chance = np.random.default_rng(seed)
    codes = chance.integers(-8, 8, (5, 2, GROUP))
    codes[..., 0] = -8  # in such formats the largest of a group has the whole range
    scales = chance.normal(size=(5, 2, 1)).astype(np.float16).astype(np.float32)
    weights = (codes * scales).reshape(5, 2 * GROUP).astype(np.float32)
    np.testing.assert_allclose(restored(weights), weights, rtol=1e-6)


def test_weights_that_are_nothing_stay_nothing() -> None:
    assert not restored(np.zeros((2, GROUP), np.float32)).any()


def layer(inputs: Any, weights: "NDArray[np.float32]") -> Any:
    from openvino import opset13 as ops

    return ops.matmul(inputs, ops.constant(weights), transpose_a=False, transpose_b=True)


def test_a_graph_gives_nearly_what_it_gave() -> None:
    from openvino import opset13 as ops

    chance = np.random.default_rng(1)
    first, odd = (chance.normal(size=(8, width)).astype(np.float32) for width in (GROUP, 8))
    inputs = ops.parameter([-1, GROUP], np.float32)
    graph = openvino.Model([layer(layer(inputs, first), odd)], [inputs])
    values = chance.normal(size=(3, GROUP)).astype(np.float32)
    core = openvino.Core()
    before = core.compile_model(graph, "CPU")(values)[0]
    to_eight_bits(graph)
    kinds = [node.get_element_type().to_string() for node in graph.get_ops()]
    assert kinds.count("i8") == 1  # eight inputs are no group
    after = core.compile_model(graph, "CPU")(values)[0]
    assert not np.array_equal(before, after)
    np.testing.assert_allclose(before, after, atol=0.02 * np.abs(before).max())
