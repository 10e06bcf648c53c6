"""Finds a model and chooses what runs it: OpenVINO where it works, otherwise torch.

The vectors of both are interchangeable: a model is converted only if the cosine to torch, of
texts and of single tokens, is at least `conversion.LEAST_COSINE`. With 8-bit weights it was
0.9999 for texts and 0.9997 for tokens. No encoder is thread-safe.
"""

import logging
from functools import cache
from pathlib import Path

from embeddings.errors import ModelError, RuntimeUnavailable, UsageError
from embeddings.model.encoder import Encoder, Model
from embeddings.model.source import DEFAULT_MODEL, ModelSource, find
from embeddings.storage.cache import default_cache

logger = logging.getLogger(__name__)

RUNTIMES = ("auto", "openvino", "torch")


def find_model(
    name: str = DEFAULT_MODEL, directory: Path | None = None, runtime: str = "auto"
) -> Model:
    """Return a model, to be run on the CPU. It is loaded when its encoder is first needed.

    Args:
        name: `DEFAULT_MODEL`, or a directory or hub model that sentence-transformers loads; the
            name of a hub model may end with `@REVISION`.
        directory: where assembled and converted models are kept; see `default_cache`.
        runtime: `openvino`, `torch`, or `auto` for the faster one that works here.

    Raises:
        UsageError: there is no such runtime.
        ModelError: a model of the hub is neither on this machine nor can the hub be asked for it.
    """
    if runtime not in RUNTIMES:
        raise UsageError(f"ENCODER_RUNTIME must be one of {', '.join(RUNTIMES)}, not {runtime!r}.")
    kept_in = directory or default_cache()
    source = find(name, kept_in)
    return Model(source.name, source.digest, cache(lambda: load(source, kept_in, runtime)))


def load(source: ModelSource, cache: Path, runtime: str = "auto") -> Encoder:
    """Load a model with the fastest runtime that works here, or with the one that is named.

    Raises:
        RuntimeUnavailable: `runtime` is `openvino`, and it does not work here.
        ModelError: the model does not load, or torch is to run it and is not installed.
    """
    encoder = _load_openvino(source, cache, runtime) if runtime != "torch" else None
    if encoder is None:
        try:
            import sentence_transformers  # noqa: F401
        except ModuleNotFoundError as error:
            raise ModelError(
                f"{source.name} needs the package {error.name}, which is not installed here. "
                "A container has it in the stage with-torch."
            ) from error
        from embeddings.model.sentence_transformer import SentenceTransformerEncoder

        encoder = SentenceTransformerEncoder(source)
    logger.info("%s runs on %s", source.name, encoder.runtime)
    return encoder


def _load_openvino(source: ModelSource, cache: Path, runtime: str) -> Encoder | None:
    from embeddings.model.openvino.conversion import converted
    from embeddings.model.openvino.encoder import OpenVinoEncoder

    try:
        return OpenVinoEncoder(converted(source, cache))
    except RuntimeUnavailable as error:
        if runtime == "openvino":
            raise RuntimeUnavailable(
                f"ENCODER_RUNTIME asks for OpenVINO, but {error}. With auto, torch is used."
            ) from error
        logger.info("OpenVINO is not used: %s", error)
    return None
