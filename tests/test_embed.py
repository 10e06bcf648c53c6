"""Passages to vectors: which token is in which sentence, and when two texts are the same."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.articles.passage import Passage
from embeddings.index.embed import Embedded, Text, embed, texts_of
from embeddings.index.late_interaction import center_and_rotate, dequantize
from embeddings.index.passages import Source
from embeddings.index.token_means import token_means_for
from embeddings.model.encoder import Encoder
from embeddings.text.sentences import sentence_spans
from tests.conftest import TinyEncoder

ENCODER = TinyEncoder()
ORIGINS = token_means_for("tiny:1", ENCODER.dimension)


def embedded(text: Text, encoder: Encoder = ENCODER) -> Embedded:
    return embed([text], [sentence_spans(text.body, text.language)], encoder, ORIGINS)[0]


def test_tokens_are_numbered_by_their_sentence_and_the_title_is_0() -> None:
    text = Text("On bees. Dancing", "They dance on the comb. Why they do? Nobody knows.", "en")
    found = embedded(text)
    assert [text.body[start:end] for start, end in found.spans] == [
        "They dance on the comb.",
        "Why they do?",
        "Nobody knows.",
    ]
    assert found.segments.tolist() == [0] * 3 + [1] * 5 + [2] * 3 + [3] * 2
    assert found.segments.dtype == np.int16
    assert found.packed.shape == (13, ENCODER.dimension // 4)


def test_every_sentence_has_the_vector_of_itself_below_the_title() -> None:
    text = Text("On bees", "They dance on the comb. Nobody knows why.", "en")
    found = embedded(text)
    expected = ENCODER.encode_sentences(
        ["On bees\nThey dance on the comb.", "On bees\nNobody knows why."]
    )
    np.testing.assert_array_equal(found.sentences, expected)
    np.testing.assert_array_equal(found.vector, ENCODER.encode_passages([text.whole])[0].vector)


def test_tokens_are_kept_as_they_are_seen_from_the_origin() -> None:
    text = Text("Bees", "They dance.", "en")
    tokens = ENCODER.encode_passages([text.whole])[0].tokens
    expected = center_and_rotate(tokens, ORIGINS.of_passage("en"))
    assert np.sum(dequantize(embedded(text).packed) * expected, axis=1).min() > 0.5


WORDS = st.lists(st.sampled_from("bees dance комб їжак 595 Kyiv".split()), min_size=1, max_size=6)
SENTENCES = st.lists(
    WORDS.map(lambda words: " ".join(words).capitalize() + "."), min_size=1, max_size=5
)


@given(WORDS, SENTENCES, st.sampled_from([" ", "\n", "\n\n"]), st.sampled_from(["en", "uk", "und"]))
@settings(max_examples=60)
def test_every_token_is_in_the_sentence_where_it_stands(
    title: list[str], sentences: list[str], gap: str, language: str
) -> None:
    text = Text(" ".join(title), gap.join(sentences), language)
    found = embedded(text)
    (encoding,) = ENCODER.encode_passages([text.whole])
    shift = len(text.context) + 1
    assert list(found.segments) == sorted(found.segments)
    for (start, end), segment in zip(encoding.spans, found.segments, strict=True):
        if end <= len(text.context):
            assert segment == 0
        else:
            first, last = found.spans[segment - 1]
            assert first <= start - shift < end - shift <= last


def test_texts_keep_their_order_however_many_sentences_each_has() -> None:
    texts = [
        Text("A", "One here. Two here. Three here.", "en"),
        Text("B", "Only one.", "en"),
        Text("C", "First. Second.", "en"),
    ]
    spans = [sentence_spans(text.body, text.language) for text in texts]
    for text, together in zip(texts, embed(texts, spans, ENCODER, ORIGINS), strict=True):
        alone = embedded(text)
        np.testing.assert_array_equal(together.vector, alone.vector)
        np.testing.assert_array_equal(together.sentences, alone.sentences)
        np.testing.assert_array_equal(together.packed, alone.packed)
        np.testing.assert_array_equal(together.segments, alone.segments)
        assert together.spans == alone.spans
        assert len(together.sentences) == len(together.spans)


def test_no_texts_give_nothing() -> None:
    assert embed([], [], ENCODER, ORIGINS) == []


# What is the same text


BASE = Text("Title. Heading", "The body of it.", "en")


def test_a_title_is_another_text_than_a_first_line() -> None:
    assert Text("Tea", "It is hot.", "en").digest != Text("", "Tea\nIt is hot.", "en").digest


@pytest.mark.parametrize(
    "other",
    [
        replace(BASE, language="uk"),
        replace(BASE, context="Title"),
        replace(BASE, context="Title. heading"),
        replace(BASE, body="The body of it!"),
        replace(BASE, body="The body of it. "),
    ],
    ids=["language", "heading", "case", "body", "space"],
)
def test_a_digest_changes_with_everything_that_changes_vectors(other: Text) -> None:
    assert other.digest != BASE.digest
    assert replace(BASE).digest == BASE.digest
    assert len(BASE.digest) == 64


def test_context_is_title_and_headings_and_what_is_encoded_is_not_shown() -> None:
    source = Source("a.txt", "Bees", None, None, "en")
    passage = Passage("a.txt", 0, 11, "They dance.", ("Life", "Dances"))
    (text,) = texts_of([(passage, source)], ENCODER)
    assert text == Text("Bees. Life. Dances", "They dance.", "en")
    assert text.whole == "Bees. Life. Dances\nThey dance."
