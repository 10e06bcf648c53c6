"""What runs the model: OpenVINO where it works, otherwise torch under sentence-transformers.

The vectors of both are interchangeable: a model is converted only when the cosine to torch, of
texts and of single tokens, is at least `conversion.LEAST_COSINE`. With the weights in 8 bits it
was 0.9999 for texts and 0.9997 for tokens. No encoder is thread-safe.
"""

import logging
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings.errors import RuntimeUnavailable, UsageError
from embeddings.model.encoder import Model
from embeddings.model.source import DEFAULT_MODEL, find
from embeddings.storage.cache import default_cache

if TYPE_CHECKING:
    from embeddings.model.encoder import Encoder
    from embeddings.model.source import ModelSource

logger = logging.getLogger(__name__)

RUNTIMES = ("auto", "openvino", "torch")


def find_model(
    name: str = DEFAULT_MODEL, directory: Path | None = None, runtime: str = "auto"
) -> Model:
    """Return a model, to be run on the CPU.

    Args:
        name: of the default model, or one that sentence-transformers loads.
        directory: where assembled and converted models are kept.
        runtime: `openvino`, `torch`, or `auto` for the faster one that runs here.

    Raises:
        UsageError: there is no such runtime.
        ModelError: a model of the hub is not to be had.
    """
    check_name(runtime)
    place = directory or default_cache()
    source = find(name, place)
    return Model(source.name, source.digest, cache(lambda: load(source, place, runtime)))


def check_name(runtime: str) -> None:
    """Refuse a runtime that does not exist.

    Raises:
        UsageError: there is no such runtime.
    """
    if runtime not in RUNTIMES:
        raise UsageError(f"ENCODER_RUNTIME must be one of {', '.join(RUNTIMES)}, not {runtime!r}.")


def load(source: "ModelSource", cache: Path, runtime: str = "auto") -> "Encoder":
    """Load a model with the fastest runtime that works here.

    Args:
        source: the model.
        cache: where converted models are kept.
        runtime: one of `RUNTIMES`.

    Raises:
        RuntimeUnavailable: this runtime was asked for, and does not work.
        ModelError: the model does not load.
    """
    encoder = _openvino(source, cache, runtime) if runtime != "torch" else None
    if encoder is None:
        from embeddings.model.sentence_transformer import SentenceTransformerEncoder

        encoder = SentenceTransformerEncoder(source)
    logger.info("%s runs on %s", source.name, encoder.runtime)
    return encoder


def _openvino(source: "ModelSource", cache: Path, runtime: str) -> "Encoder | None":
    from embeddings.model.openvino.conversion import converted

    try:
        from embeddings.model.openvino.encoder import OpenVinoEncoder

        return OpenVinoEncoder(converted(source, cache))
    except RuntimeUnavailable as error:
        if runtime == "openvino":
            raise RuntimeUnavailable(
                f"ENCODER_RUNTIME asks for OpenVINO, but {error}. With auto, torch is used."
            ) from error
        logger.info("OpenVINO is not used: %s", error)
    return None
