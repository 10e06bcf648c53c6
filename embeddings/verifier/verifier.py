"""Runs the verifier's network: does a passage say what is asked, and with which words."""

import json
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.array_types import Floats
from embeddings.errors import RuntimeUnavailable
from embeddings.index.embed import Text
from embeddings.model.encoder import Encoder, LayeredEncoder
from embeddings.model.openvino.encoder import OpenVinoEncoder, cores, import_openvino
from embeddings.model.openvino.quantization import GROUP
from embeddings.text.sentences import Span
from embeddings.verifier.tokens import (
    Kind,
    PassageTokens,
    Tokens,
    inputs_of,
    passage_tokens,
    question_tokens,
    windows,
)

logger = logging.getLogger(__name__)

GRAPH, DESCRIPTION = "verifier.xml", "verifier.json"
"""Files with the network, beside `verifier.bin`, its weights; and with what belongs to it."""
_LONGEST_SPAN = 24
"""Most tokens of an answer."""
_LEAST = 1e-6
"""The smallest probability that has log odds."""


@dataclass(frozen=True)
class Verdict:
    """What the network says of a question and a passage.

    Attributes:
        logit: that the passage answers; the greatest of its windows.
        span: where the answer most probably stands in the passage's text.
        certainty: the probability of just these words, if there is an answer.
    """

    logit: float
    span: Span
    certainty: float


@dataclass(frozen=True)
class Weights:
    """How a verdict changes a confidence: a logistic regression, and what is refused by it.

    Attributes:
        confidence: weight of the log odds of the confidence without the verdict.
        logit: weight of the verdict's logit.
        intercept: the intercept.
        threshold: the least confidence, with the verdict, of what counts as an answer.
    """

    confidence: float
    logit: float
    intercept: float
    threshold: float


class Verifier:
    """Reads a question and a passage together. Not thread-safe.

    Attributes:
        weights: what a verdict counts.
    """

    def __init__(self, graph: Path, weights: Weights, encoder: LayeredEncoder) -> None:
        """Open a network that `quality.verifier.export` wrote.

        Args:
            graph: the network.
            weights: those that `quality.verifier.weigh` fitted to it.
            encoder: of the model that it was trained with.

        Raises:
            RuntimeUnavailable: OpenVINO is not installed, or the network does not run here.
        """
        self.weights = weights
        self._encoder = encoder
        # Up to three passages are read for one question, one after the other.
        self._lower_of_question = lru_cache(1)(encoder.encode_question_halfway)
        try:
            self._request: Any = _compiled(graph).create_infer_request()
            self._check()
        except RuntimeError as error:
            raise RuntimeUnavailable("it does not run on this machine") from error

    def _check(self) -> None:
        """Raise RuntimeError where nothing comes out; this repacks the weights, too."""
        directions = np.zeros((1, self._encoder.dimension), np.float32)
        verdict = self.judge("?", directions, Text("", ".", ""), directions)
        if verdict is None or not math.isfinite(verdict.logit):
            raise RuntimeError("the network gives no number")

    def judge(self, question: str, asked: Floats, text: Text, directions: Floats) -> Verdict | None:
        """Read a question and a passage together.

        Args:
            question: the normalised question.
            asked: directions of its tokens in late interaction, (q, d).
            text: what was encoded of the passage.
            directions: of its tokens, (t, d).

        Returns:
            The verdict; None for a passage without tokens of its own.
        """
        passage = passage_tokens(self._encoder.encode_passage_halfway(text.whole), directions, text)
        if not len(passage.text):
            return None
        lower = self._lower_of_question(question)
        return self.read(question_tokens(lower, asked), passage)

    def read(self, question: Tokens, passage: PassageTokens) -> Verdict:
        """Return a verdict on a passage, which has at least one token of its own."""
        found = [self._window(question, passage, each) for each in windows(len(passage.text))]
        return _verdict(passage.text, found)

    def _window(self, question: Tokens, passage: PassageTokens, window: range) -> "_Window":
        """Read one window; several at once are no faster, and take more memory."""
        inputs = inputs_of([(question, passage, window)])
        self._request.infer(list(vars(inputs).values()))
        answer, starts, ends = (
            np.array(self._request.get_output_tensor(place).data[0]) for place in range(3)
        )
        here = inputs.kinds[0] == Kind.TEXT
        return _Window(window, float(answer), starts[here] - starts[0], ends[here] - ends[0])

    def confidence(self, before: float, verdict: Verdict) -> float:
        """Return the probability that a passage answers, which was `before` without the verdict."""
        weights = self.weights
        logit = (
            weights.intercept
            + weights.confidence * log_odds(before)
            + weights.logit * verdict.logit
        )
        return 1 / (1 + math.exp(-logit))

    def decide(self, before: float, verdict: Verdict, may_refuse: bool) -> tuple[float, bool]:
        """Return the probability that a passage answers, and whether it counts as an answer.

        Args:
            before: the probability without the verdict, of what counts as an answer by it.
            verdict: on the question and the passage.
            may_refuse: whether the network has learnt from such questions; from two that are asked
                together, and from numbers in another notation, it has not, or hardly.
        """
        confidence = self.confidence(before, verdict)
        return confidence, not may_refuse or confidence >= self.weights.threshold


