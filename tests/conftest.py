"""What all tests share: no network, a tiny model, a folder of articles, an index of it."""

import asyncio
import hashlib
import ipaddress
import math
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import hypothesis
import numpy as np
import pytest
from pydantic import HttpUrl, SecretStr

from bot.journal.prepare import prepare
from bot.services.question_worker import QuestionWorker
from bot.settings import Settings
from embeddings import cli
from embeddings.array_types import Floats
from embeddings.index.build import build_index
from embeddings.index.local.verify import verify
from embeddings.index.location import DatabaseUrl, Location
from embeddings.model.encoder import Encoding, Model
from embeddings.model.runtimes import find_model
from embeddings.readers.subprocess_parser import Parser, open_parser
from embeddings.search.confidence import Calibration
from embeddings.search.search import Searcher
from tests.botapi import BotApi
from tests.servers import _shared_server, database_url, postgres

if TYPE_CHECKING:
    from tests.admins import Bot, House
    from tests.botapi import Group, Person
    from tests.conversations import Serve, Talk

hypothesis.settings.register_profile(
    "tests",
    max_examples=50,
    deadline=None,  # the machine may be busy with something else
    suppress_health_check=[
        hypothesis.HealthCheck.too_slow,
        hypothesis.HealthCheck.function_scoped_fixture,
    ],
)
hypothesis.settings.load_profile("tests")

__all__ = ["_shared_server", "database_url", "postgres"]  # fixtures

ROOT = Path(__file__).parent.parent
ARTICLE = ROOT / "tests" / "data" / "latvia" / "seeds" / "latvia-drone-coalition.txt"
"""A copy: what lies in `seeds` is the owner's, and may be anything."""
PATIENCE_S = 20.0
"""How long a test waits for what must happen, on a machine under load."""


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, and fail when it does not within `PATIENCE_S`."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():
            await asyncio.sleep(0.01)


def until_sync(holds: Callable[[], bool]) -> None:
    """Do what `until` does, in a plain test."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


Run = Callable[..., tuple[int, str, str]]
"""Runs a command: exit status, stdout, stderr."""


def run_python(
    code: str,
    *arguments: object,
    warnings: str = "default",
    cwd: Path = ROOT,
    without: Collection[str] = (),
    **environment: str,
) -> "subprocess.CompletedProcess[str]":
    """Run code in another process, with this environment `without` some names and with others."""
    kept = {name: value for name, value in os.environ.items() if name not in without}
    return subprocess.run(
        [sys.executable, "-W", warnings, "-c", code, *map(str, arguments)],
        cwd=cwd,
        env=kept | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class TinyEncoder:
    """A deterministic encoder: words are hashed into a few dimensions.

    Texts that share words are near each other, which is all that most tests need.
    """

    runtime = "tiny"
    dimension = 256
    max_tokens = 256

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [-(-sum(len(word) for word in text.split()) // 4) for text in texts]

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        return [self._encoding(text) for text in texts]

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        return self.encode_questions(texts)

    def _encoding(self, text: str) -> Encoding:
        words = list(re.finditer(r"\w+", text))
        tokens = [self._vector(match[0]) for match in words] or [self._vector("")]
        spans = [match.span() for match in words] or [(0, len(text))]
        return Encoding(
            self._encode([text])[0],
            np.array(tokens, np.float32),
            np.array(spans, np.int32),
            np.array([2.0 + end - start for start, end in spans], np.float32),
        )

    def encode_sentences(self, texts: Sequence[str]) -> Floats:
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Floats:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            words = [word for word in re.findall(r"\w+", text) if len(word) > 3]
            vectors[row] = sum(map(self._vector, words), start=self._vector("") / 100)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def _vector(self, word: str) -> Floats:
        digest = hashlib.sha256(word.casefold().encode()).digest()
        vector = np.zeros(self.dimension, np.float32)
        vector[digest[0]] = 1
        return vector


def tiny_model(digest: str = "tiny:1") -> Model:
    return Model("tiny", digest, TinyEncoder)


def model_that(act: Callable[[Sequence[str]], object], digest: str = "tiny:1") -> Model:
    """Return a tiny model that does something with passages before it encodes them."""

    class ActingEncoder(TinyEncoder):
        def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
            act(texts)
            return super().encode_passages(texts)

    return Model("tiny", digest, ActingEncoder)


def _never() -> TinyEncoder:
    raise AssertionError("the model was loaded")


UNLOADED = Model("tiny", "tiny:1", _never)
"""The tiny model, where it must not be needed."""


def verify_any(location: Location) -> tuple[str, int]:
    """Check an index thoroughly; return the name of its state, and how many passages it has."""
    if isinstance(location, DatabaseUrl):
        from embeddings.index.postgres.verify import verify_database

        return verify_database(location)
    result = verify(location)
    return result.generation, result.passages


def calibration_file(folder: Path, confidence: float, model: str = "tiny:1") -> Path:
    """Write a calibration that is always this sure; from one half on it answers."""
    path = folder / f"calibration-{confidence}.json"
    calibration = Calibration(
        model,
        {},
        math.log(confidence / (1 - confidence)),
        {"same": 0.5, "cross": 0.5},
        {"data": "none"},
    )
    path.write_text(calibration.to_json(), encoding="utf-8")
    return path


@cache
def _new_journal() -> bytes:
    """A journal as its first start leaves it, made once: the migrations take long."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        file = Path(folder) / "bot.sqlite3"
        pool.submit(prepare, f"sqlite+aiosqlite:///{file}", None, 10, names=False).result()
        return file.read_bytes()


