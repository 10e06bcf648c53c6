"""Going deeper into an answer: other passages, what stands around one, its article."""

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.article_reader import ArticleReader
from bot.services.question_worker import QuestionWorker
from bot.texts import LANGUAGES, texts_for
from bot.views import answer_buttons as buttons
from bot.views import article_browser as book
from bot.views.answers import utf16_length
from bot.views.article_browser import ArticlePage, outline_article, page_view
from bot.views.keyboard import PER_PAGE
from bot.views.links import passage_key_in, to_passage
from embeddings import (
    ArticleEntry,
    Model,
    PageStart,
    Passage,
    Passages,
    Searcher,
    Source,
    build_index,
)
from embeddings.index.local.passage_store import PassageStore
from tests.botapi import BotApi, Person
from tests.conftest import calibration_file, until
from tests.conversations import RISE, all_labels, asks, labels, pressed, said_by_bot, serving
from tests.test_render import read_html

HONEY = "Which flowers give dark honey?"
WINTER = "How many spoons of honey do bees eat each week of winter?"
CHAPTERS = [
    ("Bees", ["Bees live in hives, and each hive has one queen of its own and many workers."]),
    ("Honey", ["Buckwheat flowers give dark honey, and lime flowers give a light one." * 9]),
    (
        "Winter",
        [f"In week {week} of winter the bees eat {week} spoons of honey." for week in range(90)],
    ),
]
TEXTS = texts_for("en")


@pytest.fixture
def garden(tmp_path: Path, seeds: Path, tiny: Model) -> Path:
    """An index with a long article that has headings."""
    write(seeds, CHAPTERS[1][1][0])
    build_index(seeds, tmp_path / "index", tiny)
    return tmp_path / "index"


def found_by(passage_key: str, store: Passages) -> tuple[Passage, Source]:
    row = store.row_of_key(passage_key)
    assert row is not None
    return store.get([row])[0]


def write(seeds: Path, honey: str) -> None:
    parts = ["# The garden"]
    for heading, paragraphs in CHAPTERS:
        parts += [f"## {heading}", *([honey] if heading == "Honey" else paragraphs)]
    (seeds / "deep").mkdir(exist_ok=True)
    (seeds / "deep" / "garden.md").write_text("\n\n".join(parts), encoding="utf-8")


@pytest.fixture
def question_worker(garden: Path, tiny: Model, tmp_path: Path) -> Iterator[QuestionWorker]:
    question_worker = QuestionWorker(Searcher.open(garden, tiny, calibration_file(tmp_path, 0.95)))
    yield question_worker
    question_worker.close()


# An answer


async def test_an_answer_has_its_passage_and_the_ways_from_it(server: BotApi) -> None:
    alice = server.person()
    answer = await asks(alice, HONEY)
    assert answer.text.startswith("deep › The garden › Honey\n")
    assert answer.text.endswith(f"\n\n{TEXTS('sure')}")
    assert "Buckwheat" in answer.text
    assert labels(answer) == [
        [TEXTS("more_context"), TEXTS("open_article")],
        ["👍", "👎"],
    ]


async def test_passages_are_turned_round_and_round(server: BotApi) -> None:
    alice = server.person()
    answer = await asks(alice, WINTER)
    seen = [answer.text]
    for number in (2, 3, 4, 5):
        answer = await pressed(alice, "▶", answer)
        assert f"{number}/5" in labels(answer)[0]
        seen.append(answer.text)
    assert len(set(seen)) == 5
    assert (await pressed(alice, "▶", answer)).text == seen[0]
    assert (await pressed(alice, "◀", alice.sees(answer))).text == seen[4]
    listed = await pressed(alice, "5/5", alice.sees(answer))
    assert listed.text.startswith(TEXTS("list_of_hits"))
    assert all(
        label.startswith(f"{n}. The garden: In week")
        for n, (label,) in enumerate(labels(listed)[:5], 1)
    )
    assert (await pressed(alice, "3. ", listed)).text == seen[2]
    assert len(said_by_bot(server, alice)) == 1


