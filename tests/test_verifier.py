"""The verifier: what it reads, how it is trained and written, and what the shipped one says."""

import json
import random
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.array_types import Floats
from embeddings.errors import RuntimeUnavailable
from embeddings.index.build import build_index
from embeddings.index.embed import Text
from embeddings.index.token_means import token_means_for
from embeddings.model.encoder import LowerEncoding, Model
from embeddings.quality.verifier.batches import Sampler
from embeddings.quality.verifier.examples import own_examples, squad_examples, together
from embeddings.quality.verifier.states import States, states_of_passages, states_of_questions
from embeddings.search.answer import Answer, Highlight
from embeddings.search.confidence import SURE
from embeddings.search.highlight import with_span
from embeddings.search.search import Searcher
from embeddings.storage.files import sha256_of
from embeddings.verifier.tokens import (
    STEP,
    WINDOW,
    Kind,
    PassageTokens,
    Tokens,
    inputs_of,
    passage_tokens,
    windows,
)
from embeddings.verifier.verifier import (
    GRAPH,
    Verdict,
    Verifier,
    Weights,
    _compiled,
    shipped_verifier,
)
from tests.conftest import ARTICLE, ROOT, TinyEncoder

if TYPE_CHECKING:
    from embeddings.quality.verifier.network import Network

WIDTH = 64
WEIGHTS = Weights(confidence=1.0, logit=0.5, intercept=-1.0, threshold=0.2)


class LayeredEncoder(TinyEncoder):
    """The tiny encoder, with its words in place of the output of lower layers."""

    def encode_question_halfway(self, text: str) -> LowerEncoding:
        encoding = self._encoding(text)
        folded = encoding.tokens.reshape(len(encoding.tokens), -1, WIDTH).sum(axis=1)
        return LowerEncoding(8 * folded, encoding.spans, encoding.information)

    encode_passage_halfway = encode_question_halfway


def tokens(count: int, seed: int = 0) -> Tokens:
    chance = np.random.default_rng(seed)
    directions = chance.normal(size=(count, WIDTH)).astype(np.float32)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    starts = np.arange(count, dtype=np.int32) * 5
    return Tokens(
        chance.normal(size=(count, WIDTH)).astype(np.float32),
        directions,
        chance.uniform(3, 12, count).astype(np.float32),
        np.stack([starts, starts + 4], axis=1),
    )


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Let torch use one thread: two wait for each other where other tests run beside."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@given(st.integers(1, 1200))
def test_windows_cover_every_token_and_overlap(count: int) -> None:
    found = windows(count)
    assert found[0].start == 0
    assert found[-1].stop == count
    assert all(len(window) == min(count, WINDOW) for window in found)
    steps = [later.start - earlier.start for earlier, later in pairwise(found)]
    assert all(0 < step <= STEP for step in steps)


@given(st.integers(1, 80), st.integers(0, 40), st.integers(1, 200), st.integers(0, 99))
def test_inputs_hold_question_title_and_window(q: int, t: int, p: int, seed: int) -> None:
    question, passage = tokens(q, seed), PassageTokens(tokens(t, seed + 1), tokens(p, seed + 2))
    window = windows(p)[-1]
    inputs = inputs_of([(question, passage, window), (tokens(1), passage, range(1))])
    kinds = inputs.kinds[0]
    counts = [int((kinds == kind).sum()) for kind in Kind]
    assert counts[1:] == [1, q, t, len(window)]
    assert list(kinds[kinds > 0]) == sorted(kinds[kinds > 0])
    text = kinds == Kind.TEXT
    np.testing.assert_array_equal(
        inputs.middle[0, text], passage.text.middle[window.start : window.stop]
    )
    np.testing.assert_array_equal(inputs.matches[0], inputs.matches[0].T)
    expected = question.directions @ passage.text.directions[window.start : window.stop].T
    np.testing.assert_allclose(
        inputs.matches[0][kinds == Kind.QUESTION][:, text], expected, atol=1e-6
    )
    within = inputs.matches[0][kinds == Kind.QUESTION][:, kinds == Kind.QUESTION]
    assert not within.any()


def new_network() -> "Network":
    import torch
    from transformers import BertConfig, BertModel

    from embeddings.quality.verifier.network import Network

    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=WIDTH,
        num_hidden_layers=4,
        num_attention_heads=4,
        intermediate_size=2 * WIDTH,
        vocab_size=32,
    )
    return Network(BertModel(config), 2, 4)


