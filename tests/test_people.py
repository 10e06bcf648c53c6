"""Ratings, languages, privacy, invitations, limits; and what admins see of it."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from matplotlib.figure import Figure
from pydantic import SecretStr, ValidationError
from telegram import User

from bot.errors import JournalUnavailable
from bot.journal import Journal, Limits, Missed, Period, Stats
from bot.services.language_cache import LanguageCache, language_in
from bot.services.missed_questions import group_missed_questions
from bot.services.question_worker import QuestionWorker
from bot.settings import Settings
from bot.texts import LANGUAGES, texts_for
from bot.transport.file_inbox import FileInbox
from bot.transport.rate_limit import RateLimit
from bot.views.charts import draw_stats
from tests.botapi import BotApi, Button, Group, Person
from tests.conftest import PATIENCE_S, until
from tests.conversations import RISE, RISE_ANSWER, Serve, Talk, asks, labels, popup, pressed
from tests.test_render import read_html

TEXTS = texts_for("en")
TEXTS_UK = texts_for("uk")
ADMIN = 4242


@pytest.fixture
def serve(serve: Serve) -> Serve:
    """Runs a bot with an admin."""
    return lambda **settings: serve(**({"admin_ids": frozenset({ADMIN})} | settings))


async def gone(*_: object) -> None:
    """Stand in for what the journal can do while it cannot."""
    raise JournalUnavailable("gone")


@pytest.fixture
def admin(server: BotApi) -> Person:
    return server.person(id=ADMIN)


def count_rows(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / "bot.sqlite3")) as database:
        (count,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)


# Ratings


async def test_a_rating_is_marked_changed_and_taken_back_even_after_a_restart(
    bot_api: BotApi, serve: Serve
) -> None:
    alice = bot_api.person()
    async with serve():
        answer = await asks(alice)
        assert await popup(alice, "👍", answer) == TEXTS("thanks")
        assert labels(await alice.sees_edit(answer))[-1] == ["👍 ✓", "👎"]
    async with serve():
        assert labels(await pressed(alice, "▶", alice.sees(answer)))[-1] == ["👍 ✓", "👎"]
        assert labels(await pressed(alice, "👎", alice.sees(answer)))[-1] == ["👍", "👎 ✓"]
        assert labels(await pressed(alice, "👎 ✓", alice.sees(answer)))[-1] == ["👍", "👎"]
        alice.edits(bot_api.messages(alice)[0], "Which coalition does Latvia lead?")
        assert "oalition" in (await alice.sees_edit(alice.sees(answer))).text


async def test_ratings_in_a_group_are_each_persons_own(
    server: BotApi, group: Group, alice: Person
) -> None:
    bob = server.person("Bob")
    answer = await asks(alice, f"/ask {RISE}", chat=group)
    for person in (alice, bob):
        assert await popup(person, "👍", answer) == TEXTS("thanks")
    assert labels(group.sees(answer))[-1] == ["👍", "👎"]


async def test_a_journal_that_is_gone_stops_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alice: Person
) -> None:
    answer = await asks(alice)
    holder = sqlite3.connect(tmp_path / "bot.sqlite3", isolation_level=None)
    await until(lambda: count_rows(tmp_path, "answers WHERE answer_message NOT NULL") == 1)
    holder.execute("BEGIN EXCLUSIVE")
    assert RISE_ANSWER in (await asks(alice)).text
    popup = await alice.sees_popup(alice.presses("👍", on=answer), timeout=15)
    assert popup.text == TEXTS("journal_unavailable")
    holder.execute("ROLLBACK")
    holder.close()


async def test_many_questions_at_once_lose_and_double_nothing(
    server: BotApi, tmp_path: Path
) -> None:
    people = [server.person(f"Person {number}") for number in range(20)]
    asked = {person.id: [person.says(RISE).message_id for _ in range(6)] for person in people}
    await server.wait_until(
        lambda: sum(len(person.answers) for person in people) >= 120, timeout=120
    )
    await server.wait_until(lambda: count_rows(tmp_path, "answers") == 120, timeout=30)
    for person in people:
        answers = person.answers
        assert sorted(one.reply_to or 0 for one in answers) == asked[person.id]
        assert all(RISE_ANSWER in one.text for one in answers)


# Languages


@pytest.mark.parametrize("code", LANGUAGES)
async def test_a_language_is_chosen_and_kept(bot_api: BotApi, serve: Serve, code: str) -> None:
    names = {"en": "English", "uk": "Українська", "ru": "Русский"}
    person = bot_api.person(language="de")
    async with serve():
        offered = await asks(person, "/language")
        assert offered.text == TEXTS("language_which")
        chosen = await pressed(person, names[code], offered)
        assert chosen.text == texts_for(code)("language_which")
        assert [f"{names[code]} ✓"] in labels(chosen)
    async with serve():
        assert (await asks(person, "…")).text == texts_for(code)("no_words")
        back = await pressed(person, texts_for(code)("language_telegram"), chosen)
        assert back.text == TEXTS("language_which")


async def test_the_bot_speaks_as_it_is_spoken_to_where_nothing_else_is_known(
    server: BotApi,
) -> None:
    for telegrams, question, spoken in (
        ("de", "Скільки борошна?", "uk"),
        ("pl", "Сколько муки и воды?", "ru"),
        ("de", "Wie viel Mehl?", "en"),
        ("kk", "2 + 2", "ru"),
        ("be", "How much flour?", "en"),
        ("be", "Калі хлеб?", "ru"),
        ("pl", "Здравствуй", "ru"),
        ("ru", "Скільки борошна?", "ru"),
    ):
        person = server.person(language=telegrams)
        person.says(question)
        await person.hears(PATIENCE_S)  # the dictionaries of the language are read first
        assert (await asks(person, "/nothing")).text == texts_for(spoken)("unknown_command")
        await asks(person, "NATO")
        assert (await asks(person, "…")).text == texts_for(spoken)("no_words")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", "Привет|пока|Сколько?|Хорошо|Как испечь хлеб?|Спасибо"),
        ("uk", "Привіт|Скільки?|Дякую|Хто автор?|Добре"),
        (None, "дрон|дрон коалиция|Прывітанне|Сәлем|рахмет|NATO"),
    ],
)
def test_a_few_cyrillic_words_are_told_by_what_one_language_alone_has(
    language: str | None, said: str
) -> None:
    assert {language_in(one) for one in said.split("|")} == {language}


@pytest.mark.parametrize(
    ("question", "spoken"),
    [("Хто відкрив цей музей?", "uk"), ("Скажите пожалуйста ёлки і где", "be")],
)
def test_a_letter_of_belarusian_alone_does_not_make_a_person_ukrainian(
    question: str, spoken: str
) -> None:
    cache = LanguageCache(Journal("sqlite:///unused"))
    person = User(1, "Alice", is_bot=False, language_code="be")
    cache.hear(person, question)
    assert cache.of(person) == spoken


@pytest.mark.parametrize(("is_shared", "language"), [(False, "uk"), (True, "pl")])
async def test_a_language_is_read_again_only_where_others_write_it_too(
    tmp_path: Path, is_shared: bool, language: str
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.sqlite3'}"
    limits = Limits(settings_s=0.0)
    async with Journal(url, limits=limits) as journal, Journal(url, limits=limits) as other:
        cache = LanguageCache(journal, is_shared=is_shared)
        await other.choose_language(1, "uk")
        await cache.load(1)
        assert cache.get(1) == "uk"
        await other.choose_language(1, "pl")
        await cache.load(1)
        assert cache.get(1) == language


async def test_a_language_is_found_again_once_it_can_be_read(
    bot_api: BotApi, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.journal.people._REST_S", 0)
    person = bot_api.person(language="de")
    async with serve():
        await pressed(person, "Українська", await asks(person, "/language"))
    async with serve():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("bot.journal.people.People._read", gone)
            assert (await asks(person, "…")).text == TEXTS("no_words")
        assert (await asks(person, "…")).text == texts_for("uk")("no_words")


# Privacy


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_stored_is_told_and_deleted(
    server: BotApi, tmp_path: Path, language: str
) -> None:
    texts = texts_for(language)
    person = server.person(language=language)
    answer = await asks(person)
    await pressed(person, "👍", answer)
    shown = (await asks(person, "/privacy")).text
    assert texts.count("privacy_days", 180) in shown
    assert texts("privacy_kept", questions=1, ratings=1) in shown
    warned = await asks(person, "/forget")
    assert (await pressed(person, texts("manage_cancel"), warned)).text == texts("forget_kept")
    done = await pressed(person, texts("forget_yes"), await asks(person, "/forget"))
    assert done.text == texts.count("forget_done", 1)
    assert texts("privacy_kept", questions=0, ratings=0) in (await asks(person, "/privacy")).text
    assert await popup(person, "👎", person.sees(answer)) == texts("answer_forgotten")
    await until(lambda: RISE.encode() not in (tmp_path / "bot.sqlite3").read_bytes())


async def test_what_is_forgotten_is_in_no_file(
    bot_api: BotApi, serve: Serve, tmp_path: Path
) -> None:
    alice = bot_api.person()

    def files() -> set[str]:
        found = (one for one in tmp_path.rglob("*") if one.is_file())
        return {one.name for one in found if b"zebrasecret" in one.read_bytes()}

    async with serve():
        for length in (1, 500):  # short ones are within a page, long ones go on in others
            await asks(alice, f"How long should the dough rise? {'zebrasecret ' * length}")
        assert "updates.sqlite3-wal" in files()
        done = await pressed(alice, "Yes, delete", await asks(alice, "/forget"))
        assert done.text.startswith("Deleted: 1 ")
        assert not files()
    assert not files()


async def test_about_says_what_is_indexed_and_not_where_the_model_is(
    server: BotApi, question_worker: QuestionWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = question_worker.manifest
    entry = replace(manifest.model, name="/srv/secret/a<b & c")
    monkeypatch.setattr(QuestionWorker, "manifest", replace(manifest, model=entry))
    for language in LANGUAGES:
        shown = (await asks(server.person(language=language), "/about")).text
        assert texts_for(language).count("articles", 2) in shown
        assert ": a<b & c." in shown
        assert "secret" not in shown


# Who may ask


async def test_a_list_lets_in_those_on_it(bot_api: BotApi, serve: Serve) -> None:
    friend, stranger = bot_api.person(id=77), bot_api.person()
    more = {"access": "list", "allowed_ids": frozenset({77})}
    async with serve(**more):
        assert RISE_ANSWER in (await asks(friend)).text
        assert (await asks(stranger)).text == TEXTS("not_admitted")
        assert (await asks(stranger, "/id")).text.endswith(f": {stranger.id}")
        group = bot_api.group()
        stranger.says(f"/ask {RISE}", chat=group)
        bot_api.push(anonymous_question(group))  # it could be anybody
        offered = await stranger.sees_results(stranger.asks_inline(RISE))
        assert (offered.results, offered.button) == ((), None)
        assert group.answers == []
        assert RISE_ANSWER in (await asks(bot_api.person(id=ADMIN))).text


async def test_a_guest_is_not_called_a_stranger_while_the_journal_is_gone(
    bot_api: BotApi, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = {"access": "invite", "invite_code": SecretStr("sesame-open")}
    async with serve(**more):
        guest = bot_api.person()
        monkeypatch.setattr("bot.journal.store.Journal.admit", gone)
        assert (await asks(guest, "/start sesame-open")).text == TEXTS("journal_unavailable")
        monkeypatch.setattr("bot.journal.store.Journal.is_admitted", gone)
        assert (await asks(guest)).text == TEXTS("journal_unavailable")


def anonymous_question(
    group: Group, message_id: int = 900, text: str = f"/ask {RISE}"
) -> dict[str, Any]:
    """An update as Telegram sends it when an admin of a group speaks as the group."""
    chat = {"id": group.chat_id, "type": "supergroup", "title": "Group"}
    return {
        "message": {
            "message_id": message_id,
            "date": 1,
            "chat": chat,
            "sender_chat": chat,
            "from": {
                "id": 1087968824,
                "is_bot": True,
                "first_name": "Group",
                "username": "GroupAnonymousBot",
            },
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}],
        }
    }


async def test_who_speaks_as_a_group_is_counted_as_that_group(
    bot_api: BotApi, serve: Serve
) -> None:
    one, other = bot_api.group(), bot_api.group()
    async with serve(rate_limit=1):
        for group in (one, other):
            bot_api.push(anonymous_question(group))
            assert RISE_ANSWER in (await group.hears()).text
        bot_api.push(anonymous_question(one, 901))
        assert (await one.hears()).text.startswith(TEXTS.count("slow_down", 60)[:20])


async def test_an_id_is_told_to_a_person_and_not_to_who_speaks_as_a_group(
    server: BotApi, group: Group, alice: Person
) -> None:
    assert (await asks(alice, "/id")).text == f"Your Telegram id: {alice.id}"
    server.push(anonymous_question(group, text="/id"))
    assert (await group.hears()).text == TEXTS("no_id")


@pytest.mark.parametrize("said", ["/start sesame-open", "/start i-sesame-open"])
async def test_an_invitation_lets_in_for_good(bot_api: BotApi, serve: Serve, said: str) -> None:
    more = {"access": "invite", "invite_code": "sesame-open"}
    guest = bot_api.person()
    async with serve(**more):
        for said_before in (RISE, "/start", "/start ask", "/start p-0123456789abcdef"):
            assert (await asks(guest, said_before)).text == TEXTS("enter_code")
        for wrong in ("/start sesame", "/start i-sesame-opem"):
            assert (await asks(guest, wrong)).text == TEXTS("wrong_code")
        assert TEXTS("privacy_no_names") in (await asks(guest, "/privacy")).text
        chosen = await pressed(guest, "Українська", await asks(guest, "/language"))
        assert chosen.text == TEXTS_UK("language_which")
        assert TEXTS_UK.count("articles", 2) in (await asks(guest, said)).text
        assert RISE_ANSWER in (await asks(guest)).text
        guest.edits(bot_api.messages(guest)[0], RISE)  # it was refused
        assert RISE_ANSWER in (await guest.hears()).text
    async with serve(rate_limit=2, **more):
        guesser = bot_api.person()
        for _ in range(2):
            assert (await asks(guesser, "/start sesame")).text == TEXTS("wrong_code")
        assert (await asks(guesser, said)).text == TEXTS("too_many_codes")
        assert RISE_ANSWER in (await asks(guest)).text


async def test_who_is_forgotten_needs_the_code_again_and_is_told_so(
    bot_api: BotApi, serve: Serve
) -> None:
    more = {"access": "invite", "invite_code": "sesame-open", "allowed_ids": frozenset({4243})}
    async with serve(**more):
        guest, listed, admin = bot_api.person(), bot_api.person(id=4243), bot_api.person(id=ADMIN)
        await asks(guest, "/start sesame-open")
        question = await asks(guest, "/forget")
        assert question.text == f"{TEXTS('forget_ask')} {TEXTS('forget_access')}"
        await pressed(guest, "Yes, delete", question)
        assert (await asks(guest)).text == TEXTS("enter_code")
        for person in (listed, admin):
            question = await asks(person, "/forget")
            assert question.text == TEXTS("forget_ask")
            await pressed(person, "Yes, delete", question)
            assert RISE_ANSWER in (await asks(person)).text


@pytest.mark.parametrize("said", ["/start i-read-books", "/start i-i-read-books"])
async def test_a_code_may_begin_as_links_do(bot_api: BotApi, serve: Serve, said: str) -> None:
    async with serve(access="invite", invite_code="i-read-books"):
        guest = bot_api.person()
        assert (await asks(guest, "/start read-books")).text == TEXTS("wrong_code")
        assert TEXTS.count("articles", 2) in (await asks(guest, said)).text


@pytest.mark.parametrize("code", ["", "short", "two words", "sésame-ouvre", "x" * 61])
def test_a_code_that_lets_nobody_in_is_refused(code: str) -> None:
    with pytest.raises(ValidationError, match="INVITE_CODE"):
        Settings(access="invite", invite_code=SecretStr(code))


async def test_a_limit_counts_the_last_minute_of_each_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit, clock = RateLimit(2), Mock()
    monkeypatch.setattr("bot.transport.rate_limit.time", clock)
    waits = []
    for person, clock.monotonic.return_value in [(1, 0), (1, 10), (1, 20), (2, 20), (1, 60.5)]:
        waits.append(await limit.count(person))
    assert waits == [0, 0, 40, 0, 0]
    clock.monotonic.return_value = 61
    assert await limit.count(1) == pytest.approx(9)
    assert await RateLimit(0).count(1) == 0


# Admins


async def test_admins_see_statistics_as_a_picture(
    server: BotApi, tmp_path: Path, alice: Person, admin: Person
) -> None:
    await pressed(alice, "👍", await asks(alice))
    await until(lambda: count_rows(tmp_path, "ratings") == 1)
    admin.says("/stats")
    shown = await admin.hears(timeout=20)
    assert shown.file is not None
    assert shown.text.startswith("The last 30 days. Questions: 1, people: 1; answered: 1, not answ")
    assert "👍 1, 👎 0" in shown.text
    chats = [call.parameters["chat_id"] for call in server.calls("sendChatAction")]
    assert str(admin.id) in map(str, chats)  # to draw it takes a moment


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_axis_of_the_picture_says_what_it_counts(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_args, **_more: drawn.append(figure))
    texts = texts_for(language)
    days = tuple((date(2026, 5, day), Period(questions=3, answered=3)) for day in range(1, 31))
    draw_stats(Stats(Period(), days), texts)
    units = [axes.get_ylabel() for axes in drawn[0].axes]
    assert units == [texts(f"chart_unit_{unit}") for unit in ("questions", "ratings", "ms")]
    assert drawn[0].axes[-1].get_xlabel() == texts("chart_day")
    assert "30.05" in [label.get_text() for label in drawn[0].axes[-1].get_xticklabels()]


@pytest.mark.parametrize("question_worker", [0.05], indirect=True)
async def test_a_button_of_the_missed_ones_takes_every_number_that_a_database_takes(
    alice: Person, admin: Person
) -> None:
    await missed(alice, "Where is the key?")
    listed = await asks(admin, "/missed")
    await missed(alice, "Is there any honey?")
    admin.presses(Button("x", "n:0:zzzzzzzzzzzzz"), on=listed)
    admin.presses(Button("x", "n:0:1y2p0ij32e8e7"), on=listed)
    assert "honey" in (await admin.sees_edit(listed)).text


async def missed(person: Person, *questions: str) -> None:
    """Ask what has no answer."""
    for question in questions:
        await asks(person, question)


@pytest.mark.parametrize("question_worker", [0.05], indirect=True)
async def test_admins_see_what_is_missing(alice: Person, admin: Person) -> None:
    assert (await asks(admin, "/missed")).text == TEXTS("missed_none")
    await missed(alice, *(f"Where is the <b>key</b> number {number}?" for number in range(12)))
    await missed(alice, RISE, RISE.lower(), "The dough should rise how long?", f"please: {RISE}")
    listed = await asks(admin, "/missed")
    lines = listed.text.splitlines()
    assert lines[2:6] == [
        f"1. please: {RISE} ×4",
        "· The dough should rise how long?",
        f"· {RISE.lower()}",
        "",
    ]
    assert "2. Where is the <b>key</b> number 11?" in lines
    await missed(alice, "Is there any honey?")
    second = await pressed(admin, "▶", listed)
    assert "9. Where is the <b>key</b> number 4?" in second.text
    assert "13. Where is the <b>key</b> number 0?" in second.text
    assert "honey" not in (await pressed(admin, "▶", second)).text
    admin.presses(TEXTS("missed_export"), on=admin.sees(second))
    file = await admin.hears()
    assert file.file is not None
    exported = [json.loads(line) for line in file.file.content.decode().splitlines()]
    assert len(exported) == 16
    assert {line["question"] for line in exported} >= {RISE.lower(), f"please: {RISE}"}
    assert all(line["article"] is None for line in exported)
    assert "1. Is there any honey?" in (await asks(admin, "/missed")).text


async def test_numbers_that_no_database_takes_are_passed_over(
    caplog: pytest.LogCaptureFixture, alice: Person, admin: Person
) -> None:
    await missed(alice, RISE)
    listed = await asks(admin, "/missed")
    large = "z" * 13
    for data in (f"n:0:{large}", f"n:0:1:{large}", f"n:0:{large}:1", f"n:0:{large}:{large}"):
        await admin.sees_popup(admin.presses(Button("x", data), on=listed))
    assert (await asks(admin, "/missed")).text == listed.text
    assert "OverflowError" not in caplog.text


@pytest.mark.parametrize("question_worker", [0.05], indirect=True)
async def test_what_is_missing_fits_a_message_whatever_was_asked(
    alice: Person, admin: Person
) -> None:
    await missed(alice, *(f"{word} {'🍞' * 900}" for word in "one two three four five".split()))
    await missed(alice, *(f"{word} {number} {'🍞' * 900}" for word in "ab" for number in range(9)))
    assert (await asks(admin, "/missed")).text.startswith(read_html(TEXTS("missed_title")))


@pytest.mark.parametrize("question_worker", [0.05], indirect=True)
async def test_what_is_missing_is_ticked_off_until_it_is_asked_again_and_can_be_forgotten(
    alice: Person, admin: Person
) -> None:
    await missed(alice, RISE, "Is there any honey?", f"please: {RISE}")
    listed = await asks(admin, "/missed")
    assert f"1. please: {RISE}" in listed.text
    assert "1. Is there any honey?" in (await pressed(admin, "✓ 1", listed)).text
    assert RISE not in (await asks(admin, "/missed")).text
    await missed(alice, RISE)
    listed = await asks(admin, "/missed")
    assert f"1. {RISE}" in listed.text
    await pressed(alice, TEXTS("forget_yes"), await asks(alice, "/forget"))
    admin.presses(TEXTS("missed_export"), on=listed)
    assert (await admin.hears()).text == TEXTS("missed_none")


@pytest.mark.parametrize("question_worker", [0.05], indirect=True)
async def test_what_is_missing_is_asked_once_of_each_index(
    question_worker: QuestionWorker, monkeypatch: pytest.MonkeyPatch, alice: Person, admin: Person
) -> None:
    await missed(alice, *(f"Where is key number {number}?" for number in range(20)))
    answer = Mock(side_effect=question_worker.searcher.answer)
    monkeypatch.setattr(question_worker.searcher, "answer", answer)
    for _ in range(2):
        assert "20. " in (await pressed(admin, "◀", await asks(admin, "/missed"))).text
    assert answer.call_count == 20


async def test_what_is_answered_by_now_and_what_is_no_question_is_not_missing(
    tmp_path: Path, alice: Person, admin: Person
) -> None:
    for question in (RISE, "Where does the bread rise?"):
        await pressed(alice, "👎", await asks(alice, question))
    await until(lambda: count_rows(tmp_path, "ratings") == 2)
    with closing(sqlite3.connect(tmp_path / "bot.sqlite3", isolation_level=None)) as journal:
        journal.execute("UPDATE answers SET answered = 0")
        journal.execute("DELETE FROM ratings WHERE answer_id = (SELECT min(id) FROM answers)")
        journal.execute("UPDATE answers SET question = 'Thank you!' WHERE question <> ?", [RISE])
    assert (await asks(admin, "/missed")).text == TEXTS("missed_none")


async def test_without_time_for_encoding_the_missed_questions_are_there_all_the_same(
    question_worker: QuestionWorker,
) -> None:
    class Few(Journal):
        async def missed(self, limit: int | None, until: int | None = None) -> list[Missed]:
            now = datetime.now(UTC)
            return [Missed(2, f"please: {RISE}", "en", now, 1, 0), Missed(1, RISE, "en", now, 1, 0)]

    journal = Few("sqlite:///unused")
    groups = await group_missed_questions(journal, question_worker, encode_s=0)
    assert [len(group.questions) for group in groups] == [1, 1]
    (group,) = await group_missed_questions(journal, question_worker)
    assert [one.question for one in group.questions] == [f"please: {RISE}", RISE]


async def test_admins_are_told_how_the_program_is_and_that_questions_can_be_lost(
    talk: Talk, admin: Person
) -> None:
    shown = (await asks(admin, "/health")).text
    assert "Index version 00000001" in shown
    assert "Articles: 2, passages: " in shown
    assert TEXTS("health_updates") not in shown
    inbox = talk.session._inbox
    assert isinstance(inbox, FileInbox)
    assert inbox._database is not None
    inbox._database.execute("PRAGMA max_page_count = 1")  # no more than there are: a full disk
    long = f"/health {'x' * 4000}"
    for _ in range(3):
        told = await asks(admin, long)
    assert TEXTS("health_updates") in told.text
    inbox._database.execute("PRAGMA max_page_count = 1000")
    assert TEXTS("health_updates") not in (await asks(admin, long)).text


async def test_buttons_are_free_and_inline_queries_are_counted(
    bot_api: BotApi, serve: Serve
) -> None:
    async with serve(rate_limit=3):
        alice, bob = bot_api.person(language="uk"), bot_api.person()
        answer = await asks(alice)
        for label in ("▶", "◀", "▶"):
            answer = await pressed(alice, label, answer)
        for _ in range(2):
            assert RISE_ANSWER in (await asks(alice)).text
        assert (await asks(alice)).text in {
            TEXTS_UK.count("slow_down", second) for second in range(30, 61)
        }
        await pressed(alice, "▶", answer)
        assert RISE_ANSWER in (await asks(bob)).text

        for empty in ("", "ab", "  "):  # costs nothing
            for _ in range(6):
                await alice.sees_results(alice.asks_inline(empty))
        for end in range(len(RISE) - 15, len(RISE)):  # typing costs a fifth of a question
            assert (await alice.sees_results(alice.asks_inline(RISE[:end]))).results
        offered = await alice.sees_results(alice.asks_inline(RISE))
        assert offered.results == ()
        texts = {TEXTS_UK.count("inline_slow_down", second) for second in range(30, 61)}
        assert (offered.button or {})["text"] in texts
        assert (await bob.sees_results(bob.asks_inline(RISE))).results


async def test_what_was_typed_is_answered_by_the_link_once_it_may_be_asked(
    bot_api: BotApi, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(rate_limit=1) as talk:
        alice = bot_api.person()
        await asks(alice)
        for _ in range(5):
            await alice.sees_results(alice.asks_inline(RISE))
        refused = await alice.sees_results(alice.asks_inline("Where does it rise?"))
        assert refused.button is not None
        for _ in range(2):
            put_off = await asks(alice, "/start ask")
            assert put_off.text.startswith(TEXTS.count("slow_down", 60)[:20])
        monkeypatch.setattr(talk.session._services, "limit", RateLimit(0))
        assert "Where does it rise?" in (await asks(alice, "/start ask")).text
        assert "rise" in (await alice.hears()).text
        assert TEXTS.count("articles", 2) in (await asks(alice, "/start ask")).text


async def test_who_may_not_ask_is_not_answered_when_the_refusal_fails(
    bot_api: BotApi, serve: Serve
) -> None:
    """An error before the handlers does not let the update through to them."""
    stranger = bot_api.person()
    async with serve(access="list"):
        bot_api.fail("sendMessage", status=502, description="Bad Gateway")
        stranger.says(RISE)
        await stranger.hears_nothing()
        assert (await asks(stranger)).text == TEXTS("not_admitted")