async def test_whatever_is_shown_of_an_answer_keeps_what_belongs_to_it(server: BotApi) -> None:
    """How it was understood, the button that asks anew, and the rating: there and back."""
    alice = server.person()
    await asks(alice, WINTER)
    answer = await pressed(alice, "👍", await asks(alice, "And why?"))
    for label in (TEXTS("more_context"), "▶", "2/5", "1. ", "▶"):
        answer = await pressed(alice, label, alice.sees(answer))
        assert answer.text.startswith(TEXTS("understood", question=f"{WINTER[:-1]} · And why?"))
        assert {TEXTS("ask_alone"), "👍 ✓", "👎"} <= set(all_labels(answer)), label


async def test_more_context_grows_to_both_sides_until_there_is_no_room(server: BotApi) -> None:
    alice = server.person()
    answer = await asks(alice, HONEY)
    radius = await pressed(alice, TEXTS("more_context"), answer)
    assert "Bees live in hives" in radius.text
    assert "In week 0 of winter" in radius.text
    (quoted,) = radius.spans("blockquote")
    assert quoted in answer.text
    for _ in range(20):
        if TEXTS("more_context") not in all_labels(radius):
            break
        radius = await pressed(alice, TEXTS("more_context"), radius)
    assert [TEXTS("less_context"), TEXTS("open_article")] in labels(radius)
    assert utf16_length(radius.text) <= 4096


@asynccontextmanager
async def only_article(
    text: str, seeds: Path, tiny: Model, tmp_path: Path
) -> AsyncIterator[tuple[Person, QuestionWorker]]:
    """Run a bot that has this article and no other, and yield a person and what answers."""
    for path in seeds.iterdir():
        path.unlink()
    (seeds / "zebra.md").write_text(text, encoding="utf-8")
    build_index(seeds, tmp_path / "zoo", tiny)
    worker = QuestionWorker(Searcher.open(tmp_path / "zoo", tiny, calibration_file(tmp_path, 0.9)))
    async with BotApi() as server, serving(server, worker, tmp_path):
        yield server.person(), worker
    worker.close()


@pytest.mark.parametrize(("count", "at"), [(1, 0), (2, 0), (3, 1), (3, 2), (5, 1), (5, 4)])
async def test_each_press_of_more_context_adds_something_until_all_is_shown(
    seeds: Path, tiny: Model, tmp_path: Path, count: int, at: int
) -> None:
    """An article of some passages, opened at each of them."""
    parts = [f"Paragraph number{n} is long. " + f"Filler{n} text. " * 30 for n in range(count)]
    parts[at] += "Zebras like violet umbrellas."
    text = "\n\n".join(["# Zoo", *(f"## Part {n}\n\n{part}" for n, part in enumerate(parts))])
    async with only_article(text, seeds, tiny, tmp_path) as (alice, _):
        answer = await asks(alice, "Which zebras like violet umbrellas?")
        seen = [answer.text]
        while TEXTS("more_context") in all_labels(answer):
            answer = await pressed(alice, TEXTS("more_context"), answer)
            assert len(answer.text) > len(seen[-1].replace(TEXTS("sure"), ""))
            seen.append(answer.text)
            assert "Zebras like violet umbrellas." in answer.spans("bold")
        assert len(seen) == 1 + max(at, count - 1 - at)
        assert all(f"number{n}" in answer.text for n in range(count))
        for before in reversed(seen[:-1]):
            answer = await pressed(alice, TEXTS("less_context"), answer)
            assert answer.text == before
        assert TEXTS("less_context") not in all_labels(answer)
        alice.presses(TEXTS("open_article"), on=answer)
        assert labels(await alice.hears()) == [[TEXTS("all_articles")]]  # one page has no contents


