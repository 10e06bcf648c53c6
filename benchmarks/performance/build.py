"""How long builds take: with an encoder that costs nothing, and with the real one.

The first is `benchmarks.fresh`, and shows everything but the model, for sizes that the model would
need hours for. The second builds the articles of the data set, and again after one edit.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.performance.floor import tokens_read
from benchmarks.performance.options import ROOT, Options, environment, tell
from benchmarks.performance.processes import memory_of
from benchmarks.performance.timers import Point, Timers, replaced
from embeddings import Encoder, Model, build_index, find_model

_SIZES, _QUICK_SIZES = (1000, 10_000, 100_000), (100, 400)
_EDITS = 5


@dataclass(frozen=True)
class Build:
    """What was found.

    Attributes:
        free: a row for each size, as `benchmarks.fresh` prints it.
        real: of the data set, with the default model: articles, passages, characters, seconds of
            the whole build, of one without a change, of one after an edit (the median of several),
            passages encoded then, and megabytes at most.
        parts: seconds of the whole build with the model, by part.
        tokens: that the model read for it, by what they were read for.
    """

    free: list[dict[str, float]]
    real: dict[str, Any]
    parts: dict[str, float]
    tokens: dict[str, int]


def measure(options: Options) -> Build:
    """Build everything; the sizes in processes of their own, so that memory is seen."""
    free = []  # first: a new process counts as its own peak what this one held
    for passages in _QUICK_SIZES if options.quick else _SIZES:
        tell(f"{passages:,} passages of invented words")
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "benchmarks.fresh", "--one", str(passages)],
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        free.append(json.loads(done.stdout))
    tell(f"{options.dataset.name} with the real model")
    model = find_model()
    encoder = model.load()
    real = _real(options, model)
    tell("the same with timers")
    parts, read = _parts(options, model)
    tokens = {kind: sum(tokens_read(encoder, "passage: ", texts)) for kind, texts in read.items()}
    return Build(free, real, parts, tokens)


def _real(options: Options, model: Model) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="build-") as place:
        seeds, index = Path(place) / "seeds", Path(place) / "index"
        shutil.copytree(options.dataset / "seeds", seeds)
        texts = [path for path in sorted(seeds.rglob("*")) if path.suffix in (".txt", ".md")]
        characters = sum(len(path.read_text(encoding="utf-8")) for path in texts)
        started = time.perf_counter()
        whole = build_index(seeds, index, model)
        seconds = time.perf_counter() - started
        started = time.perf_counter()
        build_index(seeds, index, model)
        same = time.perf_counter() - started
        edits = []
        for number in range(options.few(_EDITS, 2)):
            _edit(texts[number * len(texts) // _EDITS], number)
            started = time.perf_counter()
            result = build_index(seeds, index, model)
            edits.append((time.perf_counter() - started, result.encoded))
    edit = sorted(edits)[len(edits) // 2]
    return {
        "dataset": options.dataset.resolve().name,
        "runtime": model.load().runtime,
        "articles": whole.articles,
        "passages": whole.passages,
        "characters": characters,
        "full": seconds,
        "same": same,
        "edit": edit[0],
        "encoded": edit[1],
        "memory": memory_of().peak,
    }


def _parts(options: Options, model: Model) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Build once more, with timers; also return what was given to the model."""
    encoder = model.load()
    kind = type(encoder)
    home = f"{kind.__module__}:{kind.__name__}"
    points = [
        Point("run the model, passages", home, "encode_passages"),
        Point("run the model, sentences", home, "encode_sentences"),
        Point("tokenise", "embeddings.model.openvino.tokenizer:TokenReader", "read"),
        Point("tokenise", "embeddings.model.openvino.tokenizer:TokenReader", "count"),
    ]
    timers, read = Timers(), {"passages": list[str](), "sentences": list[str]()}

    def noted(name: str, texts: list[str]) -> Any:
        encode = getattr(kind, name)

        def encode_noted(self: Encoder, given: list[str]) -> Any:
            texts.extend(given)
            return encode(self, given)

        return encode_noted

    passages = noted("encode_passages", read["passages"])
    sentences = noted("encode_sentences", read["sentences"])
    with (
        tempfile.TemporaryDirectory(prefix="build-") as place,
        replaced(kind, "encode_passages", passages),
        replaced(kind, "encode_sentences", sentences),
        timers.at(points),
    ):
        started = time.perf_counter()
        build_index(options.dataset / "seeds", Path(place) / "index", model)
        whole = time.perf_counter() - started
    parts = dict(timers.spent)
    return parts | {"everything else": whole - sum(parts.values())}, read


def _edit(path: Path, number: int) -> None:
    """Put a sentence behind the first half of an article, as somebody who adds to it would."""
    text = path.read_text(encoding="utf-8")
    end = text.find(". ", len(text) // 2) + 2
    at = end if end > 1 else len(text)
    path.write_text(
        f"{text[:at]}This was added on the {number + 1}. day of March. {text[at:]}",
        encoding="utf-8",
    )
