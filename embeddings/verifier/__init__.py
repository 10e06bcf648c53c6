"""Reads a question and a passage together, and tells whether the passage says what is asked.

`tokens` holds what is read, `verifier` the network that reads it. It was trained by
`embeddings.quality.verifier`; its weights belong to the default model.
"""
