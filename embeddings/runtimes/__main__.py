"""Converts a model for OpenVINO: `python -m embeddings.runtimes NAME CACHE`, see `conversion`."""

import sys
from pathlib import Path

from embeddings.model import find
from embeddings.runtimes.conversion import convert

if __name__ == "__main__":
    name, cache = sys.argv[1:]
    convert(find(name, Path(cache)), Path(cache))
