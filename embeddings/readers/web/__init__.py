"""Web pages: `html` turns HTML into headings and paragraphs, `webpage` finds the article on a page.

`boilerplate` knows what a page holds beside its article.
"""
