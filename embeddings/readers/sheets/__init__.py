"""Spreadsheets and tables in text files.

`xlsx` reads Excel, `csv` text files; OpenDocument sheets are read in `office.odf`. `table_rows`
finds the header of a sheet, and `cell_formats` writes values as they are shown.
"""
