"""An index as files in one directory: immutable generations, of which exactly one is current.

`generation` opens, publishes and removes them, `verify` checks the current one; `local_index`
answers from it, and `empty` before there is one. `build` makes the next one: `portion` chooses the
files that it takes, `ingest` gets their passages, `writers` write vectors and words.
`passage_store`, `sentence_store` and `token_store` are its parts.
"""
