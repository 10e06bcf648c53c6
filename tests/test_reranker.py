"""A CrossEncoder by name: a small random one, saved here, loads as any does."""

from pathlib import Path
from typing import Any

import pytest

from embeddings.errors import ModelError
from embeddings.index.build import build_index
from embeddings.model.encoder import Model
from embeddings.search.reranker import RERANKED, CrossEncoderReranker
from embeddings.search.search import Searcher
from tests.conftest import tiny_model

WORDS = "bread dough rise hours the let warm place how long drone coalition latvia ukraine".split()


def save_cross_encoder(folder: Path, labels: int = 1) -> Path:
    """Write a BERT of two layers with random weights, the same each time."""
    import torch
    import transformers

    folder.mkdir()
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    (folder / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    passage_store: Any = transformers  # its stubs do not know what it exports
    tokenizer = passage_store.BertTokenizerFast(
        vocab=dict(zip(pieces, range(len(pieces)), strict=True))
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(1)
    passage_store.BertForSequenceClassification(
        passage_store.BertConfig(
            vocab_size=len(pieces),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=128,
            num_labels=labels,
        )
    ).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_cross_encoder(tmp_path_factory.mktemp("reranker") / "small")


def test_every_passage_gets_its_own_score(saved: Path) -> None:
    reranker = CrossEncoderReranker(str(saved))
    passages = ["let the dough rise", "drone coalition", "latvia " * 500, ""]
    scores = reranker.score("how long", passages)
    assert [type(score) for score in scores] == [float] * 4
    assert len(set(scores)) == 4
    assert reranker.score("how long", passages) == scores
    alone = reranker.score("how long", passages[1:2])
    assert alone == pytest.approx(scores[1:2], abs=1e-4)


def test_its_order_is_the_answers(saved: Path, index: Path, tiny: Model) -> None:
    plain = Searcher.open(index, tiny)
    searcher = Searcher.open(index, tiny, reranker=str(saved))
    question = "How long must the dough rise?"
    found = searcher.search(question, k=RERANKED).passages
    reranker = CrossEncoderReranker(str(saved))
    scores = reranker.score(question, [entry.passage.text for entry in found])
    assert [entry.score for entry in found] == pytest.approx(scores, abs=1e-4)
    assert scores == sorted(scores, reverse=True)
    before = {
        (e.passage.article, e.passage.start) for e in plain.search(question, RERANKED).passages
    }
    assert {(entry.passage.article, entry.passage.start) for entry in found} == before


def test_a_name_that_is_no_model_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for name in (tmp_path / "empty", tmp_path / "file", "no-such-owner/no-such-model", "x y"):
        with pytest.raises(ModelError, match="RERANKER_MODEL must name") as caught:
            CrossEncoderReranker(str(name))
        assert "\n" not in str(caught.value)
        assert str(name) in str(caught.value)


def test_a_classifier_of_several_classes_is_no_reranker(tmp_path: Path) -> None:
    """It gives no single score; better said at the start than at the first question."""
    folder = save_cross_encoder(tmp_path / "classes", labels=3)
    with pytest.raises(ModelError, match="3 scores"):
        CrossEncoderReranker(str(folder))


def test_an_index_that_does_not_open_with_it_is_let_go(tmp_path: Path, seeds: Path) -> None:
    build_index(seeds, tmp_path / "i", tiny_model())
    with pytest.raises(ModelError):
        Searcher.open(tmp_path / "i", tiny_model(), reranker=str(tmp_path))
