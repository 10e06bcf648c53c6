"""Web pages: the article, without the boilerplate around it.

trafilatura finds the article on the page. Its text is then read from the page itself, because the
output of trafilatura lacks table cells, list numbers and notes.
"""

import logging
import re
from collections.abc import Sequence
from typing import Any

from embeddings.articles.article import Article
from embeddings.errors import UnreadableFile
from embeddings.readers.compose import Block, make_article
from embeddings.readers.metadata import Metadata, make_metadata
from embeddings.readers.web.boilerplate import author_of, is_boilerplate, is_dateline
from embeddings.readers.web.html import (
    Element,
    blocks,
    count_letters,
    is_mostly_links,
    is_skipped,
    parse_html,
)
from embeddings.text.decoding import decode

_CHARSET = re.compile(rb"<(?:meta\b[^<>]*?\bcharset|\?xml\b[^<>]*?\bencoding)\s*=\s*[\"']?([\w-]+)")
_FIRST_BYTES = 4096
_DATES = {"extensive_search": False, "original_date": True, "max_date": "2200-01-01"}
"""htmldate takes a date from metadata only, and does not guess one from the text."""
_AROUND = frozenset("aside footer form header menu nav".split())
_NOISE = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|cookies?|consent|gdpr|newsletter|subscribe|subscription|related"
    r"|recommended|share|sharing|social|comments?|disqus|banner|advert\w*|ads?|promo|popup|modal"
    r"|sidebar|footer|navbar|menu|pagination|pager|tags|readmore|read-also)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LISTS = frozenset("div ol p section span table td ul".split())
_MENU_LINKS, _MENU_SHARE = 3, 0.8
"""Links, and their share of the text, from which an element is a menu."""
_MOST_OF_PAGE = 0.5
"""An element with a larger share of the page's text is kept, whatever its name."""
_SHINGLE_WORDS = 3
_LONGEST_BYLINE = 100


def read(data: bytes, path: str) -> Article:
    """Read a web page.

    Raises:
        UnreadableFile: it is not text, or nothing in it can be quoted.
    """
    charset = _CHARSET.search(data[:_FIRST_BYTES])
    markup = decode(data, charset[1].decode() if charset else None)
    page = parse_html(markup)
    if page is None:
        raise UnreadableFile("empty")
    metadata, extracted = _extract(page)
    _prune(page)
    own = [block for block in blocks(page) if not _is_noise(block, metadata)]
    return make_article(
        path, metadata, _within(own, extracted) or own or blocks(parse_html(markup))
    )


def _extract(page: Element) -> tuple[Metadata, str]:
    """Return the metadata of a page and the text of its article, as trafilatura finds them."""
    import trafilatura
    from trafilatura.metadata import extract_metadata

    # The caller reports unreadable files, with their names.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    found: Any = extract_metadata(page, date_config=dict(_DATES), extensive=False)
    text = trafilatura.extract(page, favor_recall=True, include_comments=False)
    language = page.get("lang") or page.get("xml:lang")
    return make_metadata(found.title, found.author, found.date, found.url, language), text or ""


def _prune(page: Element) -> None:
    """Remove menus, boxes and lists of links from the page."""
    limit = _MOST_OF_PAGE * count_letters(page)
    for element in list(page.iter()):
        if element.getparent() is None or is_skipped(element) or element.tag in ("html", "body"):
            continue
        if _is_around(element) and count_letters(element) <= limit:
            element.drop_tree()


def _is_around(element: Element) -> bool:
    """Whether an element holds boilerplate, by its tag, role, class, id or its many links."""
    if element.tag in _AROUND or element.get("role") in ("navigation", "banner", "dialog"):
        # An article has a header of its own, with its heading.
        return element.tag != "header" or element.find(".//h1") is None
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    if _NOISE.search(named) and element.find(".//h1") is None:
        return True
    return element.tag in _LISTS and is_mostly_links(element, _MENU_LINKS, _MENU_SHARE)


def _within(own: Sequence[Block], extracted: str) -> Sequence[Block]:
    """Return the blocks from the first to the last with extracted text, and the heading above."""
    known = {shingle for line in extracted.split("\n") for shingle in _shingles(line)}
    shingles = [_shingles(block.text) for block in own]
    found = [
        number
        for number, words in enumerate(shingles)
        if words and 3 * len(words & known) >= len(words)
    ]
    if not found:
        return ()
    first = found[0]
    while first and own[first - 1].level:
        first -= 1
    return own[first : found[-1] + 1]


def _shingles(text: str) -> set[tuple[str, ...]]:
    """Return the runs of three words in a text."""
    words = re.findall(r"\w+", text.casefold())
    length = min(_SHINGLE_WORDS, len(words))
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1) if length}


def _is_noise(block: Block, metadata: Metadata) -> bool:
    text = block.text
    if is_boilerplate(text) or is_dateline(text) or author_of(text):
        return True
    is_short = len(text) <= _LONGEST_BYLINE and not text.endswith((".", "!", "?", "…", ":"))
    return is_short and metadata.author is not None and metadata.author in text
