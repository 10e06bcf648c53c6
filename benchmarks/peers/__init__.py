"""This program beside its peers: the same articles, questions and model, each in its own process.

    make peers
    .venv-peers/bin/python -m benchmarks.peers NAME DATASET_DIR [--questions N] [--seed N]

prints one JSON object. NAME is one of `PEERS`. A peer does what its own quick start shows for a
folder of text files, with the prompts that the model was trained with. Threads are left as each
library has them, so a busy machine slows down the ones that use all of it the most: compare times
on a quiet one, from runs that followed each other.
"""

PEERS = ("us", "langchain", "llamaindex", "txtai", "haystack")
