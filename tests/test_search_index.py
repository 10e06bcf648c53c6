"""One suite for both kinds of index, on disk and in PostgreSQL: they hold and answer the same."""

import os
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from embeddings.errors import (
    IndexMismatch,
    IndexMissing,
    IndexOutdated,
    PassageBotError,
    SeedsEmptied,
    SeedsError,
)
from embeddings.index.build import build_index
from embeddings.index.location import DatabaseUrl, Location
from embeddings.index.manifest import ArticleEntry, SkippedEntry
from embeddings.index.open import (
    current_manifest,
    current_name_and_manifest,
    current_stamp,
    open_index,
)
from embeddings.index.search_index import IndexSnapshot, Query, SearchIndex
from embeddings.index.stored_article import stored_article
from embeddings.readers.subprocess_parser import Parser
from embeddings.search.answer import Answer
from embeddings.search.search import Searcher
from embeddings.text.lemmas import lemmas
from tests.conftest import TinyEncoder, calibration_file, share, tiny_model, verify_any
from tests.servers import create_database, drop_database

SUBJECTS = {
    "en": "The lighthouse keeper,The village baker,An old sailor,The museum,A young engineer",
    "uk": "Доглядач маяка,Сільський пекар,Старий моряк,Музей,Молода інженерка",
    "ru": "Смотритель маяка,Сельский пекарь,Старый моряк,Музей,Молодой инженер",
}
DEEDS = {
    "en": "wrote down the weather four times a day,opened the doors at nine in the morning,"
    "repaired the wooden bridge after the storm,sold bread and honey at the market,"
    "found a letter from the year 1912,taught children how to read the stars",
    "uk": "записував погоду чотири рази на день,відчиняв двері о дев'ятій ранку,"
    "полагодив дерев'яний міст після бурі,продавав хліб та мед на ринку,"
    "знайшов листа з 1912 року,навчав дітей читати зорі на небі",
    "ru": "записывал погоду четыре раза в день,открывал двери в девять часов утра,"
    "починил деревянный мост после бури,продавал хлеб и мёд на рынке,"
    "нашёл письмо 1912 года,учил детей читать звёзды на небе",
}
QUESTIONS = [
    *(
        f"{subject} {deed}?"
        for language in SUBJECTS
        for subject in SUBJECTS[language].split(",")[::2]
        for deed in DEEDS[language].split(",")[::2]
    ),
    *(deed for language in DEEDS for deed in DEEDS[language].split(",")[1::2]),
    "bread honey market 1912",
    "Who found a letter?",
    "What is the phone number of the museum?",
    "Zxqv wrtp?",
    "???",
]


