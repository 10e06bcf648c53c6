"""What the bot says and hears, by language.

`LANGUAGE.po` is a gettext catalogue of what the bot says itself; `embeddings.LANGUAGE.po`
translates the reasons and errors of `embeddings`, which are in English. `small_talk.toml` has what
people say besides questions, in all languages.
"""
