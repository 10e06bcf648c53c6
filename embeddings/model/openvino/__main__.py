"""Converts a model for OpenVINO: `python -m embeddings.model.openvino NAME CACHE`."""

import sys
from pathlib import Path

from embeddings.model.openvino.conversion import convert
from embeddings.model.source import find

if __name__ == "__main__":
    name, cache = sys.argv[1:]
    convert(find(name, Path(cache)), Path(cache))
