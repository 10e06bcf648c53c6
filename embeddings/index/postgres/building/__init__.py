"""The folder of articles to the tables of a version: what changes an index in a database."""
