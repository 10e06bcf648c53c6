"""EPUB: the chapters of a book, in the order of reading."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any
from urllib.parse import unquote

from embeddings.articles.article import Article
from embeddings.errors import UnreadableFile
from embeddings.readers.compose import Block, make_article
from embeddings.readers.metadata import Metadata, make_metadata, url_of
from embeddings.readers.office.archive import Archive
from embeddings.readers.web.html import blocks, is_mostly_links, parse_html
from embeddings.text.decoding import decode

_NO_CHAPTER = frozenset(
    "cover toc landmarks page-list loi lot lov titlepage title-page halftitlepage halftitle-page "
    "copyright-page nav".split()
)
_CONTENTS_LINKS, _CONTENTS_SHARE = 5, 0.7
"""Links, and their share of the text, from which a chapter is a table of contents."""
_ENCRYPTED_FONT = re.compile(rb"ns\.adobe\.com/pdf/enc#RC|www\.idpf\.org/2008/embedding")
_ENCRYPTED = re.compile(rb"<(?:\w+:)?EncryptionMethod\b")


def read(data: bytes, path: str) -> Article:
    """Read a book.

    Raises:
        UnreadableFile: it is not a book, is locked or too large, or holds no text.
    """
    archive = Archive(data, "an EPUB book")
    container = archive.xml("META-INF/container.xml")
    files = () if container is None else container.iter("{*}rootfile")
    named = (file.get("full-path") or "" for file in files)
    packed = (name for name in archive.names if name.endswith(".opf"))
    package_path = next(chain(named, packed), "")
    package = archive.xml(package_path)
    if package is None:
        raise UnreadableFile("damaged, or not an EPUB book")
    encryption = archive.read("META-INF/encryption.xml")
    if len(_ENCRYPTED.findall(encryption)) > len(_ENCRYPTED_FONT.findall(encryption)):
        raise UnreadableFile("locked (DRM)")
    metadata = _metadata(package)
    found: list[Block] = []
    for chapter in _chapters(package, posixpath.dirname(package_path)):
        found += _chapter(archive.read(chapter))
    return make_article(path, metadata, found)


def _metadata(package: Any) -> Metadata:
    fields: dict[str, list[str]] = defaultdict(list)
    for element in package.iter("{http://purl.org/dc/elements/1.1/}*"):
        name = element.tag.rpartition("}")[2]
        fields[name].append(" ".join("".join(element.itertext()).split()))
    return make_metadata(
        title=next(iter(fields["title"]), None),
        author=", ".join(filter(None, fields["creator"])),
        date=next(iter(fields["date"]), None),
        url=next(filter(None, map(url_of, fields["identifier"] + fields["source"])), None),
        language=next(iter(fields["language"]), None),
    )


def _chapters(package: Any, folder: str) -> Iterator[str]:
    """Yield the paths of the chapters in the order of reading, without menus and covers."""
    left_out = {
        _path(folder, reference.get("href"))
        for reference in package.iter("{*}reference")
        if (reference.get("type") or "").lower() in _NO_CHAPTER
    }
    items = {item.get("id"): item for item in package.iter("{*}item")}
    seen: set[str] = set()
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        path = _path(folder, item.get("href"))
        if path not in seen and path not in left_out:
            seen.add(path)
            yield path


def _path(folder: str, address: str | None) -> str:
    name = unquote((address or "").partition("#")[0])
    return posixpath.normpath(posixpath.join(folder, name)).lstrip("/")


def _chapter(data: bytes) -> list[Block]:
    page = parse_html(decode(data)) if data.strip() else None
    if page is None or is_mostly_links(page, _CONTENTS_LINKS, _CONTENTS_SHARE):
        return []
    for element in list(page.iter("section", "div", "aside", "body", "nav")):
        kinds = (element.get("epub:type") or "").lower().split()
        if _NO_CHAPTER.intersection(kinds):
            if element.getparent() is None or element.tag == "body":
                return []
            element.drop_tree()
    return blocks(page)
