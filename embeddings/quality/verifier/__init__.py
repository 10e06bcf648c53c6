"""Trains the verifier, the network that reads a question and a passage together.

    python -m embeddings.quality.verifier SQUAD_DIR OWN_DATASET... --work DIR

`examples` makes examples, `states` keeps what the encoder makes of them, `batches` draws from them,
`network` is the network, `train` trains it, and `export` writes it; `weigh` weighs its word against
the confidence. `embeddings/data/README.md` says with which data the shipped weights were made.
"""
