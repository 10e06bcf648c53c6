"""Functions on plain text, for articles and questions alike.

`decoding` decodes bytes and cleans text, `mojibake` restores wrong letters, and `keyboard` a wrong
keyboard layout. `language` detects the language of a text, `sentences` splits it into sentences,
`lemmas` finds the dictionary forms of its words, and `transliteration` compares names in Cyrillic
and in Latin letters. `question_words` tells by its words what a question asks for, `statements`
what a sentence says.

`quantities` compares numbers, dates and times in any notation, `amounts` and `days` recognise
prices, dates and days, `phone_numbers` phone numbers, and `spans` says where in a sentence these
stand. `file_names` makes file names safe.
"""
