"""Runs a converted model with OpenVINO; neither torch nor transformers is imported."""

import json
import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from embeddings.array_types import Floats
from embeddings.errors import RuntimeUnavailable
from embeddings.model.encoder import Encoding, LowerEncoding
from embeddings.model.memory import page_out
from embeddings.model.openvino import compile_cache
from embeddings.model.openvino.quantization import GROUP
from embeddings.model.openvino.tokenizer import TokenReader, Tokens
from embeddings.model.openvino.word_vectors import WordVectors

Keep = Callable[[list[int], Floats, Floats], None]
"""Takes the numbers of some texts, and their token and text vectors, valid during the call only."""

logger = logging.getLogger(__name__)

SETTINGS, WORDS, INFORMATION = "encoder.json", "words.npy", "information.npy"

_QUESTION_STEP, _PASSAGE_STEP = 12, 16
"""Lengths are padded to a multiple of these: a shape that differs from the previous one costs 2 ms,
so that most questions get the same, of 24 tokens."""

_BATCH_TOKENS, _BATCH_TEXTS = 512, 32
"""Limits of a batch; larger ones are no faster and take much more memory."""

_CORES_EACH = 2
"""Cores that encode one batch together: with two, a question takes a third less time than with one.
On more cores, more batches are encoded in parallel."""

LOWER = "lower.xml"
"""Name of the file with the graph of the lower half of the layers."""

COMPILED = "compiled"
"""Folder beside the graph with what OpenVINO has compiled for this processor."""


@dataclass(frozen=True)
class Settings:
    """The settings of a converted model.

    Attributes:
        dimension: number of dimensions of a vector.
        max_tokens: tokens that the model reads of one passage, without prompt and special tokens.
        limit: tokens that the model reads of one text, prompt and special tokens included.
        question_prompt: the prefix of each question.
        passage_prompt: the prefix of each passage.
        graph: name of the file with the graph: all of the model but the input embeddings.
    """

    dimension: int
    max_tokens: int
    limit: int
    question_prompt: str
    passage_prompt: str
    graph: str


def import_openvino() -> Any:
    """Import OpenVINO without its telemetry, which would report the import over the network.

    Raises:
        RuntimeUnavailable: it is not installed, or does not load here.
    """
    blocked = {"openvino", "openvino_telemetry"}.isdisjoint(sys.modules)
    if blocked:  # OpenVINO does without the telemetry package where it cannot be imported
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    try:
        import openvino
    except (ImportError, OSError) as error:
        raise RuntimeUnavailable(f"it cannot be imported ({error})") from error
    finally:
        if blocked:
            del sys.modules["openvino_telemetry"]
    return openvino


