"""What every store of vectors must do, and what the inverted file adds to it."""

import threading
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings.array_types import Floats, Mask
from embeddings.errors import IndexDamaged, Stopped
from embeddings.index import vectors as stores
from embeddings.index.build import build_index
from embeddings.index.local.generation import VECTORS, current_name, open_current
from embeddings.index.local.verify import verify
from embeddings.index.vectors import (
    IvfStore,
    VectorStore,
    VectorWriter,
    ivf_path,
    open_vectors,
)
from embeddings.model.encoder import Model
from tests.damage import SHAPES, Damage, seal

DIMENSION = 32
MANY = 4000
both = pytest.mark.parametrize("kind", [VectorStore, IvfStore], indirect=True)


@pytest.fixture(autouse=True)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type[VectorStore]:
    """Which store is opened, however few vectors there are; the inverted file by default.

    A query scans a part of its lists only, as it does among very many vectors.
    """
    chosen: type[VectorStore] = getattr(request, "param", IvfStore)
    monkeypatch.setattr(stores, "EXACT_UP_TO", 3 if chosen is IvfStore else 10 * MANY)
    monkeypatch.setattr(stores, "_SCANNED_AT_LEAST", 0)
    monkeypatch.setattr(stores, "_SCANNED_PER_ROOT", 16)
    monkeypatch.setattr(stores, "_SCANNED_PER_RESULT", 10)
    return chosen


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "вектори one.npy"


def topical(count: int, seed: int = 1) -> Floats:
    """Return unit vectors of a hundred topics, in the order of their topics, as passages come."""
    topics = np.random.default_rng(0).normal(size=(100, DIMENSION))
    random = np.random.default_rng(seed)
    chosen = np.sort(random.integers(100, size=count))
    vectors = topics[chosen] + 0.7 * random.normal(size=(count, DIMENSION))
    made: Floats = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return made


def proceed() -> None:
    """Do not cancel."""


def written(path: Path, *parts: Floats) -> Any:
    writer = VectorWriter(path, parts[0].shape[1] if parts else DIMENSION)
    for vectors in parts:
        writer.add(vectors)
    writer.finish(proceed)
    return open_vectors(path)


def recall(
    store: VectorStore, vectors: Floats, questions: Floats, k: int, among: Mask | None
) -> float:
    """Return the share of the true k nearest that is found; check all else that is returned."""
    allowed = np.ones(len(vectors), bool) if among is None else among
    products = np.where(allowed, questions @ vectors.T, -np.inf)
    best = np.argsort(-products, axis=1)[:, : min(k, int(allowed.sum()))]
    rows, scores = store.query(questions, k, among)
    assert rows.dtype == np.int64
    assert scores.dtype == np.float32
    assert rows.shape == scores.shape == best.shape
    assert allowed[rows].all()
    np.testing.assert_allclose(scores, np.take_along_axis(products, rows, axis=1), atol=1e-5)
    assert np.all(np.diff(scores, axis=1) <= 0)
    return float(np.mean([np.isin(a, b).mean() for a, b in zip(best, rows, strict=True)]))


# Both stores


@both
@pytest.mark.parametrize("count", [0, 1, 5, 300])
def test_vectors_come_back_bit_for_bit(path: Path, kind: type[VectorStore], count: int) -> None:
    vectors = topical(count)
    store = written(path, vectors[:2], vectors[:0], vectors[2:])
    assert type(store) is (kind if count > 3 else VectorStore)
    assert (len(store), store.dimension) == (count, DIMENSION)
    np.testing.assert_array_equal(store.get(range(count)), vectors)
    rows = [count - 1, 0, count - 1] if count else []
    np.testing.assert_array_equal(store.get(rows), vectors[np.array(rows, int)])
    assert store.check()
    found, scores = store.query(topical(2), 9)
    assert found.shape == scores.shape == (2, min(count, 9))
    assert sorted(found[0].tolist()) == sorted(set(found[0].tolist()))


