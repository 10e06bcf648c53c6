"""Candidates to a ranking and a shortlist: the same score in any company, and nothing twice."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from embeddings.articles.passage import LONGEST_SENTENCE
from embeddings.index.build import build_index
from embeddings.index.local.generation import open_current
from embeddings.index.local.local_index import LocalIndex
from embeddings.index.token_means import token_means_for
from embeddings.readers import parse
from embeddings.search import reranker as rerankers
from embeddings.search.answer import Hit
from embeddings.search.confidence import load_calibration
from embeddings.search.ranking import Ranking, rank
from embeddings.search.reranker import Reranker
from embeddings.search.search import Searcher
from embeddings.verifier.verifier import Verdict, Verifier, Weights
from tests.conftest import TinyEncoder, calibration_file, tiny_model

ENCODER = TinyEncoder()
ORIGINS = token_means_for("tiny:1", ENCODER.dimension)
TOPICS = "lighthouse granite masons harbour lantern keeper storm winter rocks signal".split()


def built(folder: Path, articles: Mapping[str, str]) -> Path:
    (folder / "seeds").mkdir(parents=True)
    for name, text in articles.items():
        (folder / "seeds" / name).write_text(text, encoding="utf-8")
    build_index(folder / "seeds", folder / "index", tiny_model())
    return folder / "index"


def ranking(
    index: LocalIndex,
    question: str,
    among: Sequence[int] | None = None,
    reranker: Reranker | None = None,
) -> Ranking:
    rows = None if among is None else np.array(sorted(among))
    (encoding,) = ENCODER.encode_questions([question])
    return rank(index, question, encoding, ORIGINS, rows, reranker)


def many(count: int) -> dict[str, str]:
    """Articles that share some of their words, each in its own way."""
    articles = {}
    for number in range(count):
        own = [TOPICS[(number * step) % len(TOPICS)] for step in (1, 3, 7)]
        articles[f"{number:03}.txt"] = (
            f"Report {number}\n\nThe {own[0]} was described together with the {own[1]} in volume "
            f"{number}. Afterwards somebody mentioned the {own[2]} and its number{number} twice.\n"
        )
    return articles


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LocalIndex:
    return open_current(built(tmp_path_factory.mktemp("many"), many(120)))


QUESTION = "Which granite lighthouse had a keeper during the winter storm?"


def test_the_best_is_first_and_no_row_comes_twice(index: LocalIndex) -> None:
    ranked = ranking(index, "Which volume described number17?").ranked
    rows = [entry.row for entry in ranked]
    (best, _), *_ = index.passages.get(rows[:1])
    assert best.article == "017.txt"
    assert len(rows) == len(set(rows))
    scores = [entry.score for entry in ranked]
    assert scores == sorted(scores, reverse=True)


def test_a_score_does_not_depend_on_the_other_candidates(index: LocalIndex) -> None:
    everything = {entry.row: entry for entry in ranking(index, QUESTION).ranked}
    chance = np.random.default_rng(1)
    for count in (1, 2, 5, 30, 100):
        among = chance.choice(len(index), count, replace=False).tolist()
        for entry in ranking(index, QUESTION, among).ranked:
            assert entry.row in among
            if entry.row in everything:
                assert entry.score == pytest.approx(everything[entry.row].score, abs=1e-5)
                assert entry.sentence == everything[entry.row].sentence


def test_among_leaves_out_what_may_not_be_found(index: LocalIndex) -> None:
    best = ranking(index, QUESTION).ranked
    without = ranking(index, QUESTION, [entry.row for entry in best[1:]]).ranked
    assert [entry.row for entry in without] == [entry.row for entry in best[1:]]
    (only,) = ranking(index, QUESTION, [best[7].row]).ranked
    assert only.row == best[7].row


def test_the_same_question_is_ranked_the_same(index: LocalIndex, tmp_path: Path) -> None:
    again = open_current(built(tmp_path, many(120)))
    first = ranking(index, QUESTION)
    for other in (ranking(index, QUESTION), ranking(again, QUESTION)):
        assert (other.ranked, other.features) == (first.ranked, first.features)
        assert np.array_equal(other.directions, first.directions)
    again.close()


def test_features_are_bounded_and_those_of_the_best(index: LocalIndex) -> None:
    for question in (QUESTION, "Хто побудував маяк?", "hi", "granite " * 100, "x"):
        found = ranking(index, question)
        features = found.features
        assert all(np.isfinite(value) for value in vars(features).values())
        assert -1 <= features.late <= 1.0001
        assert -1 <= features.sentence <= 1.0001
        assert 0 <= features.words < 1
        assert features.cross in (0, 1)
        assert 0 <= features.short <= 1
        alone = ranking(index, question, [found.ranked[0].row]).features
        assert (alone.late, alone.sentence) == pytest.approx((features.late, features.sentence))
        assert (alone.words, alone.cross) == pytest.approx((features.words, features.cross))
        assert (alone.lead, alone.sentence_lead) == (0, 0)


def test_the_sentence_that_answers_is_the_highlight(tmp_path: Path) -> None:
    text = (
        "The harbour\n\nThe harbour was dug by prisoners. Its lantern burned whale oil for years. "
        "Nobody remembers the last keeper.\n"
    )
    searcher = Searcher.open(built(tmp_path, {"a.txt": text}), tiny_model())
    for question, sentence in (
        ("Who dug it, prisoners?", "The harbour was dug by prisoners."),
        ("Which lantern burned whale oil?", "Its lantern burned whale oil for years."),
        ("Nobody remembers which keeper?", "Nobody remembers the last keeper."),
    ):
        (best,) = searcher.search(question).passages
        assert best.highlight is not None
        assert best.highlight.text == sentence
        start, end = best.highlight.start, best.highlight.end
        assert best.passage.text[start:end] == sentence


# Corpora of every kind


def test_one_passage_is_a_corpus(tmp_path: Path) -> None:
    index = built(tmp_path, {"a.txt": "Bread\n\nLet the dough rise for two hours.\n"})
    one = open_current(index)
    found = ranking(one, "How long does dough rise?")
    assert [entry.row for entry in found.ranked] == [0]
    assert (found.features.lead, found.features.sentence_lead) == (0, 0)
    one.close()


MIXED = {
    **many(60),
    "маяк.txt": "Маяк\n\nМаяк збудували з граніту сорок каменярів, а потім довго сперечалися.\n",
    "хлеб.txt": "Хлеб\n\nЭто тесто должно подниматься два часа в тёплом месте, не меньше.\n",
}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> LocalIndex:
    return open_current(built(tmp_path_factory.mktemp("mixed"), MIXED))


def test_every_language_is_looked_into(mixed: LocalIndex) -> None:
    """Cosines favour a question's own language: sixty English passages come before."""
    assert set(mixed.languages) == {"en", "uk", "ru"}
    entries = mixed.passages.get([entry.row for entry in ranking(mixed, QUESTION).ranked])
    assert {source.language for _, source in entries} == {"en", "uk", "ru"}


