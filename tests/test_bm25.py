"""Words: one spelling for what is written in many, dictionary forms, and BM25 as it is defined."""

import math
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.index.bm25 import Bm25Index, Bm25Writer
from embeddings.text.lemmas import lemmas

if TYPE_CHECKING:
    from numpy.typing import NDArray

K1, B = 1.2, 0.75


def bm25_index(folder: Path, documents: Sequence[Sequence[str]]) -> Bm25Index:
    folder.mkdir(parents=True, exist_ok=True)
    writer = Bm25Writer(folder)
    for row, document in enumerate(documents):
        writer.add(row, document)
    writer.finish()
    return Bm25Index.load(folder)


# One spelling


@pytest.mark.parametrize(
    ("language", "variants"),
    [
        ("uk", ["п'ять", "п’ять", "пʼять", "п`ять", "п‘ять", "П’ЯТЬ"]),
        ("ru", ["ёлка", "елка", "Ёлка", "ЕЛКА", "е\u0308лка"]),
        ("uk", ["10000", "10,000", "10 000", "10\u00a0000", "10\u202f000"]),
        ("en", ["1234567", "1,234,567", "1 234 567"]),
        ("uk", ["київ", "Київ", "КИЇВ", "ки\u0301їв", "Киї\u00adв", "Киі\u0308в"]),
        ("en", ["well-known", "well–known", "well‑known", "well — known"]),
        ("en", ["ﬁne", "fine", "ｆｉｎｅ"]),
        ("uk", ["на-5", "на 5"]),
        ("uk", ["помилка E10", "помилка Е10", "помилка е10"]),
        ("ru", ["дорога M4", "дорога М4"]),
    ],
)
def test_what_is_written_in_many_ways_is_one(language: str, variants: list[str]) -> None:
    assert {variant: lemmas(variant, language) for variant in variants} == dict.fromkeys(
        variants, lemmas(variants[0], language)
    )
    assert lemmas(variants[0], language)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in 2023 500 drones", ["in", "drones", "2023", "500"]),
        ("10,000 of 25 000", ["of", "10000", "25000"]),
        ("1,2,3", ["1", "2", "3"]),
        ("2, 300", ["2", "300"]),
        ("0.850 and 1,000.5", ["and", "0.85", "1000.5"]),
        ("12 0000", ["12", "0000"]),
        ("+380 44 123 45 67", ["380", "44123", "45", "67"]),
        ("F-16s and Ka-52", ["f", "16s", "and", "ka", "52"]),
        ("snake_case", ["snake", "case"]),
        ("it's o'clock 'quoted'", ["it's", "o'clock", "quoted"]),
    ],
)
def test_where_words_and_numbers_begin_and_end(text: str, expected: list[str]) -> None:
    assert lemmas(text, "und") == expected


@pytest.mark.parametrize("text", ["", " \n", "?!…", "🎉", "\u0301", "''", "—"])
def test_a_text_without_words_has_none(text: str) -> None:
    assert lemmas(text, "uk") == []


# Dictionary forms


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("uk", ["країна", "країни", "країн", "країнами"]),
        ("uk", ["безпілотник", "безпілотники", "безпілотників"]),
        ("uk", ["Київ", "Києва", "Києву", "Києві", "Києвом"]),
        ("ru", ["Киев", "Киева", "Киеве"]),
        ("ru", ["Львов", "Львова", "Львове"]),
        ("ru", ["страна", "страны", "стран", "странами"]),
        ("ru", ["ёлка", "ёлки", "елки"]),
        ("en", ["country", "countries"]),
        ("en", ["join", "joined", "joining"]),
    ],
)
def test_forms_of_a_word_are_one(language: str, forms: list[str]) -> None:
    assert {form: lemmas(form, language) for form in forms} == dict.fromkeys(
        forms, lemmas(forms[0], language)
    )
    assert len(lemmas(forms[0], language)) == 1


@pytest.mark.parametrize("language", ["und", "ja", "zh", "xx", ""])
def test_a_language_without_a_dictionary_gives_the_words_as_they_are(language: str) -> None:
    assert lemmas("Joined countries ЇЖАКИ", language) == ["joined", "countries", "їжаки"]


def test_a_language_without_a_dictionary_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    for number in range(3):
        lemmas(f"one{number} two{number}", "tlh")
    assert [record.message for record in caplog.records if "'tlh'" in record.message] == [
        "there is no dictionary for 'tlh': its words are compared as written"
    ]


