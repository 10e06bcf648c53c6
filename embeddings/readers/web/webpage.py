"""Web pages: the article, without the boilerplate around it.

What is surely not the article is left out, and said to be; all else is read.
"""

import logging
import re
from typing import Any

from embeddings.articles.article import Article, Dropped
from embeddings.errors import UnreadableFile
from embeddings.readers.compose import Block, make_article
from embeddings.readers.metadata import Metadata, make_metadata
from embeddings.readers.office.xml import Element
from embeddings.readers.tables import CELLS
from embeddings.readers.web.boilerplate import why_boilerplate
from embeddings.readers.web.html import parse_html, read_html
from embeddings.readers.web.surroundings import find_surroundings
from embeddings.text.decoding import decode

_CHARSET = re.compile(rb"<(?:meta\b[^<>]*?\bcharset|\?xml\b[^<>]*?\bencoding)\s*=\s*[\"']?([\w-]+)")
_FIRST_BYTES = 4096
_DATES = {"extensive_search": False, "original_date": True, "max_date": "2200-01-01"}
"""htmldate takes a date from metadata only, and does not guess one from the text."""


def read(data: bytes, path: str) -> Article:
    """Read a web page.

    Raises:
        UnreadableFile: it is not text, or nothing in it can be quoted.
    """
    charset = _CHARSET.search(data[:_FIRST_BYTES])
    page = parse_html(decode(data, charset[1].decode() if charset else None))
    if page is None:
        raise UnreadableFile("empty")
    metadata = _metadata(page)
    found, dropped = read_html(page, find_surroundings(page).get)
    blocks: list[Block] = []
    for number, block in enumerate(found):
        below = found[number + 1].level if number + 1 < len(found) else 1
        is_above_text = block.level > 0 and not below
        why = None if is_above_text or CELLS in block.text else why_boilerplate(block.text)
        if why is None or not block.text:
            blocks.append(block)
        else:
            dropped.append(Dropped(block.text, why))
    return make_article(path, metadata, blocks, dropped=dropped)


def _metadata(page: Element) -> Metadata:
    """Return the metadata of a page as trafilatura finds them."""
    from trafilatura.metadata import extract_metadata

    # The caller reports unreadable files, with their names.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    found: Any = extract_metadata(page, date_config=dict(_DATES), extensive=False)
    language = page.get("lang") or page.get("xml:lang")
    return make_metadata(found.title, found.author, found.date, found.url, language)
