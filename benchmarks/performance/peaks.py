"""Measures the most multiply-adds and bytes a second that all cores reach together.

The fastest of several ways, shapes and runs counts: with too low a peak, everything would look
closer to it than it is.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from embeddings.model.openvino.encoder import cores, import_openvino
from embeddings.model.openvino.quantization import GROUP, to_eight_bits

_SHAPES = ((1024, 1024), (512, 2048), (16, 1536))
"""Rows, and the width of a square matrix of weights; the last is like a question."""
_FAR, _NEAR = 256 << 20, 24 << 20
"""Bytes: far more than any cache, and what one question reads of a small model."""
SETTINGS = {
    "INFERENCE_NUM_THREADS": cores(),
    "NUM_STREAMS": "1",
    "ENABLE_CPU_PINNING": False,
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": GROUP,
}
"""As the encoder compiles its model on a machine of two cores."""


class Peaks(NamedTuple):
    """The most per second.

    Attributes:
        floats: multiply-adds of float32, or of bfloat16 where OpenVINO computes in that.
        eight_bits: multiply-adds of 8-bit integers.
        bytes: bytes copied, counting both those read and those written.
        ways: what each way of measuring gave, in billions.
    """

    floats: float
    eight_bits: float
    bytes: float
    ways: dict[str, float]


def measure_peaks(runs: int) -> Peaks:
    """Measure each way with every shape, `runs` times; takes some seconds."""
    with threadpool_limits(cores(), user_api="blas"):
        floats = {
            "numpy float32": max(_numpy(width, runs) for _, width in _SHAPES),
            "OpenVINO without 8 bits": _openvino(runs),
        }
        eight_bits = {
            "OpenVINO 8 bits, fixed scales": _openvino(runs, fixed=True),
            f"OpenVINO 8 bits, a scale for {GROUP} values": _openvino(runs, groups=True),
        }
        copied = {
            "bytes, far": _copied(_FAR, runs // 4 + 1),
            "bytes, near": _copied(_NEAR, 4 * runs),
        }
    ways = {name: value / 1e9 for name, value in (floats | eight_bits | copied).items()}
    return Peaks(max(floats.values()), max(eight_bits.values()), max(copied.values()), ways)


def _numpy(width: int, runs: int) -> float:
    one, other = np.random.default_rng(1).standard_normal((2, width, width), np.float32)
    result = np.empty_like(one)
    return float(width**3 / _shortest(lambda: np.matmul(one, other, out=result), runs))


def _copied(size: int, runs: int) -> float:
    sources = np.ones((cores(), size // 8 // cores()), np.float32)
    targets = np.zeros_like(sources)
    with ThreadPoolExecutor(cores()) as pool:
        took = _shortest(lambda: list(pool.map(np.copyto, targets, sources)), runs)
    return 2 * sources.nbytes / took


def _openvino(runs: int, *, fixed: bool = False, groups: bool = False) -> float:
    """Return the multiply-adds a second of a linear layer, in 8 bits of one kind or in floats."""
    best = 0.0
    for rows, width in _SHAPES:
        graph = _linear_layer(rows, width, fixed=fixed)
        if groups:
            to_eight_bits(graph, [])
        compiled = import_openvino().Core().compile_model(graph, "CPU", SETTINGS)
        request = compiled.create_infer_request()
        values = np.random.default_rng(1).uniform(-1, 1, (rows, width)).astype(np.float32)
        took = _shortest(lambda: request.infer({0: values}, share_inputs=True), runs)  # noqa: B023
        best = max(best, rows * width**2 / took)
    return best


def _linear_layer(rows: int, width: int, *, fixed: bool) -> Any:
    """Return a graph; with fixed scales OpenVINO turns both sides into integers."""
    openvino = import_openvino()
    from openvino import opset13 as ops

    def quantized(values: Any, most: float, levels: int) -> Any:
        low, high = (ops.constant(np.float32(edge)) for edge in (-most, most))
        return ops.fake_quantize(values, low, high, low, high, levels)

    drawn = np.random.default_rng(1).uniform(-0.1, 0.1, (width, width)).astype(np.float32)
    given = ops.parameter([rows, width], np.float32)
    values, weights = given, ops.constant(drawn)
    if fixed:
        values, weights = quantized(values, 1.0, 256), quantized(weights, 0.1, 255)
    product = ops.matmul(values, weights, transpose_a=False, transpose_b=True)
    return openvino.Model([product], [given], "layer")


def _shortest(work: Callable[[], object], runs: int) -> float:
    """Return the seconds of the quickest run."""
    took = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return min(took[1:])
