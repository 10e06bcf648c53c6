"""The index in a PostgreSQL database with pgvector: the same answers, from many machines.

`database` connects, `schema` and `versions` say which tables there are, `snapshot` and `passages`
read them, `building` changes them, and `encoding_queue` shares the encoding.
"""