class OpenVinoEncoder:
    """Runs a model that `conversion` wrote. Not thread-safe, as its tokenizer is not.

    The input embeddings, most of a multilingual model, stay on disk: one row is read per token.
    """

    runtime = "openvino"

    def __init__(self, directory: Path) -> None:
        """Open a converted model.

        Raises:
            RuntimeUnavailable: OpenVINO does not work here.
        """
        openvino = import_openvino()
        self._settings = Settings(**json.loads((directory / SETTINGS).read_text(encoding="utf-8")))
        self.dimension = self._settings.dimension
        self.max_tokens = self._settings.max_tokens
        self._reader = TokenReader(directory, self._settings.limit)
        self._words = WordVectors(directory / WORDS)
        self._information: Floats = np.load(directory / INFORMATION, mmap_mode="r")
        self._graph = directory / self._settings.graph
        self._core = openvino.Core()
        self._group = GROUP
        try:
            self._open()
        except RuntimeError:  # older processors do not support quantisation by group
            logger.debug("OpenVINO failed", exc_info=True)
            self._group = 0  # activations are not quantised
            try:
                self._open()
            except RuntimeError as error:
                logger.debug("OpenVINO failed", exc_info=True)
                raise RuntimeUnavailable("it does not run on this machine") from error

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without prompt and special tokens."""
        return self._reader.count(texts)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions, in the given order; several at once are faster than one by one."""
        read = self._reader.read(texts, self._settings.question_prompt)
        return self._encodings(read, _QUESTION_STEP)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages, in the given order."""
        read = self._reader.read(texts, self._settings.passage_prompt)
        return self._encodings(read, _PASSAGE_STEP)

    def encode_sentences(self, texts: Sequence[str]) -> Floats:
        """Return only the text vectors of short passages, unit vectors of shape (n, dimension)."""
        read = self._reader.read(texts, self._settings.passage_prompt)
        vectors = np.empty((len(texts), self.dimension), np.float32)

        def keep(rows: list[int], _last: Floats, pooled: Floats) -> None:
            vectors[rows] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)

        self._run(read, _PASSAGE_STEP, keep)
        return vectors

    def encode_question_halfway(self, text: str) -> LowerEncoding:
        """Run a question through the lower half of the layers.

        Raises:
            RuntimeError: at the first call, where OpenVINO cannot run that half.
        """
        return self._halfway(text, self._settings.question_prompt, _QUESTION_STEP)

    def encode_passage_halfway(self, text: str) -> LowerEncoding:
        """Run a passage through the lower half of the layers."""
        return self._halfway(text, self._settings.passage_prompt, _PASSAGE_STEP)

    def inputs(self, text: str) -> tuple[Any, ...]:
        """Return the inputs of the graph for one passage, without padding."""
        return self._inputs(self._reader.read([text], self._settings.passage_prompt), 1)

    def _open(self) -> None:
        parallel = max(1, cores() // _CORES_EACH)
        model = self._compile(self._graph, parallel)
        # One more than run in parallel: the next batch is prepared while the others run.
        self._requests = [model.create_infer_request() for _ in range(parallel + 1)]
        self._warm_up()

    def _warm_up(self) -> None:
        """Encode an empty text: OpenVINO repacks the weights only at the first inference."""
        read = self._reader.read([""], self._settings.question_prompt)
        self._run(read, _QUESTION_STEP, _check_warm_up)
        page_out(self._graph.with_name(COMPILED))

    def _encodings(self, read: list[Tokens], step: int) -> list[Encoding]:
        encodings: dict[int, Encoding] = {}

        def keep(rows: list[int], last: Floats, pooled: Floats) -> None:
            for row, *outputs in zip(rows, last, pooled, strict=True):
                encodings[row] = self._encoding(read[row], *outputs)

        self._run(read, step, keep)
        return [encodings[row] for row in range(len(read))]

    @cached_property
    def _lower_request(self) -> Any:
        """What runs the lower half of the layers, warmed up; most encoders never need it."""
        request = self._compile(self._graph.with_name(LOWER), 1).create_infer_request()
        empty = self._reader.read([""], self._settings.question_prompt)
        request.infer(self._inputs(empty, _QUESTION_STEP))
        output = request.get_output_tensor(0).data
        if len(output) != 1 or not np.isfinite(output).all():
            raise RuntimeError(f"the lower layers give {output.shape} for one text")
        page_out(self._graph.with_name(COMPILED))
        return request

    def _halfway(self, text: str, prompt: str, step: int) -> LowerEncoding:
        (tokens,) = self._reader.read([text], prompt)
        self._lower_request.infer(self._inputs([tokens], step), share_inputs=True)
        middle = np.array(self._lower_request.get_output_tensor(0).data[0])
        return LowerEncoding(
            middle[: len(tokens.ids)][tokens.kept], tokens.spans, self._information_of(tokens)
        )

    def _run(self, read: list[Tokens], step: int, keep: Keep) -> None:
        """Run texts in batches, in parallel with one request each.

        OpenVINO's own queue (`AsyncInferQueue`) is not used: it calls back from its own threads,
        and the process crashes if a queue is deleted right after its work.
        """
        free, running = list(self._requests), deque[_Running]()
        try:
            lengths = [len(tokens.ids) for tokens in read]
            for rows in _batches(lengths, step, len(self._requests) - 1):
                if not free:
                    free.append(_finished(running, keep))
                inputs = self._inputs([read[row] for row in rows], step)
                free[-1].start_async(inputs, share_inputs=True)
                running.append(_Running(free.pop(), rows, inputs))
            while running:
                _finished(running, keep)
        finally:
            for left in running:
                with suppress(RuntimeError):  # the first error is being raised already
                    left.request.wait()

    def _compile(self, graph: Path, streams: int) -> Any:
        """Compile a graph for `streams` parallel batches, on all cores together."""
        settings = {
            "INFERENCE_NUM_THREADS": cores(),
            "NUM_STREAMS": str(streams),
            "ENABLE_CPU_PINNING": False,
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": self._group,  # of activations, with 8-bit weights
        }
        kept = self._graph.with_name(COMPILED)
        if compile_cache.is_usable(kept):
            try:
                model = self._core.compile_model(graph, "CPU", settings | {"CACHE_DIR": str(kept)})
            except RuntimeError as error:
                logger.debug("the compiled model is not kept: %s", error)
            else:
                compile_cache.record(kept)
                return model
        return self._core.compile_model(graph, "CPU", settings)

    def _inputs(self, read: list[Tokens], step: int) -> tuple[Any, ...]:
        """Return input embeddings (n, length, width) and the attention mask (n, length)."""
        longest = max(len(tokens.ids) for tokens in read)
        length = min(-(-longest // step) * step, self._settings.limit)
        words = np.zeros((len(read), length, self._words.width), np.float32)
        mask = np.zeros((len(read), length), np.int64)
        for row, tokens in enumerate(read):
            words[row, : len(tokens.ids)] = self._words.of(tokens.ids)
            mask[row, : len(tokens.ids)] = 1
        return words, mask

    def _encoding(self, tokens: Tokens, last: Floats, pooled: Floats) -> Encoding:
        return Encoding(
            pooled / np.linalg.norm(pooled),
            last[: len(tokens.ids)][tokens.kept],
            tokens.spans,
            self._information_of(tokens),
        )

    def _information_of(self, tokens: Tokens) -> Floats:
        return np.asarray(self._information[tokens.ids[tokens.kept]])


def _check_warm_up(_rows: list[int], last: Floats, pooled: Floats) -> None:
    """Raise RuntimeError for empty outputs, which OpenVINO gave on processors without AVX-512."""
    if not len(last) == len(pooled) == 1 or not np.isfinite(pooled).all():
        raise RuntimeError(f"the model gives {last.shape} and {pooled.shape} for one text")


class _Running(NamedTuple):
    """A batch that is being encoded; its inputs must be kept in memory until it is done."""

    request: Any
    rows: list[int]
    inputs: tuple[Any, ...]


def _finished(running: deque[_Running], keep: Keep) -> Any:
    """Wait for the oldest batch, call `keep` with its vectors, and return its request."""
    first = running[0]
    first.request.wait()
    running.popleft()
    keep(first.rows, *_outputs(first.request))
    return first.request


def _outputs(request: Any) -> Iterator[Floats]:
    """Yield token vectors (n, l, d) and text vectors (n, d)."""
    return (request.get_output_tensor(number).data for number in range(2))


def _batches(lengths: Sequence[int], step: int, parallel: int) -> Iterator[list[int]]:
    """Yield row numbers of texts of similar length: a batch is as slow as its longest text.

    Where batches run in parallel, a small number of texts is divided evenly among them.
    """
    by_length = sorted(range(len(lengths)), key=lambda row: -lengths[row])
    padded = [-(-lengths[row] // step) * step for row in by_length]
    share = -(-len(padded) // parallel) * max(padded, default=0)
    start = 0
    while start < len(padded):
        most = min(share, _BATCH_TOKENS) // padded[start]
        end = start + min(max(most, 1), _BATCH_TEXTS)
        yield by_length[start:end]
        start = end


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