@pytest.mark.parametrize(
    ("question", "article", "cross"),
    [
        ("Скільки каменярів збудували маяк?", "маяк.txt", 0.0),
        ("Сколько часов должно подниматься тесто?", "хлеб.txt", 0.0),
        ("Which volume described number17?", "017.txt", 0.0),
        ("Хто такий number17, і що це?", "017.txt", 1.0),
    ],
)
def test_a_mixed_corpus_answers_in_each_language(
    mixed: LocalIndex, question: str, article: str, cross: float
) -> None:
    found = ranking(mixed, question)
    ((best, _),) = mixed.passages.get([found.ranked[0].row])
    assert best.article == article
    assert found.features.cross == cross
    assert (found.features.words > 0) == (not cross)


@pytest.mark.parametrize(("name", "city"), [("Варшави", "Warsaw"), ("Харкова", "Kharkiv")])
def test_a_name_in_other_letters_counts(tmp_path: Path, name: str, city: str) -> None:
    """The two articles differ in a name that no token of the question resembles."""
    texts = {f"{each}.txt": f"The harbour of {each} froze twice." for each in ("Warsaw", "Kharkiv")}
    cities = open_current(built(tmp_path, texts))
    found = ranking(cities, f"Коли замерзла гавань біля {name}?")
    ((passage, _),) = cities.passages.get([found.ranked[0].row])
    assert passage.article == f"{city}.txt"
    assert found.ranked[0].score > found.ranked[1].score
    cities.close()