async def test_more_context_keeps_the_highlight_of_passages_put_together(
    seeds: Path, tiny: Model, tmp_path: Path
) -> None:
    """Two halves of a long paragraph are one passage of the answer; the second one answers."""
    question = "Which zebras like violet umbrellas in the rain?"
    paragraph = "Zebras eat grass all day. " * 24 + "Zebras like violet umbrellas in the rain. "
    paragraph += "Zebras eat grass at night. " * 12
    text = f"# Zoo\n\nBefore it all.\n\n## Zebras\n\n{paragraph}\n\n## Lions\n\nAfter it all."
    async with only_article(text, seeds, tiny, tmp_path) as (alice, worker):
        answer = await asks(alice, question)
        hit = (await worker.ask(question, 5)).passages[0]
        assert (await worker.read(lambda store: found_by(hit.passage_key, store)))[0] != hit.passage
        bold = answer.spans("bold")[-1]
        assert bold == "Zebras like violet umbrellas in the rain."
        wider = await pressed(alice, TEXTS("more_context"), answer)
        assert bold in wider.spans("bold")
        assert wider.spans("blockquote") == [hit.passage.text]
        assert "After it all." in wider.text


async def test_an_article_opens_at_the_passage(server: BotApi) -> None:
    alice = server.person()
    answer = await asks(alice, HONEY)
    alice.presses(TEXTS("open_article"), on=answer)
    page = await alice.hears()
    assert page.text.startswith("deep › The garden\n\nBees\n\nBees live in hives")
    assert page.spans("blockquote")[0].startswith("Buckwheat")
    assert "Bees" in page.spans("bold")
    seen = page.text
    for number in range(2, int(labels(page)[0][1].split("/")[1]) + 1):
        page = await pressed(alice, "▶", page)
        assert labels(page)[0][1].startswith(f"{number}/")
        seen += page.text
    for _, paragraphs in (CHAPTERS[0], CHAPTERS[2]):
        for paragraph in paragraphs:
            assert seen.count(paragraph) == 1


async def test_buttons_work_after_a_restart_and_a_rebuild(
    question_worker: QuestionWorker, garden: Path, seeds: Path, tiny: Model, tmp_path: Path
) -> None:
    async with BotApi() as server:
        alice = server.person()
        async with serving(server, question_worker, tmp_path):
            answer = await asks(alice, HONEY)
        (seeds / "bread.txt").unlink()
        (seeds / "deep").rename(seeds / "else")
        build_index(seeds, garden, tiny)
        question_worker.swap(question_worker.searcher.reopened(garden))
        async with serving(server, question_worker, tmp_path):
            radius = await pressed(alice, TEXTS("more_context"), answer)
            assert radius.text.startswith("else › The garden")
            (seeds / "else").rename(seeds / "deep")
            write(seeds, "Heather gives honey that is hard to press from the comb.")
            build_index(seeds, garden, tiny)
            question_worker.swap(question_worker.searcher.reopened(garden))
            more = alice.presses(TEXTS("more_context"), on=alice.sees(answer))
            popup = await alice.sees_popup(more)
            assert (popup.text, popup.show_alert) == (TEXTS("passage_gone"), True)
            await until(lambda: TEXTS("more_context") not in all_labels(alice.sees(answer)))
            alice.presses(TEXTS("open_article"), on=alice.sees(answer))
            assert "Heather gives honey" in (await alice.hears()).text
            alice.edits(server.messages(alice)[0], WINTER)
            answer = await alice.sees_edit(alice.sees(answer))
            assert (await pressed(alice, "▶", answer)).text != answer.text
        async with serving(server, question_worker, tmp_path):
            alice.edits(server.messages(alice)[0], "/help")
            await until(lambda: alice.sees(answer).text == TEXTS("command_edited"))


