"""Everything searchable, built from one state of the folder of articles.

`build` brings an index up to date; `ingest` reads and splits what is new, `embed` encodes it;
`bm25` and `late_interaction` score words and token vectors, `vectors` finds nearest neighbours;
`local` keeps it all on disk.
"""