def test_those_who_ask_for_many_get_many(index: LocalIndex, tmp_path: Path) -> None:
    """More than are compared token by token; neither the first ones nor the confidence change."""
    searcher = Searcher(index, ENCODER, load_calibration(calibration_file(tmp_path, 0.7)))
    few = searcher.search(QUESTION, k=5)
    for k in (20, 50, 100):
        many = searcher.search(QUESTION, k)
        assert len(many.passages) == k
        assert many.passages[:5] == few.passages
        assert many.confidence == few.confidence
        assert len({(e.passage.article, e.passage.start) for e in many.passages}) == k
        scores = [entry.score for entry in many.passages]
        assert scores == sorted(scores, reverse=True)
        for entry in many.passages:
            assert entry.highlight is not None
            start, end = entry.highlight.start, entry.highlight.end
            assert entry.passage.text[start:end] == entry.highlight.text
    assert len(searcher.search(QUESTION, 1000).passages) == len(index)


# Nothing twice


COPY = (
    "The {} report\n\nOn the first of March the old harbour froze for the only time in forty "
    "years, and the keeper of the lighthouse walked over the ice to the town with {} loaves of "
    "bread, two letters and a lantern, which he had promised the schoolmaster's daughter.\n"
)


def test_near_identical_passages_are_shown_once(tmp_path: Path) -> None:
    articles = {f"{word}.txt": COPY.format(word, word) for word in ("three", "four", "five")}
    articles["other.txt"] = "Another\n\nThe lantern of the lighthouse burned whale oil.\n"
    searcher = Searcher.open(built(tmp_path, articles), tiny_model())
    found = searcher.search("Who walked over the ice of the harbour with a lantern?", k=5).passages
    assert len(found) == 2
    assert found[0].passage.article != "other.txt" == found[1].passage.article


def test_what_shares_many_words_and_says_something_else_is_shown(tmp_path: Path) -> None:
    articles = {
        f"{town}.txt": f"Museum\n\nThe museum of {town} opens at {hour} and costs {price} euros.\n"
        for town, hour, price in (("Riga", "ten", "five"), ("Kyiv", "nine", "two"))
    }
    searcher = Searcher.open(built(tmp_path, articles), tiny_model())
    assert len(searcher.search("When does the museum open?").passages) == 2


def paragraph(sentences: int) -> str:
    return " ".join(
        f"In volume{number} the keeper of the lighthouse wrote about {TOPICS[number % 10]} "
        f"{number} and little else that mattered."
        for number in range(sentences)
    )


@pytest.mark.parametrize("sentences", [16, 18, 40])
def test_passages_joined_or_not_are_the_articles_own_words(tmp_path: Path, sentences: int) -> None:
    page = f"Years\n\n{paragraph(sentences)}\n\nA last word about storm and keeper.\n"
    article = parse(page.encode(), "a.txt")
    searcher = Searcher.open(built(tmp_path, {"a.txt": page}), tiny_model())
    for question in ("What did the keeper write in year 3?", "lighthouse", "storm 6 and year 17"):
        for k in (1, 2, 5):
            found = searcher.search(question, k).passages
            assert 1 <= len(found) <= k
            for entry in found:
                _is_whole(entry, article.text)
            spans = sorted((entry.passage.start, entry.passage.end) for entry in found)
            assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_halves_of_a_long_paragraph_are_shown_as_one(tmp_path: Path) -> None:
    page = f"Years\n\n{paragraph(16)}\n"
    searcher = Searcher.open(built(tmp_path, {"a.txt": page}), tiny_model())
    halves = searcher.index.snapshot(lambda index: index.passages).get([0, 1])
    for question in ("What did volume3 say?", "What did volume14 say?"):
        (whole,) = searcher.search(question, k=2).passages
        assert whole.passage.text == paragraph(16)
        assert (whole.passage.start, whole.passage.end) == (0, halves[1][0].end)
        assert whole.highlight is not None
        assert whole.highlight.text.startswith(f"In {question.split()[2]} ")


