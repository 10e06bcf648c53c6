"""When the articles do not answer, over HTTP: said so, and the nearest passages behind a button."""

import asyncio
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import terminal
from bot.services.question_worker import QuestionWorker
from bot.texts import LANGUAGES, texts_for
from bot.views.answers import SHOWN
from embeddings import Highlight, Hit, Model, Passage, Source, build_index, print_passage
from tests.botapi import BotApi, Message
from tests.conftest import PATIENCE_S
from tests.conversations import RISE, Talk, all_labels, asks, pressed, said_by_bot, serving

NEAREST = texts_for("en")("show_nearest")
ENGLISH = texts_for("en")


UNSURE = pytest.mark.parametrize("question_worker", [0.01], indirect=True)
"""The bot finds that the articles do not answer."""


def delete(talk: Talk, message: Message) -> None:
    with talk.server.world.changes.lock:
        talk.server.world.put(replace(message, deleted=True))


def shows_the_nearest(message: Message, language: str = "en") -> None:
    assert message.text.startswith(texts_for(language)("nearest"))
    assert "Let the dough rise for two hours in a warm place." in message.text
    # marked as no answer: titles are bold, and no sentence is
    assert all(
        span in {"How to bake bread"} or "coalition" in span for span in message.spans("bold")
    )
    assert [button.text for button in message.buttons[0]] == ["◀", "1/2", "▶"]


@pytest.mark.parametrize("language", LANGUAGES)
@UNSURE
async def test_the_bot_says_so_and_offers_the_nearest(talk: Talk, language: str) -> None:
    texts = texts_for(language)
    person = talk.server.person(language=language)
    question = person.says(RISE)
    said = await person.hears()
    assert said.text == texts("not_answered")
    assert said.reply_to == question.message_id
    assert [[button.text for button in row] for row in said.buttons] == [[texts("show_nearest")]]
    press = person.presses(texts("show_nearest"))
    popup = await person.sees_popup(press)
    assert (popup.text, popup.show_alert) == ("", False)
    shows_the_nearest(await person.sees_edit(said), language)
    await talk.settle()
    assert len(said_by_bot(talk.server, person)) == 1


async def test_an_answer_has_no_such_button(server: BotApi) -> None:
    answer = await asks(server.person())
    assert ENGLISH("show_nearest") not in all_labels(answer)
    assert "Let the dough rise for two hours in a warm place." in answer.spans("bold")


