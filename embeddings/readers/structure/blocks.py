"""What readers make articles of: headings and paragraphs."""

from typing import NamedTuple

from embeddings.articles.article import PageStart


class Block(NamedTuple):
    """A heading of `level` 1 (the outermost) or more, or a paragraph, of level 0.

    A heading without text ends the sections of its level and deeper ones. `pages` are those it
    stands on, with starts counted from its own beginning.
    """

    text: str
    level: int = 0
    pages: tuple[PageStart, ...] = ()


class Paragraph(NamedTuple):
    """A paragraph with the headings above it, outermost first.

    `pages` are those it stands on, with starts counted from its own beginning.
    """

    text: str
    headings: tuple[str, ...] = ()
    pages: tuple[PageStart, ...] = ()
