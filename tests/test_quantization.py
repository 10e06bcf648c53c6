"""8-bit weights: close to the original ones, and equal if those were in 4 bits."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.model.openvino.quantization import (
    GROUP,
    quantise,
    smoothing_exponents,
    to_eight_bits,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

openvino = pytest.importorskip("openvino")


def restored(weights: "NDArray[np.float32]") -> "NDArray[np.float32]":
    numbers, scales = quantise(weights)
    assert numbers.dtype == np.int8
    values: NDArray[np.float32] = (numbers * scales).reshape(weights.shape)
    return values


@given(st.integers(0, 2**32 - 1), st.floats(1e-6, 1e6))
@settings(max_examples=50)
def test_a_weight_is_off_by_half_a_step_at_most(seed: int, size: float) -> None:
    weights = (np.random.default_rng(seed).normal(size=(6, 3 * GROUP)) * size).astype(np.float32)
    steps = np.abs(weights).reshape(6, 3, GROUP).max(axis=2, keepdims=True) / 64
    off = np.abs(restored(weights) - weights).reshape(6, 3, GROUP)
    assert (off <= steps * 0.5001).all()
    usual = np.round(weights.reshape(6, 3, GROUP) / steps * 127 / 64) * steps * 64 / 127
    assert np.square(off).sum() <= np.square(usual - weights.reshape(6, 3, GROUP)).sum() * 1.0001


def in_four_bits(seed: int, outputs: int, groups: int) -> "NDArray[np.float32]":
    """Draw weights of a format in which the largest of a group is the whole range."""
    chance = np.random.default_rng(seed)
    codes = chance.integers(-8, 8, (outputs, groups, GROUP))
    codes[..., 0] = -8
    scales = chance.normal(size=(outputs, groups, 1)).astype(np.float16).astype(np.float32)
    weights: NDArray[np.float32] = (codes * scales).reshape(outputs, groups * GROUP)
    return weights.astype(np.float32)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=50)
def test_weights_that_come_from_4_bits_are_the_same_behind_a_norm_too(seed: int) -> None:
    weights = in_four_bits(seed, 5, 2)
    largest = np.exp(np.random.default_rng(seed).normal(size=2 * GROUP) * 3).astype(np.float32)
    shifted = np.ldexp(weights, smoothing_exponents(weights, largest))
    assert not np.array_equal(shifted, weights)
    for exact in (weights, shifted):
        np.testing.assert_allclose(restored(exact), exact, rtol=1e-6)


def test_an_input_with_large_values_gets_large_weights() -> None:
    largest = np.ones(2 * GROUP, np.float32)
    largest[5] = 6
    largest[40] = 1e9
    found = smoothing_exponents(np.ones((3, 2 * GROUP), np.float32), largest)
    assert found[5] > 0
    assert found[40] - found[41] == 3  # and no more, whatever it meets
    assert set(found[:GROUP]) - {found[5]} == {0}


def test_weights_and_values_of_zero_are_no_error() -> None:
    nothing = np.zeros((3, GROUP), np.float32)
    assert not restored(nothing).any()
    for largest in (nothing[0], nothing[0] + 1):
        assert np.isfinite(np.ldexp(np.float32(1), -smoothing_exponents(nothing, largest))).all()


def layer(inputs: Any, weights: "NDArray[np.float32]") -> Any:
    from openvino import opset13 as ops

    return ops.matmul(inputs, ops.constant(weights), transpose_a=False, transpose_b=True)


def test_a_graph_gives_nearly_what_it_gave() -> None:
    from openvino import opset13 as ops

    chance = np.random.default_rng(1)
    shapes = ((GROUP, GROUP), (8, GROUP), (8, 8))
    first, second, odd = (chance.normal(size=shape).astype(np.float32) for shape in shapes)
    inputs = ops.parameter([-1, GROUP], np.float32)
    graph = openvino.Model([layer(layer(layer(inputs, first), second), odd)], [inputs])
    values = chance.normal(size=(3, GROUP)).astype(np.float32)
    core = openvino.Core()
    before = core.compile_model(graph, "CPU")(values)[0]
    to_eight_bits(graph, [])
    kinds = [node.get_element_type().to_string() for node in graph.get_ops()]
    assert kinds.count("i8") == 2  # eight inputs are no group
    after = core.compile_model(graph, "CPU")(values)[0]
    assert not np.array_equal(before, after)
    np.testing.assert_allclose(before, after, atol=0.02 * np.abs(before).max())


def test_layers_of_the_same_name_keep_their_own_values() -> None:
    from openvino import opset13 as ops

    chance = np.random.default_rng(6)
    inputs = [ops.parameter([-1, GROUP], np.float32) for _ in range(2)]
    weights = [chance.normal(size=(8, GROUP)).astype(np.float32) for _ in range(2)]
    even = [norm(each, np.ones((1, GROUP), np.float32)) for each in inputs]
    for each in even:
        each.set_friendly_name("norm")
    graph = openvino.Model([layer(*each) for each in zip(even, weights, strict=True)], inputs)
    values = [chance.normal(size=(3, GROUP)).astype(np.float32) for _ in range(2)]
    core = openvino.Core()
    before = list(core.compile_model(graph, "CPU")(values).values())
    to_eight_bits(graph, [tuple(values)])
    after = list(core.compile_model(graph, "CPU")(values).values())
    for one, other in zip(before, after, strict=True):
        np.testing.assert_allclose(one, other, atol=0.02 * np.abs(one).max())


def norm(values: Any, factors: "NDArray[np.float32]") -> Any:
    from openvino import opset13 as ops

    even = ops.mvn(values, ops.constant(np.array([-1])), True, 1e-9, "inside_sqrt")
    return ops.add(ops.multiply(even, ops.constant(factors)), ops.constant(factors * 0))


def test_large_values_behind_a_norm_lose_less() -> None:
    from openvino import opset13 as ops

    chance = np.random.default_rng(2)
    factors = np.ones((1, 2 * GROUP), np.float32)
    factors[:, [3, 40]] = 60.0
    weights = [in_four_bits(seed, 48, 2) for seed in (3, 4)]
    values = chance.normal(size=(50, 2 * GROUP)).astype(np.float32)
    core = openvino.Core()

    def given(samples: list[tuple[Any, ...]] | None) -> "list[NDArray[np.float32]]":
        inputs = ops.parameter([-1, 2 * GROUP], np.float32)
        even = norm(inputs, factors)
        graph = openvino.Model([layer(even, each) for each in weights], [inputs])
        if samples is not None:
            to_eight_bits(graph, samples)
            divided = [n for n in graph.get_ops() if n.get_type_name() == "Multiply"]
            # Scales of two layers, the norm's factors, and one division for both layers.
            assert len(divided) == 3 + bool(samples)
        settings = {"DYNAMIC_QUANTIZATION_GROUP_SIZE": GROUP}
        return list(core.compile_model(graph, "CPU", settings)(values).values())

    whole, plain, shifted = given(None), given([]), given([(values[:20],)])
    for exact, first, second in zip(whole, plain, shifted, strict=True):
        assert np.abs(second - exact).mean() <= np.abs(first - exact).mean()
        np.testing.assert_allclose(second, exact, atol=0.02 * np.abs(exact).max())