def written(
    network: "Network", pairs: list[tuple[Tokens, PassageTokens, range]], folder: Path
) -> Callable[[], Verifier]:
    """Write a network, and return what opens it."""
    from embeddings.quality.verifier.export import export

    export(network, [inputs_of(pairs)], folder)
    return lambda: Verifier(folder / GRAPH, WEIGHTS, LayeredEncoder())


@pytest.fixture(scope="module")
def network() -> "Network":
    return new_network().eval()


def outputs_of(
    network: "Network", pairs: list[tuple[Tokens, PassageTokens, range]]
) -> list[Floats]:
    import torch

    with torch.no_grad():
        outputs = network(*map(torch.from_numpy, vars(inputs_of(pairs)).values()))
    return [output.numpy() for output in outputs]


def test_padding_changes_nothing(network: "Network") -> None:
    short = (tokens(4, 1), PassageTokens(tokens(2, 2), tokens(20, 3)), range(20))
    long = (tokens(30, 4), PassageTokens(tokens(8, 5), tokens(90, 6)), range(90))
    alone, beside = outputs_of(network, [short]), outputs_of(network, [short, long])
    assert beside[0][0] == pytest.approx(alone[0][0], abs=1e-4)
    length = alone[1].shape[1]
    for one, other in zip(alone[1:], beside[1:], strict=True):
        np.testing.assert_allclose(other[0, :length], one[0], atol=1e-3)


def test_attention_is_drawn_to_what_matches(network: "Network") -> None:
    question, passage = tokens(5, 1), PassageTokens(tokens(2, 2), tokens(30, 1))
    before = outputs_of(network, [(question, passage, range(30))])[0]
    drawn = [one for name, one in network.named_parameters() if name.endswith(".drawn")]
    for one in drawn:
        one.data.fill_(2.0)
    after = outputs_of(network, [(question, passage, range(30))])[0]
    for one in drawn:
        one.data.zero_()
    assert not np.allclose(before, after)


def test_what_is_written_reads_as_what_was_trained(network: "Network", tmp_path: Path) -> None:
    question = tokens(7, 1)
    passages = [
        PassageTokens(tokens(3, n), tokens(count, n + 9)) for n, count in enumerate((12, 600))
    ]
    pairs = [(question, one, window) for one in passages for window in windows(len(one.text))]
    verifier = written(network, pairs, tmp_path)()
    verdicts = [verifier.read(question, passage) for passage in passages]
    answers = outputs_of(network, pairs)[0]
    assert verdicts[0].logit == pytest.approx(answers[0], abs=0.05)
    assert verdicts[1].logit == pytest.approx(answers[1:].max(), abs=0.05)
    for verdict, passage in zip(verdicts, passages, strict=True):
        start, end = verdict.span
        assert 0 <= start < end <= passage.text.spans[-1, 1]
        assert 0 < verdict.certainty <= 1


def paragraph(name: str, year: int, town: str, years: int) -> dict[str, Any]:
    """A paragraph in the format of SQuAD, a question that it answers, and one that it does not."""
    before = f"{name} was born in {year}. {name} lived in "
    where = {"text": town, "answer_start": len(before)}
    return {
        "context": f"{before}{town} for {years} years.",
        "qas": [
            {"question": f"Where did Sir {name} live in {year}?", "answers": [where]},
            {"question": f"Why did {name} leave?", "answers": [], "is_impossible": True},
        ],
    }


PEOPLE = {
    "Poets": [("Ada", 1901, "Riga"), ("Bert", 1902, "Kyiv"), ("Cleo", 1903, "Lviv")],
    "Kings": [("Dora", 1904, "Oslo"), ("Egon", 1905, "Bonn"), ("Fred", 1906, "Rome")],
}
ARTICLES = {
    "data": [
        {"title": title, "paragraphs": [paragraph(*one, n) for n, one in enumerate(people, 2)]}
        for title, people in PEOPLE.items()
    ]
}


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    (tmp_path / "squad2.json").write_text(json.dumps(ARTICLES), encoding="utf-8")
    for language in ("en", "ru"):
        (tmp_path / f"xquad.{language}.json").write_text(json.dumps(ARTICLES), encoding="utf-8")
    return tmp_path


