"""Converts a sentence-transformers model for OpenVINO, once, and compares the result with torch.

The converted model is kept in the cache directory. It is made in a subprocess, so that the process
that answers questions never imports torch, which takes seconds and a gigabyte of memory.
"""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.array_types import Floats
from embeddings.errors import RuntimeUnavailable
from embeddings.model.encoder import Encoder, Encoding
from embeddings.model.openvino.encoder import (
    COMPILED,
    INFORMATION,
    LOWER,
    SETTINGS,
    WORDS,
    OpenVinoEncoder,
    Settings,
    import_openvino,
)
from embeddings.model.openvino.quantization import to_eight_bits
from embeddings.model.openvino.tokenizer import write_tokenizer
from embeddings.model.sentence_transformer import SentenceTransformerEncoder
from embeddings.model.source import DEFAULT_MODEL, ModelSource
from embeddings.storage.cache import is_whole, write_once

logger = logging.getLogger(__name__)

LAYOUT = 10
"""Version of the files that `convert` writes; to be raised when they change."""

CONVERSION_LIMIT_S = 600.0
"""After this time the process that converts is killed; it takes 20 s on an idle machine."""

LEAST_COSINE = 0.999
"""The smallest cosine accepted between a vector of OpenVINO and that of torch."""

_FULL, _INT8 = "model", "model-int8"
"""File names of the two graphs, of which the one that is faster on this machine is kept."""
_SLOWER = "they are slower"
_ROUNDS = 5

_REFUSED = "refused.json"
"""File with the reason why a model cannot be converted, so that it is not tried at each start."""

_LARGEST = 2 << 30
"""Bytes of weights of the largest model that is converted; larger ones take minutes."""

SAMPLES = (
    "How many countries joined the coalition?",
    "Скільки країн приєдналося? Ґанок, їжак і м’яч.",
    "Сколько стран присоединилось? Ёжик, подъезд.",
    "",
    "12.5% of €595,000,000 🎉 日本語のテキスト naïve ﬁne",
    "The keepers wrote down the weather four times a day, whatever it was. " * 12,
    "Міністр оборони обговорив створення коаліції дронів із колегою. " * 60,
)


def converted(source: ModelSource, cache: Path) -> Path:
    """Return the directory of the converted model, which is made if it is missing or damaged.

    Raises:
        RuntimeUnavailable: this model cannot be converted, or not on this machine.
    """
    target = directory_of(source, cache)
    if not is_whole(target):
        logger.info("Preparing %s for OpenVINO; this is done once", source.name)
        _convert_in_subprocess(source, cache)
    if not is_whole(target):
        raise RuntimeUnavailable("the converted model cannot be read")
    if (target / _REFUSED).is_file():
        raise RuntimeUnavailable(json.loads((target / _REFUSED).read_text(encoding="utf-8")))
    return target


def directory_of(source: ModelSource, cache: Path) -> Path:
    """Return the directory in which the converted model is kept.

    Raises:
        RuntimeUnavailable: OpenVINO is not installed, or only torch runs this model.
    """
    location = Path(source.location)
    if not source.offline:
        raise RuntimeUnavailable("the model comes from the hub")
    if source.name == source.location:
        weights = location.glob("*.safetensors")
        if not (location / "modules.json").is_file() or sum(
            path.stat().st_size for path in weights
        ) not in range(1, _LARGEST):
            raise RuntimeUnavailable("the model has an unusual layout or size")
    try:
        made_by = version("openvino")
    except PackageNotFoundError:
        raise RuntimeUnavailable("it is not installed") from None
    digest = source.digest.rpartition(":")[2][:16]
    return cache / f"openvino-{digest}-{made_by}-{LAYOUT}"


def convert(source: ModelSource, cache: Path) -> None:
    """Convert the model in this process.

    Raises:
        ModelError: the model itself does not load.
        OSError: it cannot be written.
    """
    import_openvino()
    target = directory_of(source, cache)
    encoder = SentenceTransformerEncoder(source)
    # Only the shipped verifier needs the lower half, and it belongs to the default model.
    halfway = source.name == DEFAULT_MODEL
    write_once(target, lambda work: _write(encoder, work, halfway=halfway))