def write_articles(folder: Path) -> None:
    """Write articles in three languages; some have a paragraph of another one."""
    chance = random.Random(7)
    paragraphs: list[str] = []
    for number in range(21):
        language = ("en", "uk", "ru")[number % 3]
        subjects, deeds = SUBJECTS[language].split(","), DEEDS[language].split(",")
        own = [
            " ".join(
                f"{chance.choice(subjects)} {chance.choice(deeds)} {chance.randrange(100)}."
                for _ in range(chance.randrange(2, 9))
            )
            for _ in range(chance.randrange(1, 6))
        ]
        if number % 5 == 4:
            own.append(paragraphs[-3])  # of the same language
        paragraphs.append(own[0])
        text = f"# {subjects[number % 5]} {number}\n\n" + "\n\n".join(own) + "\n"
        write(folder, f"{language}/{number}.md", text)


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(params=["directory", "database"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Location:
    """Where an index may be."""
    if request.param == "directory":
        return tmp_path / "index"
    database: DatabaseUrl = request.getfixturevalue("database")
    return database


@pytest.fixture(scope="module")
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, _parser: Parser
) -> Iterator[tuple[Location, Location]]:
    """An index on disk and one in a database, of the same folder."""
    server = os.environ.get("TEST_DATABASE_URL") or request.getfixturevalue("_shared_server").url()
    folder, url = tmp_path_factory.mktemp("pair"), create_database(server)
    write_articles(folder / "seeds")
    shutil.copytree("tests/data/latvia/seeds", folder / "seeds" / "latvia")
    with pytest.MonkeyPatch.context() as patch:
        share(_parser, patch, "local", "postgres.building")
        for location in (folder / "index", DatabaseUrl(url)):
            build_index(folder / "seeds", location, tiny_model())
    yield folder / "index", DatabaseUrl(url)
    drop_database(url, server)


@pytest.fixture(scope="module")
def opened(pair: tuple[Location, Location]) -> Iterator[tuple[SearchIndex, SearchIndex]]:
    with closing(open_index(pair[0])) as local, closing(open_index(pair[1])) as database:
        yield local, database


Place = tuple[str, int]
"""The path of an article, and where a passage begins in it."""


def places(index: IndexSnapshot, rows: "np.typing.NDArray[np.int64]") -> list[Place]:
    return [(passage.article, passage.start) for passage, _ in index.passages.get(rows.tolist())]


def vector_of(text: str) -> "np.typing.NDArray[np.float32]":
    return TinyEncoder().encode_questions([text])[0].vector


def query_of(text: str, *, least: int = 15) -> Query:
    return Query(vector_of(text), tuple(lemmas(text, "en")), 2 * least, 4 * least, least, least)


@pytest.mark.parametrize("question", QUESTIONS[::4])
def test_every_candidate_has_the_same_scores(
    opened: tuple[SearchIndex, SearchIndex], question: str
) -> None:
    """All passages are asked for, so that no tie decides which are found."""

    def scores(index: IndexSnapshot) -> dict[Place, tuple[object, ...]]:
        found = index.retrieve(query_of(question, least=200))
        assert found.rows.tolist() == sorted(found.rows.tolist())
        return {
            place: (
                str(found.languages[n]),
                found.dense[n],
                found.sentence[n],
                found.bm25[n],
                found.cosines[n].tolist(),
            )
            for n, place in enumerate(places(index, found.rows))
        }

    local, database = (index.snapshot(scores) for index in opened)
    assert local.keys() == database.keys()
    assert len(local) > 40
    for place, (language, dense, sentence, bm25, cosines) in local.items():
        other = database[place]
        assert other[0] == language
        assert other[1] == pytest.approx(dense, abs=2e-3)
        assert other[2] == pytest.approx(sentence, abs=1e-3)
        assert other[3] == pytest.approx(bm25, abs=1e-5)
        assert other[4] == pytest.approx(cosines, abs=1e-3)


def test_nearest_is_the_same_for_all_and_among_some(
    opened: tuple[SearchIndex, SearchIndex],
) -> None:
    def nearest(index: IndexSnapshot) -> list[tuple[dict[Place, float], list[float]]]:
        everything, _ = index.nearest(vector_of("The baker sold bread"), 1000)
        assert len(everything) == len(index) == len(index.passages)
        half = np.array(
            sorted(
                row
                for row, place in zip(everything.tolist(), places(index, everything), strict=True)
                if place[1] % 2
            )
        )
        found = []
        for k, among in ((1000, None), (7, None), (1000, half), (3, half), (5, half[:0])):
            rows, cosines = index.nearest(vector_of("The baker sold bread"), k, among)
            assert among is None or np.isin(rows, among).all()
            assert cosines.tolist() == sorted(cosines.tolist(), reverse=True)
            whole = dict(zip(places(index, rows), cosines.tolist(), strict=True))
            found.append((whole if k == 1000 else {}, cosines.tolist()))
        return found

    local, database = (index.snapshot(nearest) for index in opened)
    for (places_a, cosines_a), (places_b, cosines_b) in zip(local, database, strict=True):
        assert places_a.keys() == places_b.keys()
        assert cosines_b == pytest.approx(cosines_a, abs=1e-3)


def test_every_passage_and_its_parts_are_the_same(
    opened: tuple[SearchIndex, SearchIndex],
) -> None:
    vector = vector_of("The baker sold bread")

    def parts(index: IndexSnapshot) -> dict[Place, tuple[list[object], list[float], float]]:
        """Return of each passage what must be the same, its cosines, and the score of its words."""
        rows = np.array([row for row, _ in index.passages.all()])
        assert rows.tolist() == sorted(rows.tolist())
        cosines = index.sentence_cosines(rows, vector)
        packed, segments, first = index.tokens(rows)
        words = index.word_scores(["bread", "market", "keeper", "nothing"], rows)
        keys = index.passages.passage_keys(rows.tolist())
        found = places(index, np.array([index.passages.row_of_key(key) for key in keys]))
        own = places(index, rows)
        assert [article for article, _ in found] == [article for article, _ in own]
        return {
            place: (
                [
                    index.passages.get([row])[0],
                    index.sentence_spans(row),
                    packed[first[n] : first[n + 1]].tobytes(),
                    segments[first[n] : first[n + 1]].tolist(),
                    keys[n],
                    found[n],
                    len(index.passages.rows_of_article_at(row)),
                ],
                cosines[n].tolist(),
                float(words[n]),
            )
            for n, (row, place) in enumerate(zip(rows.tolist(), own, strict=True))
        }

    local, database = opened
    ours, theirs = local.snapshot(parts), database.snapshot(parts)
    assert ours.keys() == theirs.keys()
    for place, (same, near, score) in ours.items():
        assert theirs[place][0] == same
        assert theirs[place][1] == pytest.approx(near, abs=1e-3)
        assert theirs[place][2] == pytest.approx(score, abs=1e-5)
    nothing = np.empty(0, np.int64)

    def without_rows(index: IndexSnapshot) -> list[int]:
        packed, segments, first = index.tokens(nothing)
        return [
            len(index.sentence_cosines(nothing, vector).values),
            len(index.word_scores(["bread"], nothing)),
            *packed.shape,
            len(segments),
            *first.tolist(),
            *index.word_scores([], np.array([row for row, _ in index.passages.all()][:2])).tolist(),
        ]

    assert database.snapshot(without_rows) == local.snapshot(without_rows)


def test_articles_and_what_the_index_was_built_from_are_the_same(
    opened: tuple[SearchIndex, SearchIndex], pair: tuple[Location, Location]
) -> None:
    def articles(index: IndexSnapshot) -> list[object]:
        records = sorted(index.passages.articles(), key=lambda one: one.source.path)
        return [
            index.languages,
            len(index),
            [(one.source, one.file, one.words, len(one.rows)) for one in records],
            [stored_article(index.passages, one.source.path) for one in records],
            stored_article(index.passages, 'no/such "article".txt'),
            [
                index.passages.row_of_key(key)
                for key in ("", "0" * 16, "x" * 24, "0" * 15, "%" * 24)
            ],
        ]

    local, database = opened
    assert database.snapshot(articles) == local.snapshot(articles)
    ours, theirs = local.manifest, database.manifest
    assert (theirs.model, theirs.rules, theirs.passages) == (ours.model, ours.rules, ours.passages)
    assert without_times(theirs.articles) == without_times(ours.articles)
    assert without_times(theirs.skipped) == without_times(ours.skipped)
    for index, location in zip(opened, pair, strict=True):
        assert index.name.isdecimal()
        assert index.damage is None
        name, manifest = current_name_and_manifest(location)
        assert (
            (name, manifest)
            == (index.name, index.manifest)
            == (index.name, current_manifest(location))
        )
        assert manifest.created.endswith("+00:00")
        assert manifest.bytes > 10_000
        assert current_stamp(location) == current_stamp(location)


def without_times(entries: "Sequence[ArticleEntry | SkippedEntry]") -> list[object]:
    return [replace(entry, seen=0.0) for entry in entries]


def test_the_same_questions_get_the_same_answers(
    pair: tuple[Location, Location], tmp_path: Path
) -> None:
    calibration = calibration_file(tmp_path, 0.7)
    with (
        closing(Searcher.open(pair[0], tiny_model(), calibration)) as local,
        closing(Searcher.open(pair[1], tiny_model(), calibration)) as database,
    ):
        others = 0
        for number, question in enumerate(QUESTIONS):
            k = (1, 5, 10, 50)[number % 4]
            expected, answer = local.search(question, k), database.search(question, k)
            assert_same(expected, answer)
            others += sum(len(hit.also) for hit in answer.passages)
        assert others
        (encoded,) = local.encode(["Who sold bread at the market?"])
        for searcher in (local, database):
            rows = searcher.index.snapshot(
                lambda index: np.array(
                    [row for row, (one, _) in index.passages.all() if one.article.startswith("en/")]
                )
            )
            answer = searcher.answer(encoded, 50, rows)
            assert {hit.source.language for hit in answer.passages} == {"en"}


def assert_same(expected: Answer, answer: Answer) -> None:
    """Two answers agree; only passages with nearly the same score may change places."""
    assert (answer.answered, answer.understood) == (expected.answered, expected.understood)
    assert answer.confidence == pytest.approx(expected.confidence, abs=2e-3)
    ours = [(hit.score, hit.passage, hit.source, hit.passage_key) for hit in expected.passages]
    theirs = [(hit.score, hit.passage, hit.source, hit.passage_key) for hit in answer.passages]
    assert [one[0] for one in theirs] == pytest.approx([one[0] for one in ours], abs=3e-3)
    least = ours[-1][0] + 6e-3 if ours else 0
    assert {one[3] for one in ours if one[0] > least} <= {one[3] for one in theirs}
    for (score, *rest), (_, *other) in zip(ours, theirs, strict=True):
        if rest != other:
            assert any(tuple(rest) == one[1:] and abs(one[0] - score) < 6e-3 for one in theirs) or (
                score <= least
            ), (rest, other)
    if ours and ours[0][3] == theirs[0][3]:
        marked = [one.passages[0].highlight for one in (expected, answer)]
        assert len({one and re.sub(r"\d+", "", one.text) for one in marked}) == 1


# Errors and results of builds


def test_nothing_is_there_before_the_first_build(location: Location, tmp_path: Path) -> None:
    for look in (open_index, current_stamp, current_manifest, verify_any):
        with pytest.raises(
            IndexMissing, match=r"There is no index in .* python -m embeddings build"
        ):
            look(location)
    with pytest.raises(SeedsError, match="There is no folder"):
        build_index(tmp_path / "nowhere", location, tiny_model())
    (tmp_path / "empty").mkdir()
    with pytest.raises(SeedsError, match="There are no articles"):
        build_index(tmp_path / "empty", location, tiny_model())
    with pytest.raises(IndexMissing):
        open_index(location)


def test_another_model_is_refused_until_the_index_is_built_with_it(
    location: Location, seeds: Path
) -> None:
    build_index(seeds, location, tiny_model())
    with pytest.raises(IndexMismatch, match=r"built with the model tiny .*EMBEDDING_MODEL"):
        Searcher.open(location, tiny_model("tiny:2"))
    with closing(Searcher.open(location, tiny_model())) as searcher:
        result = build_index(seeds, location, tiny_model("tiny:2"))
        assert (result.reused, result.encoded) == (0, result.passages)
        assert result.rebuild_reason == "the model is another one"
        with pytest.raises(IndexMismatch):
            searcher.reopened(location)
        if searcher.index.is_live:
            with pytest.raises(IndexMismatch):
                searcher.search("bread")
    with closing(Searcher.open(location, tiny_model("tiny:2"))) as searcher:
        assert searcher.search("bread").passages


def test_tables_or_files_of_another_version_are_refused(
    location: Location, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(seeds, location, tiny_model())
    monkeypatch.setattr("embeddings.index.manifest.FORMAT", 999)
    monkeypatch.setattr("embeddings.index.postgres.versions.LAYOUT", 999)
    with pytest.raises(IndexOutdated, match=r"not 999.*python -m embeddings build"):
        open_index(location)
    result = build_index(seeds, location, tiny_model())
    assert (result.reused, result.encoded) == (0, result.passages)
    open_index(location).close()


def test_an_index_is_emptied_only_where_that_is_meant(location: Location, seeds: Path) -> None:
    for name in ("picture.png", "bread", "empty.txt"):  # no articles: they keep none alive
        (seeds / name).write_bytes(b"")
    whole = build_index(seeds, location, tiny_model())
    for name in ("bread.txt", "latvia.txt"):
        (seeds / name).rename(seeds / f".{name}")
    with pytest.raises(SeedsEmptied, match=r"the index has 2.*--allow-empty"):
        build_index(seeds, location, tiny_model())
    assert verify_any(location)[1] == whole.passages
    result = build_index(seeds, location, tiny_model(), allow_empty=True)
    assert (result.removed, result.passages) == (("bread.txt", "latvia.txt"), 0)
    assert verify_any(location)[1] == 0
    with closing(Searcher.open(location, tiny_model())) as searcher:
        assert searcher.search("bread").passages == ()
        for look in (looks_empty, finds_nothing):
            assert searcher.index.snapshot(look)
    assert not build_index(seeds, location, tiny_model()).published
    (seeds / ".bread.txt").rename(seeds / "back.txt")
    assert build_index(seeds, location, tiny_model()).added == ("back.txt",)
    (seeds / "back.txt").write_bytes(b"")
    with pytest.raises(SeedsError, match=r"None of the files .* \(4\).*back\.txt: empty"):
        build_index(seeds, location, tiny_model())
    assert verify_any(location)[1] > 0
    result = build_index(seeds, location, tiny_model(), allow_empty=True)
    assert (result.removed, result.passages) == (("back.txt",), 0)


def looks_empty(index: IndexSnapshot) -> bool:
    return not (len(index) or index.languages or index.passages.articles())


def finds_nothing(index: IndexSnapshot) -> bool:
    rows, cosines = index.nearest(vector_of("bread"), 9)
    return not (len(rows) or len(cosines) or len(index.retrieve(query_of("bread")).rows))


def test_a_key_tells_apart_the_same_words_in_two_articles(location: Location, seeds: Path) -> None:
    for name in ("one", "other"):
        shared = "# Twins\n\nBoth lighthouses were built in 1912.\n\n## Only here\n\n"
        write(seeds, f"{name}.md", f"{shared}This is the {name} of the two.\n")
    build_index(seeds, location, tiny_model())

    def are_found(index: IndexSnapshot) -> bool:
        own = [index.passages.rows_of_article(f"{name}.md") for name in ("one", "other")]
        rows = [one.start for one in own if one]
        keys = index.passages.passage_keys(rows)
        assert keys[0][:16] == keys[1][:16]
        return [index.passages.row_of_key(key) for key in keys] == rows

    with closing(open_index(location)) as index:
        assert index.snapshot(are_found)


NAMES = [
    "with\nnewline.md",
    "'quotes\" and `ticks` \\ back.md",
    "%s{0}{passage}%(vector)s.md",
    "🍞🇺🇦 <b>&amp;.md",
    os.fsdecode(b"\xe0.md"),
    "deep/" * 20 + "a.md",
    "a..b.md",
    "-rf.md",
    "x" * 200 + ".md",
]


def test_files_with_any_name_and_any_content(location: Location, seeds: Path) -> None:
    """What PostgreSQL cannot keep, such as NUL and half a character, is in no text."""
    said = "Zanzibar is where the lighthouse stood before the storm"
    for number, name in enumerate(NAMES):
        write(seeds, name, f"# Stood {number}\n\n{said} of number {number}.\n")
    write(seeds, "nul.txt", f"A title\0 with it\n\n{said}\0 with \x01 something \x7f\n")
    page = f"<title>Half &#xD800; and &#0;</title><h1>A &#xDFFF;</h1><p>{said} &#xD83D; page.</p>"
    write(seeds, "half.html", page)
    write(seeds, "copy.md", (seeds / NAMES[0]).read_text())
    write(seeds, "empty.txt", "")
    write(seeds, "photo.png", "PNG")
    result = build_index(seeds, location, tiny_model())
    skipped = {entry.path for entry in result.skipped}
    assert (
        {"empty.txt", "photo.png"}
        < skipped
        <= {"empty.txt", "photo.png", "copy.md", NAMES[0], "nul.txt"}
    )
    shown = {"\\xe0.md" if name == NAMES[4] else name for name in NAMES} | {"half.html"}
    assert shown - skipped <= set(result.added)
    assert not build_index(seeds, location, tiny_model()).published
    verify_any(location)
    with closing(Searcher.open(location, tiny_model())) as searcher:
        found = searcher.search(said, 50).passages
        assert all("\0" not in str(hit) for hit in found)
        for name in shown - skipped:
            assert searcher.index.snapshot(partial(rows_of, name)), name


def rows_of(path: str, index: IndexSnapshot) -> range | None:
    return index.passages.rows_of_article(path)


PARAGRAPHS = [
    f"{subject} {deed}."
    for subject, deed in zip(SUBJECTS["en"].split(","), DEEDS["en"].split(","), strict=False)
]
FILES = ["a.md", "b.md", "deep/c.md", "d.txt"]
"""Few names and paragraphs under one title, so that moved texts and copies are frequent."""
edits = st.one_of(
    st.tuples(
        st.just("write"), st.sampled_from(FILES), st.lists(st.sampled_from(range(5)), max_size=3)
    ),
    st.tuples(
        st.sampled_from(["move", "swap", "copy"]), st.sampled_from(FILES), st.sampled_from(FILES)
    ),
    st.tuples(st.sampled_from(["delete", "spoil"]), st.sampled_from(FILES), st.none()),
)


def edit(folder: Path, what: str, name: str, other: object) -> None:
    path = folder / name
    if what == "write" and isinstance(other, list):
        text = "\n\n".join(PARAGRAPHS[number] * 4 for number in other)
        write(folder, name, f"# The same title\n\n{text}\n")
    elif what == "spoil":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(range(256)) * 9)
    elif not path.exists():
        return
    elif what == "delete":
        path.unlink()
    else:
        target = folder / str(other)
        target.parent.mkdir(parents=True, exist_ok=True)
        before, there = path.read_bytes(), target.read_bytes() if target.exists() else None
        target.write_bytes(before)
        if what == "swap" and there is not None:
            path.write_bytes(there)
        elif what == "move" and path != target:
            path.unlink()


A_COPY_OUTLIVES: list[list[tuple[str, str, object]]] = [
    [("write", "a.md", [0]), ("copy", "a.md", "deep/c.md"), ("write", "d.txt", [3])],
    [("write", "a.md", [1])],
]


@settings(max_examples=6, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@example(A_COPY_OUTLIVES)
@given(st.lists(st.lists(edits, min_size=1, max_size=4), min_size=2, max_size=5))
def test_the_same_edits_lead_to_the_same_index(
    database: DatabaseUrl,
    tmp_path_factory: pytest.TempPathFactory,
    rounds: list[list[tuple[str, str, object]]],
) -> None:
    folder = tmp_path_factory.mktemp("edits")
    locations = (folder / "index", replace(database, schema=f"s{folder.name.replace('-', '_')}"))
    (folder / "seeds").mkdir()
    for steps in rounds:
        for step in steps:
            edit(folder / "seeds", *step)
        assert len({str(outcome(folder / "seeds", location)) for location in locations}) == 1
        try:
            held = [state_of(location) for location in locations]
        except IndexMissing:
            continue
        assert held[0] == held[1]


def outcome(seeds: Path, location: Location) -> object:
    try:
        result = build_index(seeds, location, tiny_model(), allow_empty=True)
    except PassageBotError as error:
        return type(error), error.message
    skipped = [(entry.path, entry.reason, entry.same_as) for entry in result.skipped]
    counts = (result.articles, result.passages, result.published)
    return counts, result.added, result.changed, sorted(result.renamed), result.removed, skipped


def state_of(location: Location) -> object:
    """Return what an index holds, and what it answers."""
    verify_any(location)
    with closing(Searcher.open(location, tiny_model())) as searcher:
        held = searcher.index.snapshot(
            lambda index: sorted(
                (one.article, one.start, one.text) for _, (one, _) in index.passages.all()
            )
        )
        answer = searcher.search("Who opened the doors?", 50)
        return held, sorted(
            (hit.passage.text, round(hit.score, 2), len(hit.also)) for hit in answer.passages
        )