@dataclass(frozen=True)
class _Window:
    """A window: logits that it answers, and of each token against no answer in it, (w,)."""

    window: range
    answer: float
    starts: Floats
    ends: Floats


def _verdict(text: Tokens, found: Sequence[_Window]) -> Verdict:
    starts, ends = (_merged(len(text), found, name) for name in ("starts", "ends"))
    first, last, certainty = _best_span(starts, ends)
    span = int(text.spans[first, 0]), int(text.spans[last, 1])
    logit = max(each.answer for each in found)
    return Verdict(logit, span, certainty)


def _merged(count: int, found: Sequence[_Window], name: str) -> Floats:
    """Return probabilities of all tokens: the greatest logit of each window that has it."""
    logits = np.full(count, -np.inf, np.float32)
    for each in found:
        place = slice(each.window.start, each.window.stop)
        logits[place] = np.maximum(logits[place], getattr(each, name))
    risen: NDArray[np.float32] = np.exp(logits - logits.max())
    shares: Floats = risen / risen.sum()
    return shares


def _best_span(starts: Floats, ends: Floats) -> tuple[int, int, float]:
    """Return the first and last token of the most probable span, and its probability."""
    last = len(starts) - 1
    best = (0, 0, -1.0)
    for first in np.argsort(-starts)[:_LONGEST_SPAN].tolist():
        possible = ends[first : min(first + _LONGEST_SPAN, last + 1)]
        end = int(possible.argmax())
        value = float(starts[first] * possible[end])
        if value > best[2]:
            best = (first, first + end, value)
    return best


def log_odds(probability: float) -> float:
    """Return the log odds of a probability, which are not infinite."""
    held = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(held / (1 - held))


@cache
def _compiled(graph: Path) -> Any:
    """Return a network that is ready to run, once for all that use it."""
    settings = {
        "INFERENCE_NUM_THREADS": cores(),
        "ENABLE_CPU_PINNING": False,
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": GROUP,
    }
    return import_openvino().Core().compile_model(graph, "CPU", settings)


def shipped_verifier(digest: str, encoder: Encoder) -> Verifier | None:
    """Return a verifier, of the network that ships with the model of this digest.

    There is none for another model, and where OpenVINO is missing or does not load.
    """
    if not isinstance(encoder, OpenVinoEncoder):
        return None
    folder = resources.files("embeddings.data")
    content = json.loads(folder.joinpath(DESCRIPTION).read_text(encoding="utf-8"))
    if content["model"] != digest:
        return None
    try:
        with resources.as_file(folder) as path:
            return Verifier(path / GRAPH, Weights(**content["weights"]), encoder)
    except RuntimeUnavailable as error:
        logger.info("The verifier is not used: %s", error)
        return None