def _is_whole(found: Hit, text: str) -> None:
    passage, highlight = found.passage, found.highlight
    assert passage.text == text[passage.start : passage.end]
    assert len(passage.text) <= LONGEST_SENTENCE
    assert highlight is not None
    assert passage.text[highlight.start : highlight.end] == highlight.text
    assert highlight.text == highlight.text.strip() != ""


# Reranking


class Backwards:
    """Turns the order around: the longest passage is the best, by name."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        self.read += passages
        return [float(number) for number in range(len(passages))]


def test_a_reranker_puts_its_order_in_front_and_the_others_stay_below(
    index: LocalIndex,
) -> None:
    plain = [entry.row for entry in ranking(index, QUESTION).ranked]
    backwards = Backwards()
    reread = ranking(index, QUESTION, reranker=backwards).ranked
    rows = [entry.row for entry in reread]
    read = rerankers.RERANKED
    assert len(backwards.read) == read < len(plain)
    assert rows[:read] == plain[:read][::-1]
    assert rows[read:] == plain[read:]
    scores = [entry.score for entry in reread]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores[: read + 1])) == read + 1
    texts = [passage.text for passage, _ in index.passages.get(plain[:read])]
    assert backwards.read == texts


def test_confidence_is_that_of_the_passage_that_is_first_now(index: LocalIndex) -> None:
    plain = ranking(index, QUESTION)
    reread = ranking(index, QUESTION, reranker=Backwards())
    first = ranking(index, QUESTION, [reread.ranked[0].row]).features
    assert reread.features.late == pytest.approx(first.late)
    assert reread.features.sentence == pytest.approx(first.sentence)
    assert reread.features.words == pytest.approx(first.words)
    assert reread.features.late != plain.features.late
    assert reread.features.short == plain.features.short


def test_a_reranker_that_agrees_changes_no_decision(index: LocalIndex) -> None:
    class Agreeing:
        def score(self, question: str, passages: Sequence[str]) -> list[float]:
            return [float(-number) for number in range(len(passages))]

    plain, reread = ranking(index, QUESTION), ranking(index, QUESTION, None, Agreeing())
    assert [entry.row for entry in reread.ranked] == [entry.row for entry in plain.ranked]
    assert reread.features == plain.features


def test_a_reranker_of_fewer_passages_than_it_reads(tmp_path: Path) -> None:
    few = open_current(built(tmp_path, many(4)))
    plain = [entry.row for entry in ranking(few, QUESTION).ranked]
    assert [entry.row for entry in ranking(few, QUESTION, None, Backwards()).ranked] == plain[::-1]
    few.close()


@pytest.mark.parametrize(("says", "answered"), [(0.99, True), (0.01, False)])
def test_reranking_never_breaks_abstention(
    index: LocalIndex, tmp_path: Path, says: float, answered: bool
) -> None:
    calibration = load_calibration(calibration_file(tmp_path, says))
    searcher = Searcher(index, ENCODER, calibration, Backwards())
    assert searcher.search(QUESTION).answered is answered


CLAUSES = {
    "plain text": ("a.txt", "Rules\n\n{}\n\n", "{}. Part\n\n", "{}. {}\n\n"),
    "Markdown": ("a.md", "# Rules\n\n{}\n\n", "## {}. Part\n\n", "{}. {}\n\n"),
    "lines of a list": ("a.md", "# Rules\n\n{}\n\n", "\n## {}. Part\n\n", "- {} {}\n"),
}


@pytest.fixture(scope="module", params=CLAUSES.values(), ids=list(CLAUSES))
def rules(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LocalIndex:
    name, opening, part, clause = request.param
    body = opening.format(OPENING) + "".join(
        part.format(n) + "".join(clause.format(f"{n}.{m}", WORDS[n + m]) for m in (1, 2, 10))
        for n in range(2, 5)
    )
    return open_current(built(tmp_path_factory.mktemp("rules"), {name: body, **many(12)}))


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("What does clause 3.2 say?", "3.2"),
        ("Що сказано в пункті 2.10 статуту?", "2.10"),
        ("Что говорится в пункте 4.1?", "4.1"),
        ("пункт 2.1", "2.1"),
        ("Which words are in section 4?", "4"),
    ],
)
def test_a_clause_that_is_asked_for_by_its_number_answers(
    rules: LocalIndex, tmp_path: Path, question: str, number: str
) -> None:
    calibration = load_calibration(calibration_file(tmp_path, 0.01))
    answer = Searcher(rules, ENCODER, calibration).search(question)
    assert answer.answered
    assert answer.passages[0].highlight is not None
    assert re.match(rf"\W*{number}[. ]", answer.passages[0].highlight.text)


@pytest.mark.parametrize(
    "question",
    ["What does clause 3.7 say?", "Хто платить за пунктом 5.2?", "Что говорится в пункте 9?"],
)
def test_a_clause_that_is_nowhere_is_not_answered(
    rules: LocalIndex, tmp_path: Path, question: str
) -> None:
    calibration = load_calibration(calibration_file(tmp_path, 0.99))
    assert not Searcher(rules, ENCODER, calibration).search(question).answered


OPENING = "The members of the club agree upon these rules, which are read at each assembly."
WORDS = [
    f"The {TOPICS[n % 10]} belongs to the {TOPICS[(n + 3) % 10]} for {n} years." for n in range(15)
]


class AlwaysSays(Verifier):
    """Says the same of every passage, and leaves the confidence as it is."""

    def __init__(self, logit: float) -> None:
        self.weights = Weights(1.0, 0.0, 0.0, 0.0)
        self.logit = logit

    def judge(self, *_: object) -> Verdict:
        return Verdict(self.logit, (0, 1), 0.0)


@pytest.mark.parametrize(
    ("text", "question", "other"),
    [
        ("Error S01 means that the line is down.", "What does error S01 mean?", None),
        ("Error S01 means that the line is down.", "What does error S15 mean?", "code"),
        ("The first tram on Monday is at 6:05.", "When is the first tram on Monday?", None),
        ("The first tram on Monday is at 6:05.", "When is the first tram on Sunday?", "day"),
        ("| Item | Price |\n|---|---|\n| Hat | €12 |", "What does a hat cost?", None),
        ("Phone number of Tom Beck: 044 123 45.", "What is the phone number of Tom Beck?", None),
        (
            "Phone number of Tom Beck: 044 123 45.",
            "What is the phone number of Ann Low?",
            "person",
        ),
    ],
)
def test_what_says_of_another_thing_is_not_sure_and_may_be_refused(
    tmp_path: Path, text: str, question: str, other: str | None
) -> None:
    index = built(tmp_path, {"a.md": f"{text}\n"})
    searcher = Searcher.open(index, tiny_model(), calibration_file(tmp_path, 0.95))
    answer = searcher.search(question)
    assert answer.answered
    assert ((answer.confidence or 0) < 0.9) is (other is not None)
    for logit, answered in ((1.0, True), (-1.0, other is None)):
        searcher._verifier = AlwaysSays(logit)
        assert searcher.search(question).answered is answered


def test_a_sentence_must_have_the_price_itself_where_it_is_less_likely(tmp_path: Path) -> None:
    article = "The old green tram of the mill runs daily. A hat is €12.\n"
    index = built(tmp_path, {"a.txt": article})
    question = "How much does the old green tram cost?"
    for confidence, answered in ((0.55, False), (0.65, True)):
        path = calibration_file(tmp_path, confidence)
        answer = Searcher.open(index, tiny_model(), path).search(question)
        assert answer.answered is answered


def test_a_passage_with_the_number_of_what_is_counted_is_plain(tmp_path: Path) -> None:
    built(tmp_path, {"a.txt": "Anyone who fells a tree plants three saplings in the park.\n"})
    index = open_current(tmp_path / "index")
    assert ranking(index, "How many saplings are planted for a tree?").is_plain
    assert not ranking(index, "How many trees are planted for a sapling?").is_plain
    assert not ranking(index, "How many saplings are planted for a house?").is_plain
