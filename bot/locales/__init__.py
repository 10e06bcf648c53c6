"""gettext catalogues, one a language: `LANGUAGE.po` holds what the bot says itself.

`embeddings.LANGUAGE.po` translates the reasons and errors of `embeddings`, which are in English.
"""