def _convert_in_subprocess(source: ModelSource, cache: Path) -> None:
    """Convert a model in another process, which is killed when it takes too long.

    Raises:
        RuntimeUnavailable: it failed, or took longer than `CONVERSION_LIMIT_S`.
    """
    root = str(Path(__file__).parents[3])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    with subprocess.Popen(  # noqa: S603  # this program itself
        [sys.executable, "-m", "embeddings.model.openvino", source.name, str(cache)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
        start_new_session=True,  # a process group of its own, which can be killed as a whole
    ) as process:
        try:
            _, messages = process.communicate(timeout=CONVERSION_LIMIT_S)
        except BaseException as error:  # also Ctrl-C, which does not reach another session
            _kill_group(process)
            if isinstance(error, subprocess.TimeoutExpired):
                raise RuntimeUnavailable(
                    f"the model was not converted within {CONVERSION_LIMIT_S:.0f} seconds"
                ) from error
            raise
    if process.returncode:
        logger.debug("the conversion ended with %s:\n%s", process.returncode, messages)
        raise RuntimeUnavailable("the model could not be converted; LOG_LEVEL=DEBUG shows why")


def _kill_group(process: "subprocess.Popen[str]") -> None:
    """Kill a process that leads a process group, and all that it has started."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _write(encoder: SentenceTransformerEncoder, work: Path, *, halfway: bool) -> None:
    try:
        problem = _export(encoder, work, halfway=halfway)
    except (OSError, MemoryError):
        raise
    except Exception as error:  # torch and OpenVINO raise many kinds of errors
        logger.debug("the conversion failed", exc_info=True)
        problem = f"the model cannot be converted ({type(error).__name__}: {error})"
    # The compiled models contain the path of this directory, which will be renamed.
    shutil.rmtree(work / COMPILED, ignore_errors=True)
    for path in _unused_files(work) if problem is None else list(work.iterdir()):
        path.unlink()  # not before: Windows does not remove files that an encoder has mapped
    if problem is not None:
        (work / _REFUSED).write_text(json.dumps(problem), encoding="utf-8")


def _unused_files(work: Path) -> list[Path]:
    """Return the files of the slower graph."""
    kept = json.loads((work / SETTINGS).read_text(encoding="utf-8"))["graph"]
    return list(work.glob(f"{_INT8 if kept == f'{_FULL}.xml' else _FULL}.*"))


def _export(encoder: SentenceTransformerEncoder, work: Path, *, halfway: bool) -> str | None:
    """Write the converted model, with 8-bit weights if that is faster.

    Args:
        encoder: the model.
        work: where to.
        halfway: whether the lower half of the layers is written as a graph of its own, too.

    Returns:
        Why the converted model cannot be used, or None.
    """
    np.save(work / INFORMATION, encoder.information)
    words = encoder.model[0].auto_model.get_input_embeddings().weight
    np.save(work / WORDS, words.detach().float().numpy().astype(np.float16))
    write_tokenizer(encoder.model.tokenizer.backend_tokenizer.to_str(), work)
    traced = _graph(encoder.model)
    graph = _part(traced, traced.outputs[:2])
    whole = _with_graph(encoder, graph, _FULL, work)
    problem = difference(encoder, whole)
    if problem:
        return problem
    drawback = _write_int8(encoder, whole, graph, work)
    if drawback:
        logger.info("8-bit weights are not used: %s", drawback)
        _write_settings(encoder, _FULL, work)
    if halfway:
        lower = _part(traced, traced.outputs[2:])
        if drawback in (None, _SLOWER):  # where they work, they take less memory
            to_eight_bits(lower, [whole.inputs(text) for text in SAMPLES])
        import_openvino().save_model(lower, work / LOWER, compress_to_fp16=True)
    return None


def _write_int8(
    encoder: SentenceTransformerEncoder, whole: OpenVinoEncoder, graph: Any, work: Path
) -> str | None:
    """Write the graph with 8-bit weights; return why it is not to be used, or None."""
    try:
        to_eight_bits(graph, [whole.inputs(text) for text in SAMPLES])
        small = _with_graph(encoder, graph, _INT8, work)
    except (OSError, MemoryError):
        raise
    except Exception as error:  # OpenVINO raises many kinds of errors
        logger.debug("8-bit weights failed", exc_info=True)
        return type(error).__name__
    problem = difference(encoder, small)
    if problem is None and not _is_faster(small, whole):
        return _SLOWER
    return problem


def _with_graph(
    encoder: SentenceTransformerEncoder, graph: Any, name: str, work: Path
) -> OpenVinoEncoder:
    _write_settings(encoder, name, work)
    import_openvino().save_model(graph, work / f"{name}.xml", compress_to_fp16=True)
    return OpenVinoEncoder(work)


def _write_settings(encoder: SentenceTransformerEncoder, name: str, work: Path) -> None:
    settings = Settings(
        encoder.dimension,
        encoder.max_tokens,
        int(encoder.model.max_seq_length),
        encoder.question_prompt,
        encoder.passage_prompt,
        f"{name}.xml",
    )
    (work / SETTINGS).write_text(json.dumps(asdict(settings)), encoding="utf-8")


def _is_faster(one: Encoder, other: Encoder) -> bool:
    """Compare the best times of both encoders, measured alternately so that load slows both."""
    taken = np.array([(_seconds(one), _seconds(other)) for _ in range(_ROUNDS)])
    best, best_of_other = taken.min(axis=0).sum(axis=1).tolist()
    return bool(best < best_of_other)


def _seconds(encoder: Encoder) -> list[float]:
    """Return the seconds that each sample takes as a question, and all samples as passages."""
    taken = []
    for text in SAMPLES:
        started = time.perf_counter()
        encoder.encode_questions([text])
        taken.append(time.perf_counter() - started)
    started = time.perf_counter()
    encoder.encode_passages(SAMPLES)
    return [*taken, time.perf_counter() - started]


def _graph(model: Any) -> Any:
    """Return OpenVINO's graph of the model without its input embeddings.

    Its outputs are the last layer, the pooled vectors, and the middle layer.
    """
    import warnings

    import openvino
    import torch

    class WithoutEmbeddings(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.core = model[0].auto_model
            self.rest = torch.nn.ModuleList(list(model)[1:])

        def forward(self, words: Any, mask: Any) -> tuple[Any, Any, Any]:
            outputs = self.core(inputs_embeds=words, attention_mask=mask, output_hidden_states=True)
            features = {"token_embeddings": outputs[0], "attention_mask": mask}
            for module in self.rest:
                features = module(features)
            layers = outputs.hidden_states
            return outputs[0], features["sentence_embedding"], layers[(len(layers) - 1) // 2]

    width = model[0].auto_model.get_input_embeddings().weight.shape[1]
    example = (torch.randn(3, 7, width), torch.ones(3, 7, dtype=torch.int64))
    free = {0: torch.export.Dim.AUTO, 1: torch.export.Dim.AUTO}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # both libraries warn of their own code
        program = torch.export.export(
            WithoutEmbeddings().eval(), example, dynamic_shapes=(free, free)
        )
        return openvino.convert_model(program)


def _part(graph: Any, outputs: Sequence[Any]) -> Any:
    """Return a copy of what computes some of a graph's outputs."""
    import openvino

    return openvino.Model(list(outputs), graph.get_parameters()).clone()


def difference(torch: Encoder, other: Encoder) -> str | None:
    """Return how an encoder differs from torch on the samples, or None if it does not."""
    if torch.count_tokens(SAMPLES) != other.count_tokens(SAMPLES):
        return "it counts other tokens"
    questions = zip(torch.encode_questions(SAMPLES), other.encode_questions(SAMPLES), strict=True)
    passages = zip(torch.encode_passages(SAMPLES), other.encode_passages(SAMPLES), strict=True)
    pairs = [*questions, *passages]
    if not all(_same_tokens(*pair) for pair in pairs):
        return "it reads other tokens"
    least = min(min(_cosines(*pair)) for pair in pairs)
    return f"its vectors differ (cosine {least:.4f})" if not least >= LEAST_COSINE else None


def _same_tokens(one: Encoding, other: Encoding) -> bool:
    return np.array_equal(one.spans, other.spans) and np.array_equal(
        one.information, other.information
    )


def _cosines(one: Encoding, other: Encoding) -> list[float]:
    rows: list[tuple[Floats, Floats]] = [(one.vector, other.vector)]
    rows += zip(one.tokens, other.tokens, strict=True)
    return [float(a @ b / np.linalg.norm(a) / np.linalg.norm(b)) for a, b in rows]
