"""What the other packages write with: files, arrays and their checksums.

`files` writes a file whole or not at all; `checksums` holds files against their digests; `arrays`
saves NumPy arrays and maps them into memory; `ragged` computes with rows of different lengths.
`cache` keeps directories that are expensive to make, and `migrations` brings a database up to date.
It imports no other package of `embeddings`.
"""
