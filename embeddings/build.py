"""Seeds to the next generation."""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings import generation as generations
from embeddings.article import Article, SeedFile, find_seeds
from embeddings.encoder import Encoder, Model
from embeddings.errors import IndexDamaged, IndexMissing, SeedsError, StoreError, UnreadableFile
from embeddings.generation import PASSAGES, VECTORS, Generation
from embeddings.library import Library, LibraryWriter
from embeddings.manifest import ArticleEntry, Manifest, ModelEntry, SkippedEntry
from embeddings.passage import SPLITTER_VERSION, Passage, context_of, split
from embeddings.readers import READER_VERSION, parse, read_bytes
from embeddings.vectors.faiss import FaissStore

if TYPE_CHECKING:
    from embeddings.vectors import Vectors, VectorStore

Progress = Callable[[str, int, int], None]
"""Told what is being done ("read" or "encode"), how many are done, and how many there are."""

_BATCH = 256
"""Passages held in memory at a time."""


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
        removed: paths of articles that are gone.
        skipped: files that gave no article, each with the reason.
        reused: vectors taken from the generation before.
        encoded: vectors computed.
        seconds: how long it took.
    """

    published: bool
    generation: str
    articles: int
    passages: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    skipped: tuple[SkippedEntry, ...] = ()
    reused: int = 0
    encoded: int = 0
    seconds: float = 0.0


def build_index(
    seeds: Path, index: Path, model: Model, *, full: bool = False, progress: Progress | None = None
) -> BuildResult:
    """Bring the index up to date with the folder of seeds.

    Nothing is written when nothing changed. The vector of a text that the current generation
    holds is taken from there, unless `full`.

    Raises:
        SeedsError: there is nothing to build from; the current generation stays.
        StoreError: the index cannot be written, or another process is building it.
        ModelError: the model does not load.
    """
    started = time.monotonic()
    find_seeds(seeds)  # a missing folder is worth saying before anything is made
    with generations.building(index) as work:
        files = find_seeds(seeds)
        previous = _previous(index)
        if previous and not full and _matches(previous, files, model):
            result = _unchanged(previous, generations.current_name(index))
        else:
            if not files and not (previous and previous.articles):
                raise SeedsError(f"There are no articles in {seeds}. Put some there: .txt files.")
            encoder = model.load()
            with generations.explained(index):
                result = _write(index, work, files, model, encoder, full, progress or _silent)
            result = _compared(result, generations.current_manifest(index), previous)
    return replace(result, seconds=time.monotonic() - started)


def embedded_text(context: str, passage: Passage) -> str:
    """Return what is encoded for a passage: its title and headings, then its own words."""
    return f"{context}\n{passage.text}"


def _write(
    index: Path,
    work: Path,
    files: Sequence[SeedFile],
    model: Model,
    encoder: Encoder,
    full: bool,
    progress: Progress,
) -> BuildResult:
    """Write and publish a generation."""
    articles, skipped = _write_passages(work / PASSAGES, files, encoder, progress)
    if files and not articles:
        reasons = "; ".join(f"{entry.path}: {entry.reason}" for entry in skipped[:5])
        raise SeedsError(f"None of the {len(files)} files could be read. {reasons}")
    library = Library(work / PASSAGES)
    donor = None if full else _donor(index, model)
    try:
        store, reused = _embed(library, encoder, donor, progress)
    finally:
        library.close()
        if donor:
            donor.close()
    store.save(work / VECTORS)
    name = generations.publish(
        index,
        work,
        Manifest(
            created="",
            model=ModelEntry(model.name, model.digest, encoder.dimension),
            splitter=SPLITTER_VERSION,
            reader=READER_VERSION,
            articles=tuple(articles),
            skipped=tuple(skipped),
            files={},
        ),
    )
    return BuildResult(
        published=True,
        generation=name,
        articles=len(articles),
        passages=len(store),
        skipped=tuple(skipped),
        reused=reused,
        encoded=len(store) - reused,
    )


def _write_passages(
    path: Path, files: Sequence[SeedFile], encoder: Encoder, progress: Progress
) -> tuple[list[ArticleEntry], list[SkippedEntry]]:
    """Read every file, one at a time, and write its passages."""
    articles: list[ArticleEntry] = []
    skipped: list[SkippedEntry] = []
    seen: dict[str, str] = {}
    writer = LibraryWriter(path)
    try:
        for number, file in enumerate(files):
            progress("read", number, len(files))
            state = None
            try:
                data = read_bytes(file)
                state = hashlib.sha256(data).hexdigest()
                article = _original(parse(data, file.path), seen)
            except UnreadableFile as error:
                skipped.append(SkippedEntry(file.path, state, str(error)))
                continue
            count = _write_article(writer, article, encoder)
            articles.append(ArticleEntry(file.path, state, article.title, article.language, count))
        writer.finish()
    finally:
        writer.close()
    progress("read", len(files), len(files))
    return articles, skipped


def _original(article: Article, seen: dict[str, str]) -> Article:
    """Pass an article on, unless its words are those of one before it."""
    digest = hashlib.sha256(article.text.encode()).hexdigest()
    first = seen.setdefault(digest, article.path)
    if first != article.path:
        raise UnreadableFile(f"the same text as {first}")
    return article


def _write_article(writer: LibraryWriter, article: Article, encoder: Encoder) -> int:
    passages = split(article, encoder.count_tokens, encoder.max_tokens)
    texts = _embedded_texts([(article.title, passage) for passage in passages], encoder)
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    writer.add(article, passages, digests)
    return len(passages)


def _embedded_texts(passages: Iterable[tuple[str, Passage]], encoder: Encoder) -> list[str]:
    contexts: dict[tuple[str, ...], str] = {}
    texts: list[str] = []
    for title, passage in passages:
        key = (title, *passage.headings)
        if key not in contexts:
            contexts[key] = context_of(title, passage, encoder.count_tokens, encoder.max_tokens)
        texts.append(embedded_text(contexts[key], passage))
    return texts


def _embed(
    library: Library, encoder: Encoder, donor: Generation | None, progress: Progress
) -> "tuple[VectorStore, int]":
    """Give every passage its vector, in the order of the rows; count those that were reused."""
    store: VectorStore = FaissStore.empty(encoder.dimension)
    total = len(library)
    reused = 0
    for start in range(0, total, _BATCH):
        rows = range(start, min(start + _BATCH, total))
        entries = library.get(rows)
        texts = _embedded_texts([(source.title, passage) for passage, source in entries], encoder)
        known = _known_vectors(texts, donor)
        unknown = [text for text in texts if text not in known]
        done = start + len(texts) - len(unknown)
        progress("encode", done, total)
        fresh = encoder.encode_passages(unknown, _counting_from(done, total, progress))
        known |= dict(zip(unknown, fresh, strict=True))
        reused += len(texts) - len(unknown)
        store.add(_stacked([known[text] for text in texts]))
    progress("encode", total, total)
    return store, reused


def _counting_from(done: int, total: int, progress: Progress) -> Callable[[int], None]:
    def count(more: int) -> None:
        nonlocal done
        done += more
        progress("encode", done, total)

    return count


def _known_vectors(texts: Sequence[str], donor: Generation | None) -> "dict[str, Vectors]":
    if donor is None:
        return {}
    digests = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}
    rows = donor.library.rows_by_digest(list(digests))
    vectors = donor.vectors.get(list(rows.values()))
    return {digests[digest]: vector for digest, vector in zip(rows, vectors, strict=True)}


def _stacked(vectors: "Sequence[Vectors]") -> "Vectors":
    import numpy as np

    return np.stack(vectors)


def _donor(index: Path, model: Model) -> Generation | None:
    """Open the current generation when vectors can be taken from it."""
    try:
        donor = generations.open_current(index)
    except StoreError:
        return None
    if donor.manifest.model.digest == model.digest:
        return donor
    donor.close()
    return None


def _previous(index: Path) -> Manifest | None:
    try:
        return generations.current_manifest(index)
    except (IndexMissing, IndexDamaged):
        return None


def _matches(manifest: Manifest, files: Sequence[SeedFile], model: Model) -> bool:
    """Whether a build from these files with this model would give the same generation."""
    versions = (manifest.model.digest, manifest.splitter, manifest.reader)
    if versions != (model.digest, SPLITTER_VERSION, READER_VERSION):
        return False
    known: dict[str, str | None] = {entry.path: entry.sha256 for entry in manifest.articles}
    known |= {entry.path: entry.sha256 for entry in manifest.skipped}
    return known == {file.path: _state(file) for file in files}


def _state(file: SeedFile) -> str | None:
    try:
        return hashlib.sha256(read_bytes(file)).hexdigest()
    except UnreadableFile:
        return None


def _unchanged(manifest: Manifest, name: str) -> BuildResult:
    return BuildResult(
        published=False,
        generation=name,
        articles=len(manifest.articles),
        passages=manifest.passages,
        skipped=manifest.skipped,
    )


def _compared(result: BuildResult, now: Manifest, previous: Manifest | None) -> BuildResult:
    before = {entry.path: entry.sha256 for entry in previous.articles} if previous else {}
    after = {entry.path: entry.sha256 for entry in now.articles}
    return replace(
        result,
        added=tuple(path for path in after if path not in before),
        changed=tuple(path for path in after if before.get(path, after[path]) != after[path]),
        removed=tuple(path for path in before if path not in after),
    )


def _silent(_what: str, _done: int, _total: int) -> None:
    pass
