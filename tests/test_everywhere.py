"""In groups and topics, in any chat by inline mode, and by links into the bot."""

import pytest

from bot.services.question_worker import QuestionWorker
from bot.texts import LANGUAGES, texts_for
from bot.views.answers import near_passages
from tests.botapi import BotApi, Group, Person
from tests.conversations import RISE, RISE_ANSWER, Talk, all_labels, asks, popup, pressed
from tests.test_render import read_html

TEXTS = texts_for("en")
BOT = "@passage_test_bot"


# Groups


async def test_who_calls_the_bot_in_a_group_is_answered(group: Group, alice: Person) -> None:
    for text in (
        f"{BOT} {RISE}",
        f"{RISE} {BOT}",
        f"👋🏽 {BOT.upper()}, {RISE}",
        f"/ask {RISE}",
        f"/ask{BOT} {RISE}",
    ):
        question = alice.says(text, chat=group)
        answer = await group.hears()
        assert RISE_ANSWER in answer.text
        assert answer.reply_to == question.message_id


async def test_a_reply_to_the_bot_is_a_question(group: Group, alice: Person) -> None:
    first = await asks(alice, f"/ask {RISE}", chat=group)
    second = await asks(alice, "Which coalition does Latvia lead?", chat=group, reply_to=first)
    assert "oalition" in second.text


async def test_a_message_or_a_part_of_it_can_be_asked_by_replying_to_it(
    server: BotApi, group: Group, alice: Person
) -> None:
    bob = server.person("Bob")
    question = alice.says(RISE, chat=group)
    assert RISE_ANSWER in (await asks(bob, BOT, chat=group, reply_to=question)).text
    answer = await asks(bob, "/ask", chat=group, reply_to=question)
    assert RISE_ANSWER in answer.text
    assert await popup(alice, "▶", answer) == ""
    assert "2/" in all_labels(await group.sees_edit(answer))[1]
    long = alice.says(f"Nobody listens. Which coalition does Latvia lead? {RISE}", chat=group)
    assert RISE_ANSWER in (await asks(bob, "/ask", chat=group, reply_to=long, quote=RISE)).text


async def test_otherwise_the_bot_is_silent_in_a_group(
    talk: Talk, group: Group, alice: Person
) -> None:
    server = talk.server
    bob = server.person("Bob")
    before = bob.says("Hello", chat=group)
    asked = (RISE, f"{BOT}2 {RISE}", f"@somebody {RISE}", f"/ask@other_bot {RISE}")
    for text in (*asked, "/start@other_bot", "/help@other_bot", "/manage", "/nothing"):
        alice.says(text, chat=group, reply_to=before)
    assert await talk.all_answers(group) == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_group_is_told_what_the_bot_is_and_how_to_ask_it(
    server: BotApi, language: str
) -> None:
    texts, group, person = texts_for(language), server.group(), server.person(language=language)
    hello = texts("hello_group", articles=texts.count("articles", 2), name=BOT[1:])
    person.adds_bot(group)
    assert (await group.hears()).text == hello
    for said, answer in (
        (f"/start{BOT}", hello),
        ("/start", hello),
        (f"/help{BOT}", read_html(texts("help_group", name=BOT[1:]))),
        ("/help", read_html(texts("help_group", name=BOT[1:]))),
        (f"/nothing{BOT}", texts("unknown_command")),
    ):
        assert (await asks(person, said, chat=group)).text == answer


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_between_a_person_and_the_bot_is_shown_in_private(
    server: BotApi, language: str
) -> None:
    texts, person = texts_for(language), server.person(language=language)
    keys = {"privacy": "privacy_kept", "forget": "forget_ask", "language": "language_which"}
    for command, key in keys.items():
        group = server.group()
        told = await asks(person, f"/{command}{BOT}", chat=group)
        assert told.text == texts("private_only")
        link = told.button(texts("open_private")).url or ""
        shown = await asks(person, f"/start {link.split('=')[1]}")
        assert texts(key, questions=0, ratings=0) in shown.text
        assert group.answers == [told]


async def test_a_topic_is_answered_in_itself_and_anew_where_the_answer_was_deleted(
    server: BotApi, alice: Person
) -> None:
    group = server.group(topics=(7, 9))
    answer = await asks(alice, f"/ask {RISE}", chat=group, thread=9)
    assert answer.thread_id == 9
    assert {action.thread_id for action in server.world.actions} == {9}
    server.fail("editMessageText", description="Bad Request: message to edit not found")
    alice.presses("▶", on=answer)
    again = await group.hears()
    assert again.thread_id == 9
    assert all_labels(again)[1].startswith("2/")


async def test_a_group_that_migrates_is_answered_where_it_went(
    server: BotApi, alice: Person
) -> None:
    group = server.group(supergroup=False)
    server.slow("sendChatAction", 0.3)
    server.slow("sendMessage", 0.3)
    alice.says(f"/ask {RISE}", chat=group)
    new = group.migrates()
    assert RISE_ANSWER in (await new.hears()).text


@pytest.mark.parametrize("call", [f"/ask {RISE}", "/articles"])
async def test_buttons_work_for_everybody_in_a_group_in_the_language_of_who_asked(
    server: BotApi, call: str
) -> None:
    group, alice, bohdan = server.group(), server.person(language="ru"), server.person()
    answer = await asks(alice, call, chat=group)
    turned = await pressed(bohdan, "▶" if call != "/articles" else "bread", answer, chat=group)
    own = texts_for("ru")("open_article" if call != "/articles" else "all_articles")
    assert own in all_labels(turned)


