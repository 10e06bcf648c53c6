"""The folder of articles to the tables of a version: what changes an index in a database.

`build` goes through all of it, `builder_lock` lets one builder work at a time. `folder_changes`
says what has changed in the folder, `target` puts it in as its vectors arrive, `article_writer`
writes the rows, and `nearest_indexes` makes HNSW indexes where they are faster.
"""
