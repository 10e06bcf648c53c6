"""Trains the verifier and writes it where the program looks for it.

python -m embeddings.quality.verifier SQUAD_DIR OWN_DATASET... --work DIR [--output DIR]
"""

import hashlib
import random
from pathlib import Path

import click
import torch

from embeddings.index.token_means import token_means_for
from embeddings.model.runtimes import find_model
from embeddings.model.sentence_transformer import SentenceTransformerEncoder
from embeddings.model.source import DEFAULT_MODEL, find
from embeddings.quality.verifier.batches import Sampler
from embeddings.quality.verifier.examples import Examples, own_examples, squad_examples, together
from embeddings.quality.verifier.export import export
from embeddings.quality.verifier.network import Network
from embeddings.quality.verifier.states import (
    States,
    layered_encoder,
    states_of_passages,
    states_of_questions,
)
from embeddings.quality.verifier.train import RATE, train
from embeddings.storage.cache import default_cache

_FIRST, _LAST = 6, 12
"""Layers of the encoder that the network begins as; those below read each text alone."""
_SIZE = 32
_SAMPLES = 8
_DATA = Path(__file__).parents[2] / "data"


@click.command()
@click.argument("squad", type=click.Path(exists=True, path_type=Path))
@click.argument("own", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--held-out", multiple=True, help="Title of an article that is left out.")
@click.option("--count", default=96_000, show_default=True, help="Examples to train on.")
@click.option("--rate", default=RATE, show_default=True, help="Highest learning rate.")
@click.option("--start", type=click.Path(exists=True, path_type=Path), help="Train this further.")
@click.option("--work", required=True, type=click.Path(path_type=Path), help="Kept between runs.")
@click.option("--output", default=_DATA, type=click.Path(path_type=Path))
def main(
    squad: Path,
    own: tuple[Path, ...],
    held_out: tuple[str, ...],
    count: int,
    rate: float,
    start: Path | None,
    work: Path,
    output: Path,
) -> None:
    """Train on files in the format of SQuAD and on data sets whose near misses say `about`.

    `network.pt` in the work directory is the network in 32 bits, to train further.
    """
    work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    examples, questions, passages = _read(squad, own, held_out, work)
    bert = SentenceTransformerEncoder(find(DEFAULT_MODEL, default_cache())).model[0].auto_model
    network = Network(bert, _FIRST, _LAST)
    if start:
        network.load_state_dict(torch.load(start, weights_only=True))
    sampler = Sampler(examples, questions, passages, _SIZE)

    def report(step: int, means: dict[str, float]) -> None:
        told = ", ".join(f"{name} {value:.3f}" for name, value in means.items())
        click.echo(f"step {step} of {count // _SIZE}: {told}", err=True)

    train(network, sampler.batches(), count // _SIZE, report, rate)
    torch.save(network.state_dict(), work / "network.pt")
    few = Sampler(examples, questions, passages, _SIZE // 4, seed=1).batches()
    export(network, [next(few).inputs for _ in range(_SAMPLES)], output)


def _read(
    squad: Path, own: tuple[Path, ...], held_out: tuple[str, ...], work: Path
) -> tuple[Examples, States, States]:
    """Make the examples, and encode what they are made of where that has not been done yet."""
    model = find_model()
    encoder = layered_encoder(model)
    means = token_means_for(model.digest, encoder.dimension)
    several = [squad_examples(squad, held_out, random.Random(0))]  # noqa: S311
    several += [own_examples(folder, encoder) for folder in own]
    examples = together(several)
    said = repr((examples.asked, examples.texts)).encode()
    digest = hashlib.sha256(said).hexdigest()[:12]  # states belong to these texts only
    kept = work / f"questions-{digest}.npz", work / f"passages-{digest}.npz"
    if not all(path.is_file() for path in kept):

        def progress(number: int) -> None:
            if number % 500 == 0:
                click.echo(f"{number} encoded", err=True)

        states_of_questions(examples.asked, encoder, means, progress).save(kept[0])
        states_of_passages(examples.texts, encoder, means, progress).save(kept[1])
    return examples, States.load(kept[0]), States.load(kept[1])


if __name__ == "__main__":
    main()
