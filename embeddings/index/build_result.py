"""What a build is asked for, when that is refused, and what it did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

from embeddings.articles.folder import SourceFile
from embeddings.articles.passage import SPLITTER_VERSION
from embeddings.errors import SeedsEmptied, SeedsError
from embeddings.index.embed import EMBED_VERSION
from embeddings.index.file_copies import Entries, States, known_states
from embeddings.index.manifest import ArticleEntry, Manifest, SkippedEntry
from embeddings.model.encoder import Model
from embeddings.progress import Progress
from embeddings.readers import EMPTY, READER_VERSION, READERS
from embeddings.text.file_names import printable
from embeddings.text.lemmas import LEMMAS_VERSION
from embeddings.translatable import Translatable

RULES = f"{READER_VERSION}.{SPLITTER_VERSION}.{EMBED_VERSION}.{LEMMAS_VERSION}"
"""An index made by other rules is built anew."""

ASKED_FOR = "everything was asked for"
OTHER_MODEL = "the model is another one"
OTHER_RULES = "articles are read, split or encoded by newer rules"
"""Reasons why nothing can be taken from the index that there is."""


@dataclass(frozen=True)
class BuildOptions:
    """What a build is asked for; see `embeddings.index.build.build_index`."""

    seeds: Path
    model: Model
    progress: Progress
    full: bool
    repair: bool
    allow_empty: bool

    def refuse_accidental_empty(self, previous: Entries | None) -> None:
        """Refuse to build from no articles, unless they are gone on purpose."""
        were = len(previous.articles) if previous else 0
        if not were:
            formats = ", ".join(sorted(READERS))
            raise SeedsError(
                "There are no articles in {folder}. Put some there: {formats}.",
                folder=str(self.seeds),
                formats=formats,
            )
        if not self.allow_empty:
            raise SeedsEmptied(
                "There are no articles in {folder} any more, and the index has {number}: it stays "
                "as it is. Is the disk of that folder there? To empty the index: "
                "python -m embeddings build --allow-empty",
                folder=str(self.seeds),
                number=were,
            )

    def must_be_readable(
        self,
        files: Sequence[SourceFile],
        skipped: Sequence[SkippedEntry],
        previous: Entries | None,
    ) -> None:
        """Refuse to publish an empty index, unless its articles are gone on purpose.

        Those whose files are empty are gone where that is meant.
        """
        if not self.seeds.is_dir():
            raise SeedsError(
                "The folder {folder} went away while it was read.", folder=str(self.seeds)
            )
        were = [entry.path for entry in previous.articles] if previous else None
        unread = [
            entry
            for entry in skipped
            if were is None
            or (entry.path in were and not (self.allow_empty and entry.reason == EMPTY))
            or _is_parent(entry.path, were)
        ]
        if unread:
            named = (
                Translatable("{path}: {reason}", path=printable(entry.path), reason=entry.reason)
                for entry in unread[:5]
            )
            reasons = reduce(lambda a, b: Translatable("{first}; {rest}", first=a, rest=b), named)
            raise SeedsError(
                "None of the files could be read ({number}). {reasons}",
                number=len(files),
                reasons=reasons,
            )
        self.refuse_accidental_empty(previous)


@dataclass(frozen=True)
class BuildResult:
    """What a build did.

    Attributes:
        published: False when nothing had changed and the current generation stays.
        generation: name of the generation that is current now.
        articles: how many are in the index.
        passages: how many are in the index.
        added: paths of articles that are new.
        changed: paths of articles whose file changed.
        renamed: paths of articles whose file was only renamed, before and after.
        removed: paths of articles that are gone.
        skipped: files that gave no article, each with the reason.
        warnings: paths of articles that were not read well, each with what is wrong.
        reused: passages whose vectors were taken from the generation before.
        encoded: passages whose vectors were computed.
        rebuild_reason: why nothing could be taken from the generation before, None where it could.
        seconds: how long it took.
    """

    published: bool
    generation: str
    articles: int
    passages: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()
    skipped: tuple[SkippedEntry, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    reused: int = 0
    encoded: int = 0
    rebuild_reason: str | None = None
    seconds: float = 0.0


def has_new(states: States, previous: Entries | None) -> bool:
    """Whether a file is to be read that no index has, whatever it was called there."""
    return previous is None or not set(states.values()) <= set(known_states(previous).values())


def unchanged(manifest: Manifest, name: str) -> BuildResult:
    """Return the result of a build that had nothing to do."""
    return BuildResult(
        published=False,
        generation=name,
        articles=len(manifest.articles),
        passages=manifest.passages,
        skipped=manifest.skipped,
        warnings=warnings_of(manifest.articles),
    )


def compared(
    result: BuildResult, now: Iterable[ArticleEntry], previous: Iterable[ArticleEntry]
) -> BuildResult:
    """Return a result with what has changed since the index before."""
    before = {entry.path: entry.sha256 for entry in previous}
    after = {entry.path: entry.sha256 for entry in now}
    gone = {before[path]: path for path in before if path not in after}
    renamed = {
        gone[after[path]]: path for path in after if path not in before and after[path] in gone
    }
    return replace(
        result,
        added=tuple(p for p in after if p not in before and p not in renamed.values()),
        changed=tuple(path for path in after if before.get(path, after[path]) != after[path]),
        renamed=tuple(renamed.items()),
        removed=tuple(path for path in before if path not in after and path not in renamed),
    )


def warnings_of(articles: Sequence[ArticleEntry]) -> tuple[tuple[str, str], ...]:
    """Return what could not be read well, each with the path of its article."""
    return tuple((entry.path, warning) for entry in articles for warning in entry.warnings)


def _is_parent(path: str, others: Sequence[str]) -> bool:
    """Whether a path is that of a folder, with a slash at its end, that holds one of the others."""
    return path.endswith("/") and any(other.startswith(path) for other in others)