@both
def test_nearly_all_of_the_nearest_are_found(path: Path, kind: type[VectorStore]) -> None:
    vectors, questions = topical(MANY), topical(30, seed=2)
    store = written(path, vectors)
    for k, share in product((1, 10, 60, 300), (None, 0.5, 0.1, 0.01)):
        among = None if share is None else np.random.default_rng(3).random(MANY) < share
        found = recall(store, vectors, questions, k, among)
        assert found >= (1 if kind is VectorStore else 0.98), (k, share)


@both
def test_rows_far_from_the_question_are_found_when_only_they_may_be(path: Path) -> None:
    """Another language than the question's lies elsewhere: its lists are not the nearest."""
    vectors = topical(MANY)
    among = np.arange(MANY) >= MANY - 200
    assert recall(written(path, vectors), vectors, vectors[:30], 15, among) >= 0.98
    rows, scores = open_vectors(path).query(vectors[:2], 5, np.zeros(MANY, bool))
    assert rows.shape == scores.shape == (2, 0)


@both
def test_the_same_vector_many_times(path: Path) -> None:
    store = written(path, np.repeat(topical(2), 500, axis=0))
    rows, scores = store.query(store.get([0]), 700)
    assert len(set(rows[0].tolist())) == 700
    np.testing.assert_allclose(scores[0, :500], 1, atol=1e-5)
    assert store.check()


@both
def test_the_same_vectors_are_the_same_bytes(tmp_path: Path) -> None:
    written(tmp_path / "a.npy", topical(400))
    written(tmp_path / "b.npy", topical(400)[:7], topical(400)[7:])
    for one in tmp_path.glob("a.*"):
        assert one.read_bytes() == one.with_name(one.name.replace("a", "b", 1)).read_bytes()


