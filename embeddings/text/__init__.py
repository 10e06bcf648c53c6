"""Text as such, from whatever article or question: no model, no index.

`decoding` turns bytes into clean text, `language` tells its language, `sentences` splits it, and
`file_names` makes safe names of what people call their files.
"""
