"""Functions on plain text, for articles and questions alike.

`decoding` decodes bytes and cleans text, `language` detects its language, `sentences` splits it
into sentences, and `file_names` makes file names safe.
"""
