"""Documents of office programs: text documents and slides.

`docx` reads Word, with `docx_styles` and `docx_tables`; `odf` OpenDocument, with `odf_styles`;
`pptx` PowerPoint, and `rtf` Rich Text. `archive` opens the zip files that most of them are, `xml`
walks what is in them, and `lists` counts the items of lists.
"""
