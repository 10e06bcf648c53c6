"""The index in a PostgreSQL database with pgvector: the same answers, from many machines.

`postgres_index` is the index, open for questions. `database` connects; `schema` says which tables
there are, `migrations` brings them up to date, and `versions` says which version of the index is
current; `tables` has the queries, `snapshot` retrieves, `passages` reads passages, and `manifest`
tells what a version was built from.

`building` changes the tables, `encoding_queue` shares the encoding and `encode` does it, `copy`
takes an index over from a directory or back, and `verify` checks one.
"""
