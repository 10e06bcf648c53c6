"""Writes a trained network as a graph of OpenVINO with 8-bit weights."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import torch

from embeddings.model.openvino.encoder import import_openvino
from embeddings.model.openvino.quantization import to_eight_bits
from embeddings.quality.verifier.network import Network
from embeddings.verifier.tokens import Inputs
from embeddings.verifier.verifier import GRAPH


def export(network: Network, samples: Sequence[Inputs], folder: Path) -> None:
    """Write a network.

    Args:
        network: trained.
        samples: inputs by which the 8-bit weights are scaled; at least one.
        folder: where `verifier.xml` and `verifier.bin` are written.
    """
    openvino = import_openvino()
    example = tuple(torch.from_numpy(part) for part in vars(samples[0]).values())
    count, length = torch.export.Dim.AUTO, torch.export.Dim.AUTO
    free = {0: count, 1: length}
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # both libraries warn of their own code
        program = torch.export.export(
            network.eval(), example, dynamic_shapes=(free, free | {2: length}, free, free)
        )
        graph = openvino.convert_model(program)
    to_eight_bits(graph, [tuple(vars(sample).values()) for sample in samples])
    openvino.save_model(graph, folder / GRAPH, compress_to_fp16=True)
