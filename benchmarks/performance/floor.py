"""A question beside the least time that its arithmetic and its memory traffic can cost here.

Counted are multiply-adds and the bytes they read, each byte once a question:

- *linear layers*: every weight with every token of the question (its prompt and special tokens
  included, padding not), read once;
- *attention*: in each layer every token with every token, twice the width of the model; what is
  read was just written, so no bytes;
- *vectors*: every passage and every sentence with the question, 4 bytes a dimension. An index that
  compares fewer of them can be below this;
- *late interaction*: every token of the candidates with every token of the question, a quarter of
  a byte a dimension.

Not counted: tokenising, unpacking tokens, looking words up, norms and activations, sorting, reading
the passages' text. A step cannot be faster than the slower of its arithmetic and its traffic, and
steps follow each other: the floor is the sum of the steps' own. The peaks are those of all cores,
although a question has them only while the model runs.
"""

import json
import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

from benchmarks.performance.common import NotMeasured, Options, log
from benchmarks.performance.peaks import SETTINGS, Peaks, measure_peaks
from benchmarks.performance.question import WARM_UP, time_parts
from embeddings import DEFAULT_MODEL, Encoder, Searcher, find_model
from embeddings.model.source import find
from embeddings.storage.cache import default_cache

_SPECIAL_TOKENS = 2
"""Tokens that the model puts around a text."""


class Layers(NamedTuple):
    """The linear layers and attentions of the model.

    Attributes:
        float_weights: weights that are computed with as floats.
        small_weights: weights in 8 bits.
        weight_bytes: size of all weights with their scales.
        width: length of a token's vector.
    """

    float_weights: int
    small_weights: int
    weight_bytes: int
    attentions: int
    width: int


class Sizes(NamedTuple):
    """Sizes of one question.

    Attributes:
        tokens: tokens that the model reads.
        compared: tokens of the question that late interaction compares.
        candidates: tokens of passages that it compares them with.
        vectors: passages and sentences in the index.
    """

    tokens: int
    compared: int
    candidates: int
    vectors: int


class Step(NamedTuple):
    """The work of one of `question.PARTS`: multiply-adds in floats and in 8 bits, bytes read."""

    name: str
    floats: int
    eight_bits: int
    bytes: int

    def least_ms(self, peaks: Peaks) -> float:
        """Return the slower of the arithmetic and the traffic, in milliseconds."""
        arithmetic = self.floats / peaks.floats + self.eight_bits / peaks.eight_bits
        return 1000 * max(arithmetic, self.bytes / peaks.bytes)