@UNSURE
async def test_pressed_twice_is_harmless(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    alice = talk.server.person()
    said = await asks(alice)
    button = said.button(NEAREST)
    presses = [alice.presses(button, on=said) for _ in range(3)]
    for press in presses:
        assert (await alice.sees_popup(press)).text == ""
    await talk.server.called("editMessageText", times=3)
    shown = alice.sees(said)
    shows_the_nearest(shown)
    late = alice.presses(button, on=said)  # an old client still shows the button
    await alice.sees_popup(late)
    await talk.settle()
    assert alice.sees(said).text == shown.text
    assert len(said_by_bot(talk.server, alice)) == 1
    assert "a handler failed" not in caplog.text


@UNSURE
async def test_a_press_that_is_too_old_still_shows_the_passages(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """Pressed while the bot was away: Telegram takes no popup any more, but an edit."""
    alice = talk.server.person()
    said = await asks(alice)
    alice.presses(ENGLISH("show_nearest"), expired=True)
    shows_the_nearest(await alice.sees_edit(said))
    assert "a handler failed" not in caplog.text


@UNSURE
@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_question_that_was_deleted_is_known_until_it_is_forgotten(
    talk: Talk, language: str
) -> None:
    texts, person = texts_for(language), talk.server.person(language=language)
    question = person.says(RISE)
    said = await person.hears()
    delete(talk, question)
    shown = await pressed(person, texts("show_nearest"), said)
    shows_the_nearest(shown, language)
    listed = await pressed(person, "1/2", shown)
    assert listed.text.startswith(f"{texts('nearest')}\n\n1. How to bake bread\n")
    await pressed(person, texts("forget_yes"), await asks(person, "/forget"))
    popup = await person.sees_popup(person.presses("2. ", on=person.sees(said)))
    assert (popup.text, popup.show_alert) == (texts("question_gone"), True)


@UNSURE
async def test_a_message_that_is_gone_itself_is_no_error(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    alice = talk.server.person()
    said = await asks(alice)
    delete(talk, said)
    popup = await alice.sees_popup(alice.presses(said.button(NEAREST), on=said))
    assert popup.text == ""
    shows_the_nearest(await alice.hears())
    alice.presses(said.button(NEAREST), on=said, expired=True)
    await talk.settle()
    assert "a handler failed" not in caplog.text


@UNSURE
async def test_the_button_works_after_a_restart(
    question_worker: QuestionWorker, index: Path, seeds: Path, tiny: Model, tmp_path: Path
) -> None:
    async with BotApi() as server:
        alice = server.person()
        async with serving(server, question_worker, tmp_path):
            said = await asks(alice)
        (seeds / "new.txt").write_text("Salt\n\nNobody adds salt to it at all.\n", encoding="utf-8")
        build_index(seeds, index, tiny)
        question_worker.swap(question_worker.searcher.reopened(index))
        press = alice.presses(NEAREST, on=said)  # while the bot is away
        async with serving(server, question_worker, tmp_path):
            assert (await alice.sees_popup(press)).text == ""
            shows_the_nearest(await alice.sees_edit(said))


@UNSURE
async def test_when_too_many_wait_the_button_stays(talk: Talk) -> None:
    alice = talk.server.person()
    said = await asks(alice)
    most, talk.question_worker.most_waiting = talk.question_worker.most_waiting, 0
    popup = await alice.sees_popup(alice.presses(NEAREST, on=said))
    assert popup.text == ENGLISH("busy")
    assert alice.sees(said) == said
    talk.question_worker.most_waiting = most
    alice.presses(NEAREST, on=said)
    shows_the_nearest(await alice.sees_edit(said))


@UNSURE
async def test_refused_markup_is_shown_as_plain_text(talk: Talk) -> None:
    alice = talk.server.person()
    said = await asks(alice)
    talk.server.fail(
        "editMessageText", description="Bad Request: can't parse entities: Unsupported start tag"
    )
    alice.presses(NEAREST, on=said)
    shown = await alice.sees_edit(said)
    assert shown.text.startswith(ENGLISH("nearest"))
    assert "two hours" in shown.text
    assert not shown.entities


@UNSURE
async def test_a_button_of_somebody_elses_making_does_nothing(talk: Talk) -> None:
    alice, bob = talk.server.person(), talk.server.person()
    said = await asks(alice)
    forged = replace(said.button(NEAREST), data="nearest'; --")
    alice.presses(forged, on=said)
    assert (await asks(bob)).text == ENGLISH("not_answered")
    assert alice.sees(said) == said


@UNSURE
async def test_small_talk_beside_other_questions(talk: Talk) -> None:
    people = [talk.server.person(language=language) for language in ("en", "uk", "ru") * 5]
    for person, words in zip(people, ["zebra", "мабуть", "который час?"] * 5, strict=True):
        person.says(words)
    answers = await asyncio.gather(*(person.hears(PATIENCE_S) for person in people))
    for person, answer in zip(people, answers, strict=True):
        assert answer.text == texts_for(person.user.language_code)("not_answered")


# In the terminal


def in_terminal(
    question_worker: QuestionWorker,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: str = RISE,
) -> None:
    """Ask through a pipe."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(said.encode())))
    terminal.run(question_worker, folder)


@UNSURE
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pipe_gets_no_passage_that_does_not_answer(
    question_worker: QuestionWorker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    language: str,
) -> None:
    monkeypatch.setenv("LC_ALL", f"{language}_XX.UTF-8")
    in_terminal(question_worker, tmp_path, monkeypatch)
    assert capsys.readouterr().out == f"? {RISE}\n\n{texts_for(language)('not_answered')}\n"


def test_a_pipe_gets_the_question_and_the_passage_that_answers_it_with_its_highlight(
    question_worker: QuestionWorker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    in_terminal(question_worker, tmp_path, monkeypatch)
    out = capsys.readouterr().out
    assert out.startswith(f"? {RISE}\n\nHow to bake bread")
    assert re.search(r"\*\*[^*]*dough rise[^*]*\*\*", out)


def test_a_pipe_speaks_the_language_of_what_was_said_where_the_system_has_none(
    question_worker: QuestionWorker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    in_terminal(question_worker, tmp_path, monkeypatch, "дуже дякую\nпривіт\nты кто?\n")
    ukrainian, russian = texts_for("uk"), texts_for("ru")
    count = len(question_worker.manifest.articles)
    hello = ukrainian("hello", articles=ukrainian.count("articles", count))
    out = capsys.readouterr().out
    said = f"? дуже дякую\n\n{ukrainian('welcome')}\n\n? привіт\n\n{hello}\n\n? ты кто?\n\n"
    assert out.startswith(said)
    assert russian.count("articles", count) in out[len(said) :]
    assert "<" not in out


@UNSURE
def test_a_person_sees_one_passage_after_the_other(
    question_worker: QuestionWorker, capsys: pytest.CaptureFixture[str]
) -> None:
    total = len(question_worker.ask_now(RISE, SHOWN).passages)

    def typed() -> Iterator[str]:
        yield "help"
        yield ""
        assert capsys.readouterr().err == ENGLISH("terminal_help") + "\n"
        yield "thanks"
        assert capsys.readouterr().err == ENGLISH("welcome") + "\n"
        yield RISE
        said = capsys.readouterr()
        assert (said.out, said.err) == (
            "",
            f"{ENGLISH('not_answered')} {ENGLISH('terminal_nearest')}\n",
        )
        yield ""
        said = capsys.readouterr()
        assert "Let the dough rise" in said.out
        assert "**" not in said.out
        more = ENGLISH("terminal_more", number=1, total=total)
        assert said.err == f"{ENGLISH('nearest')}\n{more}\n"
        yield "m"
        assert "Let the dough rise" not in capsys.readouterr().out
        yield str(total)
        capsys.readouterr()
        yield "more"
        assert capsys.readouterr().err == ENGLISH("terminal_no_more") + "\n"
        yield "1"
        assert "Let the dough rise" in capsys.readouterr().out
        for number in ("0", str(total + 1)):
            yield number
            assert capsys.readouterr().err == ENGLISH.count("terminal_passages", total) + "\n"
        yield "/q"
        pytest.fail("it went on after q")

    terminal.converse(typed(), question_worker, ENGLISH)


def test_questions_of_a_line_are_told_apart_and_a_follow_up_is_joined_as_in_telegram(
    question_worker: QuestionWorker, capsys: pytest.CaptureFixture[str]
) -> None:
    latvia = "Which coalition does Latvia lead?"
    terminal.converse(
        [f"Hi! {latvia} {RISE}", "What is this?", "Thanks! And why?"], question_worker, ENGLISH
    )
    said = capsys.readouterr()
    assert 0 < said.out.index("coalition") < said.out.index("Let the dough rise")
    this, why = (f"{RISE[:-1]} · {one}" for one in ("What is this?", "And why?"))
    understood = [line for line in said.err.split("\n") if line.startswith("Understood")]
    assert understood == [ENGLISH("understood", question=one) for one in (this, why)]
    terminal.converse(
        ["What is this?", f"{RISE} {latvia} Who bakes the bread? How much salt is needed?"],
        question_worker,
        ENGLISH,
    )
    assert ENGLISH("more_questions") in capsys.readouterr().err


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_as_in_telegram_are_no_questions(
    question_worker: QuestionWorker,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
) -> None:
    monkeypatch.setenv("LC_ALL", f"{language}_XX.UTF-8")
    texts = texts_for(language)
    two = texts.count("articles", 2)
    said = {
        "/help": texts("terminal_help"),
        "/start": two,
        "/about": texts.count("passages", question_worker.manifest.passages),
        "/articles": f"{two}\nHow to bake bread\nNearly 20 countries",
        "/articles bake": f"{texts.count('articles', 1)}\nHow to bake bread\n",
        "/sources": texts("terminal_no_command"),
        "/forget me": texts("terminal_no_command"),
    }
    for line, words in said.items():
        terminal.converse([line], question_worker, texts)
        heard = capsys.readouterr()
        assert (words in heard.err, heard.out) == (True, ""), line
    terminal.converse([f"/ask {RISE}"], question_worker, texts)
    assert "Let the dough rise" in capsys.readouterr().out


def test_rows_and_items_are_printed_close(capsys: pytest.CaptureFixture[str]) -> None:
    text = "Prices:\n\n• tea\n\n• jam\n\nYear | Price\n\n2025 | 7\n\nEnd."
    start = text.index("2025")
    hit = Hit(
        Passage("a.txt", 0, len(text), text),
        Source("a.txt", "A", None, None, "en"),
        1.0,
        Highlight(start, start + 8, "2025 | 7"),
    )
    print_passage(hit)
    assert capsys.readouterr().out == (
        "A  a.txt\nPrices:\n\n• tea\n• jam\nYear | Price\n**2025 | 7**\n\nEnd.\n"
    )


def test_an_empty_index_is_said_and_not_taken_for_an_answer(
    question_worker: QuestionWorker,
    index: Path,
    seeds: Path,
    tiny: Model,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for path in seeds.iterdir():
        path.unlink()
    build_index(seeds, index, tiny, allow_empty=True)
    question_worker.swap(question_worker.searcher.reopened(index))
    answer = question_worker.ask_now(RISE, 3)
    assert (answer.passages, answer.answered, answer.confidence) == ((), False, 0.0)
    monkeypatch.setenv("LC_ALL", "en")
    in_terminal(question_worker, tmp_path, monkeypatch)
    said = capsys.readouterr()
    assert said.out == ""
    assert ENGLISH("nothing_indexed") in said.err