def test_examples_of_squad(squad: Path) -> None:
    made = squad_examples(squad, ["Kings"], random.Random(0))
    assert {text.context for text in made.texts} == {"Poets"}
    kinds = {example.kind for example in made.known}
    assert kinds == {"squad", "people", "xquad", "across", "changed"}
    for example in made.known:
        text = made.texts[example.passage].body
        told = {text[start:end] for start, end in example.spans}
        assert bool(told) is example.answers
        assert told <= {"Riga", "Kyiv", "Lviv"}
    assert all(len(others) == 2 for _, others in made.beside)


def test_a_question_with_another_number_is_not_answered(squad: Path) -> None:
    made = together([squad_examples(squad, [], random.Random(0))])
    changed = [example for example in made.known if example.kind == "changed"]
    assert changed
    for example in changed:
        assert not example.answers
        text = made.asked[example.question].text
        assert not re.search(r"Sir (Ada|Bert|Cleo|Dora|Egon|Fred) live in 190[1-6]", text) or (
            re.findall(r"\d+", text)[0] not in made.texts[example.passage].body
        )
    for question, far in made.far:
        own = next(others for asked, others in made.beside if asked == question)
        assert {made.texts[number].context for number in far}.isdisjoint(
            {made.texts[number].context for number in own}
        )


def test_examples_of_an_own_data_set(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "bus.txt").write_text(
        "The bus\n\nThe bus leaves at nine. It is blue. A ticket costs two euros.\n",
        encoding="utf-8",
    )
    lines = [
        {"lang": "en", "question": "When?", "article": "bus.txt", "answers": ["at nine"]},
        {"lang": "en", "question": "Who drives?", "article": None, "about": "bus.txt"},
    ]
    content = "".join(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "questions.jsonl").write_text(content, encoding="utf-8")
    made = own_examples(tmp_path, TinyEncoder())
    kinds = [(example.kind, example.answers) for example in made.known]
    assert kinds == [("own", True), ("own cut", False), ("own near", False)]
    cut = made.texts[made.known[1].passage].body
    assert "at nine" not in cut
    assert "It is blue." in cut


@pytest.fixture
def sampler(squad: Path, tmp_path: Path) -> Sampler:
    made = together([squad_examples(squad, [], random.Random(0))])
    means = token_means_for("of no model", TinyEncoder.dimension)
    encoder = LayeredEncoder()
    questions = states_of_questions(made.asked, encoder, means, lambda _: None)
    passages = states_of_passages(made.texts, encoder, means, lambda _: None)
    passages.save(tmp_path / "passages.npz")
    return Sampler(made, questions, States.load(tmp_path / "passages.npz"), 16)


def test_batches_say_where_the_answer_stands(sampler: Sampler) -> None:
    chosen = sampler.batches()
    some = [next(chosen) for _ in range(8)]
    assert {float(answer) for batch in some for answer in batch.answers} == {0.0, 1.0}
    for batch in some:
        np.testing.assert_array_equal(batch.starts, batch.ends)  # a name of a town is one word
        kinds = batch.inputs.kinds[np.arange(len(batch.starts)), batch.starts]
        np.testing.assert_array_equal(kinds, np.where(batch.answers, Kind.TEXT, Kind.WHOLE))


def test_it_learns(sampler: Sampler) -> None:
    from embeddings.quality.verifier.train import train

    said: list[dict[str, float]] = []
    train(new_network(), sampler.batches(), 500, lambda _step, means: said.append(means))
    assert said[-1]["answers"] < 0.75 * said[0]["answers"]
    assert said[-1]["spans"] < 0.75 * said[0]["spans"]


def test_a_title_is_told_from_the_text() -> None:
    text = Text("The blue bus", "It leaves at nine.", "en")
    encoder = LayeredEncoder()
    (encoding,) = encoder.encode_passages([text.whole])
    read = passage_tokens(encoder.encode_passage_halfway(text.whole), encoding.tokens, text)
    assert len(read.title) == 3
    words = [text.body[start:end] for start, end in read.text.spans]
    assert words == ["It", "leaves", "at", "nine"]


