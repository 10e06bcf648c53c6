"""Documents of office programs: text documents and slides.

`archive` opens the zip files that most of them are, `xml` walks what is in them, and `lists` counts
the items of lists.
"""
