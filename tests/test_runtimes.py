"""Both runtimes give the same vectors; what cannot be converted or read falls back to torch."""

import json
import logging
import random
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from itertools import cycle
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from embeddings.array_types import Floats
from embeddings.errors import ModelError, RuntimeUnavailable, UsageError
from embeddings.model import runtimes
from embeddings.model.encoder import Encoder, Encoding, Model
from embeddings.model.openvino import conversion
from embeddings.model.openvino import encoder as openvino_encoder
from embeddings.model.openvino.conversion import convert, converted, difference, directory_of
from embeddings.model.openvino.encoder import OpenVinoEncoder
from embeddings.model.openvino.word_vectors import WordVectors
from embeddings.model.runtimes import find_model
from embeddings.model.sentence_transformer import SentenceTransformerEncoder
from embeddings.model.source import DEFAULT_MODEL, ModelSource, find
from embeddings.storage.cache import default_cache
from tests.conftest import run_python
from tests.test_model import TEXTS

ODD = [
    "",
    " ",
    "\u200b",
    "e\u0301 и\u0306 \u0301",
    "a\x00b \uffff \U0010fffe",
    "</s> <mask>x a<s>b ＜s＞c <unk>",
    "cấp ấ",
    "👩‍👩‍👧‍👦🇺🇦",
    "слово" * 700,
    "м'ята м’ята мʼята",
    "东风" * 40,
]


WITH_A_HASH_OF_A_PIECE = ["唝唘咃和咉哢喒唑", "唠哓啬唻咣唨唘啕", "咄喞唟唌喟唖唭唉"]
"""Made to have the 64-bit hashes of "▁government", "▁the" and "▁Ukraine"."""


@pytest.fixture(scope="module")
def both(real_model: Model) -> tuple[Encoder, Encoder]:
    return find_model(runtime="torch").load(), find_model(runtime="openvino").load()


# The default model


def test_the_fastest_runtime_is_taken(real_model: Model) -> None:
    assert real_model.load().runtime == "openvino"


@pytest.mark.parametrize("texts", [TEXTS[:30:2], ODD], ids=["usual", "odd"])
def test_vectors_and_tokens_are_those_of_torch(
    both: tuple[Encoder, Encoder], texts: list[str]
) -> None:
    torch, fast = both
    assert (torch.runtime, fast.runtime) == ("torch", "openvino")
    assert torch.dimension == fast.dimension
    assert torch.max_tokens == fast.max_tokens
    assert torch.count_tokens(texts) == fast.count_tokens(texts)
    for one, other in zip(torch.encode_passages(texts), fast.encode_passages(texts), strict=True):
        assert_same(one, other)
    for text in texts[:6]:
        assert_same(torch.encode_questions([text])[0], fast.encode_questions([text])[0])
    cosines = np.sum(torch.encode_sentences(texts[:6]) * fast.encode_sentences(texts[:6]), axis=1)
    assert cosines.min() > 0.9995


def assert_same(one: Encoding, other: Encoding) -> None:
    np.testing.assert_array_equal(one.spans, other.spans)
    np.testing.assert_array_equal(one.information, other.information)
    assert one.tokens.shape == other.tokens.shape
    assert one.tokens.dtype == other.tokens.dtype == other.vector.dtype == np.float32
    assert float(one.vector @ other.vector) > 0.9995
    if len(one.tokens):
        assert cosines_of(one.tokens, other.tokens).min() > 0.999