@given(st.text(max_size=80), st.sampled_from(["en", "uk", "ru", "und"]))
def test_any_text_gives_words_and_no_error(text: str, language: str) -> None:
    found = lemmas(text, language)
    assert all(word and not word.isspace() for word in found)
    assert bool(found) <= any(map(str.isalnum, unicodedata.normalize("NFKC", text)))


# BM25


def plain_bm25(documents: Sequence[Sequence[str]], question: Sequence[str]) -> list[float]:
    """Robertson and Zaragoza's formula, written out, over what it could be at most."""
    count = len(documents)
    lengths = [max(len(document), 1) for document in documents]
    mean = sum(lengths) / count
    scores = [0.0] * count
    most = 0.0
    for word in set(question):
        holding = sum(word in document for document in documents)
        weight = math.log(1 + (count - holding + 0.5) / (holding + 0.5))
        most += weight
        for row, document in enumerate(documents):
            times = Counter(document)[word]
            saturation = K1 * (1 - B + B * lengths[row] / mean)
            scores[row] += weight * times / (times + saturation)
    return [score / most for score in scores]


def normalized_scores(index: Bm25Index, question: Sequence[str]) -> "NDArray[np.float32]":
    return index.normalized_scores(question, np.arange(len(index)))


WORDS = st.sampled_from("drone дрон coalition країна а б в 595 euros".split())
DOCUMENTS = st.lists(st.lists(WORDS, max_size=12), min_size=1, max_size=8)


@given(DOCUMENTS, st.lists(WORDS | st.just("unknown"), min_size=1, max_size=6))
@settings(max_examples=60)
def test_coverage_is_bm25(
    tmp_path_factory: pytest.TempPathFactory, documents: list[list[str]], question: list[str]
) -> None:
    index = bm25_index(tmp_path_factory.mktemp("bm25"), documents)
    found = normalized_scores(index, question)
    some = np.arange(len(index))[::-2]
    assert index.normalized_scores(question, some).tolist() == found[some].tolist()
    np.testing.assert_allclose(found, plain_bm25(documents, question), rtol=1e-4, atol=1e-6)
    assert found.dtype == np.float32
    assert found.shape == (len(documents),)
    assert (found >= 0).all()
    assert (found < 1).all()
    for row, document in enumerate(documents):
        assert (found[row] > 0) == bool(set(question) & set(document))


@given(DOCUMENTS, st.lists(WORDS | st.just("unknown"), min_size=1, max_size=6), st.integers(1, 4))
@settings(max_examples=60)
def test_the_best_are_those_with_the_highest_scores(
    tmp_path_factory: pytest.TempPathFactory,
    documents: list[list[str]],
    question: list[str],
    k: int,
) -> None:
    index = bm25_index(tmp_path_factory.mktemp("bm25"), documents)
    scores = normalized_scores(index, question)
    top_k = index.top_k(question, k)
    assert len(set(top_k.tolist())) == len(top_k) == min(k, int((scores > 0).sum()))
    expected = np.sort(scores)[::-1][: len(top_k)]
    np.testing.assert_allclose(np.sort(scores[top_k])[::-1], expected, rtol=1e-5)


def test_a_common_word_is_looked_up_where_it_can_matter(tmp_path: Path) -> None:
    documents = [["common", "filler"] for _ in range(400)]
    documents[7:10] = [["rare", "common"], ["rare", "rare"], ["rare", "filler", "filler"]]
    index = bm25_index(tmp_path, documents)
    looked_up: list[int] = []
    scores = index._scores

    def counted(word: Any, places: Any) -> Any:
        looked_up.append(len(word.rows[places]))
        return scores(word, places)

    index._scores = counted  # type: ignore[method-assign]
    assert sorted(index.top_k(["rare", "common"], 2).tolist()) == [7, 8]
    assert sum(looked_up) < 10


def test_an_index_without_passages(tmp_path: Path) -> None:
    index = bm25_index(tmp_path, [])
    assert len(index) == 0
    assert normalized_scores(index, ["drone"]).shape == (0,)
    assert normalized_scores(bm25_index(tmp_path / "one", [["drone"]]), []).tolist() == [0]


def test_what_is_saved_is_the_same_each_time_and_cannot_be_changed(tmp_path: Path) -> None:
    documents = [["drone", "дрон"], ["bread", "drone", "drone"]]
    for name in ("a", "b"):
        bm25_index(tmp_path / name, documents)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    assert len(list((tmp_path / "a").iterdir())) == 5
    with pytest.raises(ValueError, match="read-only"):
        Bm25Index.load(tmp_path / "a")._counts[0] = 1
