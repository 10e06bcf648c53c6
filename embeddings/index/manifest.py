"""What a generation was built from, and what every file of it must be."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from embeddings.errors import IndexDamaged, IndexOutdated
from embeddings.storage.files import HOW_TO_REPAIR, unreadable
from embeddings.translatable import from_json, to_json

FORMAT = 5
"""Version of a generation's layout; an index of another version is built anew."""
FILE_NAME = "manifest.json"


@dataclass(frozen=True)
class ModelEntry:
    """The model whose vectors the generation holds."""

    name: str
    digest: str
    dimension: int


@dataclass(frozen=True)
class ArticleEntry:
    """One article, the state of its file, and what could not be read well in it.

    Attributes:
        seen: when an index first had this file with this content, as a Unix time.
    """

    path: str
    sha256: str
    title: str
    language: str
    passages: int
    warnings: tuple[str, ...] = ()
    seen: float = 0.0


@dataclass(frozen=True)
class SkippedEntry:
    """A file that gave no article.

    Attributes:
        sha256: of its bytes, None where it could not be opened.
        reason: as a person would say it.
        same_as: path of the article that has the same text, where that is the reason.
        seen: as for an article.
    """

    path: str
    sha256: str | None
    reason: str
    same_as: str | None = None
    seen: float = 0.0


@dataclass(frozen=True)
class FileEntry:
    """A file of the generation."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The first file read of a generation, and the last written.

    Attributes:
        created: ISO 8601, UTC.
        rules: versions of what turns files into passages, words and vectors.
    """

    created: str
    model: ModelEntry
    rules: str
    articles: tuple[ArticleEntry, ...]
    skipped: tuple[SkippedEntry, ...]
    files: dict[str, FileEntry]

    @property
    def passages(self) -> int:
        """Number of passages of all articles."""
        return sum(article.passages for article in self.articles)

    @property
    def bytes(self) -> int:
        """Size of all files of the generation."""
        return sum(file.bytes for file in self.files.values())


def dump(manifest: Manifest) -> str:
    """Return the manifest as JSON that carries its own checksum."""
    content = {"format": FORMAT, **asdict(manifest)}
    for entry in content["articles"]:
        entry["warnings"] = list(map(to_json, entry["warnings"]))
    for entry in content["skipped"]:
        entry["reason"] = to_json(entry["reason"])
    return json.dumps({"checksum": _checksum(content), **content}, ensure_ascii=False, indent=1)


def load(path: Path) -> Manifest:
    """Read a manifest.

    Raises:
        IndexDamaged: it is missing, changed, or of another format.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        checksum = content.pop("checksum")
        version = content.pop("format")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise unreadable(path, error) from error
    if version != FORMAT:
        raise IndexOutdated(f"{path} has format {version}, not {FORMAT}. {HOW_TO_REPAIR}")
    if checksum != _checksum({"format": version, **content}):
        raise IndexDamaged(f"{path} was changed after it was written. {HOW_TO_REPAIR}")
    try:
        return Manifest(
            created=content["created"],
            model=ModelEntry(**content["model"]),
            rules=content["rules"],
            articles=tuple(
                ArticleEntry(**entry | {"warnings": tuple(map(from_json, entry["warnings"]))})
                for entry in content["articles"]
            ),
            skipped=tuple(
                SkippedEntry(**entry | {"reason": from_json(entry["reason"])})
                for entry in content["skipped"]
            ),
            files={name: FileEntry(**entry) for name, entry in content["files"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise IndexDamaged(f"{path} lacks {error}. {HOW_TO_REPAIR}") from error


def _checksum(content: dict[str, object]) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
