"""What the headings and paragraphs of a file are, the same in every format.

`blocks` has the classes. `bylines` finds author and date, `contents` tables of contents,
`questions` questions and their answers, `looks` headings in bold type; `hyphens` joins divided
words. `compose` uses all of it.
"""
