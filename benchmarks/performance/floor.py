"""A question beside the least that its arithmetic and its memory traffic can cost on this machine.

`counting` says what is counted, `peaks` how the machine is measured: all its cores, although a
question has them only while the model runs.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from statistics import median
from typing import Any

import numpy as np

from benchmarks.performance.counting import Asked, layers_of, stages
from benchmarks.performance.options import NotMeasured, Options, tell
from benchmarks.performance.peaks import SETTINGS, peaks
from benchmarks.performance.question import WARM_UP, parts_of
from benchmarks.performance.timers import replaced
from embeddings import DEFAULT_MODEL, Searcher, find_model
from embeddings.model.encoder import Encoder
from embeddings.model.source import find
from embeddings.storage.cache import default_cache

_SPECIAL = 2
"""Tokens that the model puts around a text."""


@dataclass(frozen=True)
class Floor:
    """What was found.

    Attributes:
        asked: the median question in numbers; see `counting.Asked`.
        layers: see `counting.Layers`.
        peaks: in thousand millions a second, by way of measuring.
        stages: of each its name, multiply-adds in millions, MB, and milliseconds: at least, and
            measured in the same process.
        alone: milliseconds of the model by itself, given the median question again and again.
        inside: of the model, by kind of node: milliseconds, and how many.
        floor: of all stages, in milliseconds.
        measured: the median of a search, all parts together.
    """

    asked: dict[str, int]
    layers: dict[str, int]
    peaks: dict[str, float]
    stages: list[dict[str, Any]]
    alone: float
    inside: list[tuple[str, float, int]]
    floor: float
    measured: float


def measure(options: Options) -> Floor:
    """Measure the machine, count, and ask some questions in the same process."""
    model = find_model()
    encoder = model.load()
    if encoder.runtime != "openvino":
        raise NotMeasured("the model is not run by OpenVINO here, whose graph is counted")
    tell("the machine's peaks")
    most = peaks(options.few(20, 2))
    searcher = Searcher.open(options.index(model), model)
    texts = [question.text for question in options.questions(options.few(400, 40))]
    try:
        for text in texts[-WARM_UP:]:
            searcher.search(text)
        tell(f"{len(texts)} questions")
        asked = _asked(searcher, encoder, texts)
        core, graph, width = _graph()
        layers = layers_of(graph, width, _float_bytes(core, graph))
        tell("inside the model")
        given = np.full((1, asked.tokens, width), 0.1, np.float32), np.ones((1, asked.tokens), int)
        runs = options.few(200, 5)
        alone = median(_inference(core, graph, given, runs)[0])
        inside = _inside(_inference(core, graph, given, runs, PERF_COUNT=True)[1])
        parts = parts_of(searcher, encoder, texts)
    finally:
        searcher.close()
    counted = stages(layers, asked)
    rows = [
        {
            "name": stage.name,
            "multiply_adds": (stage.floats + stage.eight_bits) / 1e6,
            "megabytes": stage.bytes / 1e6,
            "floor": stage.milliseconds(most),
            "measured": median(parts[stage.name]),
        }
        for stage in counted
    ]
    return Floor(
        asked=asdict(asked),
        layers=asdict(layers),
        peaks=most.ways,
        stages=rows,
        alone=alone,
        inside=inside,
        floor=sum(stage.milliseconds(most) for stage in counted),
        measured=_together([spent for part, spent in parts.items() if part != "render"]),
    )


def _together(parts: Sequence[Sequence[float]]) -> float:
    """Return the median of the sums, a question at a time."""
    return float(np.median(np.sum(list(parts), axis=0)))


def _asked(searcher: Searcher, encoder: Encoder, texts: Sequence[str]) -> Asked:
    """Count the tokens of each question and of what it is compared with; return the medians."""
    ranking: Any = import_module("embeddings.search.ranking")
    compared: list[tuple[int, int]] = []
    match = ranking.maxsim

    def counted(question: Any, packed: Any, *others: Any) -> Any:
        compared.append((len(question), len(packed)))
        return match(question, packed, *others)

    with replaced(ranking, "best_matches", counted):
        for text in texts:
            searcher.search(text)
    sentences = len(searcher.generation.sentences.all_vectors)
    return Asked(
        tokens=int(median(tokens_read(encoder, "query: ", texts))),
        compared=int(median(question for question, _ in compared)),
        candidates=int(median(tokens for _, tokens in compared)),
        vectors=len(searcher.generation.vectors) + sentences,
    )


def tokens_read(encoder: Encoder, prompt: str, texts: Sequence[str]) -> list[int]:
    """Return how many tokens the model reads of each text, its prompt and special ones included."""
    counts = encoder.count_tokens([f"{prompt}{text}" for text in texts])
    return [count + _SPECIAL for count in counts]


def _graph() -> tuple[Any, Any, int]:
    """Read the converted model again, to look into it; also return how long its vectors are."""
    import json

    from embeddings.model.openvino import encoder as openvino_encoder
    from embeddings.model.openvino.conversion import directory_of

    directory = directory_of(find(DEFAULT_MODEL, default_cache()), default_cache())
    settings = json.loads((directory / openvino_encoder.SETTINGS).read_text(encoding="utf-8"))
    core = openvino_encoder.import_openvino().Core()
    return core, core.read_model(directory / settings["graph"]), int(settings["dimension"])


def _float_bytes(core: Any, graph: Any) -> int:
    """Return how many bytes OpenVINO takes for a weight that it computes with as a float."""
    precision = core.compile_model(graph, "CPU").get_property("INFERENCE_PRECISION_HINT")
    return 2 if precision.get_type_name() == "bf16" else 4


def _inference(
    core: Any, graph: Any, given: tuple[Any, Any], runs: int, **settings: bool
) -> tuple[list[float], list[Any]]:
    """Run the model by itself; return milliseconds, and what OpenVINO tells of each run."""
    request = core.compile_model(graph, "CPU", SETTINGS | settings).create_infer_request()
    took, told = [], []
    for _ in range(runs + 1):
        started = time.perf_counter()
        request.infer(given, share_inputs=True)
        took.append(1000 * (time.perf_counter() - started))
        told.append(request.get_profiling_info() if settings else [])
    return took[1:], told[1:]


def _inside(told: list[Any]) -> list[tuple[str, float, int]]:
    """Sum a run up by kind of node, the mean of all runs; what takes longest comes first."""
    spent: Counter[str] = Counter()
    nodes: Counter[str] = Counter()
    for node in (node for run in told for node in run):
        if node.real_time:
            spent[node.node_type] += 1000 * node.real_time.total_seconds()
            nodes[node.node_type] += 1
    runs = len(told)
    return [(kind, ms / runs, round(nodes[kind] / runs)) for kind, ms in spent.most_common()]