@pytest.mark.parametrize("text", [*TEXTS[:3], ""])
def test_the_lower_half_of_the_layers_is_that_of_torch(
    both: tuple[Encoder, Encoder], text: str
) -> None:
    torch, fast = both
    assert isinstance(torch, SentenceTransformerEncoder)
    assert isinstance(fast, OpenVinoEncoder)
    for prompt, encode, encode_halfway in (
        (torch.question_prompt, fast.encode_questions, fast.encode_question_halfway),
        (torch.passage_prompt, fast.encode_passages, fast.encode_passage_halfway),
    ):
        (whole,), lower = encode([text]), encode_halfway(text)
        np.testing.assert_array_equal(whole.spans, lower.spans)
        np.testing.assert_array_equal(whole.information, lower.information)
        read = torch.model.tokenizer(prompt + text, return_tensors="pt", truncation=True)
        states = torch.model[0].auto_model(**read, output_hidden_states=True).hidden_states
        middle = states[(len(states) - 1) // 2][0].detach().numpy()
        first = len(middle) - 1 - len(lower.tokens)  # the last token is a special one
        assert lower.tokens.shape == whole.tokens.shape
        if text:
            assert cosines_of(middle[first:-1], lower.tokens).min() > 0.999


def cosines_of(one: Floats, other: Floats) -> Floats:
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    cosines: Floats = np.sum(one * other, axis=1) / lengths
    return cosines


def test_any_text_gets_the_tokens_it_gets_from_the_whole_vocabulary(
    both: tuple[Encoder, Encoder],
) -> None:
    """Pieces of many languages, cut and joined at random; most are then spelt in other pieces."""
    torch, fast = both
    vocabulary = list(torch.model.tokenizer.get_vocab())  # type: ignore[attr-defined]
    chance = random.Random(7)
    texts = [
        "".join(chance.choices(vocabulary, k=chance.randrange(1, 40))).replace("▁", " ")
        for _ in range(300)
    ]
    texts += ["".join(map(chr, chance.choices(range(1, 0xD800), k=30))) for _ in range(100)]
    texts += [*WITH_A_HASH_OF_A_PIECE, "the government said"]
    assert fast.count_tokens(texts) == torch.count_tokens(texts)
    tokenizer = torch.model.tokenizer  # type: ignore[attr-defined]
    prompted = [f"query: {text}" for text in texts]
    read = fast._reader.read(texts, "query: ")  # type: ignore[attr-defined]
    expected = tokenizer(prompted, truncation=True, max_length=512)["input_ids"]
    assert [tokens.ids.tolist() for tokens in read] == expected


def test_a_question_needs_neither_torch_nor_transformers_nor_a_network(both: object) -> None:
    code = """
import socket, sys
def refuse(*arguments, **_):
    print("network:", arguments, flush=True)
    raise OSError("no network here")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refuse
from embeddings import find_model
encoder = find_model().load()
encoder.encode_questions(["How many countries joined?"])[0]
encoder.encode_passages(["Nearly twenty countries."])
heavy = {"torch", "transformers", "sentence_transformers", "openvino_telemetry.main"}
print(encoder.runtime, sorted(heavy & set(sys.modules)))
"""
    offline = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE")
    ended = run_python(code, warnings="error", without=offline, ENCODER_RUNTIME="auto")
    assert ended.stdout.strip() == "openvino []", ended.stderr
    assert ended.stderr == ""


def test_without_torch_it_is_said_what_a_model_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelError, match="needs the package sentence_transformers"):
        find_model(runtime="torch").load()


# A small model of one's own, with another tokenizer, another pooling and no prompts


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> ModelSource:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.normalizers import Lowercase
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("small")
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{letter}" for letter in letters)]
    numbers = {word: number for number, word in enumerate(words)}
    wordpiece = Tokenizer(WordPiece(numbers, unk_token="[UNK]"))
    wordpiece.normalizer = Lowercase()
    wordpiece.pre_tokenizer = BertPreTokenizer()
    wordpiece.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=wordpiece, pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]"
    )
    bert = folder / "bert"
    BertModel(
        BertConfig(
            vocab_size=len(words),
            hidden_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=64,
        )
    ).save_pretrained(bert)
    tokenizer.save_pretrained(bert)
    transformer = Transformer(str(bert), max_seq_length=48)
    pooling = Pooling(32, pooling_mode="cls")
    SentenceTransformer(modules=[transformer, pooling], device="cpu").save(str(folder / "model"))
    return find(str(folder / "model"), folder)


