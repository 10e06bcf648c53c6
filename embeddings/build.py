"""Seeds to the next generation."""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embeddings import generation as generations
from embeddings.arrays import save_arrays
from embeddings.article import Article, SeedFile, find_seeds
from embeddings.embed import EMBED_VERSION, Embedded, Text, embed, texts_of
from embeddings.encoder import Encoder, Model
from embeddings.errors import IndexDamaged, IndexMissing, SeedsError, StoreError, UnreadableFile
from embeddings.generation import PASSAGES, VECTORS, Generation
from embeddings.lexical import LEXICAL_VERSION, LexicalWriter, words
from embeddings.library import Library, LibraryWriter, source_of
from embeddings.manifest import ArticleEntry, Manifest, ModelEntry, SkippedEntry
from embeddings.origins import origins_for
from embeddings.passage import SPLITTER_VERSION, split
from embeddings.readers import READER_VERSION, parse, read_bytes
from embeddings.sentencestore import SentenceWriter
from embeddings.tokens import Origins
from embeddings.tokenstore import TokenWriter
from embeddings.vectors.faiss import FaissStore

if TYPE_CHECKING:
    from embeddings.vectors import VectorStore

RULES = f"{READER_VERSION}.{SPLITTER_VERSION}.{EMBED_VERSION}.{LEXICAL_VERSION}"
"""An index made by other rules is built anew."""

Progress = Callable[[str, int, int], None]
"""Told what is being done ("read" or "encode"), how many are done, and how many there are."""

_BATCH = 128
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
                raise SeedsError(
                    f"There are no articles in {seeds}. Put some there: .txt or .pdf files."
                )
            encoder = model.load()
            with generations.explained(index):
                result = _write(index, work, files, model, encoder, full, progress or _silent)
            result = _compared(result, generations.current_manifest(index), previous)
    return replace(result, seconds=time.monotonic() - started)


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
    origins = origins_for(model.digest, encoder.dimension)
    try:
        reused = _write_vectors(work, library, encoder, origins, donor, progress)
        _write_words(work, library)
        total = len(library)
    finally:
        library.close()
        if donor:
            donor.close()
    name = generations.publish(
        index,
        work,
        Manifest(
            created="",
            model=ModelEntry(model.name, model.digest, encoder.dimension),
            rules=RULES,
            articles=tuple(articles),
            skipped=tuple(skipped),
            files={},
        ),
    )
    return BuildResult(
        published=True,
        generation=name,
        articles=len(articles),
        passages=total,
        skipped=tuple(skipped),
        reused=reused,
        encoded=total - reused,
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
    source = source_of(article)
    texts = texts_of([(passage, source) for passage in passages], encoder)
    writer.add(source, passages, [text.digest for text in texts])
    return len(passages)


def _write_vectors(
    work: Path,
    library: Library,
    encoder: Encoder,
    origins: Origins,
    donor: Generation | None,
    progress: Progress,
) -> int:
    """Give every passage its vectors, in the order of the rows; count those that were reused."""
    vectors: VectorStore = FaissStore.empty(encoder.dimension)
    sentences, tokens = SentenceWriter(encoder.dimension), TokenWriter(work)
    total = len(library)
    reused = 0
    try:
        for start in range(0, total, _BATCH):
            progress("encode", start, total)
            rows = range(start, min(start + _BATCH, total))
            texts = texts_of(library.get(rows), encoder)
            known = _known(texts, donor)
            new = {text.digest: text for text in texts if text.digest not in known}
            known |= zip(new, embed(list(new.values()), encoder, origins), strict=True)
            reused += sum(text.digest not in new for text in texts)
            for text in texts:
                embedded = known[text.digest]
                vectors.add(embedded.vector[None])
                sentences.add(embedded.spans, embedded.sentences)
                tokens.add(embedded.packed, embedded.segments)
        tokens.finish()
    finally:
        tokens.close()
    vectors.save(work / VECTORS)
    sentences.save(work)
    progress("encode", total, total)
    return reused


def _known(texts: Sequence[Text], donor: Generation | None) -> dict[str, Embedded]:
    if donor is None:
        return {}
    rows = donor.library.rows_by_digest([text.digest for text in texts])
    return {digest: donor.embedded(row) for digest, row in rows.items()}


def _write_words(work: Path, library: Library) -> None:
    lexical = LexicalWriter()
    languages: list[str] = []
    for _, (passage, source) in library.all():
        lexical.add(words(f"{source.title} {passage.text}", source.language))
        languages.append(source.language)
    lexical.save(work)
    save_arrays(work, "passages", language=np.array(languages, "<U3"))


def _donor(index: Path, model: Model) -> Generation | None:
    """Open the current generation when vectors can be taken from it."""
    try:
        donor = generations.open_current(index)
    except StoreError:
        return None
    if (donor.manifest.model.digest, donor.manifest.rules) == (model.digest, RULES):
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
    if (manifest.model.digest, manifest.rules) != (model.digest, RULES):
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