def test_a_verdict_raises_and_lowers_a_confidence(network: "Network", tmp_path: Path) -> None:
    pairs = [(tokens(3), PassageTokens(tokens(1), tokens(9)), range(9))]
    verifier = written(network, pairs, tmp_path)()
    said = [verifier.confidence(0.6, Verdict(logit, (0, 1), 0.5)) for logit in (-6.0, 0.0, 6.0)]
    assert said == sorted(said)
    assert verifier.confidence(0.6, Verdict(2.0, (0, 1), 0.5)) == pytest.approx(0.6)
    assert 0 < verifier.confidence(0.0, Verdict(-9.0, (0, 1), 0.5)) < 1e-5
    assert verifier.confidence(1.0, Verdict(9.0, (0, 1), 0.5)) > 1 - 1e-5


def test_a_verifier_belongs_to_its_model(real_model: Model) -> None:
    encoder = real_model.load()
    assert shipped_verifier(real_model.digest, encoder) is not None
    assert shipped_verifier("of another model", encoder) is None
    assert shipped_verifier(real_model.digest, TinyEncoder()) is None


def test_the_shipped_weights_belong_to_the_shipped_network() -> None:
    folder = ROOT / "embeddings" / "data"
    described = json.loads((folder / "verifier.json").read_text(encoding="utf-8"))
    assert described["network"] == sha256_of((folder / GRAPH).with_suffix(".bin"))


@pytest.mark.parametrize("failing", ["import_openvino", "_compiled"])
def test_where_it_does_not_run_there_is_none(
    real_model: Model,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    failing: str,
) -> None:
    def fail(*_: object) -> None:
        raise {"import_openvino": RuntimeUnavailable, "_compiled": RuntimeError}[failing]("gone")

    _compiled.cache_clear()
    monkeypatch.setattr(f"embeddings.verifier.verifier.{failing}", fail)
    with caplog.at_level("INFO"):
        assert shipped_verifier(real_model.digest, real_model.load()) is None
    assert "The verifier is not used" in caplog.text