def settings_for(server: BotApi, state: Path, **more: Any) -> Settings:
    """Return the settings of a bot that talks to a test server and keeps all in one folder."""
    if not (state / "bot.sqlite3").exists():
        state.mkdir(exist_ok=True)
        (state / "bot.sqlite3").write_bytes(_new_journal())
    usual: dict[str, Any] = {
        "telegram_bot_token": SecretStr(server.token),
        "telegram_api_url": HttpUrl(server.url),
        "state_dir": state,
        "database_url": f"sqlite:///{state / 'bot.sqlite3'}",
        "rate_limit": 0,
    }
    return Settings(**usual | more)


@pytest.fixture(scope="session")
def _parser() -> Iterator[Parser]:
    with open_parser() as parser:
        yield parser


def share(parser: Parser, patch: pytest.MonkeyPatch, *kinds: str) -> None:
    """Let builds of indexes of these kinds read with one worker, which takes long to start."""
    for kind in kinds:
        name = f"embeddings.index.{kind}.build.open_parser"
        patch.setattr(name, lambda **_: nullcontext(parser))


@pytest.fixture(autouse=True)
def _one_parser(_parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    share(_parser, monkeypatch, "local")


@pytest.fixture
def _one_database_parser(_parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    share(_parser, monkeypatch, "postgres.building")


@pytest.fixture
def database(database_url: str, _one_database_parser: None) -> DatabaseUrl:
    """A fresh database for an index."""
    return DatabaseUrl(database_url)


@pytest.fixture
def tiny() -> Model:
    return tiny_model()


@pytest.fixture(scope="session")
def real_model() -> Model:
    """The default model, assembled once in the project's own cache."""
    return find_model()


def write_seeds(folder: Path) -> Path:
    folder.mkdir()
    (folder / "latvia.txt").write_bytes(ARTICLE.read_bytes())
    (folder / "bread.txt").write_text(
        "How to bake bread\n\n"
        "Mix flour, water, yeast and salt in a large bowl, and knead it well.\n\n"
        "Let the dough rise for two hours in a warm place. Bake it for forty minutes.\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return write_seeds(tmp_path / "seeds")


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory, _parser: Parser) -> Path:
    """An index of what `seeds` holds, to be copied: a build takes a hundred times as long."""
    folder = tmp_path_factory.mktemp("built")
    with pytest.MonkeyPatch.context() as patch:
        share(_parser, patch, "local")
        build_index(write_seeds(folder / "seeds"), folder / "index", tiny_model())
    return folder / "index"


@pytest.fixture
def index(tmp_path: Path, seeds: Path, _built: Path) -> Path:
    """An index of `seeds`, built with the tiny model."""
    return shutil.copytree(_built, tmp_path / "index")


@pytest.fixture
def cli_run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process with the tiny model."""
    names = "SEEDS_DIR INDEX_URL INDEX_DIR EMBEDDING_MODEL LOG_LEVEL CALIBRATION RERANKER_MODEL"
    for name in names.split():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(cli.common, "model", tiny_model)

    def call(*arguments: object) -> tuple[int, str, str]:
        status = cli.run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


def is_one_line(err: str) -> bool:
    return len(err.strip().splitlines()) == 1 and "Traceback" not in err


def printed(result: tuple[int, str, str]) -> str:
    """Check that a command did its work without a warning; return what it printed."""
    assert (result[0], result[2]) == (0, ""), result
    return result[1]


def refused(result: tuple[int, str, str], status: int = 1) -> str:
    """Check that a command printed nothing but one line of error; return that line."""
    assert (result[0], result[1], is_one_line(result[2])) == (status, "", True), result
    return result[2]


@pytest.fixture(params=[0.95])
def question_worker(
    request: pytest.FixtureRequest, index: Path, tiny: Model, tmp_path: Path
) -> Iterator[QuestionWorker]:
    """Answers from `index`, and is always as sure as the parameter says."""
    question_worker = QuestionWorker(
        Searcher.open(index, tiny, calibration_file(tmp_path, request.param))
    )
    yield question_worker
    question_worker.close()


@pytest.fixture
async def bot_api() -> AsyncIterator[BotApi]:
    """A server that stands in for Telegram; no bot talks to it yet."""
    async with BotApi() as server:
        yield server


@pytest.fixture
def serve(bot_api: BotApi, question_worker: QuestionWorker, tmp_path: Path) -> "Serve":
    """Runs a bot that answers with `question_worker`; each time it keeps what it has stored."""
    from tests.conversations import serving

    return lambda **settings: serving(bot_api, question_worker, tmp_path, **settings)


@pytest.fixture
async def talk(serve: "Serve") -> AsyncIterator["Talk"]:
    """A running bot, and the server it talks to."""
    async with serve() as talk:
        yield talk


@pytest.fixture
def server(talk: "Talk") -> BotApi:
    """A server that a running bot talks to."""
    return talk.server


@pytest.fixture
def alice(server: BotApi) -> "Person":
    """Somebody who speaks English, and can talk to a running bot."""
    return server.person()


@pytest.fixture
def group(server: BotApi) -> "Group":
    """A group with a running bot in it."""
    return server.group()


@pytest.fixture
def house(tmp_path: Path, seeds: Path, index: Path) -> "House":
    """The folders of a bot with an admin."""
    from tests.admins import House

    return House(seeds, index, tmp_path / "state")


@pytest.fixture
async def bot(bot_api: BotApi, house: "House") -> AsyncIterator["Bot"]:
    """A running bot with an admin."""
    from tests.admins import bot_with_admin

    async with bot_with_admin(bot_api, house) as bot:
        yield bot


@pytest.fixture(autouse=True, scope="session")
def _certificates_read_once() -> Iterator[None]:
    """Each client of HTTP would read all certificates anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Any:
    """Let sockets reach this machine only; a hub must not even be looked up."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    connect, lookup = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _must_be_here(address[0])
        connect(self, address)

    def guarded_lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        _must_be_here(host)
        return lookup(host, *args, **kwargs)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket, "getaddrinfo", guarded_lookup)
    yield
    patch.undo()


def _must_be_here(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        here = ipaddress.ip_address(name).is_loopback
    except ValueError:
        here = False
    if not here:
        raise RuntimeError(f"a test tried to reach {name}")
