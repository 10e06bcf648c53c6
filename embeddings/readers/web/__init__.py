"""Web pages: `html` turns HTML into headings and paragraphs, `webpage` finds the article on a page.

`boilerplate` and `surroundings` know what a page holds beside its article; `visibility` and
`styles` tell what is hidden or struck out; `tables`, `lists` and `fields` read tables, lists and
forms.
"""
