"""EPUB: the chapters of a book, in the order of reading."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any
from urllib.parse import unquote

from embeddings.articles.article import Article, Dropped
from embeddings.errors import UnreadableFile
from embeddings.readers.compose import Block, make_article
from embeddings.readers.metadata import Metadata, make_metadata, url_of
from embeddings.readers.office.archive import Archive
from embeddings.readers.office.xml import local_name, text_in
from embeddings.readers.web.html import Content, parse_html, read_html
from embeddings.text.decoding import decode
from embeddings.translatable import Translatable

_DAMAGED = Translatable("damaged, or not an EPUB book")
_NO_CHAPTER = {
    "cover": "cover",
    "toc": "table of contents",
    "nav": "table of contents",
    "landmarks": "table of contents",
    "page-list": "list of pages",
    "loi": "list of pictures",
    "lot": "list of tables",
    "lov": "list of videos",
    "index": "index",
    "titlepage": "title page",
    "title-page": "title page",
    "halftitlepage": "title page",
    "halftitle-page": "title page",
    "copyright-page": "copyright page",
    "pagebreak": "number of a page",
}
"""Parts of a book that are no chapters, by their types."""
_CONTENTS_LINKS, _CONTENTS_SHARE = 5, 0.7
"""Links, and their share of the text, from which a chapter is a table of contents."""
_ENCRYPTED_FONT = re.compile(rb"ns\.adobe\.com/pdf/enc#RC|www\.idpf\.org/2008/embedding")
_ENCRYPTED = re.compile(rb"<(?:\w+:)?EncryptionMethod\b")


def read(data: bytes, path: str) -> Article:
    """Read a book.

    Raises:
        UnreadableFile: it is not a book, is locked or too large, or holds no text.
    """
    archive = Archive(data, _DAMAGED)
    container = archive.xml("META-INF/container.xml")
    files = () if container is None else container.iter("{*}rootfile")
    named = (file.get("full-path") or "" for file in files)
    packed = (name for name in archive.names if name.endswith(".opf"))
    package_path = next(chain(named, packed), "")
    package = archive.xml(package_path)
    if package is None:
        raise UnreadableFile(_DAMAGED)
    encryption = archive.read("META-INF/encryption.xml")
    if len(_ENCRYPTED.findall(encryption)) > len(_ENCRYPTED_FONT.findall(encryption)):
        raise UnreadableFile("locked (DRM)")
    metadata = _metadata(package)
    blocks: list[Block] = []
    dropped: list[Dropped] = []
    for chapter, why in _chapters(package, posixpath.dirname(package_path)):
        content = _chapter(archive.read(chapter), why)
        blocks += content.blocks
        dropped += content.dropped
    return make_article(path, metadata, blocks, dropped=dropped)


def _metadata(package: Any) -> Metadata:
    fields: dict[str, list[str]] = defaultdict(list)
    for element in package.iter("{http://purl.org/dc/elements/1.1/}*"):
        fields[local_name(element)].append(text_in(element))
    return make_metadata(
        title=next(iter(fields["title"]), None),
        author=", ".join(filter(None, fields["creator"])),
        date=next(iter(fields["date"]), None),
        url=next(filter(None, map(url_of, fields["identifier"] + fields["source"])), None),
        language=next(iter(fields["language"]), None),
    )


def _chapters(package: Any, folder: str) -> Iterator[tuple[str, str | None]]:
    """Yield the paths of the chapters in the order of reading, and why one is none."""
    left_out = {
        _path(folder, reference.get("href")): _NO_CHAPTER.get((reference.get("type") or "").lower())
        for reference in package.iter("{*}reference")
    }
    items = {item.get("id"): item for item in package.iter("{*}item")}
    seen: set[str] = set()
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        path = _path(folder, item.get("href"))
        if path not in seen:
            seen.add(path)
            yield path, left_out.get(path)


def _path(folder: str, address: str | None) -> str:
    name = unquote((address or "").partition("#")[0])
    return posixpath.normpath(posixpath.join(folder, name)).lstrip("/")


def _chapter(data: bytes, why: str | None) -> Content:
    page = parse_html(decode(data)) if data.strip() else None
    if page is None:
        return Content([], [])
    text, links = text_in(page), [text_in(link) for link in page.iter("a")]
    is_contents = sum(map(len, links)) >= _CONTENTS_SHARE * len(text)
    if why is None and is_contents and len(links) >= _CONTENTS_LINKS:
        why = "table of contents"
    if why:
        return Content([], [Dropped(text, why)] if text else [])
    return read_html(page, _why_left_out)


def _why_left_out(element: Any) -> str | None:
    """Return what a part of a book is that is no chapter."""
    kinds = (element.get("epub:type") or "").lower().split()
    if element.tag == "nav":
        return "table of contents"
    return next((_NO_CHAPTER[kind] for kind in kinds if kind in _NO_CHAPTER), None)
