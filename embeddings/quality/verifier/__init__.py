"""Trains the verifier: questions and passages, their states, the network, training, export.

    python -m embeddings.quality.verifier SQUAD_DIR OWN_DATASET... --work DIR

`embeddings/data/README.md` says with which data the shipped weights were made.
"""
