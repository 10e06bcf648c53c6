"""An article as it is in an index, put together from its passages."""

from dataclasses import replace

from embeddings.articles.article import Article, PageStart, Section
from embeddings.index.passages import Passages

_BETWEEN_PARAGRAPHS = "\n\n"


def stored_article(store: Passages, path: str) -> Article | None:
    """Return an article with its text, sections and pages; None when it is not in the index.

    What was left out of it, and its sentences, are not known.
    """
    entries = store.get(store.rows_of_article(path) or ())
    if not entries:
        return None
    text = ""
    sections: list[Section] = []
    pages: list[PageStart] = []
    for passage, _ in entries:
        gap = passage.start - len(text)
        text += (_BETWEEN_PARAGRAPHS if gap > 1 else " " * gap) + passage.text
        if not sections or sections[-1].headings != passage.headings:
            sections.append(Section(passage.start, passage.headings))
        for page in passage.pages:
            if not pages or pages[-1].number != page.number:
                pages.append(replace(page, start=passage.start + page.start))
    source = entries[0][1]
    return Article(
        path,
        source.own_title,
        text,
        (),
        tuple(sections),
        source.language,
        source.author,
        source.url,
        source.date,
        tuple(pages),
    )
