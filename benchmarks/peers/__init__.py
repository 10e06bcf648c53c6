"""Compares this program with others: same articles, questions and model, a process for each.

    make peers
    .venv-peers/bin/python -m benchmarks.peers NAME DATASET_DIR [--questions N] [--seed N]

prints one JSON object. NAME is one of `PEERS`. A peer does what its own quick start shows for a
folder of text files, with the prompts that the model was trained with. Each library uses its own
number of threads, and a busy machine slows down most those that use all cores: compare times of
runs that followed each other on an idle machine.
"""

PEERS = ("us", "langchain", "llamaindex", "txtai", "haystack")
