"""Measures builds: with an encoder that takes almost no time, and with the real one.

The first is `benchmarks.fresh`: it shows everything but the model, for sizes for which the model
would need hours. The second builds the articles of the data set, and again after one edit.
"""

import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.fresh import timed_builds
from benchmarks.performance.common import Options, log, memory_of, python
from benchmarks.performance.question import Timers, method_of
from embeddings import Model, build_index, find_model

_SIZES, _QUICK_SIZES = (1000, 10_000, 100_000), (100, 400)
_EDITS = 5


def measure(options: Options) -> dict[str, Any]:
    """Build everything; each size in a process of its own, which gives the memory that it needs.

    Returns:
        `free`: a row for each size, as `benchmarks.fresh` prints it. Of the data set with the
        default model: `real`: size, and seconds of the whole build, of one without a change and
        of one after an edit (the median of several); `parts`: seconds of the whole build.
    """
    free = []  # first: a new process inherits the peak memory of this one
    for passages in _QUICK_SIZES if options.quick else _SIZES:
        log(f"{passages:,} passages of invented words")
        free.append(json.loads(python("-m", "benchmarks.fresh", "--one", str(passages)).stdout))
    model = find_model()
    log(f"{options.dataset.name} with the real model")
    real = _real(options, model)
    log("the same with timers")
    return {"free": free, "real": real, "parts": _parts(options, model)}


def _real(options: Options, model: Model) -> dict[str, Any]:
    runtime = model.load().runtime
    with tempfile.TemporaryDirectory(prefix="build-") as folder:
        seeds = Path(folder) / "seeds"
        shutil.copytree(options.dataset / "seeds", seeds)
        texts = [path for path in sorted(seeds.rglob("*")) if path.suffix in (".txt", ".md")]
        characters = sum(len(path.read_text(encoding="utf-8")) for path in texts)
        found = timed_builds(seeds, model, texts, _edit, options.count(_EDITS, 2))
    found |= {"characters": characters, "memory": memory_of()["peak"]}
    return {"dataset": options.dataset.name, "runtime": runtime, **found}


def _parts(options: Options, model: Model) -> dict[str, float]:
    """Build once more, with timers."""
    encoder, timers = model.load(), Timers()
    methods = {kind: method_of(encoder, f"encode_{kind}") for kind in ("passages", "sentences")}
    reader = "embeddings.model.openvino.tokenizer.TokenReader"
    timed = {f"run the model, {kind}": [name] for kind, name in methods.items()}
    timed["tokenise"] = [f"{reader}.read", f"{reader}.count"]
    with tempfile.TemporaryDirectory(prefix="build-") as folder, timers.around(timed):
        started = time.perf_counter()
        build_index(options.dataset / "seeds", Path(folder) / "index", model)
        whole = time.perf_counter() - started
    parts = dict(timers.seconds)
    parts["everything else"] = whole - sum(parts.values())
    return parts


def _edit(path: Path, number: int) -> None:
    """Insert a sentence after the first half of an article."""
    text = path.read_text(encoding="utf-8")
    end = text.find(". ", len(text) // 2) + 2
    at = end if end > 1 else len(text)
    news = f"This was added on the {number + 1}. day of March. "
    path.write_text(text[:at] + news + text[at:], encoding="utf-8")
