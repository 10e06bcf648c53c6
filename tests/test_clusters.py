"""Clusters of many vectors: nearly what exact search finds, little work for an edit, no damage."""

import struct
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.errors import IndexDamaged, Stopped
from embeddings.index.build import build_index
from embeddings.index.local.generation import VECTORS, current_name, open_current
from embeddings.index.local.manifest import FILE_NAME, FileEntry, dump, load
from embeddings.index.local.verify import verify
from embeddings.index.vectors import choice, clustered, clusters, kmeans
from embeddings.index.vectors.clustered import ClusteredStore
from embeddings.index.vectors.faiss import FaissReader, FaissStore, FaissWriter
from embeddings.model.encoder import Model
from embeddings.storage.files import sha256_of

if TYPE_CHECKING:
    from embeddings.index.vectors import Mask, Vectors, VectorStore

DIMENSION = 32
MANY = 4000


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a store have clusters that a question does not see all of."""
    monkeypatch.setattr(choice, "EXACT_UP_TO", 3)
    monkeypatch.setattr(clustered, "_LOOK_AT_PER_ROOT", 8)
    monkeypatch.setattr(clustered, "_LOOK_AT_EACH", 10)
    monkeypatch.setattr(clustered, "_AGAIN", 100)


def normalised(vectors: Any) -> "Vectors":
    made: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return made


def topical(count: int, seed: int = 1) -> "Vectors":
    """Return vectors of a hundred topics, in the order of their topics, as passages come."""
    topics = np.random.default_rng(0).normal(size=(100, DIMENSION))
    chance = np.random.default_rng(seed)
    chosen = np.sort(chance.integers(100, size=count))
    return normalised(topics[chosen] + 0.7 * chance.normal(size=(count, DIMENSION)))


def nothing() -> None:
    pass


def filled(path: Path, vectors: "Vectors") -> ClusteredStore:
    writer = choice.create(path, vectors.shape[1])
    writer.add(vectors)
    writer.finish(nothing)
    return opened(path)


def opened(path: Path) -> ClusteredStore:
    store = choice.load(path)
    assert isinstance(store, ClusteredStore)
    return store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "вектори.faiss"


# What is found


def recall(
    store: "VectorStore", vectors: "Vectors", questions: "Vectors", k: int, among: "Mask"
) -> float:
    products = np.where(among, questions @ vectors.T, -np.inf)
    best = np.argsort(-products, axis=1)[:, : min(k, int(among.sum()))]
    rows, scores = store.query(questions, k, None if among.all() else among)
    assert rows.shape == scores.shape == best.shape
    assert among[rows].all()
    np.testing.assert_allclose(scores, np.take_along_axis(products, rows, axis=1), atol=1e-5)
    assert np.all(np.diff(scores, axis=1) <= 0)
    return float(np.mean([np.isin(a, b).mean() for a, b in zip(best, rows, strict=True)]))


@pytest.mark.parametrize("k", [1, 10, 60, 300])
@pytest.mark.parametrize("share", [1, 0.5, 0.1, 0.01])
def test_nearly_all_of_the_nearest_are_found(path: Path, k: int, share: float) -> None:
    vectors, questions = topical(MANY), topical(30, seed=2)
    among = np.random.default_rng(3).random(MANY) < share
    assert recall(filled(path, vectors), vectors, questions, k, among) > 0.97


def test_rows_far_from_the_question_are_found_when_only_they_may_be(path: Path) -> None:
    """A language that the question is not in lies elsewhere: its clusters are not the nearest."""
    vectors = topical(MANY)
    questions = vectors[:30]
    among = np.arange(MANY) >= MANY - 200
    assert recall(filled(path, vectors), vectors, questions, 15, among) > 0.97


def test_no_row_may_be_found(path: Path) -> None:
    rows, scores = filled(path, topical(200)).query(topical(2), 5, np.zeros(200, bool))
    assert rows.shape == scores.shape == (2, 0)


def test_the_same_vector_many_times(path: Path) -> None:
    store = filled(path, np.repeat(topical(2), 500, axis=0))
    rows, _ = store.query(store.get([0]), 700)
    assert len(set(rows[0].tolist())) == 700
    assert store.check()


def test_a_question_has_one_thread_wherever_it_is_asked(path: Path) -> None:
    import faiss

    store, threads = filled(path, topical(200)), []

    def ask() -> None:
        faiss.omp_set_num_threads(2)
        store.query(topical(1), 5)
        threads.append(faiss.omp_get_max_threads())

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert threads == [1]


# What is written


@settings(max_examples=30, deadline=None)
@given(count=st.integers(0, 50), dimension=st.integers(1, 40))
def test_faiss_itself_writes_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, count: int, dimension: int
) -> None:
    import faiss

    folder = tmp_path_factory.mktemp("faiss")
    vectors = np.random.default_rng(count).normal(size=(count, dimension)).astype(np.float32)
    index = faiss.IndexFlatIP(dimension)
    index.add(vectors)
    faiss.write_index(index, str(folder / "theirs"))
    writer = FaissWriter(folder / "ours", dimension)
    writer.add(vectors[: count // 2])
    writer.add(vectors[count // 2 :])
    writer.finish()
    assert (folder / "ours").read_bytes() == (folder / "theirs").read_bytes()


@pytest.mark.parametrize("at_once", [7, 64, 1000])
def test_faiss_itself_writes_the_same_clusters(
    path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    import faiss

    monkeypatch.setattr(clusters, "_AT_ONCE", at_once)
    vectors = topical(300)
    numbers = np.random.default_rng(1).integers(20, size=300).astype(np.int32)
    numbers[numbers == 7] = 8  # a cluster without a row
    flat = FaissWriter(path.with_name("flat"), DIMENSION)
    flat.add(vectors)
    flat.finish()
    index = clusters.empty(topical(20))
    with closing(FaissReader(path.with_name("flat"), DIMENSION)) as reader:
        clusters.write(path.with_name("ours"), index, reader, numbers, nothing)
    rows, lists = np.arange(300), numbers.astype(np.int64)
    index.add_core(300, faiss.swig_ptr(vectors), faiss.swig_ptr(rows), faiss.swig_ptr(lists))
    faiss.write_index(index, str(path.with_name("theirs")))
    assert path.with_name("ours").read_bytes() == path.with_name("theirs").read_bytes()


def test_what_is_raised_meanwhile_ends_the_work(path: Path) -> None:
    def stop() -> None:
        raise Stopped

    writer = choice.create(path, DIMENSION)
    writer.add(topical(MANY))
    with pytest.raises(Stopped):
        writer.finish(stop)
    writer.close()
    assert not choice.clusters_of(path).exists()


# What is taken over


def edited(store: ClusteredStore, path: Path, new: "Vectors") -> ClusteredStore:
    """Write a store with all rows of another but the first hundred, and new ones."""
    writer = choice.create(path, DIMENSION)
    writer.copy(store, range(100, 1000))
    writer.add(new)
    writer.copy(store, range(1000, len(store)))
    writer.finish(nothing)
    return opened(path)


def test_an_edit_leaves_the_others_where_they_are(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, new, placed = filled(path, topical(MANY)), topical(50, seed=4), []

    def counted(vectors: "Vectors", *others: Any) -> Any:
        placed.append(len(vectors))
        return kmeans.nearest(vectors, *others)

    monkeypatch.setattr(choice, "nearest", counted)
    monkeypatch.delattr(choice, "centroids_of")
    after = edited(store, path.with_name("after.faiss"), new)
    assert placed == [50]
    np.testing.assert_array_equal(after.clusters.centroids, store.clusters.centroids)
    expected = np.delete(store.clusters.numbers, range(100))
    np.testing.assert_array_equal(np.delete(after.clusters.numbers, range(900, 950)), expected)
    assert after.check()
    vectors = after.get(range(len(after)))
    assert recall(after, vectors, new, 10, np.ones(len(after), bool)) > 0.97


@pytest.mark.parametrize("at_once", [70, 100_000])
def test_codes_are_taken_over_as_they_are(
    path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    store, new = filled(path, topical(MANY)), topical(50, seed=4)
    monkeypatch.setattr(clusters, "_AT_ONCE", at_once)
    made: list[int] = []
    make = clusters._codes

    def counted(index: Any, vectors: "Vectors", numbers: Any) -> Any:
        made.append(len(vectors))
        return make(index, vectors, numbers)

    with monkeypatch.context() as patched:
        patched.setattr(clusters, "_codes", counted)
        after = edited(store, path.with_name("after.faiss"), new)
    assert sum(made) == 50
    beside = choice.clusters_of(path.with_name("anew.faiss"))
    index = clusters.empty(store.clusters.centroids)
    with closing(FaissReader(path.with_name("after.faiss"), DIMENSION)) as reader:
        clusters.write(beside, index, reader, after.clusters.numbers, nothing)
    assert beside.read_bytes() == choice.clusters_of(path.with_name("after.faiss")).read_bytes()


def test_a_row_that_was_in_no_cluster_gets_one(path: Path) -> None:
    store = filled(path, topical(MANY))
    store.clusters.numbers[[120, 999]] = -1
    assert edited(store, path.with_name("after.faiss"), topical(50, seed=4)).check()


@pytest.mark.parametrize("count", [200, 3 * MANY])
def test_of_another_size_there_are_new_clusters(path: Path, count: int) -> None:
    store = filled(path, topical(MANY))
    writer = choice.create(path.with_name("after.faiss"), DIMENSION)
    writer.copy(store, range(100))
    writer.add(topical(count, seed=4))
    writer.finish(nothing)
    after = opened(path.with_name("after.faiss"))
    assert len(after.clusters.centroids) != len(store.clusters.centroids)
    assert after.check()


def test_with_few_left_there_are_no_clusters(path: Path) -> None:
    store = filled(path, topical(MANY))
    writer = choice.create(path.with_name("after.faiss"), DIMENSION)
    writer.copy(store, range(2))
    writer.finish(nothing)
    assert isinstance(choice.load(path.with_name("after.faiss")), FaissStore)


# Damage


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-8])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def overwrite(path: Path) -> None:
    path.write_bytes(b"this is something else entirely" * 200)


def make_a_directory_of(path: Path) -> None:
    path.unlink()
    path.mkdir()


def put_all_vectors_into(path: Path) -> None:
    path.write_bytes(path.with_name("вектори.faiss").read_bytes())


def take_those_of_fewer(path: Path) -> None:
    filled(path.with_name("fewer.faiss"), topical(300))
    choice.clusters_of(path.with_name("fewer.faiss")).replace(path)


def take_shorter_ones(path: Path) -> None:
    filled(path.with_name("short.faiss"), topical(400)[:, :16].copy())
    choice.clusters_of(path.with_name("short.faiss")).replace(path)


@pytest.mark.parametrize(
    "damage",
    [
        truncate,
        empty,
        overwrite,
        make_a_directory_of,
        put_all_vectors_into,
        take_those_of_fewer,
        take_shorter_ones,
    ],
)
def test_damaged_clusters_are_named(path: Path, damage: Callable[[Path], None]) -> None:
    filled(path, topical(400))
    damage(choice.clusters_of(path))
    with pytest.raises(IndexDamaged, match=r"вектори\.clusters\.faiss"):
        choice.load(path)


def test_without_clusters_all_vectors_are_compared(path: Path) -> None:
    """So an index of a version before them answers."""
    filled(path, topical(400))
    choice.clusters_of(path).unlink()
    assert isinstance(choice.load(path), FaissStore)


def test_clusters_are_checked_against_the_vectors(path: Path) -> None:
    store = filled(path, topical(400))
    assert store.check()
    numbers, beside = np.roll(store.clusters.numbers, 1), choice.clusters_of(path)
    beside.unlink()
    index = clusters.empty(store.clusters.centroids)
    with closing(FaissReader(path, DIMENSION)) as reader:
        clusters.write(beside, index, reader, numbers, nothing)
    assert opened(path).check()  # a vector in a distant cluster is still itself
    codes_at = beside.stat().st_size - 8
    with beside.open("r+b") as file:
        file.seek(codes_at)
        (row,) = struct.unpack("<q", file.read(8))
        file.seek(codes_at)
        file.write(struct.pack("<q", (row + 1) % 400))
    assert not opened(path).check()


# In a generation


def test_a_generation_has_clusters_of_both_and_keeps_them(
    index: Path, seeds: Path, tiny: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_current(index, strict=True)
    assert {"vectors.clusters.faiss", "sentences.clusters.faiss"} < before.manifest.files.keys()
    verify(index)
    monkeypatch.delattr(choice, "centroids_of")
    (seeds / "bread.txt").write_text("How to bake bread\n\nBuy it from a baker.\n")
    assert build_index(seeds, index, tiny).published
    verify(index)
    after = open_current(index, strict=True)
    for old, new in (
        (before.vectors, after.vectors),
        (before.sentences.all_vectors, after.sentences.all_vectors),
    ):
        assert isinstance(old, ClusteredStore)
        assert isinstance(new, ClusteredStore)
        np.testing.assert_array_equal(old.clusters.centroids, new.clusters.centroids)
    before.close()
    after.close()


def test_verify_notices_clusters_of_other_vectors(index: Path) -> None:
    """Digests that agree do not make an index whole when a build had gone wrong."""
    directory = index / "generations" / current_name(index)
    path = directory / VECTORS
    vectors = np.roll(FaissStore.load(path).get(range(len(FaissStore.load(path)))), 1, axis=0)
    filled(directory / "other.faiss", vectors)
    choice.clusters_of(directory / "other.faiss").replace(choice.clusters_of(path))
    (directory / "other.faiss").unlink()
    _seal(directory)
    with pytest.raises(IndexDamaged, match=r"vectors\.clusters\.faiss.*build --full"):
        verify(index)


def _seal(directory: Path) -> None:
    """Make the manifest agree with the files, as a faulty build would."""
    from dataclasses import replace

    path = directory / FILE_NAME
    manifest = load(path)
    files = {
        name: FileEntry((directory / name).stat().st_size, sha256_of(directory / name))
        for name in manifest.files
    }
    path.write_text(dump(replace(manifest, files=files)), encoding="utf-8")
