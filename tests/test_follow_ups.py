"""Questions after another one, in conversations: asked together with it, or as new ones."""

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from bot.texts import texts_for
from tests.botapi import BotApi, Person
from tests.botapi.world import now
from tests.conftest import until
from tests.conversations import RISE, RISE_ANSWER, Serve, Talk, all_labels, asks, pressed

EN = texts_for("en")
TOGETHER = EN("understood", question=f"{RISE[:-1]} · And why?")
AS_NEW = EN("ask_alone")


async def test_a_follow_up_is_asked_together_with_the_question_before(
    talk: Talk, alice: Person
) -> None:
    bob = talk.server.person(language="en")
    first = await asks(alice, RISE)
    assert AS_NEW not in all_labels(first)
    answer = await asks(alice, "And why?")
    assert answer.text.startswith(TOGETHER)
    assert RISE_ANSWER in answer.text
    answer = await pressed(alice, "▶", answer)
    assert answer.text.startswith(TOGETHER)
    answer = await pressed(alice, AS_NEW, answer)
    assert RISE not in answer.text
    assert AS_NEW not in all_labels(answer)
    answer = await pressed(alice, "▶", answer)
    assert AS_NEW not in all_labels(answer)
    assert RISE[:-1] not in (await asks(alice, "And when?")).text  # it follows the new question
    assert AS_NEW not in all_labels(await asks(bob, "And why?"))
    assert AS_NEW not in all_labels(await asks(alice, "Who bakes bread in a warm place?"))


async def test_asked_alone_twice_at_once_it_is_one_new_question(
    talk: Talk, tmp_path: Path, alice: Person
) -> None:
    await asks(alice, RISE)
    answer = await asks(alice, "And why?")
    for _ in range(3):
        alice.presses(AS_NEW, on=answer)
    assert AS_NEW not in all_labels(await alice.sees_edit(answer))
    await talk.settle()
    assert len(alice.sees(answer).edits) == 1
    with closing(sqlite3.connect(tmp_path / "bot.sqlite3")) as database:
        asked = [row[0] for row in database.execute("SELECT question FROM answers ORDER BY id")]
    assert asked == [RISE, f"{RISE[:-1]} · And why?", "And why?"]


async def test_it_is_the_bot_where_nothing_was_asked_before(talk: Talk) -> None:
    asked = {
        "help": "How does it work?|Як це працює?|Как это работает?",
        "start": "What is this?|Що це таке?|Что это такое?",
    }
    for key, said in ((key, one) for key, those in asked.items() for one in those.split("|")):
        alice = talk.server.person(language="en")
        first_line = EN(key, articles="").split("\n")[0]
        assert (await asks(alice, said)).text.startswith(re.sub("<.+?>", "", first_line))
        await asks(alice, RISE)
        answer = await asks(alice, f"Ok! {said}")
        assert answer.text.startswith(EN("understood", question=f"{RISE[:-1]} · {said}"))


async def test_an_edited_question_follows_the_one_before_it(alice: Person) -> None:
    await asks(alice, RISE)
    question = alice.says("How much salt does bread need?")
    answer = await alice.hears()
    alice.edits(question, "And why?")
    assert (await alice.sees_edit(answer)).text.startswith(TOGETHER)


async def test_a_question_follows_the_one_before_it_in_its_message(alice: Person) -> None:
    for second in ("And why does it rise?", "What is this?"):
        await asks(alice, "How much salt does bread need?")
        assert not (await asks(alice, f"{RISE} {second}")).text.startswith("Understood")
        together = EN("understood", question=f"{RISE[:-1]} · {second}")
        assert (await alice.hears()).text.startswith(together)
    assert (await asks(alice, "And why?")).text.startswith(TOGETHER)
    assert (await asks(alice, "Thanks! And why?")).text.startswith(TOGETHER)


async def test_a_question_follows_one_that_is_still_being_answered(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, alice: Person
) -> None:
    worker, both = talk.question_worker, Event()
    encode = worker.searcher.encode
    monkeypatch.setattr(worker.searcher, "encode", lambda asked: both.wait(9) and encode(asked))
    for said in (RISE, "And why?"):
        alice.says(said)
    await until(lambda: worker.waiting == 2)
    both.set()
    answers = [(await alice.hears()).text for _ in range(2)]
    assert any(text.startswith(TOGETHER) for text in answers)


async def test_later_only_a_reply_to_an_answer_is_a_follow_up(
    monkeypatch: pytest.MonkeyPatch, alice: Person
) -> None:
    first = await asks(alice, RISE)
    later = now() + int(timedelta(minutes=6).total_seconds())
    monkeypatch.setattr("tests.botapi.people.now", lambda: later)
    assert AS_NEW not in all_labels(await asks(alice, "And why?"))
    assert (await asks(alice, "And why?", reply_to=first)).text.startswith(TOGETHER)


async def test_after_a_restart_the_buttons_know_what_was_asked(
    bot_api: BotApi, serve: Serve
) -> None:
    alice = bot_api.person()
    async with serve():
        await asks(alice, RISE)
        answer = await asks(alice, "And why?")
    async with serve():
        assert (await pressed(alice, "▶", answer)).text.startswith(TOGETHER)


@pytest.mark.parametrize("question_worker", [0.05], indirect=True)
async def test_what_was_asked_is_said_where_the_articles_do_not_answer(alice: Person) -> None:
    await asks(alice, RISE)
    answer = await asks(alice, "And why?")
    assert answer.text == f"{TOGETHER}\n\n{EN('not_answered')}"
    assert (await pressed(alice, AS_NEW, answer)).text == EN("not_answered")
