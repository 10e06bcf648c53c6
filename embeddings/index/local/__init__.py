"""An index as files in one directory: immutable generations, of which exactly one is current.

`generation` opens, publishes and removes them, `manifest` says what one was built from, `verify`
checks it; `passage_store`, `sentence_store` and `token_store` are its parts, `writers` write them.
"""
