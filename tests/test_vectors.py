"""What every store of vectors must do; a new one is added to STORES."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from embeddings.errors import IndexDamaged
from embeddings.vectors import VectorStore
from embeddings.vectors.faiss import FaissStore

if TYPE_CHECKING:
    from embeddings.vectors import Vectors

STORES: list[type[VectorStore]] = [FaissStore]
DIMENSION = 32


@pytest.fixture(params=STORES, ids=lambda store: store.__name__)
def kind(request: pytest.FixtureRequest) -> type[VectorStore]:
    store: type[VectorStore] = request.param
    return store


def unit_vectors(count: int, seed: int = 1) -> "Vectors":
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    normalised: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return normalised


def filled(kind: type[VectorStore], vectors: "Vectors") -> VectorStore:
    store = kind.empty(DIMENSION)
    store.add(vectors)
    return store


def test_an_empty_store(kind: type[VectorStore]) -> None:
    store = kind.empty(DIMENSION)
    rows, scores = store.query(unit_vectors(2), 5)
    assert len(store) == 0
    assert store.dimension == DIMENSION
    assert rows.shape == scores.shape == (2, 0)
    assert store.get([]).shape == (0, DIMENSION)


def test_query_is_exact(kind: type[VectorStore]) -> None:
    vectors, questions = unit_vectors(500), unit_vectors(20, seed=2)
    rows, scores = filled(kind, vectors).query(questions, 7)
    products = questions @ vectors.T
    expected = np.argsort(-products, axis=1)[:, :7]
    assert rows.dtype == np.int64
    assert scores.dtype == np.float32
    np.testing.assert_array_equal(rows, expected)
    np.testing.assert_allclose(
        scores, np.take_along_axis(products, expected, axis=1), rtol=1e-4, atol=1e-5
    )


def test_every_vector_finds_itself_first(kind: type[VectorStore]) -> None:
    vectors = unit_vectors(100)
    rows, scores = filled(kind, vectors).query(vectors, 1)
    np.testing.assert_array_equal(rows[:, 0], np.arange(100))
    np.testing.assert_allclose(scores[:, 0], 1, atol=1e-5)


def test_no_more_rows_than_there_are(kind: type[VectorStore]) -> None:
    rows, scores = filled(kind, unit_vectors(3)).query(unit_vectors(2), 10)
    assert rows.shape == scores.shape == (2, 3)
    assert sorted(rows[0].tolist()) == [0, 1, 2]


def test_rows_are_counted_on_over_several_additions(kind: type[VectorStore]) -> None:
    vectors = unit_vectors(30)
    store = kind.empty(DIMENSION)
    for part in (vectors[:10], vectors[10:10], vectors[10:11], vectors[11:]):
        store.add(part)
    assert len(store) == 30
    np.testing.assert_array_equal(store.get(range(30)), vectors)


def test_get_keeps_the_order_asked_for(kind: type[VectorStore]) -> None:
    vectors = unit_vectors(10)
    np.testing.assert_array_equal(
        filled(kind, vectors).get([7, 0, 7, 3]), vectors[np.array([7, 0, 7, 3])]
    )


def test_what_is_saved_loads_bit_for_bit(kind: type[VectorStore], tmp_path: Path) -> None:
    vectors = unit_vectors(40)
    path = tmp_path / "сховище vectors"
    filled(kind, vectors).save(path)
    loaded = kind.load(path)
    assert (len(loaded), loaded.dimension) == (40, DIMENSION)
    np.testing.assert_array_equal(loaded.get(range(40)), vectors)
    np.testing.assert_array_equal(
        loaded.query(unit_vectors(3, 9), 5)[0],
        filled(kind, vectors).query(unit_vectors(3, 9), 5)[0],
    )


def test_the_same_vectors_save_to_the_same_bytes(kind: type[VectorStore], tmp_path: Path) -> None:
    for name in ("a", "b"):
        filled(kind, unit_vectors(40)).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_an_empty_store_is_saved_and_loaded(kind: type[VectorStore], tmp_path: Path) -> None:
    kind.empty(DIMENSION).save(tmp_path / "empty")
    assert len(kind.load(tmp_path / "empty")) == 0


def test_save_never_overwrites(kind: type[VectorStore], tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    path.write_bytes(b"something of value")
    with pytest.raises(OSError, match="exists"):
        filled(kind, unit_vectors(2)).save(path)
    assert path.read_bytes() == b"something of value"


@pytest.mark.parametrize("content", [None, b"", b"not a store", b"IxFI" + bytes(3), bytes(5000)])
def test_what_is_no_store_is_refused_by_name(
    kind: type[VectorStore], tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "vectors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexDamaged, match="vectors"):
        kind.load(path)


@pytest.mark.parametrize("kept", [0.3, 0.99])
def test_a_truncated_store_is_refused(kind: type[VectorStore], tmp_path: Path, kept: float) -> None:
    path = tmp_path / "vectors"
    filled(kind, unit_vectors(40)).save(path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(IndexDamaged, match="vectors"):
        kind.load(path)