def test_without_its_lower_layers_there_is_none(
    real_model: Model, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As on a processor without AVX-512: an output without a row, and no error."""
    empty = np.empty((0, 0, 384), np.float32)
    request = Mock()
    request.create_infer_request().get_output_tensor().data = empty
    encoder = real_model.load()
    monkeypatch.setattr(encoder, "_compile", lambda *_: request)
    monkeypatch.delitem(vars(encoder), "_lower_request", raising=False)
    with caplog.at_level("INFO"):
        assert shipped_verifier(real_model.digest, encoder) is None
    assert "The verifier is not used" in caplog.text


def test_two_threads_have_verifiers_of_their_own(network: "Network", tmp_path: Path) -> None:
    passage = PassageTokens(tokens(3, 1), tokens(90, 2))
    opened = written(network, [(tokens(5), passage, range(90))], tmp_path)

    def ask(_: int) -> set[float]:
        verifier = opened()
        return {round(verifier.read(tokens(5), passage).logit, 3) for _ in range(40)}

    with ThreadPoolExecutor(3) as pool:
        said = set.union(*pool.map(ask, range(3)))
    assert len(said) == 1


def test_a_passage_without_tokens_is_shown_and_not_read(real_model: Model, tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "office.md").write_text(
        "# Lost property office\n\n## Where is the lost property office?\n\n\ufffd\u200d\n\n"
        "## Hours\n\nIt is open on Mondays.\n",
        encoding="utf-8",
    )
    build_index(tmp_path / "seeds", tmp_path / "index", real_model)
    with closing(Searcher.open(tmp_path / "index", real_model)) as searcher:
        assert searcher.search("Where is the lost property office?").passages


def test_a_calibration_of_ones_own_decides_alone(
    real_model: Model, tmp_path: Path, museum_index: Path, museum: Searcher
) -> None:
    shipped = resources.files("embeddings.data").joinpath("calibration.json").read_text("utf-8")
    (tmp_path / "own.json").write_text(shipped, encoding="utf-8")
    question = "How much is a ticket to the clock museum?"
    with closing(Searcher.open(museum_index, real_model, tmp_path / "own.json")) as searcher:
        own = searcher.search(question).confidence
    assert own != museum.search(question).confidence


MUSEUM = """The Clock Museum

The museum is open from Tuesday to Sunday, 10:00 to 18:00. A ticket costs 8 euros, and nothing for
children under seven. The collection has some 900 clocks; the oldest was made in Augsburg in 1584
by Hans Gruber. Dogs are not let in. The café on the ground floor serves soup and cake.
"""


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("How much is a ticket to the clock museum?", "How much does the soup cost in the café?"),
        ("Who made the oldest clock?", "Who is the director of the clock museum?"),
        ("Коли зроблено найстаріший годинник?", "Коли відкрили музей годинників?"),
        ("Сколько часов в собрании музея?", "Сколько человек работает в музее часов?"),
    ],
)
def test_a_near_miss_is_told_from_what_is_answered(museum: Searcher, asked: str, near: str) -> None:
    right, wrong = museum.search(asked), museum.search(near)
    assert right.answered
    assert right.confidence is not None
    assert wrong.confidence is not None
    assert right.confidence > wrong.confidence + 0.1
    assert wrong.confidence < SURE


WORKS = """Ремонт мосту в Осичках

Міст через Ташань закривають для машин до 14 листопада 2025 року, пішоходів пускатимуть. На роботи
громада має 1 750 000 гривень, з них 62 000 гривень іде на перила.
"""


@pytest.mark.parametrize(
    ("question", "is_answered"),
    [
        ("На що з цих 1 750 000 гривень іде 62 000 на мосту в Осичках?", False),
        ("На що з цих 1,75 млн гривень іде 62 тис. на мосту в Осичках?", True),
    ],
)
def test_it_refuses_no_number_for_its_notation(
    real_model: Model,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    question: str,
    is_answered: bool,
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "bridge.txt").write_text(WORKS, encoding="utf-8")
    build_index(tmp_path / "seeds", tmp_path / "index", real_model)
    monkeypatch.setattr(Verifier, "read", lambda *_: Verdict(-12.0, (0, 1), 0.0))
    with closing(Searcher.open(tmp_path / "index", real_model)) as searcher:
        assert searcher.search(question).answered is is_answered


GARDEN = (
    "The garden of Lipnik is open from April to October. Visitors pay at the gate on the river.",
    "The garden of Lipnik has a pond with carp. It was dug by the monks, who ate them in Lent.",
    "The garden of Lipnik is watered from a tower. The pump inside it has run since 1911.",
)


def searched(
    garden: Searcher, monkeypatch: pytest.MonkeyPatch, verdicts: dict[str, Verdict]
) -> tuple[Answer, list[str]]:
    """Return the answer, and what was read, where passages with some words have some verdicts."""
    read: list[str] = []

    def judge(_self: Verifier, _question: str, _asked: Floats, text: Text, _: Floats) -> Verdict:
        read.append(text.body)
        return next(verdicts[words] for words in verdicts if words in text.body)

    monkeypatch.setattr(Verifier, "judge", judge)
    return garden.search("When is the garden of Lipnik open?"), read


@pytest.mark.parametrize(
    ("open_", "pond", "tower", "first", "count"),
    [
        (1.0, 9.0, 9.0, "open", 1),
        (-2.0, 4.0, -5.0, "pond", 3),
        (-2.0, 2.0, 6.0, "tower", 3),
        (-2.0, -1.5, -2.0, "open", 3),
    ],
    ids=["the first answers", "the second does", "the third does rather", "none does clearly"],
)
def test_what_ranks_nearly_as_high_comes_first_where_it_says_what_is_asked(
    garden: Searcher,
    monkeypatch: pytest.MonkeyPatch,
    open_: float,
    pond: float,
    tower: float,
    first: str,
    count: int,
) -> None:
    logits = {"open": open_, "pond": pond, "tower": tower}
    monkeypatch.setattr("embeddings.search.search._VERDICT_WEIGHT", 0.1)  # scores are far apart
    monkeypatch.setattr("embeddings.search.search._NEARLY_AS_HIGH", 1.0)
    verdicts = {words: Verdict(logit, (0, 1), 0.0) for words, logit in logits.items()}
    answer, read = searched(garden, monkeypatch, verdicts)
    assert first in answer.passages[0].passage.text
    assert len(read) == count
    assert len({hit.passage.text for hit in answer.passages}) == len(answer.passages)
    if first != "open":
        assert answer.confidence is not None
        assert answer.confidence < SURE


def test_what_was_put_first_for_what_it_holds_stays_first(
    garden: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "embeddings.search.ranking._with_suiting_first",
        lambda _index, _question, _rows, _scores, order, _sentences: order[[1, 0, 2]],
    )
    monkeypatch.setattr("embeddings.search.search._NEARLY_AS_HIGH", 1.0)
    answer, read = searched(
        garden,
        monkeypatch,
        {"open": Verdict(9.0, (0, 1), 0.0), "garden": Verdict(-0.1, (0, 1), 0.0)},
    )
    assert "open" not in answer.passages[0].passage.text
    assert answer.passages[0].score < answer.passages[1].score
    assert len(read) == 1


@pytest.mark.parametrize(
    ("words", "certainty", "logit", "marked"),
    [
        ("at the gate", 0.9, 3.0, "Visitors pay at the gate on the river."),
        ("at the gate", 0.6, 3.0, "The garden of Lipnik is open from April to October."),
        ("at the gate", 0.9, -3.0, "The garden of Lipnik is open from April to October."),
        ("October. Visitors", 0.9, 3.0, "The garden of Lipnik is open from April to October."),
    ],
    ids=["certain", "not certain", "no answer", "across sentences"],
)
def test_the_sentence_in_which_the_answer_is_read_is_marked(
    garden: Searcher,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    certainty: float,
    logit: float,
    marked: str,
) -> None:
    start = GARDEN[0].index(words)
    verdict = Verdict(logit, (start, start + len(words)), certainty)
    answer, _ = searched(garden, monkeypatch, {"garden": verdict})
    highlight = answer.passages[0].highlight
    assert highlight is not None
    assert highlight.text == marked


@pytest.fixture(scope="module")
def garden(real_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("garden")
    (folder / "seeds").mkdir()
    for number, text in enumerate(GARDEN):
        (folder / "seeds" / f"{number}.txt").write_text(f"Part {number}\n\n{text}\n", "utf-8")
    build_index(folder / "seeds", folder / "index", real_model)
    with closing(Searcher.open(folder / "index", real_model)) as searcher:
        yield searcher


SENTENCE = "The oldest clock of all was made in Augsburg in 1584 by Hans Gruber, a smith."


@pytest.mark.parametrize(
    ("words", "certainty", "marked"),
    [
        ("Hans Gruber", 0.9, "Hans Gruber"),
        (" Hans Gruber", 0.9, "Hans Gruber"),
        ("Hans Gruber", 0.5, None),
        ("clock of all was made in Augsburg", 0.95, None),  # seven words are no name
    ],
)
def test_the_answers_own_words_are_marked_where_they_are_certain(
    words: str, certainty: float, marked: str | None
) -> None:
    highlight = Highlight(40, 40 + len(SENTENCE), SENTENCE)
    start = 40 + SENTENCE.index(words)
    verdict = Verdict(3.0, (start, start + len(words)), certainty)
    span = with_span(highlight, "Who made the oldest clock?", verdict).span
    assert (span and span.text) == marked
    if span:
        assert SENTENCE[span.start - 40 : span.end - 40] == span.text


def test_words_outside_the_marked_sentence_are_not_marked() -> None:
    highlight = Highlight(40, 40 + len(SENTENCE), SENTENCE)
    for verdict in (Verdict(3.0, (10, 20), 0.99), Verdict(3.0, (30, 50), 0.99)):
        assert with_span(highlight, "Who made the oldest clock?", verdict).span is None


def test_a_number_that_is_asked_for_comes_before_what_the_verifier_reads() -> None:
    highlight = Highlight(0, len(SENTENCE), SENTENCE)
    start = SENTENCE.index("Augsburg")
    verdict = Verdict(3.0, (start, start + 8), 0.99)
    span = with_span(highlight, "In which year was the oldest clock made?", verdict).span
    assert span is not None
    assert span.text == "1584"


@pytest.fixture(scope="module")
def museum_index(real_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("museum")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "museum.txt").write_text(MUSEUM, encoding="utf-8")
    shutil.copy(ARTICLE, folder / "seeds")
    build_index(folder / "seeds", folder / "index", real_model)
    return folder / "index"


@pytest.fixture(scope="module")
def museum(museum_index: Path, real_model: Model) -> Iterator[Searcher]:
    with closing(Searcher.open(museum_index, real_model)) as searcher:
        yield searcher