async def test_an_edited_question_gets_an_edited_answer(server: BotApi) -> None:
    alice = server.person()
    question = alice.says(HONEY)
    answer = await alice.hears()
    alice.edits(question, RISE)
    changed = await alice.sees_edit(answer)
    assert "Let the dough rise" in changed.text
    assert "1/2" in labels(changed)[0][1]
    alice.edits(question, "…")
    assert (await alice.sees_edit(changed)).text == TEXTS("no_words")
    assert len(said_by_bot(server, alice)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_command_edited_into_a_question_is_answered_and_the_other_way_round_taken_back(
    server: BotApi, language: str
) -> None:
    texts, person = texts_for(language), server.person(language=language)
    command = person.says("/start")
    await person.hears()
    person.edits(command, HONEY)
    answer = await person.hears()
    assert answer.reply_to == command.message_id
    person.edits(command, "/help")
    taken_back = await person.sees_edit(answer)
    assert (taken_back.text, taken_back.buttons) == (texts("command_edited"), ())
    person.edits(command, RISE)
    assert "Let the dough rise" in (await person.sees_edit(taken_back)).text
    assert len(said_by_bot(server, person)) == 2


async def test_what_no_longer_asks_the_bot_in_a_group_is_not_answered_any_more(
    server: BotApi,
) -> None:
    alice, group = server.person(language="en"), server.group()
    question = alice.says(f"/ask {HONEY}", chat=group)
    answer = await group.hears()
    alice.edits(question, "Never mind, all of you")
    assert (await group.sees_edit(answer)).text == TEXTS("question_withdrawn")


async def test_a_caption_that_is_removed_takes_its_answer_back(server: BotApi) -> None:
    alice, group = server.person(), server.group()
    for chat, asked in ((None, HONEY), (group, f"/ask {HONEY}")):
        room = chat or alice
        photo = alice.sends_file("p.jpg", b"x", caption=asked, mime_type="image/jpeg", chat=chat)
        answer = await room.hears()
        alice.edits(photo, "")
        taken_back = await room.sees_edit(answer)
        assert (taken_back.text, taken_back.buttons) == (TEXTS("question_withdrawn"), ())
        alice.edits(photo, asked)
        assert "oney" in (await room.sees_edit(taken_back)).text
    alice.edits(alice.sends_file("q.jpg", b"x", mime_type="image/jpeg"), "")
    assert (await alice.hears()).text == TEXTS("not_text")
    await alice.hears_nothing()


# Articles


@pytest.mark.parametrize("language", LANGUAGES)
async def test_articles_are_listed_and_read(server: BotApi, language: str) -> None:
    texts = texts_for(language)
    person = server.person(language=language)
    person.says("/articles")
    listed = await person.hears()
    assert listed.text == f"{texts.count('articles_title', 3)}\n{texts('articles_choose')}"
    assert [row[0] for row in labels(listed)][::2] == ["How to bake bread", "The garden"]
    table = await pressed(person, "The garden", listed)
    assert table.text == f"deep › The garden\n{texts('contents')}"
    assert [row[0] for row in labels(table)] == ["Bees", "Honey", "Winter", texts("all_articles")]
    page = await pressed(person, "Winter", table)
    assert "In week 0 of winter" in page.text
    back = await pressed(person, texts("contents"), page)
    assert back.text == table.text
    assert (await pressed(person, texts("all_articles"), back)).text == listed.text
    bread = await pressed(person, "How to bake bread", person.sees(listed))
    assert "Mix flour" in bread.text  # an article without headings opens at once


async def test_articles_are_found_by_title_and_file_name_and_that_is_said(server: BotApi) -> None:
    alice = server.person()
    found = await asks(alice, "/articles bread.txt")
    assert found.text == "With “bread.txt” in the title or file name: 1"
    assert labels(found) == [["How to bake bread"]]
    nothing = await asks(alice, "/articles zebra")
    assert nothing.text == "No article has “zebra” in its title or file name."


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_an_article_is_found_is_said_before_one_is_chosen(language: str) -> None:
    texts = texts_for(language)
    articles = [ArticleEntry(f"{n}.txt", "0", "Title", "en", 1) for n in range(PER_PAGE + 1)]
    title, *hint, choose = book.list_view(articles, "", 0, texts).html.split("\n")
    assert title == texts.count("articles_title", len(articles))
    assert (hint, choose) == ([texts("articles_search")], texts("articles_choose"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_below_an_answer_what_leads_to_an_article_that_is_gone_goes(
    server: BotApi,
    question_worker: QuestionWorker,
    garden: Path,
    seeds: Path,
    tiny: Model,
    language: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    texts, person = texts_for(language), server.person(language=language)
    answer = await asks(person, WINTER)
    shutil.rmtree(seeds / "deep")
    build_index(seeds, garden, tiny)
    question_worker.swap(question_worker.searcher.reopened(garden))
    for label in (texts("more_context"), texts("open_article")):
        press = person.presses(label, on=answer)
        popup = await person.sees_popup(press)
        assert (popup.text, popup.show_alert) == (texts("passage_gone"), True)
        answer = await person.sees_edit(answer)
        assert label not in all_labels(answer)
    listed = await pressed(person, "1/", answer)
    assert "The garden" not in (await pressed(person, all_labels(listed)[0], listed)).text
    assert not [one for one in caplog.records if one.levelname in ("ERROR", "WARNING")]


async def test_an_article_that_is_gone_says_so(
    server: BotApi, question_worker: QuestionWorker, garden: Path, seeds: Path, tiny: Model
) -> None:
    alice = server.person()
    listed = await asks(alice, "/articles")
    (seeds / "bread.txt").unlink()
    build_index(seeds, garden, tiny)
    question_worker.swap(question_worker.searcher.reopened(garden))
    popup = await alice.sees_popup(alice.presses("How to bake bread", on=listed))
    assert popup.text == TEXTS("article_gone")


# What holds of any article

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=40)
PASSAGES = st.lists(
    st.builds(
        lambda text, times, headings, page: Passage("a/b.md", 0, 1, text * times, headings, page),
        WORDS,
        st.integers(1, 40),
        st.lists(WORDS.map(lambda text: text or "x"), max_size=4).map(tuple),
        st.lists(st.builds(PageStart, st.just(0), st.integers(1, 99)), max_size=1).map(tuple),
    ),
    min_size=1,
    max_size=30,
)


@given(PASSAGES, st.sampled_from(LANGUAGES), st.integers(0, 40))
def test_every_page_of_any_article_is_valid_and_fits(
    passages: list[Passage], language: str, at: int
) -> None:
    source = Source("a/b.md", "T<", None, None, "en")
    outline = outline_article(source, range(len(passages)), passages)
    assert [number for page in outline.pages for number in page] == list(range(len(passages)))
    for number in range(len(outline.pages)):
        page = ArticlePage(outline, number, dict(enumerate(passages)), at)
        view = page_view(page, texts_for(language))
        assert utf16_length(read_html(view.html)) <= 4096
    for entry in outline.contents:
        assert passages[entry.passage].headings[entry.level] == entry.heading
    if outline.contents:
        table = book.contents_view(outline, 0, texts_for(language))
        assert utf16_length(read_html(table.html)) <= 4096


ACTIONS = ["show", "more", "open", "up", "down"]


def read_press(data: str) -> buttons.Press:
    found = buttons.pattern(*ACTIONS).match(data)
    assert found
    return buttons.read_press(found.groups())


@given(
    st.sampled_from(ACTIONS),
    st.integers(0, 99),
    st.integers(0, 99),
    st.sampled_from(["", "0123456789abcdef"]),
    st.one_of(st.none(), st.just((1 << 63) - 1), st.integers(0, (1 << 63) - 1)),
)
def test_what_a_button_says_is_read_back(
    action: str, number: int, radius: int, passage_key: str, record: int | None
) -> None:
    press = buttons.Press(action, number, radius, passage_key, record)
    assert read_press(press.data) == press
    assert len(press.data.encode()) <= 64


def test_numbers_that_no_database_takes_are_read_as_none() -> None:
    assert read_press("a:show:0:0::1y2p0ij32e8e7").record == (1 << 63) - 1
    assert read_press("a:show:0:0::1y2p0ij32e8e8").record is None


def test_passage_keys_survive_what_changes_no_word(garden: Path, seeds: Path, tiny: Model) -> None:
    searcher = Searcher.open(garden, tiny)
    found = searcher.search(HONEY, 3).passages[0]
    searcher.close()
    (seeds / "deep" / "garden.md").rename(seeds / "a.md")
    text = (seeds / "a.md").read_text(encoding="utf-8")
    (seeds / "a.md").write_text(text.replace("one queen", "one queen bee"), encoding="utf-8")
    build_index(seeds, garden, tiny)
    searcher = Searcher.open(garden, tiny)
    store = searcher.index.snapshot(lambda index: index.passages)
    passage, source = found_by(found.passage_key, store)
    assert (passage.text, source.path) == (found.passage.text, "a.md")
    assert store.row_of_key("0" * 16) is store.row_of_key("") is None
    assert store.rows_of_article("nothing.md") is None
    searcher.close()


def test_a_passage_key_names_its_article_too(tmp_path: Path, seeds: Path, tiny: Model) -> None:
    """The same paragraph stands in two articles without a title; links lead to the right one."""
    shared = "Buckwheat flowers give dark honey, and lime flowers give a light one."
    names = ("apiary.md", "zoo.md")
    (seeds / "apiary.md").write_text(f"{shared}\n", encoding="utf-8")
    (seeds / "zoo.md").write_text(f"{shared}\n\n## Bears\n\nThey eat it.\n", encoding="utf-8")
    index = tmp_path / "index"
    build_index(seeds, index, tiny)

    def keys() -> dict[str, str]:
        searcher = Searcher.open(index, tiny)
        store = searcher.index.snapshot(lambda index: index.passages)
        found = {
            source.path: store.passage_keys([row])[0]
            for row, (passage, source) in store.all()
            if source.path in (*names, "hive.md") and shared in passage.text
        }
        searcher.close()
        return found

    def opened(key: str) -> str | None:
        searcher = Searcher.open(index, tiny)
        store = searcher.index.snapshot(lambda index: index.passages)
        path = None if store.row_of_key(key) is None else found_by(key, store)[1].path
        searcher.close()
        return path

    before = keys()
    assert set(before) == set(names)
    assert before["apiary.md"][:16] == before["zoo.md"][:16]  # the text is the same
    for name in names:
        assert opened(before[name]) == name
        press = buttons.Press("open", 0, 0, before[name])
        assert read_press(press.data) == press
        assert passage_key_in(to_passage(before[name])) == before[name]
    assert opened(before["zoo.md"][:16]) is None  # a link of the old form: it could be either
    (seeds / "zoo.md").rename(seeds / "hive.md")
    build_index(seeds, index, tiny)
    assert opened(before["zoo.md"]) is None  # it would have to guess
    (seeds / "apiary.md").unlink()
    build_index(seeds, index, tiny)
    assert opened(before["zoo.md"]) == "hive.md"
    assert opened(before["zoo.md"][:16]) == "hive.md"


async def test_a_turned_page_reads_its_own_passages_beside_the_thread_that_answers(
    question_worker: QuestionWorker, garden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = ArticleReader(question_worker)
    outline = await reader.outline("deep/garden.md")
    assert outline is not None
    get, read = PassageStore.get, []

    def counting(store: PassageStore, rows: Sequence[int]) -> list[tuple[Passage, Source]]:
        read.append((len(rows), threading.current_thread().name))
        return get(store, rows)

    monkeypatch.setattr(PassageStore, "get", counting)
    for number, numbers in enumerate(outline.pages):
        page = await reader.page("deep/garden.md", number)
        assert page is not None
        assert set(numbers) <= page.passages.keys()
        assert read[-1][0] <= len(numbers) + 1
    assert len(read) == len(outline.pages) > 1
    assert not any(name.startswith("encoder") for _, name in read)


async def test_a_generation_stays_open_while_it_is_read(
    question_worker: QuestionWorker, garden: Path, seeds: Path, tiny: Model
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(store: Passages) -> int:
        begun.set()
        go_on.wait(20)
        return len(store.get([0]))

    reading = asyncio.create_task(question_worker.read(slow))
    await asyncio.to_thread(begun.wait, 20)
    assert (await question_worker.ask(HONEY, 1)).passages  # questions do not wait for it
    write(seeds, "Heather gives honey.")
    build_index(seeds, garden, tiny)
    old = question_worker.searcher.index.snapshot(lambda index: index.passages)
    question_worker.swap(question_worker.searcher.reopened(garden))
    go_on.set()
    assert await reading == 1
    with pytest.raises(sqlite3.ProgrammingError):
        old.get([0])  # closed once it was read
