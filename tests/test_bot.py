"""Conversations with the bot over HTTP, against a server that validates as Telegram does."""

import asyncio
import gc
import logging
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from pydantic import SecretStr
from telegram import User
from telegram.ext import Application

from bot.app import Session
from bot.errors import JournalUnavailable, TelegramRefused
from bot.journal import Journal
from bot.services.language_cache import LanguageCache
from bot.services.question_worker import QuestionWorker
from bot.texts import LANGUAGES, texts_for
from bot.transport.file_inbox import FileInbox
from bot.transport.requests import well_formed
from bot.views.commands import GROUP_COMMANDS
from embeddings import Answer
from embeddings.search.search import EncodedQuestion
from tests.botapi import BotApi, Group, Person
from tests.conftest import settings_for, until
from tests.conversations import (
    RISE,
    RISE_ANSWER,
    Serve,
    Talk,
    all_labels,
    asks,
    idle_updater,
    popup,
    pressed,
)
from tests.test_people import count_rows

EN = texts_for("en")


def private_question(person: Person) -> dict[str, Any]:
    """An update as Telegram sends it."""
    who = {"id": person.id, "first_name": "A"}
    message = {
        "message_id": 1,
        "date": 1,
        "chat": {**who, "type": "private"},
        "from": {**who, "is_bot": False},
        "text": RISE,
    }
    return {"message": message}


def inbox_of(server: BotApi, state: Path) -> FileInbox:
    """The updates that an earlier process of the bot has left."""
    return FileInbox(state / "updates.sqlite3", server.token.split(":")[0]).open()


def all_done(inbox: Path) -> bool:
    with closing(sqlite3.connect(inbox)) as database:
        query = "SELECT count(*) FROM updates WHERE body IS NOT NULL"
        return bool(database.execute(query).fetchone() == (0,))


async def test_a_question_is_answered_in_one_message(talk: Talk, alice: Person) -> None:
    question = alice.says(RISE)
    answer = await alice.hears()
    await talk.settle()
    assert "Let the dough rise for two hours in a warm place." in answer.text
    assert answer.spans("bold")[0] == "How to bake bread"
    assert "▶" in all_labels(answer)
    assert answer.reply_to == question.message_id
    assert len(alice.answers) == 1
    assert talk.server.world.actions[0].action == "typing"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_bot_speaks_the_persons_language(talk: Talk, language: str) -> None:
    texts = texts_for(language)
    person = talk.server.person(language=language)
    assert texts.count("articles", 2) in (await asks(person, "/start")).text
    assert "/start" in (await asks(person, "/help")).text
    assert (await asks(person, "/nothing")).text == texts("unknown_command")
    assert (await asks(person, "?!")).text == texts("no_words")
    assert (await asks(person, "слово " * 600)).text == texts.count("too_long", 1000)
    person.sends_file("photo.jpg", b"\xff\xd8")
    assert (await person.hears()).text == texts("not_text")


async def test_odd_questions_are_answered_like_others(talk: Talk) -> None:
    for question in (
        "<b>bread</b> & <3 a < b > c &amp;",
        "dough\x07\x00 rise",
        "\u202edough rise\u202c",
        "dough " * 160,
        "</blockquote><a href='x'>dough",
        "тісто? 🍞",
    ):
        assert (await asks(talk.server.person(), question)).spans("bold"), question


async def test_refused_markup_is_sent_as_plain_text(talk: Talk, alice: Person) -> None:
    talk.server.fail(
        "sendMessage", description="Bad Request: can't parse entities: Unsupported start tag"
    )
    answer = await asks(alice)
    assert "two hours" in answer.text
    assert not answer.entities


async def test_what_certainly_was_not_done_is_tried_again(talk: Talk, alice: Person) -> None:
    talk.server.fail("sendMessage", retry_after=1)
    assert "two hours" in (await asks(alice)).text
    assert len(await talk.all_answers(alice)) == 1