@both
def test_faiss_has_one_thread_for_a_query_and_keeps_its_number_otherwise(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import faiss

    store, threads = written(path, topical(200)), list[int]()
    make: Any = faiss.IDSelectorBitmap

    def select(bits: Any) -> Any:
        threads.append(faiss.omp_get_max_threads())
        return make(bits)

    def ask() -> None:
        faiss.omp_set_num_threads(2)
        store.query(topical(1), 5, np.ones(200, bool))
        threads.append(faiss.omp_get_max_threads())

    monkeypatch.setattr(faiss, "IDSelectorBitmap", select)
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert threads == [1, 2]


@both
def test_a_file_that_was_there_or_not_finished(path: Path) -> None:
    writer = VectorWriter(path, DIMENSION)
    writer.add(topical(200))
    with pytest.raises(ValueError, match="16"):
        writer.add(topical(2)[:, :16])
    writer.close()
    assert len(open_vectors(path)) == 0
    with pytest.raises(OSError, match="exists"):
        VectorWriter(path, DIMENSION)


# Cancellation and edits


@pytest.mark.parametrize("calls", [1, 3, 6])
def test_writing_can_be_cancelled(path: Path, calls: int) -> None:
    left = calls

    def cancel() -> None:
        nonlocal left
        left -= 1
        if not left:
            raise Stopped

    writer = VectorWriter(path, DIMENSION)
    writer.add(topical(MANY))
    with pytest.raises(Stopped):
        writer.finish(cancel)
    writer.close()
    assert not ivf_path(path).exists()


@pytest.mark.parametrize("batch", [70, 8192])
def test_after_an_edit_the_other_rows_stay_in_their_lists(
    path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    import faiss

    store, new = written(path, topical(MANY)), topical(50, seed=4)
    monkeypatch.setattr(stores, "_BATCH", batch)
    monkeypatch.delattr(faiss, "Kmeans")
    writer = VectorWriter(path.with_name("after.npy"), DIMENSION)
    writer.copy(store, range(100, 1000))
    writer.add(new)
    writer.copy(store, range(1000, MANY))
    writer.finish(proceed)
    after = open_vectors(path.with_name("after.npy"))
    assert isinstance(after, IvfStore)
    expected = np.concatenate((topical(MANY)[100:1000], new, topical(MANY)[1000:]))
    np.testing.assert_array_equal(after.get(range(len(after))), expected)
    lists = np.delete(after.list_numbers(), range(900, 950))
    np.testing.assert_array_equal(lists, store.list_numbers()[100:])
    assert after.check()
    assert recall(after, expected, new, 10, None) >= 0.98


@pytest.mark.parametrize("count", [2, 200, 3 * MANY])
def test_at_another_size_there_are_other_lists(path: Path, count: int) -> None:
    store = written(path, topical(MANY))
    writer = VectorWriter(path.with_name("after.npy"), DIMENSION)
    writer.copy(store, range(1))
    writer.add(topical(count, seed=4))
    writer.finish(proceed)
    after = open_vectors(path.with_name("after.npy"))
    assert isinstance(after, IvfStore) == (count > 2)
    if isinstance(after, IvfStore):
        assert after.list_count != store.list_count
    assert after.check()


# Damage


def put_another_array_there(path: Path) -> None:
    np.save(path, np.arange(400))


def put_another_faiss_index_there(path: Path) -> None:
    import faiss

    faiss.write_index(faiss.IndexFlatIP(DIMENSION), str(path))


def put_lists_of_fewer_there(path: Path) -> None:
    written(path.with_name("fewer.npy"), topical(300))
    ivf_path(path.with_name("fewer.npy")).replace(path)


def put_lists_of_shorter_ones_there(path: Path) -> None:
    written(path.with_name("short.npy"), topical(400)[:, :16].copy())
    ivf_path(path.with_name("short.npy")).replace(path)


LISTS = [put_another_faiss_index_there, put_lists_of_fewer_there, put_lists_of_shorter_ones_there]


@pytest.mark.parametrize("damage", [*SHAPES, put_another_array_there])
def test_damaged_vectors_are_named(path: Path, damage: Damage) -> None:
    written(path, topical(400))
    damage(path)
    with pytest.raises(IndexDamaged, match=r"вектори one\.npy"):
        open_vectors(path)


@pytest.mark.parametrize("damage", [*SHAPES[:-1], *LISTS])
def test_a_damaged_inverted_file_is_named(path: Path, damage: Damage) -> None:
    written(path, topical(400))
    damage(ivf_path(path))
    with pytest.raises(IndexDamaged, match=r"вектори one\.ivf\.faiss"):
        open_vectors(path)


# In a generation


@pytest.fixture
def index(tmp_path: Path, seeds: Path, tiny: Model) -> Path:
    """An index that was built with the stores of this file."""
    build_index(seeds, tmp_path / "index", tiny)
    return tmp_path / "index"


def test_an_edit_keeps_the_lists_of_a_generation(
    index: Path, seeds: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    import faiss

    before = open_current(index, strict=True)
    assert {"vectors.ivf.faiss", "sentences.ivf.faiss"} < before.manifest.files.keys()
    before.close()
    monkeypatch.delattr(faiss, "Kmeans")
    (seeds / "bread.txt").write_text("How to bake bread\n\nBuy it from a baker.\n")
    assert build_index(seeds, index, tiny).published
    verify(index)


@pytest.mark.parametrize("repeat", [False, True])
def test_verify_notices_lists_of_other_vectors(index: Path, repeat: bool) -> None:
    """Digests that agree do not make an index whole when a build had gone wrong."""
    directory = index / "generations" / current_name(index)
    store = open_vectors(directory / VECTORS)
    vectors = np.roll(store.get(range(len(store))), 1, axis=0)
    ivf = ivf_path(directory / VECTORS)
    written(directory / "other.npy", vectors)
    ivf_path(directory / "other.npy").replace(ivf)
    if repeat:  # the right codes, but one row is there twice and another is missing
        import faiss

        wrong = faiss.read_index(str(ivf))
        wrong.reset()
        rows = np.arange(len(store))
        rows[0] = 1
        wrong.add_with_ids(store.get(rows), rows)
        faiss.write_index(wrong, str(ivf))
    (directory / "other.npy").unlink()
    seal(directory)
    with pytest.raises(IndexDamaged, match=r"vectors\.ivf\.faiss.*build --full"):
        verify(index)
