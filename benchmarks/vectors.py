"""Speed and recall of the search among vectors: exact, and by an inverted file.

    python -m benchmarks.vectors DATASET ... [--more FOLDER] [--cache FILE] [--sizes N ...]

The vectors are of real sentences, of the articles of the data sets and of those below --more, the
questions are those of the data sets. They are encoded once, for --minutes at most, and kept in
--cache. Where more are wanted than there are, copies of articles are made: all sentences of an
article are moved by the difference of two other articles' means, and each by a little noise.

First table: median time of a query for 60 rows with both stores, recall@10 and recall@60, time to
write the inverted file anew and after an edit, its size, time to open the store.
Second table: recall@10 when only some rows may be returned.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from embeddings.array_types import Floats, Mask
from embeddings.articles.folder import list_files
from embeddings.articles.passage import sentences_in, split
from embeddings.errors import UnreadableFile
from embeddings.index import vectors as stores
from embeddings.index.embed import texts_of
from embeddings.index.passages import source_of
from embeddings.index.vectors import VectorStore, VectorWriter, ivf_path, open_vectors
from embeddings.model.runtimes import find_model
from embeddings.quality.dataset import load_questions
from embeddings.readers import parse

_SIZES = (5_000, 10_000, 20_000, 40_000, 100_000, 300_000, 600_000)
_QUESTIONS, _FEW = 300, 100
_ALIKE = 0.98
"""Cosine between a copied sentence, before its article is moved, and the original."""
_EDITED = 20
_AT_ONCE = 50_000


@dataclass(frozen=True)
class Real:
    """What was encoded.

    Attributes:
        sentences: (n, d).
        articles: which article each is from.
        languages: of each.
        questions: (q, d).
    """

    sentences: Floats
    articles: np.ndarray
    languages: np.ndarray
    questions: Floats


def main() -> None:
    """Print the tables, a row for each number of vectors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("datasets", type=Path, nargs="+")
    parser.add_argument("--more", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES)
    given = parser.parse_args()
    threadpool_limits(1, user_api="blas")
    if given.cache and given.cache.exists():
        with np.load(given.cache) as arrays:
            real = Real(**arrays)
    else:
        real = encoded(given.datasets, given.more, 60 * given.minutes)
        if given.cache:
            np.savez(given.cache, **vars(real))
    names = ", ".join(sorted(set(real.languages.tolist())))
    print(f"{len(real.sentences):,} real sentences ({names}), {len(real.questions)} questions\n")
    filtered = []
    print(
        "| vectors | exact | inverted file | 10 found | 60 found | written anew "
        "| after an edit | inverted file on disk | opened |\n|---|---|---|---|---|---|---|---|---|"
    )
    for size in given.sizes:
        row, shares = measured(real, size)
        print(row, flush=True)
        filtered.append(shares)
    print("\n| vectors | 50 % | 10 % | 1 % | each language |\n|---|---|---|---|---|")
    for shares in filtered:
        print(shares)


def encoded(datasets: Sequence[Path], more: Path | None, seconds: float) -> Real:
    """Encode questions and sentences, as a build would, until the time is over."""
    encoder = find_model().load()
    asked = [question.text for folder in datasets for question in load_questions(folder)]
    random.Random(1).shuffle(asked)
    questions = [encoding.vector for encoding in encoder.encode_questions(asked[:_QUESTIONS])]
    deadline = time.monotonic() + seconds
    vectors, articles, languages = [], [], []
    for number, (language, texts) in enumerate(_sentences(datasets, more)):
        vectors.append(encoder.encode_sentences(texts))
        articles += [number] * len(texts)
        languages += [language] * len(texts)
        if time.monotonic() > deadline:
            break
    return Real(
        np.concatenate(vectors), np.array(articles), np.array(languages), np.array(questions)
    )


def _sentences(datasets: Sequence[Path], more: Path | None) -> Iterator[tuple[str, list[str]]]:
    """Give each article's language and its sentences with their context, each sentence once."""
    encoder, known = find_model().load(), set[str]()
    others = list_files(more) if more else []
    random.Random(1).shuffle(others)
    for file in [*(file for folder in datasets for file in list_files(folder / "seeds")), *others]:
        try:
            article = parse(Path(file.location).read_bytes(), file.path)
        except UnreadableFile:
            continue
        source = source_of(article)
        passages = split(article, encoder.count_tokens, encoder.max_tokens)
        texts = [
            replace(text, body=text.body[start:end]).whole
            for passage, text in zip(
                passages, texts_of([(each, source) for each in passages], encoder), strict=True
            )
            for start, end in sentences_in(article, passage)
        ]
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(new)
        if new:
            yield source.language, new