@pytest.mark.parametrize("delivered", [True, False])
async def test_an_answer_of_unknown_fate_is_offered_and_not_sent_again(
    talk: Talk, delivered: bool, alice: Person
) -> None:
    talk.server.drop("sendMessage", delivered=delivered)
    talk.server.fail("sendMessage", status=500, times=1)  # the offer is repeated
    alice.says(RISE)
    if delivered:
        assert RISE_ANSWER in (await alice.hears()).text
    offer = await alice.hears()
    assert offer.text == EN("maybe_lost")
    shown = await pressed(alice, EN("show_answer"), offer)
    assert RISE_ANSWER in shown.text
    assert len(await talk.all_answers(alice)) == 1 + delivered


async def test_a_page_of_a_proxy_instead_of_telegrams_answer_tells_nothing_of_the_fate(
    talk: Talk, caplog: pytest.LogCaptureFixture, alice: Person
) -> None:
    talk.server.garble("sendMessage")
    assert RISE_ANSWER in (await asks(alice)).text
    assert (await alice.hears()).text == EN("maybe_lost")
    talk.server.garble("getUpdates")
    assert RISE_ANSWER in (await asks(alice)).text
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_repeated_answer_is_one_question_to_the_limit_and_the_journal(
    bot_api: BotApi, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.transport.requests._LONGEST_WAIT_S", 0)  # every flood limit is raised
    async with serve(rate_limit=1) as talk:
        bot_api.fail("sendMessage", retry_after=1, times=2)
        alice = bot_api.person()
        assert RISE_ANSWER in (await asks(alice)).text
        assert len(await talk.all_answers(alice)) == 1
    assert count_rows(tmp_path, "answers") == 1


@pytest.mark.parametrize("unsure", [True, False])
async def test_what_is_owed_is_sent_by_the_next_process(
    bot_api: BotApi, serve: Serve, unsure: bool
) -> None:
    """The first process ends before Telegram takes anything again; language and all are kept."""
    alice = bot_api.person(language="de")
    said = f"Скажіть, будь ласка: {RISE}"
    async with serve():
        if unsure:
            bot_api.fail("sendMessage", status=500, times=100)
        else:
            bot_api.fail("sendMessage", retry_after=100, times=100)
        alice.says(said)
        await bot_api.called("sendMessage")
    bot_api.heal()
    async with serve():
        heard = (await alice.hears()).text
        assert heard == texts_for("uk")("maybe_lost") if unsure else RISE_ANSWER in heard


async def test_an_edit_that_failed_is_made_by_the_next_process(
    bot_api: BotApi, serve: Serve
) -> None:
    alice = bot_api.person()
    async with serve():
        asked = alice.says("Which coalition does Latvia lead?")
        answer = await alice.hears()
        bot_api.fail("editMessageText", status=500, times=None)
        alice.edits(asked, RISE)
        await bot_api.called("editMessageText", 2)
    bot_api.heal()
    async with serve() as talk:
        assert RISE_ANSWER in (await alice.sees_edit(answer)).text
        assert len(await talk.all_answers(alice)) == 1


async def test_a_command_whose_reply_was_lost_is_not_answered_as_a_question(
    bot_api: BotApi, serve: Serve
) -> None:
    alice = bot_api.person()
    commands = ("/articles", "/start", "/forget", "/asking", "/missed")
    async with serve() as talk:
        bot_api.fail("sendMessage", retry_after=100, times=len(commands))
        for command in commands:
            alice.says(command)
        await bot_api.called("sendMessage", len(commands))
        await talk.settle()
    async with serve() as talk:
        assert RISE_ANSWER in (await asks(alice)).text
        assert len(await talk.all_answers(alice)) == 1


async def test_a_command_that_fails_is_no_question_that_was_not_answered(talk: Talk) -> None:
    talk.server.fail("sendMessage", description="Bad Request: something new")
    said = (await asks(talk.server.person(), "/articles")).text
    assert said == EN("failed")
    assert "question" not in said


async def test_a_question_that_waited_for_too_long_gets_one_kind_line(
    bot_api: BotApi, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = bot_api.person(language="uk")
    inbox = inbox_of(bot_api, tmp_path)
    with monkeypatch.context() as earlier:
        earlier.setattr("time.time", lambda: 0.0)
        update = private_question(alice) | {"update_id": 7}
        update["message"]["from"]["language_code"] = "ru"
        inbox.keep([update, update | {"update_id": 8}])
    inbox.close()
    async with Journal(f"sqlite+aiosqlite:///{tmp_path / 'bot.sqlite3'}") as journal:
        await journal.choose_language(alice.id, "uk")
    async with serve() as talk:
        assert (await alice.hears()).text == texts_for("uk")("ask_again")
        assert len(await talk.all_answers(alice)) == 1


async def test_only_the_question_that_ends_the_process_again_and_again_is_given_up(
    bot_api: BotApi, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [bot_api.person() for _ in range(3)]
    updates = [private_question(one) | {"update_id": 7 + n} for n, one in enumerate(people)]
    long_ago = time.time() - 130
    for number in range(11):
        inbox = inbox_of(bot_api, tmp_path)
        with monkeypatch.context() as earlier:
            earlier.setattr("time.time", lambda: long_ago)
            inbox.keep(updates)
        for update in updates[1 : 2 if number else 3]:  # at first another was begun with it
            inbox.begin(update["update_id"])
        inbox.close()
    async with serve():
        heard = [(await one.hears()).text for one in people]
    assert [RISE_ANSWER in text for text in heard] == [True, False, True]
    assert heard[1] == EN("ask_again")


async def test_an_unexpected_error_is_told_without_its_text(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken = Mock(side_effect=ValueError("secret detail of the machine"))
    monkeypatch.setattr(talk.question_worker.searcher, "answer", broken)
    alice = talk.server.person(language="ru")
    assert (await asks(alice)).text == texts_for("ru")("failed_question")
    assert "secret detail" in caplog.text


async def test_an_unexpected_error_of_a_button_ends_its_waiting(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, alice: Person
) -> None:
    listed = await asks(alice, "/articles")
    broken = Mock(side_effect=RuntimeError("secret detail"))
    monkeypatch.setattr(talk.question_worker, "read", broken)
    assert await popup(alice, "bread", listed) == texts_for("en")("failed")


async def test_a_question_changed_before_its_answer_gets_the_answer_to_the_change(
    talk: Talk, alice: Person
) -> None:
    talk.server.slow("sendMessage", 0.3)
    question = alice.says("Which coalition does Latvia lead?")
    await talk.server.called("sendMessage")
    for words in ("How much flour, water and yeast?", RISE):
        alice.edits(question, words)
    answer = await alice.hears()
    assert "two hours" in (await alice.sees_edit(answer)).text  # the last change only
    assert len(await talk.all_answers(alice)) == 1


@pytest.mark.parametrize("versions", [1, 3])
async def test_the_version_that_arrived_last_is_answered_however_slow_the_journal_is(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, versions: int, alice: Person
) -> None:
    """The journal answers the first to ask last, so that later versions overtake earlier ones."""
    reads: list[asyncio.Event] = []

    async def last_asked_first(*_: object) -> None:
        reads.append(mine := asyncio.Event())
        await mine.wait()

    monkeypatch.setattr("bot.journal.Journal.language_of", last_asked_first)
    question = alice.says("Which coalition does Latvia lead?")
    for words in [*["How much flour, water and yeast?"] * (versions - 1), RISE]:
        alice.edits(question, words)
    await until(lambda: len(reads) > versions)
    for read in reversed(reads):
        read.set()
        await asyncio.sleep(0)
    answer = await alice.hears()
    assert "two hours" in answer.text
    assert [one.text for one in await talk.all_answers(alice)] == [answer.text]


async def test_nothing_of_a_person_is_kept_for_the_life_of_the_process(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [talk.server.person() for _ in range(6)]
    for person in people:
        await asks(person)
    (application,) = (
        one
        for one in gc.get_objects()
        if isinstance(one, Application) and one.bot.token == talk.server.token and one.running
    )
    assert not application.user_data
    monkeypatch.setattr("bot.services.language_cache._CAPACITY", 3)
    cache = LanguageCache(Journal("sqlite:///unused"))
    users = [User(person.id, "Alice", is_bot=False, language_code="de") for person in people]
    for user in users:
        cache.hear(user, "Хто відкрив цей музей?")
    assert [cache.of(user) for user in users] == ["de"] * 3 + ["uk"] * 3


async def test_a_changed_question_whose_answer_is_gone_is_left_alone(
    talk: Talk, caplog: pytest.LogCaptureFixture, alice: Person
) -> None:
    talk.server.fail("editMessageText", description="Bad Request: message to edit not found")
    question = alice.says("Which coalition does Latvia lead?")
    await alice.hears()
    alice.edits(question, RISE)
    await talk.server.called("editMessageText")
    assert len(await talk.all_answers(alice)) == 1
    assert "a handler failed" not in caplog.text


@pytest.mark.parametrize(
    "refusal",
    (
        "not enough rights to send text messages to the chat|TOPIC_CLOSED|CHAT_WRITE_FORBIDDEN"
        "|need administrator rights in the channel chat"
    ).split("|"),
)
async def test_a_group_where_the_bot_may_not_write_is_one_line_in_the_log(
    talk: Talk, caplog: pytest.LogCaptureFixture, refusal: str, group: Group, alice: Person
) -> None:
    talk.server.fail("sendMessage", times=None, description=f"Bad Request: {refusal}")
    with caplog.at_level(logging.INFO):
        alice.says(f"/ask {RISE}", chat=group)
        await talk.server.called("sendMessage")
        await talk.settle()
    told = [record for record in caplog.records if record.name == "bot.handlers.failure"]
    assert [(record.levelname, record.exc_info) for record in told] == [("INFO", None)]
    assert len(talk.server.calls("sendMessage")) == 1


async def test_malformed_updates_and_a_person_who_blocked_the_bot_stop_nobody(
    talk: Talk, alice: Person
) -> None:
    alice.blocks()
    for update in (
        private_question(alice),
        {"message": {"message_id": 5}},
        {"something_new": {"id": 1}},
        {},
    ):
        talk.server.push(update)
    assert well_formed(b'{"ok": true, "result": [5, {}, null]}') == []
    assert well_formed(b"[]") is well_formed(b"{") is None
    assert "two hours" in (await asks(talk.server.person())).text


async def test_slow_work_for_one_does_not_stop_the_others(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, alice: Person
) -> None:
    answer = talk.question_worker.searcher.answer
    go_on = threading.Event()

    def slow(question: EncodedQuestion, k: int) -> Answer:
        go_on.wait(10)
        return answer(question, k)

    monkeypatch.setattr(talk.question_worker.searcher, "answer", slow)
    bob = talk.server.person()
    alice.says(RISE)
    await talk.server.called("sendChatAction")
    assert "/start" in (await asks(bob, "/help")).text
    assert not alice.answers
    go_on.set()
    assert "two hours" in (await alice.hears()).text


async def test_too_many_waiting_questions_are_refused_kindly(talk: Talk, alice: Person) -> None:
    talk.question_worker.most_waiting = 0
    assert (await asks(alice)).text == texts_for("en")("busy")


async def test_groups_have_a_menu_of_their_own_and_the_bot_says_what_it_is(talk: Talk) -> None:
    await talk.server.called("setMyShortDescription", times=3)
    for language, code in (("en", ""), ("uk", "uk"), ("ru", "ru")):
        texts = texts_for(language)
        menu = talk.server.commands(code, {"type": "all_group_chats"})
        assert [one["command"] for one in menu] == list(GROUP_COMMANDS)
        assert talk.server.profile("description", code) == texts("description")
        assert talk.server.profile("short_description", code) == texts("short_description")


async def test_a_menu_that_fails_does_not_stop_the_start(bot_api: BotApi, serve: Serve) -> None:
    bot_api.fail("setMyCommands", times=None, description="Bad Request: no")
    async with serve():
        alice = bot_api.person()
        assert "two hours" in (await asks(alice)).text


async def test_an_update_that_comes_again_is_not_answered_again(
    bot_api: BotApi, serve: Serve
) -> None:
    alice = bot_api.person()
    async with serve() as talk:
        update_id = bot_api.push(private_question(alice))
        await alice.hears()
        bot_api.redeliver(update_id)
        assert len(await talk.all_answers(alice)) == 1
    bot_api.redeliver(update_id)  # the last poll failed: the next process gets it again
    async with serve() as talk:
        bob = bot_api.person()
        await asks(bob)
        assert len(alice.answers) == 1


async def test_a_wrong_token_is_said_and_ends(
    bot_api: BotApi, question_worker: QuestionWorker, tmp_path: Path
) -> None:
    settings = settings_for(bot_api, tmp_path).model_copy(
        update={"telegram_bot_token": SecretStr("42:wrong")}
    )
    with pytest.raises(TelegramRefused, match="BotFather"):
        await asyncio.wait_for(
            Session(settings, idle_updater(question_worker, tmp_path)).serve(), 10
        )


@pytest.mark.parametrize("comes", [True, False])
async def test_the_bot_waits_for_telegram_says_so_and_can_be_stopped_meanwhile(
    question_worker: QuestionWorker, tmp_path: Path, caplog: pytest.LogCaptureFixture, comes: bool
) -> None:
    server = BotApi()
    await server.start()
    await server.stop()
    session = Session(settings_for(server, tmp_path), idle_updater(question_worker, tmp_path))
    task = asyncio.create_task(session.serve())
    await until(lambda: "not reachable" in caplog.text)
    assert not task.done()
    if comes:
        await server.start()
        assert "two hours" in (await asks(server.person())).text
    session.stop()
    await asyncio.wait_for(task, 10)
    await server.stop()
    assert server.token not in caplog.text


async def test_stopping_finishes_what_is_begun_and_bounds_the_rest(
    bot_api: BotApi, serve: Serve, question_worker: QuestionWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = question_worker.searcher.answer

    def slow(question: EncodedQuestion, k: int) -> Answer:
        threading.Event().wait(0.1)
        return answer(question, k)

    monkeypatch.setattr(question_worker.searcher, "answer", slow)
    people = [bot_api.person() for _ in range(120)]
    async with serve() as talk:
        talk.session.drain_s = 0.3
        for person in people:
            person.says(RISE)
        await people[0].hears()
        started = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - started < 8
    counts = [len(person.answers) for person in people]
    assert set(counts) <= {0, 1}
    assert 24 <= sum(counts) < 120


async def test_nothing_at_info_shows_the_token_or_the_question(
    talk: Talk, caplog: pytest.LogCaptureFixture, alice: Person
) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    await asks(alice)
    assert talk.server.token not in caplog.text
    assert RISE not in caplog.text


async def test_an_edit_is_answered_whose_first_answer_did_not_arrive(
    talk: Talk, alice: Person
) -> None:
    talk.server.fail("sendMessage", status=502, description="Bad Gateway")
    question = alice.says("Which coalition does Latvia lead?")
    await talk.server.called("sendMessage")
    alice.edits(question, RISE)
    first = await alice.hears()
    offered = first.text == EN("maybe_lost")  # on a machine that is slower than the first pause
    assert "two hours" in (await alice.hears() if offered else first).text
    assert len(await talk.all_answers(alice)) == 1 + offered


async def test_the_answer_to_an_edit_is_not_changed_back_by_what_was_to_be_sent_again(
    talk: Talk, tmp_path: Path, alice: Person
) -> None:
    talk.server.fail("sendMessage", retry_after=61)  # too long to wait within the call
    question = alice.says("Which coalition does Latvia lead?")
    await talk.server.called("sendMessage")
    alice.edits(question, RISE)
    await alice.hears()
    await until(lambda: all_done(tmp_path / "updates.sqlite3"))
    (answer,) = await talk.all_answers(alice)
    assert "two hours" in answer.text


@pytest.mark.parametrize("failures", [1, 9])
async def test_what_an_earlier_process_began_is_answered_once_the_journal_tells_what_was_sent(
    bot_api: BotApi, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    alice = bot_api.person()
    answer_messages, left = Journal.answer_messages, [JournalUnavailable("gone")] * failures

    async def flaky(journal: Journal, chat: int, message: int) -> list[int | None]:
        if left:
            raise left.pop()
        return await answer_messages(journal, chat, message)

    monkeypatch.setattr("bot.journal.Journal.answer_messages", flaky)
    monkeypatch.setattr("bot.handlers.question.READ_AGAIN_S", (0, 0))
    inbox = inbox_of(bot_api, tmp_path)
    inbox.keep([private_question(alice) | {"update_id": 7}])
    inbox.begin(7)
    inbox.close()
    async with serve() as talk:
        said = (await alice.hears()).text
        assert said == EN("maybe_lost") if failures > 3 else RISE_ANSWER in said
        assert len(await talk.all_answers(alice)) == 1
