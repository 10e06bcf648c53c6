"""Several processes serve one bot: an update is worked on by one of them, whoever received it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.errors import InboxUnavailable
from bot.journal.prepare import prepare
from bot.replicas.database import SharedDatabase
from bot.replicas.inbox import DatabaseInbox
from bot.replicas.membership import Membership
from bot.replicas.rate_limit import SharedRateLimit
from bot.services.index_updater import IndexUpdater
from bot.services.question_worker import QuestionWorker
from bot.settings import with_driver
from bot.texts import texts_for
from embeddings import Searcher, build_index
from embeddings.index.location import DatabaseUrl
from embeddings.index.postgres import schema
from embeddings.index.postgres.tables import Tables
from tests import bot_kills
from tests.botapi import BotApi
from tests.conftest import calibration_file, tiny_model, until_sync
from tests.conversations import RISE, RISE_ANSWER, pressed, said_by_bot
from tests.listeners import Open, open_bot
from tests.servers import PASSWORD, Server, execute, new_server

BOT = "42"
ADMIN = 7


def driver(url: str) -> str:
    return url.replace("postgresql:", "postgresql+asyncpg:")


@pytest.fixture
def database(database_url: str) -> str:
    """The address of a database with all tables."""
    prepare(driver(database_url), None, 10, names=False)
    return driver(database_url)


def test_journal_and_index_are_made_in_one_database_at_once(database_url: str) -> None:
    url = DatabaseUrl(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection, ThreadPoolExecutor() as pool:
        made = pool.submit(prepare, driver(database_url), None, 10, names=False)
        schema.prepare(Tables(connection, url))
        made.result()
        schema.check(Tables(connection, url))
    tables = execute(
        database_url,
        "SELECT table_schema FROM information_schema.tables WHERE table_name = 'secrets'",
    )
    assert tables == [("public",)]


class Replica:
    """A process among others, as far as updates go."""

    def __init__(self, database: str, grace_s: float = 0.1, look_s: float = 0.05) -> None:
        self.member = Membership(database, BOT, look_s, grace_s).__enter__()
        until_sync(lambda: self.member.is_connected)
        self.inbox = DatabaseInbox(SharedDatabase(database), self.member, {ADMIN}).open()
        self.inbox.look()

    def gets(self, *updates: dict[str, Any]) -> list[int]:
        """Receive updates; return the ids of those that it is to work on."""
        self.inbox.keep(updates)
        ids = [update["update_id"] for update in updates]
        return [id_ for id_ in ids if self.inbox.begin(id_)]

    def takes(self, count: int = 1) -> dict[int, tuple[int, bool]]:
        """Wait for updates from others; return how often each was found, and if it is unsure."""
        found: dict[int, tuple[int, bool]] = {}

        def enough() -> bool:
            for one in self.inbox.waiting():
                assert self.inbox.begin(one.body["update_id"])
                found[one.body["update_id"]] = one.starts, one.is_unsure
            return len(found) >= count

        until_sync(enough)
        return found

    def dies(self) -> None:
        self.member.__exit__()


Start = Callable[..., Replica]
"""Starts a replica on a database, the one of the test unless another is named."""


@pytest.fixture
def start(request: pytest.FixtureRequest) -> Iterator[Start]:
    made: list[Replica] = []

    def make(database: str = "", **times: float) -> Replica:
        made.append(Replica(database or request.getfixturevalue("database"), **times))
        return made[-1]

    yield make
    for replica in made:
        replica.dies()
        replica.inbox.close()


def said(number: int, chat: int = 1) -> dict[str, Any]:
    return {"update_id": number, "message": {"from": {"id": chat}, "chat": {"id": chat}}}


def test_an_update_is_worked_on_by_one_and_a_chat_stays_with_it(start: Start) -> None:
    first, second = start(), start()
    assert first.gets(said(1)) == [1]
    assert second.gets(said(1)) == []
    first.inbox.done(1)
    assert second.gets(said(1)) == []
    assert second.gets(said(2), said(3, chat=2)) == [3]
    assert first.takes() == {2: (0, False)}
    press = {"message": {"chat": {"id": 2}}, "from": {"id": 9}}
    assert first.gets({"update_id": 4, "callback_query": press}) == []
    assert second.takes() == {4: (0, False)}


def test_what_a_dead_one_leaves_is_taken_by_the_elected_one(
    start: Start, database_url: str
) -> None:
    first, second, third = start(), start(), start()
    assert [one.member.is_elected for one in (first, second, third)] == [True, False, False]
    assert first.gets(said(1), said(2), said(3)) == [1, 2, 3]
    first.inbox.done(1)
    first.inbox.mark_unsure(2)
    written = "SELECT id, body IS NULL, unsure FROM updates ORDER BY id"
    rows = [(1, True, False), (2, False, True), (3, False, False)]
    until_sync(lambda: execute(database_url, written) == rows)
    first.dies()
    until_sync(lambda: second.member.is_elected or third.member.is_elected)
    elected, other = (second, third) if second.member.is_elected else (third, second)
    assert elected.takes(2) == {2: (1, True), 3: (1, False)}
    assert other.gets(said(4)) == []  # the chat has moved as well
    assert elected.takes() == {4: (0, False)}
    other.inbox.leave()
    assert elected.gets(said(5, chat=5)) == [5]


def test_what_one_leaves_that_stops_is_taken_at_once(start: Start) -> None:
    staying, leaving = start(grace_s=60), start(grace_s=60)
    assert leaving.gets(said(1)) == [1]
    leaving.inbox.leave()
    assert staying.gets(said(2)) == [2]
    leaving.inbox.close()
    assert staying.takes() == {1: (1, False)}


def test_an_admin_is_served_by_the_elected_one(start: Start) -> None:
    elected, other = start(), start()
    group = {"update_id": 2, "message": {"from": {"id": ADMIN}, "chat": {"id": -5}}}
    assert other.gets(said(1, chat=ADMIN), group) == [2]
    assert elected.takes() == {1: (0, False)}


async def test_a_limit_holds_for_all_together(
    database: str, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    shared = [SharedDatabase(database) for _ in range(2)]
    for one in shared:
        one.open()
    limits = [SharedRateLimit(3, "question", one) for one in shared]
    waits = await asyncio.gather(*(limits[number % 2].count(5) for number in range(8)))
    assert sorted(map(bool, waits)) == [False] * 3 + [True] * 5
    assert 55 < max(waits) <= 60
    assert await SharedRateLimit(1, "inline", shared[0]).count(5) == 0
    execute(database_url, "UPDATE question_times SET times = ARRAY[1]")
    assert await limits[0].count(5) == 0
    execute(database_url, "DROP TABLE question_times")
    assert [bool(await limits[0].count(6)) for _ in range(4)] == [False] * 3 + [True]
    assert "counted in memory" in caplog.text
    for one in shared:
        one.close()


@pytest.mark.parametrize(
    ("password", "name", "said"),
    [
        ("wrong-sesame", "postgres", "password authentication failed"),
        (PASSWORD, "nowhere", 'database "nowhere" does not exist'),
    ],
)
def test_why_the_database_cannot_be_used_is_said_without_the_password(
    postgres: Server, caplog: pytest.LogCaptureFixture, password: str, name: str, said: str
) -> None:
    with Membership(driver(postgres.url(name, password)), BOT, look_s=0.01):
        until_sync(lambda: said in caplog.text)
    assert "sesame" not in caplog.text
    assert caplog.text.count("\n") == 1


def test_what_could_not_be_written_of_an_answered_update_is_written_when_the_replica_ends(
    start: Start, database_url: str
) -> None:
    first = start(grace_s=60)
    assert first.gets(said(1)) == [1]
    execute(database_url, "ALTER TABLE updates RENAME TO gone")
    first.inbox.done(1)
    until_sync(lambda: first.inbox.is_failing)
    execute(database_url, "ALTER TABLE gone RENAME TO updates")
    first.inbox.close()
    assert execute(database_url, "SELECT id, body IS NULL FROM updates") == [(1, True)]


def test_a_server_that_goes_away_and_comes_back_loses_and_doubles_nothing(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    with new_server() as server:
        database = driver(server.create_database())
        prepare(database, None, 10, names=False)
        first, second = start(database, grace_s=3), start(database, grace_s=3)
        assert first.gets(said(1)) == [1]
        server.stop("immediate")
        until_sync(lambda: not (first.member.is_connected or second.member.is_connected))
        for replica in (first, second):
            with pytest.raises(InboxUnavailable):
                replica.inbox.keep([said(2)])
        first.inbox.done(1)
        server.start()
        until_sync(lambda: first.member.is_connected and second.member.is_connected)
        url = server.url(database.rpartition("/")[2])
        left = "SELECT id FROM updates WHERE body IS NOT NULL"
        until_sync(lambda: execute(url, left) == [])
        assert first.gets(said(3)) == [3]
        assert second.gets(said(1)) == []
        assert execute(url, left) == [(3,)]
    assert PASSWORD not in caplog.text


def test_replicas_go_on_with_the_standby_that_takes_over(start: Start) -> None:
    with new_server() as server:
        url = server.create_database()
        prepare(driver(url), None, 10, names=False)
        standby = server.standby()
        name = url.rpartition("/")[2]
        hosts = f"127.0.0.1:{server.port},127.0.0.1:{standby.port}"
        database = with_driver(f"postgresql://postgres:{PASSWORD}@{hosts}/{name}")
        first, second = start(database, grace_s=5), start(database, grace_s=5)
        assert first.gets(said(1)) == [1]
        until_sync(lambda: execute(standby.url(name), "SELECT id FROM updates") == [(1,)])
        server.kill()
        standby.promote()
        until_sync(lambda: first.member.is_connected and second.member.is_connected)
        until_sync(lambda: keeps(second, said(1), said(2, chat=2)) == [2])
        first.inbox.done(1)
        answered = "SELECT body IS NULL FROM updates WHERE id = 1"
        until_sync(lambda: execute(standby.url(name), answered) == [(True,)])


def keeps(replica: Replica, *updates: dict[str, Any]) -> list[int] | None:
    """Let a replica receive updates; None where it cannot yet."""
    try:
        return replica.gets(*updates)
    except InboxUnavailable:
        return None


@asynccontextmanager
async def two_bots(
    server: BotApi, database: str, tmp_path: Path, **more: Any
) -> AsyncIterator[tuple[Open, Open]]:
    """Run two bots, each with a folder and an index of its own; the first one is elected."""
    model = tiny_model()
    async with AsyncExitStack() as stack:
        running = []
        for name in ("first", "second"):
            folder = tmp_path / name
            shutil.copytree(tmp_path / "seeds", folder / "seeds")
            build_index(folder / "seeds", folder / "index", model)
            calibration = calibration_file(folder, 0.95)
            worker = QuestionWorker(Searcher.open(folder / "index", model, calibration))
            stack.callback(worker.close)
            bot_id = server.token.partition(":")[0]
            member = stack.enter_context(Membership(database, bot_id, look_s=0.05, grace_s=0.1))
            updater = IndexUpdater(folder / "seeds", folder / "index", model, worker)
            bot = open_bot(
                *(server, worker, folder),
                health=False,
                index_updater=updater,
                membership=member,
                database_url=database,
                seeds_dir=folder / "seeds",
                index_dir=folder / "index",
                **more,
            )
            bot.start()
            stack.push_async_callback(bot.stop)
            await bot.ready()
            running.append(bot)
        yield running[0], running[1]


async def test_limits_and_settings_of_a_person_hold_in_every_bot(
    tmp_path: Path, seeds: Path, database: str
) -> None:
    async with BotApi() as server, two_bots(server, database, tmp_path, rate_limit=2) as bots:
        alice, group = server.person(language="en"), server.group()
        server.world.webhook.url = bots[0].hook
        alice.says(RISE)
        assert RISE_ANSWER in (await alice.hears()).text
        server.world.webhook.url = bots[1].hook
        alice.says(f"/ask {RISE}", chat=group)
        assert RISE_ANSWER in (await group.hears()).text
        alice.says("/language")
        await pressed(alice, "Українська", await alice.hears())
        alice.says(f"/ask {RISE}", chat=group)
        uk = texts_for("uk")
        waits = {uk.count("slow_down", seconds) for seconds in range(40, 61)}
        assert (await group.hears()).text in waits


async def test_what_one_bot_has_answered_another_one_edits_and_goes_on_with(
    tmp_path: Path, seeds: Path, database: str, database_url: str
) -> None:
    async with BotApi() as server, two_bots(server, database, tmp_path) as (first, second):
        alice = server.person(language="en")
        server.world.webhook.url = first.hook
        asked = alice.says("Who is right?")
        answer = await alice.hears()
        server.world.webhook.url = second.hook
        alice.edits(asked, RISE)
        assert RISE_ANSWER in (await alice.sees_edit(answer)).text
        await first.stop()
        alice.edits(asked, "How long do I bake the bread?")
        edited = await server.wait_until(
            lambda: now if "forty" in (now := alice.sees(answer)).text else None
        )
        assert edited.message_id == answer.message_id
        alice.says("And why?")
        together = "How long do I bake the bread · And why?"
        assert together in (await alice.hears()).text
        assert len(said_by_bot(server, alice)) == 2
        execute(database_url, "DROP TABLE updates")
        assert await second.post({"update_id": 1}) == 503  # so Telegram brings it again


async def test_a_document_reaches_the_folder_of_the_elected_bot(
    tmp_path: Path, seeds: Path, database: str
) -> None:
    admins = frozenset({ADMIN})
    async with (
        BotApi() as server,
        two_bots(server, database, tmp_path, admin_ids=admins) as (_, second),
    ):
        admin = server.person("Admin", id=ADMIN)
        server.world.webhook.url = second.hook
        admin.sends_file("tea.txt", b"How to make tea\n\nPour hot water on the leaves.\n")
        status = await admin.hears()
        await server.wait_until(
            lambda: "tea" in admin.sees(status).text and admin.sees(status).edits
        )
        assert (tmp_path / "first" / "seeds" / "tea.txt").exists()
        assert not (tmp_path / "second" / "seeds" / "tea.txt").exists()


async def test_of_three_bots_one_is_killed_again_and_again(
    tmp_path: Path, database_url: str
) -> None:
    """See `tests.bot_kills`; a thousand questions were asked once by hand."""
    report = await bot_kills.run_replicas(20, tmp_path, database_url, each=1)
    assert (report.asked, report.lost, report.doubled) == (20, 0, 0)