def small_encoder(small: ModelSource, runtime: str) -> Encoder:
    return runtimes.load(small, Path(small.location).parent, runtime)


@pytest.fixture(scope="module")
def traced(small: ModelSource) -> tuple[Encoder, Any]:
    """The small model and its graph, which takes seconds to trace; each test gets a copy."""
    encoder = small_encoder(small, "torch")
    return encoder, conversion._graph(encoder.model)  # type: ignore[attr-defined]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, traced: tuple[Encoder, Any]) -> list[str]:
    """Convert in this process, which has imported torch already; say what was converted."""
    done: list[str] = []
    monkeypatch.setattr(conversion, "_graph", lambda _model: traced[1].clone())

    def convert_here(source: ModelSource, cache: Path) -> None:
        done.append(source.name)
        convert(source, cache)

    monkeypatch.setattr(conversion, "_convert_in_subprocess", convert_here)
    return done


def test_another_model_is_converted_once(small: ModelSource, here: list[str]) -> None:
    torch = small_encoder(small, "torch")
    fast = small_encoder(small, "auto")
    again = small_encoder(small, "auto")
    assert fast.runtime == again.runtime == "openvino"
    assert len(here) == 1
    texts = ["some words", "", "word " * 90, "УКР 🎉", *"abcdefgh"]
    assert torch.count_tokens(texts) == fast.count_tokens(texts)
    for one, other in zip(torch.encode_passages(texts), fast.encode_passages(texts), strict=True):
        assert_same(one, other)
    assert difference(torch, torch) is None
    directory = directory_of(small, Path(small.location).parent)
    written = json.loads((directory / "encoder.json").read_text(encoding="utf-8"))
    assert (written["dimension"], written["limit"]) == (32, 48)


def test_the_lower_half_is_converted_for_the_default_model_only(
    small: ModelSource, here: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    convert(small, tmp_path / "other")
    assert not (directory_of(small, tmp_path / "other") / "lower.xml").exists()
    monkeypatch.setattr(conversion, "DEFAULT_MODEL", small.name)
    convert(small, tmp_path / "default")
    encoder = OpenVinoEncoder(directory_of(small, tmp_path / "default"))
    assert encoder.encode_passage_halfway("some words").tokens.shape == (9, 32)


def test_encoders_that_are_let_go_of_take_nothing_with_them(
    small: ModelSource, here: list[str]
) -> None:
    """OpenVINO's own queue ended the process when it was dropped right after its work."""
    small_encoder(small, "openvino")
    code = f"""
from pathlib import Path
from embeddings.model.openvino.encoder import OpenVinoEncoder
for _ in range(12):
    encoder = OpenVinoEncoder(Path({str(directory_of(small, Path(small.location).parent))!r}))
    encoder.encode_passages(["some words " * n for n in range(90)])
    del encoder
print("ended")
"""
    ended = run_python(code, warnings="error")
    assert ended.stdout == "ended\n", ended.stderr


def test_word_vectors_are_those_in_the_file_and_never_made_up(tmp_path: Path) -> None:
    path, words = tmp_path / "words.npy", np.arange(40, dtype=np.float16).reshape(10, 4)
    np.save(path, words)
    there = WordVectors(path)
    ids = np.array([7, 0, 7, 9], np.int32)
    np.testing.assert_array_equal(there.of(ids), words[ids])
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 1)
    np.testing.assert_array_equal(there.of(ids[:3]), words[ids[:3]])
    with pytest.raises(OSError, match="shorter"):
        there.of(ids)


