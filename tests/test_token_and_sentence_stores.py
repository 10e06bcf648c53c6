"""What a generation keeps beside passages and vectors: arrays, sentences, tokens."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings.array_types import Floats
from embeddings.errors import IndexDamaged
from embeddings.index.bm25 import Bm25Index, Bm25Writer
from embeddings.index.late_interaction import quantize
from embeddings.index.local.sentence_store import SentenceStore, SentenceWriter
from embeddings.index.local.token_store import TokenStore, TokenWriter
from embeddings.storage.arrays import load_arrays, save_arrays
from tests.damage import SHAPES, Damage, overwrite

DIMENSION = 16


def unit(count: int, seed: int = 1) -> Floats:
    drawn = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    vectors: Floats = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return vectors


# Arrays

ARRAYS: dict[str, Any] = {
    "numbers": np.arange(5, dtype=np.int64),
    "spans": np.array([[0, 3], [4, 9]], np.int32),
    "nothing": np.empty((0, 7), np.float32),
    "names": np.array(["en", "uk"], "<U3"),
}


def test_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    save_arrays(tmp_path, "some", **ARRAYS)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        f"some.{key}.npy" for key in ARRAYS
    )
    for key, array in load_arrays(tmp_path, "some", list(ARRAYS)).items():
        assert array.dtype == ARRAYS[key].dtype
        np.testing.assert_array_equal(array, ARRAYS[key])


def test_arrays_that_hold_anything_cannot_be_changed(tmp_path: Path) -> None:
    save_arrays(tmp_path, "some", **ARRAYS)
    with pytest.raises(ValueError, match="read-only"):
        load_arrays(tmp_path, "some", ["numbers"])["numbers"][0] = 9


def test_objects_are_never_written_nor_read(tmp_path: Path) -> None:
    """A pickle in a file runs whatever its writer likes."""
    with pytest.raises(ValueError, match="pickle"):
        save_arrays(tmp_path, "some", things=np.array([{}], object))
    np.save(tmp_path / "some.evil.npy", np.array([{}], object), allow_pickle=True)
    with pytest.raises(IndexDamaged, match=r"some\.evil\.npy"):
        load_arrays(tmp_path, "some", ["evil"])


# Sentences

SENTENCES = [
    ([(0, 10), (11, 20)], unit(2, 1)),
    ([(0, 5)], unit(1, 2)),
    ([(0, 4), (5, 8), (9, 30)], unit(3, 3)),
]


def sentences(folder: Path, entries: Any = SENTENCES) -> SentenceStore:
    writer = SentenceWriter(folder, DIMENSION)
    for spans, vectors in entries:
        writer.add(spans, vectors)
    writer.finish(lambda: None)
    return SentenceStore.load(folder)


def vectors_of(store: SentenceStore, row: int) -> Any:
    _, sentences, _ = store.run(range(row, row + 1))
    return store.all_vectors.get(sentences)


def test_sentences_come_back_passage_by_passage(tmp_path: Path) -> None:
    store = sentences(tmp_path)
    assert len(store) == 3
    for row, (spans, vectors) in enumerate(SENTENCES):
        assert store.spans(row) == spans
        np.testing.assert_array_equal(vectors_of(store, row), vectors)


def test_cosines_of_sentences_come_passage_by_passage(tmp_path: Path) -> None:
    store, vector = sentences(tmp_path), unit(1, 9)[0]
    found = store.cosines(np.array([2, 0]), vector)
    assert found.lengths.tolist() == [3, 2]
    for cosines, row in zip((found[0], found[1]), (2, 0), strict=True):
        np.testing.assert_allclose(cosines, SENTENCES[row][1] @ vector, rtol=1e-5)
    assert len(store.cosines(np.empty(0, np.int64), vector)) == 0


def test_the_nearest_sentences_name_their_passages(tmp_path: Path) -> None:
    store = sentences(tmp_path)
    for row, (_, vectors) in enumerate(SENTENCES):
        for vector in vectors:
            assert store.passages_near(vector, 1).tolist() == [row]
    assert store.passages_near(SENTENCES[0][1][0], 100).tolist() == [0, 1, 2]


def test_two_near_sentences_of_one_passage_name_it_once(tmp_path: Path) -> None:
    axes = np.eye(DIMENSION, dtype=np.float32)
    store = sentences(tmp_path, [([(0, 1)], axes[:1]), ([(0, 1), (2, 3)], axes[1:3])])
    assert store.passages_near((axes[1] + axes[2]) / np.sqrt(2), 2).tolist() == [1]


def test_no_passages_have_no_sentences(tmp_path: Path) -> None:
    store = sentences(tmp_path, [])
    assert len(store) == 0
    assert store.passages_near(unit(1)[0], 5).tolist() == []


# Tokens

TOKENS = [
    (quantize(unit(4, 1)), np.array([0, 1, 1, 2], np.int16)),
    (quantize(unit(0)), np.array([], np.int16)),
    (quantize(unit(1, 2)), np.array([1], np.int16)),
]


def tokens(folder: Path, entries: Any = TOKENS) -> TokenStore:
    writer = TokenWriter(folder)
    for packed, segments in entries:
        writer.add(packed, segments)
    writer.finish()
    return TokenStore.load(folder, DIMENSION)


def test_tokens_come_back_passage_by_passage(tmp_path: Path) -> None:
    store = tokens(tmp_path)
    assert len(store) == 3
    for row, (packed, segments) in enumerate(TOKENS):
        got, numbers = store.get(np.array([row]))[:2]
        np.testing.assert_array_equal(got, packed)
        np.testing.assert_array_equal(numbers, segments)
        assert got.shape == (len(segments), DIMENSION // 4)


def test_no_passages_have_no_tokens(tmp_path: Path) -> None:
    assert len(tokens(tmp_path, [])) == 0


def test_passages_without_a_token_are_passages(tmp_path: Path) -> None:
    store = tokens(tmp_path, [TOKENS[1], TOKENS[1]])
    assert len(store) == 2
    assert store.get(np.array([1]))[0].shape == (0, DIMENSION // 4)


def test_tokens_never_overwrite_what_is_there(tmp_path: Path) -> None:
    tokens(tmp_path)
    with pytest.raises(FileExistsError):
        TokenWriter(tmp_path)


# Damage


def arrays(folder: Path, entries: Any = ARRAYS) -> None:
    save_arrays(folder, "some", **entries)
    load_arrays(folder, "some", list(entries))


def words(folder: Path, entries: Any = (["drone"], ["bread", "drone"])) -> None:
    writer = Bm25Writer(folder)
    for row, document in enumerate(entries):
        writer.add(row, document)
    writer.finish()
    Bm25Index.load(folder)


LOADS: dict[str, Callable[[Path], object]] = {
    "some": lambda folder: load_arrays(folder, "some", list(ARRAYS)),
    "sentences": SentenceStore.load,
    "tokens": lambda folder: TokenStore.load(folder, DIMENSION),
    "bm25": Bm25Index.load,
}
FILES = [
    *("some.numbers.npy", "some.nothing.npy"),
    *("sentences.npy", "sentences.first.npy", "sentences.spans.npy"),
    *("tokens.packed.bin", "tokens.segments.bin", "tokens.first.npy"),
    *("bm25.keys.npy", "bm25.starts.npy", "bm25.rows.npy", "bm25.counts.npy", "bm25.lengths.npy"),
]


@pytest.mark.parametrize("damage", SHAPES)
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_named(tmp_path: Path, name: str, damage: Damage) -> None:
    for write in (arrays, sentences, tokens, words):
        write(tmp_path)
    store = name.partition(".")[0]
    LOADS[store](tmp_path)
    if damage is overwrite and name.endswith(".bin"):
        pytest.skip("any bytes are tokens, if they are as many")
    damage(tmp_path / name)
    with pytest.raises(IndexDamaged, match=store):
        LOADS[store](tmp_path)


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith(("sent", "tok"))])
def test_files_of_another_index_are_refused(tmp_path: Path, name: str) -> None:
    """They hold more, or less, than the other files of the store say."""
    for folder, rows in (("more", slice(None)), ("less", slice(1, None))):
        (tmp_path / folder).mkdir()
        sentences(tmp_path / folder, SENTENCES[rows])
        tokens(tmp_path / folder, TOKENS[rows])
    (tmp_path / "less" / name).rename(tmp_path / "kept")
    for source, target in ((tmp_path / "more", tmp_path / "less"), (tmp_path, tmp_path / "more")):
        (source / (name if source.name == "more" else "kept")).replace(target / name)
        with pytest.raises(IndexDamaged, match=name.partition(".")[0]):
            LOADS[name.partition(".")[0]](target)