def measured(real: Real, size: int) -> tuple[str, str]:
    """Return the rows of both tables for one number of vectors."""
    with tempfile.TemporaryDirectory(prefix="vectors-") as folder:
        path = Path(folder) / "vectors.npy"
        writer = VectorWriter(path, real.sentences.shape[1])
        languages = []
        for vectors, own in copied(real, size):
            writer.add(vectors)
            languages.append(own)
        anew = _inverted(lambda: writer.finish(_nothing))
        exact = VectorStore(path)
        opened = _seconds(lambda: open_vectors(path))
        store = open_vectors(path)
        edit = _inverted(lambda: _edit(store, path.with_name("edited.npy")))
        few = real.questions[:_FEW]
        truth, _ = exact.query(real.questions, 60)
        row = (
            f"| {size:,} | {_median_ms(exact, few):.2f} ms "
            f"| {_median_ms(store, real.questions):.2f} ms "
            f"| {_found(store, real.questions, truth[:, :10]):.4f} "
            f"| {_found(store, real.questions, truth):.4f} | {anew:.1f} s | {edit:.1f} s "
            f"| {ivf_path(path).stat().st_size / 2**20:,.0f} MB "
            f"| {1000 * opened:.1f} ms |"
        )
        chance = np.random.default_rng(3)
        masks = [chance.random(size) < share for share in (0.5, 0.1, 0.01)]
        shares = [_found_among(exact, store, few, mask) for mask in masks]
        all_languages = np.concatenate(languages)
        each = [
            f"{name} {_found_among(exact, store, few, all_languages == name):.4f}"
            for name, count in zip(*np.unique(all_languages, return_counts=True), strict=True)
            if count > size / 50
        ]
    return row, f"| {size:,} | {' | '.join(f'{s:.4f}' for s in shares)} | {', '.join(each)} |"


def copied(real: Real, size: int) -> Iterator[tuple[Floats, np.ndarray]]:
    """Yield so many vectors and their languages: the real ones first, then moved copies."""
    chance = np.random.default_rng(1)
    total = len(real.sentences)
    if size < total:
        rows = np.sort(chance.choice(total, size, replace=False))
        yield real.sentences[rows], real.languages[rows]
        return
    yield real.sentences, real.languages
    count = int(real.articles[-1]) + 1
    middles = np.array([real.sentences[real.articles == n].mean(axis=0) for n in range(count)])
    noise = np.sqrt((1 / _ALIKE**2 - 1) / real.sentences.shape[1])
    left = size - total
    while left:
        some = slice(0, min(left, total))
        sentences = real.sentences[some]
        ways = middles[chance.integers(count, size=count)] - middles
        own = noise * chance.standard_normal(sentences.shape)
        moved = sentences + ways[real.articles[some]] + own
        moved /= np.linalg.norm(moved, axis=1, keepdims=True)
        yield moved.astype(np.float32), real.languages[some]
        left -= len(moved)


def _edit(store: VectorStore, path: Path) -> None:
    """Write a store in which one article in the middle is another."""
    writer = VectorWriter(path, store.dimension)
    middle = len(store) // 2
    for start, end in ((0, middle), (middle + _EDITED, len(store))):
        for first in range(start, end, _AT_ONCE):
            writer.copy(store, range(first, min(first + _AT_ONCE, end)))
        if not start:
            writer.add(store.get(range(_EDITED)))
    writer.finish(_nothing)


def _inverted(work: Callable[[], None]) -> float:
    """Measure work that writes an inverted file, however few the vectors are."""
    usual, stores.EXACT_UP_TO = stores.EXACT_UP_TO, 0
    try:
        return _seconds(work)
    finally:
        stores.EXACT_UP_TO = usual


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _median_ms(store: VectorStore, questions: Floats) -> float:
    times = [_seconds(partial(store.query, question[None], 60)) for question in questions]
    return 1000 * float(np.median(times))


def _found(
    store: VectorStore, questions: Floats, truth: "np.ndarray", among: Mask | None = None
) -> float:
    rows, _ = store.query(questions, truth.shape[1], among)
    return float(np.mean([np.isin(own, row).mean() for own, row in zip(truth, rows, strict=True)]))


def _found_among(exact: VectorStore, store: VectorStore, questions: Floats, among: Mask) -> float:
    truth, _ = exact.query(questions, 10, among)
    return _found(store, questions, truth, among)


def _nothing() -> None:
    pass


if __name__ == "__main__":
    main()