def test_few_texts_are_shared_out_where_batches_run_side_by_side() -> None:
    lengths = [30, 20, 40, 35, 25, 30, 40, 50]
    assert [len(rows) for rows in openvino_encoder._batches(lengths, 16, 1)] == [8]
    assert [len(rows) for rows in openvino_encoder._batches(lengths, 16, 4)] == [2, 2, 4]
    assert [len(rows) for rows in openvino_encoder._batches([30] * 15, 16, 4)] == [4, 4, 4, 3]
    many = [30] * 200
    assert [len(rows) for rows in openvino_encoder._batches(many, 16, 4)] == [16] * 12 + [8]
    assert [len(rows) for rows in openvino_encoder._batches([9] * 9, 16, 8)] == [2, 2, 2, 2, 1]
    assert not list(openvino_encoder._batches([], 16, 4))


def test_an_error_between_batches_loses_no_later_text(
    small: ModelSource, here: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = small_encoder(small, "openvino")
    assert isinstance(fast, OpenVinoEncoder)
    texts = ["some words " * n for n in range(90)]
    expected = fast.encode_sentences(texts)
    inputs, calls = OpenVinoEncoder._inputs, iter(range(100))

    def fail_later(encoder: OpenVinoEncoder, read: Any, step: int) -> Any:
        if next(calls) == 2:
            raise OSError("the disk is gone")
        return inputs(encoder, read, step)

    with monkeypatch.context() as patched:
        patched.setattr(OpenVinoEncoder, "_inputs", fail_later)
        with pytest.raises(OSError, match="gone"):
            fast.encode_sentences(texts)
    assert next(calls) > 2
    np.testing.assert_array_equal(fast.encode_sentences(texts), expected)


def test_a_damaged_conversion_is_made_anew(small: ModelSource, here: list[str]) -> None:
    cache = Path(small.location).parent
    fast = small_encoder(small, "openvino")
    before = len(here)
    weights = directory_of(small, cache) / "words.npy"
    content = weights.read_bytes()
    weights.unlink()
    weights.write_bytes(bytes(len(content)))
    anew = small_encoder(small, "openvino")
    assert len(here) == before + 1
    assert weights.read_bytes() == content
    text = "the same vector"
    (one,), (other,) = (encoder.encode_questions([text]) for encoder in (fast, anew))
    assert float(one.vector @ other.vector) > 0.9999  # the faster graph may be another one now


@pytest.mark.parametrize("why", ["differs", "raises"])
def test_a_conversion_that_is_not_the_same_model_is_refused_for_good(
    small: ModelSource,
    here: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    why: str,
) -> None:
    def with_graph(encoder: Any, graph: Any, name: str, work: Path) -> OpenVinoEncoder:
        if why == "raises":
            raise NotImplementedError("an unknown layer")
        words = np.load(work / "words.npy")
        np.save(work / "words.npy", words[::-1])
        return written(encoder, graph, name, work)

    written = conversion._with_graph
    monkeypatch.setattr(conversion, "_with_graph", with_graph)
    with caplog.at_level(logging.INFO):
        assert runtimes.load(small, tmp_path).runtime == "torch"
        assert runtimes.load(small, tmp_path).runtime == "torch"
    assert len(here) == 1
    assert "OpenVINO is not used: " in caplog.text
    with pytest.raises(RuntimeUnavailable, match="cosine" if why == "differs" else "unknown layer"):
        runtimes.load(small, tmp_path, "openvino")


def kept_graph(small: ModelSource, folder: Path) -> str:
    """Convert the small model into a folder, and return the name of the graph that is kept."""
    fast = runtimes.load(small, folder)
    assert fast.runtime == "openvino"
    assert conversion.difference(small_encoder(small, "torch"), fast) is None
    (graph,) = directory_of(small, folder).glob("model*.xml")
    return graph.name


@pytest.mark.parametrize("faster", ["model-int8.xml", "model.xml"])
def test_the_faster_graph_is_kept_however_busy_the_machine_was(
    small: ModelSource,
    here: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    faster: str,
) -> None:
    """Each sample has one quiet moment; a sum, a mean or a worst time would tell the opposite."""
    busy = cycle([[1.0, 50.0], [50.0, 1.0], [50.0, 50.0]])

    def seconds(encoder: Any) -> list[float]:
        return next(busy) if encoder._graph.name == faster else [2.0, 2.0]

    monkeypatch.setattr(conversion, "_seconds", seconds)
    assert kept_graph(small, tmp_path) == faster


def test_eight_bits_that_lose_too_much_are_not_kept(
    small: ModelSource, here: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = iter([None, "its vectors differ", None])  # the whole graph, 8 bits, what is kept
    monkeypatch.setattr(conversion, "difference", lambda _torch, _other: next(found))
    assert kept_graph(small, tmp_path) == "model.xml"


def gives_nothing(
    monkeypatch: pytest.MonkeyPatch, where: Callable[[OpenVinoEncoder], bool]
) -> None:
    """Let some encoders give outputs without a row, and no error."""
    run = OpenVinoEncoder._run

    def run_here(encoder: OpenVinoEncoder, read: Any, step: int, keep: Any) -> None:
        def few(rows: list[int], last: Floats, pooled: Floats) -> None:
            keep(rows, last[:0], pooled[:0])

        run(encoder, read, step, few if where(encoder) else keep)

    monkeypatch.setattr(OpenVinoEncoder, "_run", run_here)


def test_where_eight_bits_give_nothing_the_whole_graph_is_kept(
    small: ModelSource, here: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a processor without AVX-512: outputs without a row, and no error."""
    gives_nothing(monkeypatch, lambda encoder: "int8" in encoder._graph.name)
    assert kept_graph(small, tmp_path) == "model.xml"


def test_values_stay_whole_where_groups_of_them_give_nothing(
    small: ModelSource, here: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gives_nothing(monkeypatch, lambda encoder: encoder._group > 0)
    assert kept_graph(small, tmp_path)


def test_no_file_is_removed_that_an_encoder_has_open(
    small: ModelSource, here: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses it, and every start would convert the model in vain."""
    opened: list[weakref.ref[OpenVinoEncoder]] = []
    removed: list[str] = []

    def with_graph(*arguments: Any) -> OpenVinoEncoder:
        made = written(*arguments)
        opened.append(weakref.ref(made))
        return made

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.name.startswith("model"):
            removed.append(path.name)
            assert not [encoder for encoder in opened if encoder()]
        deleted(path, missing_ok)

    written, deleted = conversion._with_graph, Path.unlink
    monkeypatch.setattr(conversion, "_with_graph", with_graph)
    monkeypatch.setattr(Path, "unlink", unlink)
    assert runtimes.load(small, tmp_path).runtime == "openvino"
    assert len(opened) == 2
    assert len(removed) == 2
    outputs = openvino_encoder._outputs
    monkeypatch.setattr(
        openvino_encoder, "_outputs", lambda request: (values[:0] for values in outputs(request))
    )
    assert runtimes.load(small, tmp_path).runtime == "torch"  # it gives nothing here


@pytest.mark.parametrize("damage", ["none", "the last byte", "a file in its place"])
def test_the_compiled_model_is_kept_and_made_anew(
    small: ModelSource, here: list[str], damage: str
) -> None:
    text = "the same vector"
    (before,) = small_encoder(small, "openvino").encode_questions([text])
    compiled = directory_of(small, Path(small.location).parent) / "compiled"
    (blob,) = compiled.glob("*.blob")
    damaged = blob.read_bytes()
    if damage == "the last byte":
        damaged = damaged[:-1]  # OpenVINO does not look at it
        blob.write_bytes(damaged)
    elif damage == "a file in its place":
        shutil.rmtree(compiled)
        compiled.write_text("nothing")
    (after,) = small_encoder(small, "openvino").encode_questions([text])
    np.testing.assert_allclose(before.vector, after.vector, atol=1e-5)
    if compiled.is_file():
        compiled.unlink()
    else:
        assert (blob.read_bytes() == damaged) is (damage == "none")


# Without OpenVINO


def test_without_openvino_torch_is_used_and_one_line_says_why(
    small: ModelSource, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(conversion, "version", missing)
    with caplog.at_level(logging.INFO):
        assert small_encoder(small, "auto").runtime == "torch"
    said = [record.getMessage() for record in caplog.records]
    assert "OpenVINO is not used: it is not installed" in said
    with pytest.raises(ModelError, match="not installed"):
        small_encoder(small, "openvino")


@pytest.mark.parametrize("fault", ["cannot be imported", "does not run on this machine"])
def test_an_openvino_that_fails_is_not_used(
    both: object, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    import openvino

    refuse = Mock(side_effect=RuntimeError("no such device\nin many lines"))
    directory = converted(find(DEFAULT_MODEL, default_cache()), default_cache())
    if fault == "cannot be imported":
        monkeypatch.setitem(sys.modules, "openvino", None)
    else:
        monkeypatch.setattr(openvino.Core, "compile_model", refuse)
    with pytest.raises(RuntimeUnavailable, match=fault):
        OpenVinoEncoder(directory)


def test_a_conversion_that_dies_leaves_torch(
    small: ModelSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "false")
    with pytest.raises(RuntimeUnavailable, match="could not be converted"):
        converted(small, tmp_path)


def test_a_conversion_that_takes_too_long_is_killed_with_all_it_started(
    small: ModelSource,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The stand-in for the interpreter starts a process that holds a file open, and waits."""
    program, alive = tmp_path / "python", tmp_path / "alive"
    program.write_text(f"#!/bin/sh\nflock {alive} sleep 300 &\nwait\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(conversion, "CONVERSION_LIMIT_S", 2.0)
    with caplog.at_level(logging.INFO):
        assert runtimes.load(small, tmp_path / "cache").runtime == "torch"
    assert "the model was not converted within 2 seconds" in caplog.text
    with alive.open() as file:  # the lock is free again once its holder is dead
        ended = subprocess.run(
            ["flock", "--timeout", "20", str(file.fileno())], pass_fds=[file.fileno()], check=False
        )
    assert ended.returncode == 0


def test_loading_and_encoding_leave_the_process_as_it_was(small: ModelSource) -> None:
    code = f"""
import logging, os, sys, warnings
import torch
from pathlib import Path
from sentence_transformers import SentenceTransformer  # what it changes itself is not meant here
from transformers.utils import logging as transformers_logging
from embeddings.model import runtimes
from embeddings.model.source import find
def state():
    return {{
        "environment": dict(os.environ),
        "blocked modules": [name for name, module in sys.modules.items() if module is None],
        "warnings": list(warnings.filters),
        "threads": torch.get_num_threads(),
        "verbosity": transformers_logging.get_verbosity(),
        "progress bars": transformers_logging.is_progress_bar_enabled(),
        "log level": logging.getLogger("huggingface_hub").level,
    }}
torch.set_num_threads(2)
before = state()
folder = Path({small.location!r})
for runtime in ("torch", "openvino"):
    encoder = runtimes.load(find(str(folder), folder.parent), folder.parent, runtime)
    encoder.encode_questions(["some words"]), encoder.encode_passages(["some words"])
after = state()
print([name for name in before if before[name] != after[name]])
"""
    ended = run_python(code, warnings="ignore")
    assert ended.stdout == "[]\n", ended.stderr


def test_models_that_are_not_converted(tmp_path: Path) -> None:
    hub = ModelSource("some/model", "hub:some/model", "some/model", offline=False)
    with pytest.raises(RuntimeUnavailable, match="hub"):
        directory_of(hub, tmp_path)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(RuntimeUnavailable, match="layout"):
        directory_of(find(str(tmp_path), tmp_path), tmp_path)


def test_a_runtime_that_does_not_exist_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="auto, openvino, torch"):
        find_model(runtime="fast")