def steps(layers: Layers, sizes: Sizes) -> list[Step]:
    """Count what a question costs."""
    tokens, width = sizes.tokens, layers.width
    attention = 2 * layers.attentions * tokens**2 * width
    floats, eight_bits = tokens * layers.float_weights, tokens * layers.small_weights
    products = sizes.candidates * sizes.compared
    return [
        Step("run the model", floats + attention, eight_bits, layers.weight_bytes),
        Step("vectors", sizes.vectors * width, 0, 4 * sizes.vectors * width),
        Step("late interaction", products * width, 0, sizes.candidates * width // 4),
    ]


def measure(options: Options) -> dict[str, Any]:
    """Measure the machine's peaks, count a question's work, and time questions.

    Returns:
        The median question (see `Sizes`) and the layers (see `Layers`), the peaks in billions a
        second, a row for each step, `alone`: milliseconds of the model given the same question
        again and again, `inside`: kind, milliseconds and number of the model's nodes; and the
        floor and the measured median of a whole search.
    """
    model = find_model()
    encoder = model.load()
    if encoder.runtime != "openvino":
        raise NotMeasured("the model is not run by OpenVINO here, whose graph is counted")
    log("the machine's peaks")
    peaks = measure_peaks(options.count(20, 2))
    searcher = Searcher.open(options.index(model), model)
    questions = options.questions(options.count(400, 40))
    try:
        for text in questions[-WARM_UP:]:
            searcher.search(text)
        log(f"{len(questions)} questions")
        sizes = _sizes(searcher, encoder, questions)
        parts = time_parts(searcher, encoder, questions)
    finally:
        searcher.close()
    log("inside the model")
    core, graph, width = _graph()
    precision = core.compile_model(graph, "CPU").get_property("INFERENCE_PRECISION_HINT")
    layers = count_layers(graph, width, 2 if precision.get_type_name() == "bf16" else 4)
    inputs = np.full((1, sizes.tokens, width), 0.1, np.float32), np.ones((1, sizes.tokens), int)
    runs = options.count(200, 5)
    took, _ = _infer(core, graph, inputs, runs)
    _, nodes = _infer(core, graph, inputs, runs, PERF_COUNT=True)
    counted = steps(layers, sizes)
    search = [values for part, values in parts.items() if part != "render"]
    return {
        "asked": sizes._asdict(),
        "layers": layers._asdict(),
        "peaks": peaks.ways,
        "stages": [
            {
                "name": step.name,
                "multiply_adds": (step.floats + step.eight_bits) / 1e6,
                "megabytes": step.bytes / 1e6,
                "floor": step.least_ms(peaks),
                "measured": median(parts[step.name]),
            }
            for step in counted
        ],
        "alone": median(took),
        "inside": _inside(nodes),
        "floor": sum(step.least_ms(peaks) for step in counted),
        "measured": median(map(sum, zip(*search, strict=True))),
    }


def _sizes(searcher: Searcher, encoder: Encoder, questions: Sequence[str]) -> Sizes:
    """Return the median sizes of the questions."""
    from embeddings.search import ranking

    compare: Any = vars(ranking)["maxsim"]
    compared, candidates = list[int](), list[int]()

    def counted(question: Any, packed: Any, *others: Any) -> Any:
        compared.append(len(question))
        candidates.append(len(packed))
        return compare(question, packed, *others)

    with patch.object(ranking, "maxsim", counted):
        for text in questions:
            searcher.search(text)
    found = searcher.generation
    return Sizes(
        tokens=int(median(count_tokens(encoder, "query: ", questions))),
        compared=int(median(compared)),
        candidates=int(median(candidates)),
        vectors=len(found.vectors) + len(found.sentences.all_vectors),
    )


def count_tokens(encoder: Encoder, prompt: str, texts: Sequence[str]) -> list[int]:
    """Return how many tokens the model reads of each text, prompt and special ones included."""
    counts = encoder.count_tokens([f"{prompt}{text}" for text in texts])
    return [count + _SPECIAL_TOKENS for count in counts]


def _graph() -> tuple[Any, Any, int]:
    """Return OpenVINO's core, the converted model's graph, and the length of its vectors."""
    from embeddings.model.openvino import encoder
    from embeddings.model.openvino.conversion import directory_of

    directory = directory_of(find(DEFAULT_MODEL, default_cache()), default_cache())
    settings = json.loads((directory / encoder.SETTINGS).read_text(encoding="utf-8"))
    core = encoder.import_openvino().Core()
    return core, core.read_model(directory / settings["graph"]), int(settings["dimension"])


def count_layers(graph: Any, width: int, float_bytes: int) -> Layers:
    """Count the weights of an OpenVINO graph.

    Args:
        graph: everything behind the word vectors.
        width: length of a token's vector.
        float_bytes: size of a weight that is computed with as a float.
    """
    floats = small = scales = attentions = 0
    for node in graph.get_ordered_ops():
        attentions += node.get_type_name() == "ScaledDotProductAttention"
        if node.get_type_name() != "MatMul":
            continue
        constants = list(_constants(node.input_value(1).get_node()))
        shape = node.input_value(1).get_partial_shape()
        if not constants or shape.is_dynamic or len(shape) != 2:
            continue
        weights = shape[0].get_length() * shape[1].get_length()
        kinds = [constant.get_element_type() for constant in constants]
        if any(kind.get_type_name() == "i8" for kind in kinds):
            small += weights
            counts = [math.prod(constant.get_output_shape(0)) for constant in constants]
            scales += sum(
                kind.get_size() * count
                for kind, count in zip(kinds, counts, strict=True)
                if kind.is_real() and count > 1
            )
        else:
            floats += weights
    return Layers(floats, small, float_bytes * floats + small + scales, attentions, width)


def _constants(node: Any) -> Iterator[Any]:
    """Yield the constants that a layer's weights are made of; none where they are computed."""
    if node.get_type_name() == "Constant":
        yield node
    elif node.get_type_name() in ("Convert", "Multiply", "Subtract", "Reshape", "Transpose"):
        for number in range(node.get_input_size()):
            yield from _constants(node.input_value(number).get_node())


def _infer(
    core: Any, graph: Any, inputs: tuple[Any, Any], runs: int, **settings: bool
) -> tuple[list[float], list[list[Any]]]:
    """Run the model alone; return the milliseconds and OpenVINO's profile of each run."""
    request = core.compile_model(graph, "CPU", SETTINGS | settings).create_infer_request()
    took, profiles = [], []
    for _ in range(runs + 1):
        started = time.perf_counter()
        request.infer(inputs, share_inputs=True)
        took.append(1000 * (time.perf_counter() - started))
        profiles.append(request.get_profiling_info() if settings else [])
    return took[1:], profiles[1:]


def _inside(profiles: list[list[Any]]) -> list[tuple[str, float, int]]:
    """Return kind, mean milliseconds and number of the nodes in a run, slowest kind first."""
    nodes = [node for profile in profiles for node in profile if node.real_time]
    spent: Counter[str] = Counter()
    for node in nodes:
        spent[node.node_type] += node.real_time.total_seconds()
    counts, runs = Counter(node.node_type for node in nodes), len(profiles)
    return [
        (kind, 1000 * seconds / runs, round(counts[kind] / runs))
        for kind, seconds in spent.most_common()
    ]
