"""What the cores of this machine can do together at most: multiply-adds and bytes a second.

Of several ways and shapes the fastest counts, and of several runs the best: a peak that was missed
would make everything look closer to it than it is.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from embeddings.model.openvino.encoder import cores, import_openvino
from embeddings.model.openvino.quantization import GROUP, to_eight_bits

_SHAPES = ((1024, 1024), (512, 2048), (16, 1536))
"""Rows, and the width of a square matrix of weights; the last is like a question."""
_BIG, _SMALL = 256 << 20, 24 << 20
"""Bytes: far more than any cache, and what one question reads of a small model."""
SETTINGS = {
    "INFERENCE_NUM_THREADS": cores(),
    "NUM_STREAMS": "1",
    "ENABLE_CPU_PINNING": False,
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": GROUP,
}
"""As the encoder compiles its model on a machine of two cores."""


@dataclass(frozen=True)
class Peaks:
    """The most of each, per second.

    Attributes:
        floats: multiply-adds of float32, or of bfloat16 where OpenVINO computes in that.
        eight_bits: multiply-adds of 8-bit integers.
        bytes_far: copied from memory, read and written bytes counted.
        bytes_near: the same of few enough that the processor's caches may keep them.
        ways: what each way of measuring gave, in thousand millions.
    """

    floats: float
    eight_bits: float
    bytes_far: float
    bytes_near: float
    ways: dict[str, float]


def peaks(runs: int = 20) -> Peaks:
    """Measure; takes some seconds."""
    with threadpool_limits(cores(), user_api="blas"):
        floats = {"numpy float32": max(_numpy(width, runs) for _, width in _SHAPES)}
        floats["OpenVINO without 8 bits"] = _best(_whole, runs)
        eight = {
            "OpenVINO 8 bits, fixed scales": _best(_fixed_scales, runs),
            f"OpenVINO 8 bits, a scale for {GROUP} values": _best(_groups, runs),
        }
        far, near = _copied(_BIG, runs // 4 + 1), _copied(_SMALL, 4 * runs)
    ways = {**floats, **eight, "bytes, far": far, "bytes, near": near}
    return Peaks(
        max(floats.values()),
        max(eight.values()),
        far,
        near,
        {name: value / 1e9 for name, value in ways.items()},
    )


def _numpy(width: int, runs: int) -> float:
    one, other = np.random.default_rng(1).standard_normal((2, width, width), np.float32)
    result = np.empty_like(one)
    return float(width**3 / _least(lambda: np.matmul(one, other, out=result), runs))


def _copied(size: int, runs: int) -> float:
    sources = np.ones((cores(), size // 8 // cores()), np.float32)
    targets = np.zeros_like(sources)
    with ThreadPoolExecutor(cores()) as pool:
        took = _least(lambda: list(pool.map(np.copyto, targets, sources)), runs)
    return 2 * sources.nbytes / took


def _best(make: Callable[[int, int], Any], runs: int) -> float:
    return max(_openvino(make(*shape), shape, runs) for shape in _SHAPES)


def _openvino(graph: Any, shape: tuple[int, int], runs: int) -> float:
    request = import_openvino().Core().compile_model(graph, "CPU", SETTINGS).create_infer_request()
    values = np.random.default_rng(1).uniform(-1, 1, shape).astype(np.float32)
    took = _least(lambda: request.infer({0: values}, share_inputs=True), runs)
    return shape[0] * shape[1] ** 2 / took


def _whole(rows: int, width: int) -> Any:
    return _graph(rows, width, fixed=False)


def _fixed_scales(rows: int, width: int) -> Any:
    return _graph(rows, width, fixed=True)


def _groups(rows: int, width: int) -> Any:
    graph = _graph(rows, width, fixed=False)
    to_eight_bits(graph, [])
    return graph


def _graph(rows: int, width: int, *, fixed: bool) -> Any:
    """Return one linear layer; with fixed scales OpenVINO makes integers of both sides."""
    openvino = import_openvino()
    from openvino import opset13 as ops

    drawn = np.random.default_rng(1).uniform(-0.1, 0.1, (width, width)).astype(np.float32)
    given = ops.parameter([rows, width], np.float32)
    values, weights = given, ops.constant(drawn)
    if fixed:
        values = _rounded(ops, values, 1.0, 256)
        weights = _rounded(ops, weights, 0.1, 255)
    product = ops.matmul(values, weights, transpose_a=False, transpose_b=True)
    return openvino.Model([product], [given], "layer")


def _rounded(ops: Any, values: Any, most: float, levels: int) -> Any:
    low, high = (ops.constant(np.float32(edge)) for edge in (-most, most))
    return ops.fake_quantize(values, low, high, low, high, levels)


def _least(work: Callable[[], object], runs: int) -> float:
    """Return the seconds of the quickest run."""
    took = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return min(took[1:])
