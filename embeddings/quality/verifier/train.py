"""Trains the verifier's network."""

import time
from collections.abc import Callable, Iterator
from itertools import islice

import torch
from torch import Tensor, nn

from embeddings.quality.verifier.batches import Batch
from embeddings.quality.verifier.network import Network

RATE, DECAY = 2e-4, 0.01
"""Learning rate of the layers at its highest, and weight decay, of AdamW."""
_WARM_UP = 0.08
"""Share of the steps in which the rate rises; then it falls to nothing along a line."""
_SPAN_WEIGHT = 0.5
_LARGEST_GRADIENT = 1.0
_EVERY = 50


def train(
    network: Network,
    batches: Iterator[Batch],
    steps: int,
    report: Callable[[int, dict[str, float]], None],
    rate: float = RATE,
) -> None:
    """Train a network for some steps.

    Args:
        network: what is trained.
        batches: at least as many as steps.
        steps: how many.
        report: told, now and then, the step, the mean losses since, and examples a second.
        rate: learning rate of the layers at its highest.
    """
    optimiser = torch.optim.AdamW(list(network.groups(rate, DECAY)))
    rates = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps))
    network.train()
    sums, seen, began = torch.zeros(2), 0, time.perf_counter()
    for step, batch in enumerate(islice(batches, steps), 1):
        with torch.autocast("cpu", torch.bfloat16):
            outputs = network(*(torch.from_numpy(part) for part in vars(batch.inputs).values()))
        answers, ends = losses(outputs, batch)
        optimiser.zero_grad()
        (answers + _SPAN_WEIGHT * ends).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), _LARGEST_GRADIENT)
        optimiser.step()
        rates.step()
        sums += torch.stack((answers, ends)).detach()
        seen += len(batch.answers)
        if step % _EVERY == 0:
            speed = seen / (time.perf_counter() - began)
            means = (sums / _EVERY).tolist()
            report(step, {"answers": means[0], "spans": means[1], "speed": speed})
            sums, seen, began = torch.zeros(2), 0, time.perf_counter()


def losses(outputs: tuple[Tensor, Tensor, Tensor], batch: Batch) -> tuple[Tensor, Tensor]:
    """Return the loss of the answers and that of the spans' first and last tokens."""
    answers, starts, ends = (output.float() for output in outputs)
    of_answers = nn.functional.binary_cross_entropy_with_logits(
        answers, torch.from_numpy(batch.answers)
    )
    of_spans = [
        nn.functional.cross_entropy(logits, torch.from_numpy(places), ignore_index=-1)
        for logits, places in ((starts, batch.starts), (ends, batch.ends))
    ]
    return of_answers, (of_spans[0] + of_spans[1]) / 2


def _rate(step: int, steps: int) -> float:
    warm = max(1, int(_WARM_UP * steps))
    return min((step + 1) / warm, max(0.0, (steps - step) / (steps - warm)))
