"""Computes token_means.npz, the mean token vector per language; see `late_interaction.TokenMeans`.

    python -m embeddings.quality.make_token_means DATASET_DIR...

Languages with both articles and questions in the data sets are the anchors: their means are
measured. The mean of every other language of parallel.json is that of the anchors, shifted by the
difference between the languages on the sentences that parallel.json has in all of them.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from embeddings.model.encoder import Encoder
from embeddings.model.runtimes import find_model
from embeddings.quality.dataset import load_questions, texts_of_articles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Means = dict[str, Floats]

_DATA = Path(__file__).parents[1] / "data"


@click.command()
@click.argument("datasets", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--output", default=_DATA / "token_means.npz", type=click.Path(path_type=Path))
def main(datasets: tuple[Path, ...], output: Path) -> None:
    """Measure the means of the languages in the data sets, and derive those of the others."""
    model = find_model()
    encoder = model.load()
    parallel = json.loads((_DATA / "parallel.json").read_text(encoding="utf-8"))
    questions = {
        (entry.language, entry.text) for folder in datasets for entry in load_questions(folder)
    }
    passages = {
        (text.language, text.whole)
        for folder in datasets
        for _, texts in texts_of_articles(folder, encoder)
        for text in texts
    }
    measured = _question_means(questions, encoder), _passage_means(passages, encoder)
    anchors = [name for name in parallel["questions"] if all(name in means for means in measured)]
    if not anchors:
        raise click.UsageError("No language has both questions and articles in the data sets.")
    parallel_questions = _pairs(parallel["questions"])
    parallel_passages = _pairs(parallel["statements"]) + parallel_questions
    question_means = derive(anchors, measured[0], _question_means(parallel_questions, encoder))
    passage_means = derive(anchors, measured[1], _passage_means(parallel_passages, encoder))
    languages = ["", *parallel["questions"]]
    np.savez_compressed(
        output,
        model=np.array(model.digest),
        languages=np.array(languages),
        questions=np.stack([question_means[name] for name in languages]).astype(np.float16),
        passages=np.stack([passage_means[name] for name in languages]).astype(np.float16),
    )


def derive(
    anchors: Sequence[str], measured: "Mapping[str, Floats]", parallel: "Mapping[str, Floats]"
) -> "Means":
    """Return the means of all languages of the parallel texts; the mean over them has the key "".

    Args:
        anchors: languages whose measured means are used unchanged.
        measured: mean of the texts of the data sets, by language.
        parallel: mean of the parallel texts, by language.
    """
    shift = np.mean([measured[name] - parallel[name] for name in anchors], axis=0)
    means: Means = {name: mean + shift for name, mean in parallel.items()}
    means |= {name: measured[name] for name in anchors}
    return {"": np.mean(list(means.values()), axis=0), **means}


def _question_means(texts: Iterable[tuple[str, str]], encoder: Encoder) -> "Means":
    return _means(
        (language, encoder.encode_questions([text])[0].tokens) for language, text in sorted(texts)
    )


def _passage_means(texts: Iterable[tuple[str, str]], encoder: Encoder) -> "Means":
    languages, bodies = zip(*sorted(texts), strict=True)
    encodings = encoder.encode_passages(bodies)
    return _means(
        (language, encoding.tokens) for language, encoding in zip(languages, encodings, strict=True)
    )


def _means(encoded: "Iterable[tuple[str, NDArray[np.float32]]]") -> "Means":
    """Return the mean of all tokens of each language."""
    tokens: dict[str, list[NDArray[np.float32]]] = defaultdict(list)
    for language, vectors in encoded:
        tokens[language].append(vectors)
    return {
        language: np.concatenate(vectors).mean(axis=0, dtype=np.float64)
        for language, vectors in tokens.items()
    }


def _pairs(texts: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, lines in texts.items() for text in lines]


if __name__ == "__main__":
    main()
