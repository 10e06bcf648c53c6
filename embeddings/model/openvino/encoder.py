"""A converted model run by OpenVINO. Neither torch nor transformers is imported."""

import json
import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from embeddings.errors import RuntimeUnavailable
from embeddings.model.encoder import Encoding
from embeddings.model.memory import page_out
from embeddings.model.openvino import compile_cache as compiled
from embeddings.model.openvino.quantization import GROUP
from embeddings.model.openvino.tokenizer import TokenReader, Tokens
from embeddings.model.openvino.word_vectors import WordVectors

if TYPE_CHECKING:
    from embeddings.model.encoder import Floats

    Keep = Callable[[list[int], Floats, Floats], None]
    """Takes the vectors of some texts, named by their places; they are gone after the call."""

logger = logging.getLogger(__name__)

SETTINGS, WORDS, INFORMATION = "encoder.json", "words.npy", "information.npy"

_QUESTION_STEP, _PASSAGE_STEP = 12, 16
"""Lengths are rounded up to these: another shape than the last costs 2 ms of preparation, so most
questions get the same one, of 24 tokens."""

_BATCH_TOKENS, _BATCH_TEXTS = 512, 32
"""As fast as larger batches, in a fraction of the memory."""

_CORES_EACH = 2
"""Cores that encode a batch together: a question is ready sooner, by a third with two. With more
cores, more batches are encoded side by side."""

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
        self._group = GROUP
        try:
            self._open()
        except RuntimeError:  # older processors give nothing for these groups
            logger.debug("OpenVINO failed", exc_info=True)
            self._group = 0  # the values stay whole
            try:
                self._open()
            except RuntimeError as error:
                logger.debug("OpenVINO failed", exc_info=True)
                raise RuntimeUnavailable("it does not run on this machine") from error

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without prompt and special tokens."""
        return self._reader.count(texts)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode questions, in their order; several that wait are faster together."""
        read = self._reader.read(texts, self._settings.question_prompt)
        return self._encodings(read, _QUESTION_STEP)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoding]:
        """Encode passages, in their order."""
        read = self._reader.read(texts, self._settings.passage_prompt)
        return self._encodings(read, _PASSAGE_STEP)

    def encode_sentences(self, texts: Sequence[str]) -> "Floats":
        """Return only the vectors of short passages, unit vectors of shape (n, dimension)."""
        read = self._reader.read(texts, self._settings.passage_prompt)
        vectors = np.empty((len(texts), self.dimension), np.float32)

        def keep(rows: list[int], _last: "Floats", pooled: "Floats") -> None:
            vectors[rows] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)

        self._run(read, _PASSAGE_STEP, keep)
        return vectors

    def inputs(self, text: str) -> tuple[Any, ...]:
        """Return what the graph is given for a passage, with nothing padded."""
        return self._inputs(self._reader.read([text], self._settings.passage_prompt), 1)

    def _open(self) -> None:
        side_by_side = max(1, cores() // _CORES_EACH)
        model = self._compile(cores(), side_by_side)
        # One is prepared while the others run.
        self._requests = [model.create_infer_request() for _ in range(side_by_side + 1)]
        self._warm_up()

    def _warm_up(self) -> None:
        """Encode something: only then OpenVINO brings the weights into a form of its own."""
        read = self._reader.read([""], self._settings.question_prompt)
        self._run(read, _QUESTION_STEP, _must_be_one)
        page_out(self._graph.with_name(COMPILED))

    def _encodings(self, read: list[Tokens], step: int) -> list[Encoding]:
        encodings: dict[int, Encoding] = {}

        def keep(rows: list[int], last: "Floats", pooled: "Floats") -> None:
            for row, tokens, vector in zip(rows, last, pooled, strict=True):
                encodings[row] = self._encoding(read[row], tokens, vector)

        self._run(read, step, keep)
        return [encodings[row] for row in range(len(read))]

    def _run(self, read: list[Tokens], step: int, keep: "Keep") -> None:
        """Run texts in batches, as many side by side as there are requests.

        Without OpenVINO's own queue: it calls back from threads of its own, and one that is let go
        of too soon ends the process.
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
                with suppress(RuntimeError):  # the first one has been raised
                    left.request.wait()

    def _compile(self, threads: int, streams: int) -> Any:
        """Compile for so many batches at once, with so many threads in all."""
        settings = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": str(streams),
            "ENABLE_CPU_PINNING": False,
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": self._group,  # for weights in 8 bits
        }
        kept = self._graph.with_name(COMPILED)
        if compiled.is_usable(kept):
            try:
                model = self._core.compile_model(
                    self._graph, "CPU", settings | {"CACHE_DIR": str(kept)}
                )
            except RuntimeError as error:
                logger.debug("the compiled model is not kept: %s", error)
            else:
                compiled.note(kept)
                return model
        return self._core.compile_model(self._graph, "CPU", settings)

    def _inputs(self, read: list[Tokens], step: int) -> tuple[Any, ...]:
        """Return word vectors (n, l, dimension) and a mask of what is not padding (n, l)."""
        longest = max(len(tokens.ids) for tokens in read)
        length = min(-(-longest // step) * step, self._settings.limit)
        words = np.zeros((len(read), length, self._words.width), np.float32)
        mask = np.zeros((len(read), length), np.int64)
        for row, tokens in enumerate(read):
            words[row, : len(tokens.ids)] = self._words.of(tokens.ids)
            mask[row, : len(tokens.ids)] = 1
        return words, mask

    def _encoding(self, tokens: Tokens, last: "Floats", pooled: "Floats") -> Encoding:
        return Encoding(
            pooled / np.linalg.norm(pooled),
            last[: len(tokens.ids)][tokens.kept],
            tokens.spans,
            np.asarray(self._information[tokens.ids[tokens.kept]]),
        )


def _must_be_one(_rows: list[int], last: "Floats", pooled: "Floats") -> None:
    """Refuse what OpenVINO has been seen to give where it lacks an instruction: nothing at all."""
    if not len(last) == len(pooled) == 1 or not np.isfinite(pooled).all():
        raise RuntimeError(f"the model gives {last.shape} and {pooled.shape} for one text")


class _Running(NamedTuple):
    """A batch that is being encoded; the inputs have to stay until it is."""

    request: Any
    rows: list[int]
    inputs: tuple[Any, ...]


def _finished(running: deque[_Running], keep: "Keep") -> Any:
    """Wait for the batch that was begun first, hand its vectors on, and return its request."""
    first = running[0]
    first.request.wait()
    running.popleft()
    keep(first.rows, *_outputs(first.request))
    return first.request


def _outputs(request: Any) -> "Iterator[Floats]":
    """Give the vectors of tokens (n, l, dimension), and of texts (n, dimension)."""
    return (request.get_output_tensor(number).data for number in (0, 1))


def _batches(lengths: Sequence[int], step: int, side_by_side: int) -> Iterator[list[int]]:
    """Give rows of similar length together: a batch is as slow as its longest text.

    Where several are encoded side by side, few texts of similar length are shared out among them.
    """
    by_length = sorted(range(len(lengths)), key=lambda row: -lengths[row])
    padded = [-(-lengths[row] // step) * step for row in by_length]
    share = -(-len(padded) // side_by_side) * max(padded, default=0)
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
