"""Bots that are killed or stopped while they answer: how many answers are lost, or come twice.

    python -m tests.bot_kills polling|webhook kill|stop|faults|kill+faults|stop+faults ROUNDS
    python -m tests.bot_kills replicas QUESTIONS

Each round starts a bot as a process, asks it questions, and ends it at a random moment. The last
bot is left alone until it has answered what the others left. With `faults` one bot is asked, by
more people, while Telegram fails in all ways that it knows; with both, Telegram fails and the bots
are ended. With `replicas` three bots share a webhook and a PostgreSQL server; again and again one
of them is killed and another one started.
"""

import asyncio
import itertools
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
from aiohttp import web

from bot.app import Session
from bot.replicas.membership import Membership
from bot.services.question_worker import QuestionWorker
from bot.texts import texts_for
from embeddings import Searcher, build_index
from tests.botapi import BotApi, Message, Person
from tests.conftest import ROOT, calibration_file, settings_for, tiny_model
from tests.conversations import RISE, RISE_ANSWER, idle_updater, said_by_bot
from tests.listeners import HEADER, SECRET
from tests.servers import free_port, new_server

PEOPLE, QUESTIONS = 10, 4
REPLICAS = 3
CROWD = 50
_SILENCE_S = 120.0
"""When nobody has heard anything for so long, what is unanswered is lost; a pause before an answer
is sent again is a minute at most."""
_WAVE_S = 1.0
"""Between the rounds with faults."""
_NOTED_S = 0.5
"""How long after its delivery an answer may not be noted yet; on a busy machine ten wait for it."""
BREAD = "How to bake bread\n\nLet the dough rise for two hours in a warm place.\n"


Question = tuple[int, int]
"""The ids of a person and of their message."""


@dataclass(frozen=True)
class Report:
    """Questions that were asked, that got nothing, and that got more than one answer.

    Attributes:
        offered: questions that got no answer, but the line that it may not have arrived.
        refused: questions that got another line, such as "busy", and nothing else.
        doubled: of those none of whose answers was on its way when a bot was ended.
        on_its_way: of the others: the file cannot know yet that such an answer was sent.
    """

    asked: int
    offered: int
    refused: int
    lost: int
    doubled: int
    on_its_way: int

    @property
    def is_good(self) -> bool:
        """Whether no more went wrong than is allowed."""
        return self.lost == 0 and self.doubled == 0


async def run(intake: str, how: str, rounds: int, folder: Path, seed: int = 0) -> Report:
    """Ask, end the bot, and start it again; then count."""
    chance = random.Random(seed)
    _make_index(folder)
    async with BotApi() as server:
        people = [server.person() for _ in range(CROWD if how == "faults" else PEOPLE)]
        signal_number = signal.SIGKILL if how.startswith("kill") else signal.SIGTERM
        given: dict[str, Any] = {"url": server.url, "token": server.token, "folder": str(folder)}
        if intake == "webhook":
            port = free_port()
            given |= _webhook(port, f"http://127.0.0.1:{port}/")
        asked: list[Question] = []
        ended: list[float] = []
        process = await _start(given, server)
        if how.endswith("faults"):
            _add_faults(server, chance)
        for _ in range(rounds):
            for _ in range(1 if how == "faults" else QUESTIONS):
                asked += [(person.id, person.says(RISE).message_id) for person in people]
            if how == "faults":
                await asyncio.sleep(_WAVE_S)
                continue
            await asyncio.sleep(chance.random() * 0.4)
            ended.append(time.monotonic())
            process.send_signal(signal_number)
            await process.wait()
            process = await _start(given, server)
        await _until_quiet(server, people, asked)
        process.terminate()
        await process.wait()
        return _count(server, people, asked, ended)


def _make_index(folder: Path) -> None:
    (folder / "seeds").mkdir()
    (folder / "seeds" / "bread.txt").write_text(BREAD, encoding="utf-8")
    build_index(folder / "seeds", folder / "index", tiny_model())
    calibration_file(folder, 0.95)


async def run_replicas(
    questions: int, folder: Path, database: str, each: int = QUESTIONS, seed: int = 0
) -> Report:
    """Ask replicas, each person so many questions, kill one of them, and so on; then count."""
    chance = random.Random(seed)
    _make_index(folder)
    ports = [free_port() for _ in range(REPLICAS)]
    async with BotApi() as server, _balanced(ports) as hook:
        people = [server.person() for _ in range(PEOPLE)]
        given = {"url": server.url, "token": server.token, "folder": str(folder)}
        given["database_url"] = database
        bots = [given | _webhook(port, hook) for port in ports]
        processes = await asyncio.gather(*(_start(bot, server, REPLICAS) for bot in bots))
        asked: list[Question] = []
        ended: list[float] = []
        while len(asked) < questions:
            for _ in range(each):
                asked += [(person.id, person.says(RISE).message_id) for person in people]
            await asyncio.sleep(chance.random() * 0.4)
            if len(asked) >= questions:
                break
            killed = chance.randrange(REPLICAS)
            ended.append(time.monotonic())
            processes[killed].kill()
            await processes[killed].wait()
            processes[killed] = await _start(bots[killed], server)
        await _until_quiet(server, people, asked)
        for process in processes:
            process.terminate()
            await process.wait()
        return _count(server, people, asked, ended)


