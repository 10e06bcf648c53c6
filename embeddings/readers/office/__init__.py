"""Documents of office programs: text documents, slides and sheets.

`archive` opens the zip files that most of them are. Each other module reads one format.
"""
