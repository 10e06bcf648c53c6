"""Spreadsheets and tables in text files.

`table_rows` finds the header of a sheet, and `cell_formats` writes values as they are shown. Each
other module reads one format; OpenDocument sheets are read in `office.odf`.
"""
