"""Token vectors: compressed without losing their direction, and compared as one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.array_types import Bytes, Floats, Segments
from embeddings.index.late_interaction import (
    TokenMeans,
    _rotation,
    center_and_rotate,
    dequantize,
    maxsim,
    quantize,
    token_weights,
)
from embeddings.storage.ragged import edges

SEEDS = st.integers(0, 2**32 - 1)


def unit(count: int, dimension: int, seed: int) -> Floats:
    drawn = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    vectors: Floats = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return vectors


# Compression


@given(SEEDS, st.sampled_from([4, 64, 384, 768]))
@settings(max_examples=40)
def test_unpacking_keeps_sign_and_size_of_every_value(seed: int, dimension: int) -> None:
    vectors = unit(7, dimension, seed)
    packed = quantize(vectors)
    assert packed.dtype == np.uint8
    assert packed.shape == (7, dimension // 4)
    back = dequantize(packed)
    assert back.shape == vectors.shape
    assert ((back > 0) == (vectors > 0)).all()
    levels = np.array([0.4528, 1.5104]) / np.sqrt(dimension)
    np.testing.assert_allclose(
        np.min(np.abs(np.abs(back)[..., None] - levels), axis=-1), 0, atol=1e-6
    )
    nearest = levels[np.argmin(np.abs(np.abs(vectors)[..., None] - levels), axis=-1)]
    # the border between near and far lies halfway, so each value takes the nearer level
    np.testing.assert_allclose(np.abs(back), nearest, atol=2e-3)


def test_two_bits_keep_the_direction() -> None:
    """For normal values the best four levels keep 88 % of the variance: a cosine of 0.94."""
    vectors = unit(2000, 384, 1)
    back = dequantize(quantize(vectors))
    cosines = np.sum(vectors * back, axis=1) / np.linalg.norm(back, axis=1)
    assert 0.93 < cosines.mean() < 0.95
    assert cosines.min() > 0.9
    errors = np.sum((vectors - back) ** 2, axis=1)
    assert 0.10 < errors.mean() < 0.13  # Max (1960): 0.1175


def test_products_with_unpacked_vectors_are_near_the_true_ones() -> None:
    vectors, question = unit(500, 384, 2), unit(20, 384, 3)
    errors = dequantize(quantize(vectors)) @ question.T - vectors @ question.T
    assert abs(errors.mean()) < 0.002
    assert np.sqrt((errors**2).mean()) < 0.025


@given(st.binary(min_size=8, max_size=8))
def test_packing_takes_back_what_unpacking_gives(data: bytes) -> None:
    packed = np.frombuffer(data, np.uint8).reshape(2, 4)
    np.testing.assert_array_equal(quantize(dequantize(packed)), packed)


def test_nothing_is_packed_to_nothing() -> None:
    assert quantize(np.empty((0, 384), np.float32)).shape == (0, 96)
    assert dequantize(np.empty((0, 96), np.uint8)).shape == (0, 384)


# Rotation and origins


@pytest.mark.parametrize("dimension", [1, 4, 256, 384, 768])
def test_the_rotation_is_orthogonal_and_always_the_same(dimension: int) -> None:
    rotation = _rotation(dimension)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(dimension), atol=1e-5)
    _rotation.cache_clear()
    np.testing.assert_array_equal(_rotation(dimension), rotation)


def test_the_rotation_is_the_one_that_indexes_on_disk_were_made_with() -> None:
    """Another one would silently turn every stored token vector into noise."""
    np.testing.assert_allclose(
        _rotation(4),
        [
            [-0.9619398, -0.1913417, 0.1913417, 0.0380602],
            [0.1913417, -0.9619398, -0.0380602, 0.1913417],
            [-0.1913417, 0.0380602, -0.9619398, 0.1913417],
            [0.0380602, 0.1913417, 0.1913417, 0.9619398],
        ],
        atol=1e-6,
    )


def test_the_rotation_spreads_what_is_in_one_dimension() -> None:
    spread = np.abs(np.eye(384, dtype=np.float32)[5] @ _rotation(384))
    assert spread.max() < 0.3


@given(SEEDS)
@settings(max_examples=20)
def test_directions_keep_cosines_as_seen_from_the_origin(seed: int) -> None:
    tokens, others = unit(5, 64, seed), unit(4, 64, seed + 1)
    origin = unit(1, 64, seed + 2)[0] / 2
    found = center_and_rotate(tokens, origin) @ center_and_rotate(others, origin).T
    seen, other = tokens - origin, others - origin
    expected = (seen @ other.T) / np.outer(
        np.linalg.norm(seen, axis=1), np.linalg.norm(other, axis=1)
    )
    np.testing.assert_allclose(found, expected, atol=1e-4)
    np.testing.assert_allclose(
        np.linalg.norm(center_and_rotate(tokens, origin), axis=1), 1, atol=1e-5
    )


def test_a_token_at_the_origin_has_no_direction_and_is_no_error() -> None:
    tokens = unit(1, 64, 1)
    assert np.isfinite(center_and_rotate(tokens, tokens[0])).all()


def test_a_language_without_an_origin_takes_the_mean() -> None:
    mean, own = np.zeros(4, np.float32), np.ones(4, np.float32)
    token_means = TokenMeans({"": mean, "uk": own}, {"": mean, "ru": own})
    assert token_means.of_question("uk") is own
    assert token_means.of_question("ru") is mean
    assert token_means.of_passage("ru") is own
    assert token_means.of_passage("und") is mean


# Comparison


def naive(question: Floats, packed: Floats, segment: Segments, segments: int) -> list[list[float]]:
    """Each token of the question with each token of each segment, one by one."""
    return [
        [
            max((float(token @ vector) for vector in packed[segment == n]), default=-1.0)
            for token in question
        ]
        for n in range(segments)
    ]


def score_late_interaction(
    question: Floats, entries: list[tuple[Bytes, Segments, int]]
) -> list[Floats]:
    packed = [np.empty((0, question.shape[1] // 4), np.uint8), *(entry[0] for entry in entries)]
    segments = [np.empty(0, np.int16), *(entry[1] for entry in entries)]
    counts = np.array([entry[2] for entry in entries], np.int64)
    first = edges([len(part) for part in segments[1:]])
    found = maxsim(question, np.concatenate(packed), np.concatenate(segments), first, counts)
    return [found[number] for number in range(len(found))]


PASSAGE = st.lists(st.integers(0, 3), min_size=1, max_size=6)  # tokens in each segment


@given(st.lists(PASSAGE, max_size=5), st.integers(1, 4), SEEDS)
def test_best_matches_are_those_of_a_loop(passages: list[list[int]], asked: int, seed: int) -> None:
    question = unit(asked, 16, seed)
    entries = []
    for number, counts in enumerate(passages):
        packed = quantize(unit(sum(counts), 16, seed + 1 + number))
        segment = np.repeat(np.arange(len(counts)), counts).astype(np.int16)
        entries.append((packed, segment, len(counts)))
    found = score_late_interaction(question, entries)
    assert len(found) == len(entries)
    for matches, (packed, segment, count) in zip(found, entries, strict=True):
        assert matches.shape == (count, asked)
        np.testing.assert_allclose(
            matches, naive(question, dequantize(packed), segment, count), atol=1e-5
        )


def test_a_passage_is_compared_alike_alone_and_among_others() -> None:
    question = unit(3, 64, 1)
    entries = [
        (quantize(unit(n, 64, n)), np.minimum(np.arange(n), 2).astype(np.int16), 3)
        for n in (5, 3, 9)
    ]
    together = score_late_interaction(question, entries)
    for entry, matches in zip(entries, together, strict=True):
        np.testing.assert_allclose(score_late_interaction(question, [entry])[0], matches, atol=1e-6)


def test_more_tokens_than_are_unpacked_at_a_time() -> None:
    question, packed = unit(2, 64, 1), quantize(unit(300, 64, 2))
    segment = np.zeros(300, np.int16)
    (matches,) = score_late_interaction(question, [(packed, segment, 1)])
    np.testing.assert_allclose(matches, naive(question, dequantize(packed), segment, 1), atol=1e-5)


# Weights


@given(st.lists(st.floats(0, 40), min_size=1, max_size=50))
def test_weights_add_up_to_one(information: list[float]) -> None:
    counted = token_weights(np.array(information, np.float32))
    assert counted.dtype == np.float32
    assert counted.sum() == pytest.approx(1, abs=1e-5)
    assert (counted > 0).all()


def test_a_rare_word_counts_more_than_a_comma() -> None:
    comma, usual, rare = token_weights(np.array([2.0, 8.0, 13.0], np.float32))
    assert comma < usual < rare
    assert comma < 0.05
