"""Everything searchable, built from one state of the folder of articles.

`search_index` says what answering asks of an index. `local` keeps one on disk, `postgres` in a
database; `location` says which, and `open` opens it.

`build` brings an index up to date, `build_result` says what it did; `file_copies` tells originals
from copies; `ingest` reads and splits what is new, `embed` encodes it. `manifest` says what an
index was built from, `passages` what is kept of passages and articles; `stored_article` puts an
article together again. `bm25` and `late_interaction` score words and token vectors, `token_means`
are the shipped means of these, and `vectors` finds nearest neighbours.
"""
