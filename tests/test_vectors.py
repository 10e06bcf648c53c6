"""What every store of vectors must do, with all vectors compared, and with clusters of them."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from embeddings.errors import IndexDamaged
from embeddings.index.vectors import VectorStore, choice
from embeddings.index.vectors.clustered import ClusteredStore
from embeddings.index.vectors.faiss import FaissStore

if TYPE_CHECKING:
    from embeddings.index.vectors import Vectors

DIMENSION = 32


@pytest.fixture(params=[FaissStore, ClusteredStore], ids=["exact", "clustered"], autouse=True)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type[VectorStore]:
    """Which store holds any vectors at all."""
    monkeypatch.setattr(choice, "EXACT_UP_TO", 0 if request.param is ClusteredStore else 1000)
    store: type[VectorStore] = request.param
    return store


def unit_vectors(count: int, seed: int = 1) -> "Vectors":
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    normalised: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return normalised


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "сховище vectors"


def filled(path: Path, *parts: "Vectors") -> VectorStore:
    writer = choice.create(path, DIMENSION)
    for vectors in parts:
        writer.add(vectors)
    writer.finish(lambda: None)
    return choice.load(path)


def test_the_store_is_the_one_meant(kind: type[VectorStore], path: Path) -> None:
    assert type(filled(path, unit_vectors(3))) is kind


def test_an_empty_store(path: Path) -> None:
    store = filled(path)
    rows, scores = store.query(unit_vectors(2), 5)
    assert len(store) == 0
    assert store.dimension == DIMENSION
    assert rows.shape == scores.shape == (2, 0)
    assert store.get([]).shape == (0, DIMENSION)


def test_query_is_exact(path: Path) -> None:
    vectors, questions = unit_vectors(500), unit_vectors(20, seed=2)
    rows, scores = filled(path, vectors).query(questions, 7)
    products = questions @ vectors.T
    expected = np.argsort(-products, axis=1)[:, :7]
    assert rows.dtype == np.int64
    assert scores.dtype == np.float32
    np.testing.assert_array_equal(rows, expected)
    np.testing.assert_allclose(
        scores, np.take_along_axis(products, expected, axis=1), rtol=1e-4, atol=1e-5
    )


def test_every_vector_finds_itself_first(path: Path) -> None:
    vectors = unit_vectors(100)
    rows, scores = filled(path, vectors).query(vectors, 1)
    np.testing.assert_array_equal(rows[:, 0], np.arange(100))
    np.testing.assert_allclose(scores[:, 0], 1, atol=1e-5)


def test_no_more_rows_than_there_are(path: Path) -> None:
    rows, scores = filled(path, unit_vectors(3)).query(unit_vectors(2), 10)
    assert rows.shape == scores.shape == (2, 3)
    assert sorted(rows[0].tolist()) == [0, 1, 2]


def test_rows_are_counted_on_over_several_additions(path: Path) -> None:
    vectors = unit_vectors(30)
    store = filled(path, vectors[:10], vectors[10:10], vectors[10:11], vectors[11:])
    assert len(store) == 30
    np.testing.assert_array_equal(store.get(range(30)), vectors)


def test_get_keeps_the_order_asked_for(path: Path) -> None:
    vectors = unit_vectors(10)
    np.testing.assert_array_equal(
        filled(path, vectors).get([7, 0, 7, 3]), vectors[np.array([7, 0, 7, 3])]
    )


def test_what_is_written_loads_bit_for_bit(path: Path) -> None:
    vectors = unit_vectors(40)
    loaded = filled(path, vectors)
    assert (len(loaded), loaded.dimension) == (40, DIMENSION)
    np.testing.assert_array_equal(loaded.get(range(40)), vectors)


def test_the_same_vectors_are_the_same_bytes(tmp_path: Path) -> None:
    filled(tmp_path / "a", unit_vectors(40))
    filled(tmp_path / "b", unit_vectors(40)[:7], unit_vectors(40)[7:])
    for one in tmp_path.glob("a*"):
        assert one.read_bytes() == one.with_name(one.name.replace("a", "b", 1)).read_bytes()


def test_vectors_of_another_length_are_refused(path: Path) -> None:
    writer = choice.create(path, DIMENSION + 1)
    with pytest.raises(ValueError, match=f"{DIMENSION}, not {DIMENSION + 1}"):
        writer.add(unit_vectors(2))
    writer.close()


def test_what_was_not_finished_holds_nothing(path: Path) -> None:
    writer = choice.create(path, DIMENSION)
    writer.add(unit_vectors(2))
    writer.close()
    assert len(choice.load(path)) == 0


def test_a_file_is_never_overwritten(path: Path) -> None:
    path.write_bytes(b"something of value")
    with pytest.raises(OSError, match="exists"):
        choice.create(path, DIMENSION)
    assert path.read_bytes() == b"something of value"


@pytest.mark.parametrize("content", [None, b"", b"not a store", b"IxFI" + bytes(3), bytes(5000)])
def test_what_is_no_store_is_refused_by_name(path: Path, content: bytes | None) -> None:
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexDamaged, match="vectors"):
        choice.load(path)


@pytest.mark.parametrize("kept", [0.3, 0.99])
def test_a_truncated_store_is_refused(path: Path, kept: float) -> None:
    filled(path, unit_vectors(40))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(IndexDamaged, match="vectors"):
        choice.load(path)
