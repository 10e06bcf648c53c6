"""EPUB: the chapters of a book in their order."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from embeddings.articles.article import Article
from embeddings.errors import UnreadableFile
from embeddings.readers.archive import Archive
from embeddings.readers.compose import Block, make_article
from embeddings.readers.html import Element, blocks, parse_html
from embeddings.readers.metadata import Metadata, make_metadata, url_of
from embeddings.text.decoding import decode

_NO_CHAPTER = frozenset(
    "cover toc landmarks page-list loi lot lov titlepage title-page halftitlepage halftitle-page "
    "copyright-page nav".split()
)
_LINKS = 5
_MOSTLY_LINKS = 0.7
_LOCK = "META-INF/encryption.xml"
_FONTS = re.compile(rb"ns\.adobe\.com/pdf/enc#RC|www\.idpf\.org/2008/embedding")
_SIZES = re.compile(rb"<(?:\w+:)?EncryptionMethod\b")


def read(data: bytes, path: str) -> Article:
    """Read a book.

    Raises:
        UnreadableFile: it is none, is locked or too large, or holds no text.
    """
    archive = Archive(data, "an EPUB book")
    where = _package_part(archive)
    package = archive.xml(where)
    if package is None:
        raise UnreadableFile("damaged, or not an EPUB book")
    locks = archive.read(_LOCK)
    if len(_SIZES.findall(locks)) > len(_FONTS.findall(locks)):  # fonts may be scrambled
        raise UnreadableFile("locked (DRM)")
    metadata = _metadata(package)
    found: list[Block] = []
    for chapter in _chapters(package, posixpath.dirname(where)):
        found += _chapter(archive.read(chapter))
    return make_article(path, metadata, found)


def _package_part(archive: Archive) -> str:
    container = archive.xml("META-INF/container.xml")
    files = [] if container is None else list(container.iter("{*}rootfile"))
    named = [file.get("full-path") or "" for file in files]
    packed = [name for name in archive.names if name.endswith(".opf")]
    return next(iter([*named, *packed]), "")


def _metadata(package: Any) -> Metadata:
    said: dict[str, list[str]] = {}
    for element in package.iter("{http://purl.org/dc/elements/1.1/}*"):
        name = element.tag.rpartition("}")[2]
        said.setdefault(name, []).append(" ".join("".join(element.itertext()).split()))
    addresses = filter(None, map(url_of, [*said.get("identifier", ()), *said.get("source", ())]))
    return make_metadata(
        title=next(iter(said.get("title", ())), None),
        author=", ".join(filter(None, said.get("creator", ()))),
        date=next(iter(said.get("date", ())), None),
        url=next(addresses, None),
        language=next(iter(said.get("language", ())), None),
    )


def _chapters(package: Any, folder: str) -> Iterator[str]:
    """Name the files of the chapters as they are read; menus and covers are none."""
    left_out = {
        _place(folder, reference.get("href"))
        for reference in package.iter("{*}reference")
        if (reference.get("type") or "").lower() in _NO_CHAPTER
    }
    items = {item.get("id"): item for item in package.iter("{*}item")}
    seen: set[str] = set()
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        place = _place(folder, item.get("href"))
        if place not in seen and place not in left_out:
            seen.add(place)
            yield place


def _place(folder: str, address: str | None) -> str:
    name = unquote((address or "").partition("#")[0])
    return posixpath.normpath(posixpath.join(folder, name)).lstrip("/")


def _chapter(data: bytes) -> list[Block]:
    page = parse_html(decode(data)) if data.strip() else None
    if page is None or _is_contents(page):
        return []
    for element in list(page.iter("section", "div", "aside", "body", "nav")):
        kinds = (element.get("epub:type") or "").lower().split()
        if _NO_CHAPTER.intersection(kinds):
            if element.getparent() is None or element.tag == "body":
                return []
            element.drop_tree()
    return blocks(page)


def _is_contents(page: Element) -> bool:
    links = page.findall(".//a")
    linked = sum(map(_letters, links))
    return len(links) >= _LINKS and linked >= _MOSTLY_LINKS * _letters(page)


def _letters(element: Element) -> int:
    return sum(len(text.strip()) for text in element.itertext())