async def test_a_lost_answer_is_shown_in_the_language_of_who_asked(talk: Talk) -> None:
    server, recent = talk.server, talk.session._services.recent_answers
    group, alice, bohdan = server.group(), server.person(language="ru"), server.person()
    server.fail("sendMessage", status=500)
    notice = await asks(alice, f"/ask {RISE}", chat=group)
    recent._exchanges.clear()  # as after a restart
    assert texts_for("ru")("open_article") in all_labels(
        await pressed(bohdan, texts_for("ru")("show_answer"), notice, chat=group)
    )


async def test_a_list_stays_in_the_language_of_who_asked_for_it(
    server: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.views.keyboard.PER_PAGE", 1)
    group, alice, bohdan = server.group(), server.person(language="ru"), server.person()
    listed = await asks(alice, "/articles", chat=group)
    assert (await pressed(bohdan, "▶", listed, chat=group)).text == listed.text


async def test_a_changed_question_changes_the_answer_in_a_group(
    group: Group, alice: Person
) -> None:
    question = alice.says(f"{BOT} Which coalition does Latvia lead?", chat=group)
    answer = await group.hears()
    alice.edits(question, f"{BOT} {RISE}")
    assert RISE_ANSWER in (await group.sees_edit(answer)).text


async def test_a_group_that_is_flooded_stops_nobody_else(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    talk.session.drain_s = talk.session.stop_s = 0.1  # who waits for the group is not waited for
    server = talk.server
    group, people, bob = server.group(), [server.person() for _ in range(30)], server.person("Bob")
    server.fail(
        "sendMessage",
        retry_after=100,
        times=None,
        when=lambda call: str(call["chat_id"]) == str(group.chat_id),
    )
    for person in people:
        person.says(f"/ask {RISE}", chat=group)
    await server.called("sendMessage", times=24)
    assert RISE_ANSWER in (await asks(bob)).text
    assert "wants fewer messages" in caplog.text


# Inline


@pytest.mark.parametrize("language", LANGUAGES)
async def test_passages_are_offered_in_any_chat(server: BotApi, language: str) -> None:
    person = server.person(language=language)
    offered = await person.sees_results(person.asks_inline(RISE))
    assert 1 <= len(offered.results) <= 10
    best = offered.results[0]
    assert best.title == "How to bake bread"
    assert best.description.startswith(RISE_ANSWER)
    assert best.content is not None
    assert RISE_ANSWER in best.content.text
    assert (offered.is_personal, offered.cache_time, offered.button) == (True, 10, None)
    assert best.buttons[0][0].text == texts_for(language)("open_article")


async def test_only_what_is_near_the_best_is_offered(
    question_worker: QuestionWorker, alice: Person
) -> None:
    question = "How much flour, water and yeast?"
    answer = question_worker.ask_now(question, 10)
    offered = await alice.sees_results(alice.asks_inline(question))
    assert len(offered.results) == len(near_passages(answer).passages) < len(answer.passages)


async def test_a_result_links_to_its_article_in_the_bot(alice: Person) -> None:
    offered = await alice.sees_results(alice.asks_inline(RISE))
    link = offered.results[0].buttons[0][0].url or ""
    assert link.startswith(f"https://t.me/{BOT[1:]}?start=p-")
    page = await asks(alice, f"/start {link.split('=')[1]}")
    assert page.text.startswith("How to bake bread")
    assert page.spans("blockquote")[0].endswith("forty minutes.")


async def test_a_passage_that_is_sent_to_the_bot_itself_is_no_question(
    talk: Talk, alice: Person
) -> None:
    offered = await alice.sees_results(alice.asks_inline(RISE))
    alice.chooses(offered.results[0])
    assert await talk.all_answers(alice) == []


async def test_before_anything_is_typed_the_articles_are_offered(alice: Person) -> None:
    for query in ("", " "):
        offered = await alice.sees_results(alice.asks_inline(query))
        titles = sorted(one.title[:15] for one in offered.results)
        assert titles == ["How to bake bre", "Nearly 20 count"]
        assert offered.results[0].content is not None
        link = offered.results[0].buttons[0][0].url or ""
        assert link.startswith(f"https://t.me/{BOT[1:]}?start=p-")


async def test_what_is_no_question_yet_offers_the_bot_itself(alice: Person) -> None:
    for query in ("?", "ab", "🐝🐝🐝"):
        offered = await alice.sees_results(alice.asks_inline(query))
        assert offered.results == ()
        assert offered.button == {"text": TEXTS("inline_nothing"), "start_parameter": "ask"}
    assert TEXTS.count("articles", 2) in (await asks(alice, "/start ask")).text


@pytest.mark.parametrize("question_worker", [0.05], indirect=True)
async def test_where_the_articles_do_not_answer_nothing_is_offered(
    server: BotApi, alice: Person
) -> None:
    offered = await alice.sees_results(alice.asks_inline(RISE))
    assert offered.results == ()
    assert offered.button is not None
    start = f"/start {offered.button['start_parameter']}"
    server.fail("sendMessage", description="Bad Request")
    assert (await asks(alice, start)).text == TEXTS("failed")
    assert RISE in (await asks(alice, start)).text  # what was typed is kept
    answer = await alice.hears()
    assert answer.text == TEXTS("not_answered")
    assert RISE_ANSWER in (await pressed(alice, TEXTS("show_nearest"), answer)).text
    assert TEXTS.count("articles", 2) in (await asks(alice, "/start ask")).text


# Links


async def test_a_link_to_what_is_gone_says_so_and_one_of_no_meaning_is_a_start(
    alice: Person,
) -> None:
    assert (await asks(alice, "/start p-0123456789abcdef")).text == TEXTS("passage_gone")
    for payload in ("p-", "p-xyz", "ask", "'; drop table", "p-0123456789abcdef0"):
        assert TEXTS.count("articles", 2) in (await asks(alice, f"/start {payload}")).text