@asynccontextmanager
async def _balanced(ports: Sequence[int]) -> AsyncIterator[str]:
    """Hand each request on to the next of several ports; yield the address to send them to."""
    turns = itertools.cycle(ports)

    async def hand_on(request: web.Request) -> web.Response:
        address = f"http://127.0.0.1:{next(turns)}/"
        try:
            async with client.post(
                address, data=await request.read(), headers={HEADER: request.headers[HEADER]}
            ) as response:
                return web.Response(status=response.status)
        except aiohttp.ClientError:
            return web.Response(status=502)

    site = web.Application()
    site.router.add_post("/", hand_on)
    runner, port = web.AppRunner(site), free_port()
    async with aiohttp.ClientSession() as client:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{port}/"
        await runner.cleanup()


async def _until_quiet(server: BotApi, people: Sequence[Person], asked: Sequence[Question]) -> None:
    """Wait until every question has got something, or for a while none has."""

    def reached(more_than: int) -> int | None:
        count = sum(map(bool, _heard(server, people, asked)))
        return count if count > more_than else None

    count = reached(-1) or 0
    while count < len(asked):
        try:
            count = await server.wait_until(partial(reached, count), _SILENCE_S)
        except TimeoutError:
            return


def _add_faults(server: BotApi, chance: random.Random) -> None:
    """Let a third of the answers fail, each in one of the ways in which a call can."""

    def once_in(number: int) -> Callable[[object], bool]:
        return lambda _: chance.random() < 1 / number

    method = "sendMessage"
    server.fail(method, retry_after=1, times=None, when=once_in(12))
    server.fail(method, status=502, times=None, when=once_in(16))
    server.fail(method, status=500, times=None, when=once_in(16))
    server.drop(method, delivered=True, times=None, when=once_in(24))
    server.drop(method, delivered=False, times=None, when=once_in(24))
    server.slow(method, 8, times=None, when=once_in(40))


def _heard(
    server: BotApi, people: Sequence[Person], asked: Sequence[Question]
) -> list[list[Message]]:
    """Return what the bot has said to each question, in the order in which it was said."""
    heard: dict[Question, list[Message]] = {question: [] for question in asked}
    for person in people:
        for said in said_by_bot(server, person):
            heard.get((person.id, said.reply_to or 0), []).append(said)
    return list(heard.values())


def _count(
    server: BotApi, people: Sequence[Person], asked: Sequence[Question], ended: Sequence[float]
) -> Report:
    heard = _heard(server, people, asked)
    rest = [said for said in heard if not any(RISE_ANSWER in one.text for one in said)]
    offer = texts_for("en")("maybe_lost")
    offered = sum(any(one.text == offer for one in said) for said in rest)
    lost = rest.count([])
    answers = [[one for one in said if RISE_ANSWER in one.text] for said in heard]
    twice = [question for question, said in zip(asked, answers, strict=True) if len(said) > 1]
    late = {
        (call.parameters["chat_id"], call.parameters["reply_parameters"]["message_id"])
        for call in server.calls("sendMessage")
        if any(call.at <= end < call.until + _NOTED_S for end in ended)
        and "reply_parameters" in call.parameters
    }
    on_its_way = sum((str(person), message) in late for person, message in twice)
    refused = len(rest) - offered - lost
    return Report(len(asked), offered, refused, lost, len(twice) - on_its_way, on_its_way)


async def _start(
    given: dict[str, Any], server: BotApi, together: int = 1
) -> asyncio.subprocess.Process:
    """Start a bot, or one of several that start together, and wait until it takes updates."""
    method = "setWebhook" if "webhook_url" in given else "getUpdates"
    before = len(server.calls(method))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __spec__.name, json.dumps(given), cwd=ROOT
    )
    await server.called(method, before + together, timeout=60)
    return process


def _webhook(port: int, url: str) -> dict[str, Any]:
    """Return the settings of a bot that listens at a port."""
    return {"webhook_port": port, "webhook_url": url, "webhook_secret": SECRET}


def _serve(url: str, token: str, folder: str, **more: Any) -> None:
    """Be the bot, with more settings."""
    server: Any = SimpleNamespace(url=url, token=token)
    state = Path(folder)
    searcher = Searcher.open(state / "index", tiny_model(), state / "calibration-0.95.json")
    settings = settings_for(server, state, **more)
    with closing(QuestionWorker(searcher)) as worker, ExitStack() as stack:
        membership = None
        if "database_url" in more:
            member = Membership(settings.database_url, settings.bot_id)
            membership = stack.enter_context(member)
        asyncio.run(Session(settings, idle_updater(worker, state), membership).serve())


if __name__ == "__main__":
    if sys.argv[1:] in ([], ["--help"]):
        print(__doc__)
    elif len(sys.argv) == 2:
        _serve(**json.loads(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            if sys.argv[1] == "replicas":
                with new_server() as postgres:
                    database = postgres.create_database()
                    report = asyncio.run(run_replicas(int(sys.argv[2]), Path(folder), database))
            else:
                intake, how, rounds = sys.argv[1:]
                report = asyncio.run(run(intake, how, int(rounds), Path(folder)))
        print(json.dumps(asdict(report)))
        sys.exit(not report.is_good)
