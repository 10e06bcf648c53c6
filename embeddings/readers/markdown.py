"""Markdown: CommonMark with tables, footnotes, definitions and tasks, and what notes have."""

from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from embeddings.articles.article import Article
from embeddings.readers import front_matter
from embeddings.readers.compose import make_article
from embeddings.readers.notes import DROPPED, notes_plugin
from embeddings.readers.web.html import parse_html, read_html
from embeddings.text.decoding import decode

_DEEPEST = 100
"""What is nested more deeply is left out; by itself the parser stops at ten lists."""


def read(data: bytes, path: str) -> Article:
    """Read a Markdown file; its first heading of the first level is its title.

    Raises:
        UnreadableFile: it is not text, or there is none in it.
    """
    metadata, text = front_matter.split(decode(data))
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST, "tasklists": True})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(deflist_plugin).use(notes_plugin)
    left_out: dict[str, Any] = {}
    # HTML may stand inside Markdown, so one walk reads both.
    content = read_html(parse_html(parser.render(text, left_out)))
    dropped = [*left_out.get(DROPPED, ()), *content.dropped]
    return make_article(path, metadata, content.blocks, dropped=dropped)
