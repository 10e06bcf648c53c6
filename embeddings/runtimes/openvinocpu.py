"""A converted model run by OpenVINO. Neither torch nor transformers is imported.

Measured on two cores: a short question takes 9 ms where torch takes 26 to 33.
"""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings.encoder import Encoding
from embeddings.errors import RuntimeUnavailable
from embeddings.runtimes.eightbit import GROUP
from embeddings.runtimes.tokens import TokenReader, Tokens
from embeddings.runtimes.wordvectors import WordVectors

if TYPE_CHECKING:
    from embeddings.encoder import Floats

logger = logging.getLogger(__name__)

SETTINGS, WORDS, INFORMATION = "encoder.json", "words.npy", "information.npy"

_QUESTION_STEP, _PASSAGE_STEP = 4, 16
"""Lengths are rounded up to these: code is generated once for each shape and kept."""

_BATCH_TOKENS, _BATCH_TEXTS = 1024, 32
"""As fast as larger batches, in a third of the memory."""

_STREAMS = 2
"""Texts in work at once from the start on. A third would take memory that a bot does not need; a
build on more cores compiles the model once more, for all of them."""

COMPILED = "compiled"
"""Below the model: what OpenVINO makes of it for this processor, so that it is made once."""


@dataclass(frozen=True)
class Settings:
    """What is known of a converted model beside its weights.

    Attributes:
        dimension: length of a vector.
        max_tokens: tokens the model reads of one passage, prompt and special ones not counted.
        limit: tokens the model reads at most, all counted.
        question_prompt: what is put in front of a question.
        passage_prompt: what is put in front of a passage.
        graph: name of the file with everything behind the word vectors.
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
    if "openvino" not in sys.modules:
        # OpenVINO has a stand-in for a machine where this package is not installed.
        sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        import openvino
    except (ImportError, OSError) as error:
        raise RuntimeUnavailable(f"it cannot be imported ({error})") from error
    return openvino


class OpenVinoEncoder:
    """A model that `conversion` wrote. Not thread-safe: neither is its tokenizer.

    The word vectors, most of a multilingual model, stay on disk: of each token one row is read.

    Attributes:
        runtime: `openvino`.
        dimension: length of a vector.
        max_tokens: tokens the model reads of one passage, prompt and special ones not counted.
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
        try:
            self._compiled = self._compile(min(_cores(), _STREAMS))
            self._request = self._compiled.create_infer_request()
        except RuntimeError as error:
            logger.debug("OpenVINO failed", exc_info=True)
            raise RuntimeUnavailable("it does not run on this machine") from error
        self._queue: Any = None

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without prompt and special tokens."""
        return self._reader.count(texts)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions in one thread: two of them wait for each other on a busy machine."""
        read = self._reader.read(texts, self._settings.question_prompt)
        encodings: dict[int, Encoding] = {}
        for rows in _batches([len(tokens.ids) for tokens in read], _QUESTION_STEP):
            inputs = self._inputs([read[row] for row in rows], _QUESTION_STEP)
            self._request.infer(inputs, share_inputs=True)
            last, pooled = (self._request.get_output_tensor(number).data for number in (0, 1))
            for row, tokens, vector in zip(rows, last, pooled, strict=True):
                encodings[row] = self._encoding(read[row], tokens, vector)
        return [encodings[row] for row in range(len(texts))]

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages, in their order, on all cores."""
        read = self._reader.read(texts, self._settings.passage_prompt)
        encodings: dict[int, Encoding] = {}

        def keep(rows: list[int], last: "Floats", pooled: "Floats") -> None:
            for row, tokens, vector in zip(rows, last, pooled, strict=True):
                encodings[row] = self._encoding(read[row], tokens, vector)

        self._run(read, keep)
        return [encodings[row] for row in range(len(texts))]

    def encode_sentences(self, texts: Sequence[str]) -> "Floats":
        """Return only the vectors of short passages, unit vectors of shape (n, dimension)."""
        read = self._reader.read(texts, self._settings.passage_prompt)
        vectors = np.empty((len(texts), self.dimension), np.float32)

        def keep(rows: list[int], _last: "Floats", pooled: "Floats") -> None:
            vectors[rows] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)

        self._run(read, keep)
        return vectors

    def _run(self, read: list[Tokens], keep: Callable[..., None]) -> None:
        """Run texts in batches, one on each core at a time."""
        if not read:
            return
        if self._queue is None:
            self._queue = self._stream_per_core()
        problems: list[Exception] = []

        def take(request: Any, rows: list[int]) -> None:
            try:  # raised here, it would end the process
                keep(rows, *(request.get_output_tensor(number).data for number in (0, 1)))
            except Exception as error:
                problems.append(error)

        self._queue.set_callback(take)
        for rows in _batches([len(tokens.ids) for tokens in read], _PASSAGE_STEP):
            inputs = self._inputs([read[row] for row in rows], _PASSAGE_STEP)
            self._queue.start_async(inputs, rows)
        self._queue.wait_all()
        if problems:
            raise problems[0]

    def _stream_per_core(self) -> Any:
        cores = _cores()
        compiled = self._compiled if cores <= _STREAMS else self._compile(cores)
        return import_openvino().AsyncInferQueue(compiled, cores)

    def _compile(self, streams: int) -> Any:
        """Compile for so many texts at once, each in one thread."""
        settings = {
            "INFERENCE_NUM_THREADS": streams,
            "NUM_STREAMS": str(streams),
            "ENABLE_CPU_PINNING": False,
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": GROUP,  # says nothing to weights that are whole
        }
        kept = {"CACHE_DIR": str(self._graph.with_name(COMPILED))}
        try:
            return self._core.compile_model(self._graph, "CPU", settings | kept)
        except RuntimeError as error:
            logger.debug("the compiled model is not kept: %s", error)
            return self._core.compile_model(self._graph, "CPU", settings)

    def _inputs(self, read: list[Tokens], step: int) -> dict[int, Any]:
        """Return word vectors (n, l, dimension) and a mask of what is not padding (n, l)."""
        longest = max(len(tokens.ids) for tokens in read)
        length = min(-(-longest // step) * step, self._settings.limit)
        words = np.zeros((len(read), length, self._words.width), np.float32)
        mask = np.zeros((len(read), length), np.int64)
        for row, tokens in enumerate(read):
            words[row, : len(tokens.ids)] = self._words.of(tokens.ids)
            mask[row, : len(tokens.ids)] = 1
        return {0: words, 1: mask}

    def _encoding(self, tokens: Tokens, last: "Floats", pooled: "Floats") -> Encoding:
        return Encoding(
            pooled / np.linalg.norm(pooled),
            last[: len(tokens.ids)][tokens.kept],
            tokens.spans,
            np.asarray(self._information[tokens.ids[tokens.kept]]),
        )


def _batches(lengths: Sequence[int], step: int) -> Iterator[list[int]]:
    """Give rows of similar length together: a batch is as slow as its longest text."""
    by_length = sorted(range(len(lengths)), key=lambda row: -lengths[row])
    while by_length:
        padded = -(-lengths[by_length[0]] // step) * step
        size = min(max(1, _BATCH_TOKENS // padded), _BATCH_TEXTS)
        yield by_length[:size]
        del by_length[:size]


def _cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
