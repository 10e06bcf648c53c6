"""FictionBook (.fb2, .fb2.zip): a book, its chapters and notes."""

from collections.abc import Iterator

from lxml import etree

from embeddings.articles.article import Article
from embeddings.errors import UnreadableFile
from embeddings.readers.compose import Block, make_article
from embeddings.readers.metadata import WORD, Metadata, make_metadata
from embeddings.readers.office.archive import Archive
from embeddings.readers.office.xml import Element, child, children, get, local_name
from embeddings.readers.tables import Cell, row_texts
from embeddings.translatable import Translatable

_DAMAGED = Translatable("damaged, or not a FictionBook")
_PARAGRAPHS = frozenset("p v text-author date".split())
_SKIPPED = frozenset("title image binary stylesheet description".split())


def read(data: bytes, path: str) -> Article:
    """Read a book.

    Raises:
        UnreadableFile: it is not a book, is too large, or holds no text.
    """
    if data.startswith(b"PK"):
        archive = Archive(data, _DAMAGED)
        name = next((name for name in archive.names if name.lower().endswith(".fb2")), "")
        data = archive.read(name)
    root = _parse(data)
    bodies = list(children(root, "body"))
    if not bodies:
        raise UnreadableFile(_DAMAGED)
    found: list[Block] = []
    for body in bodies:
        if get(body, "name") in ("notes", "comments"):
            found += [Block("", 1), *_notes(body)]
        else:
            found += _section(body, 1)
    metadata = _metadata(child(root, "description", "title-info"))
    title = metadata.title or ""
    named = (_words(title), _words(f"{title} {metadata.author or ''}"))
    if title and found and found[0].level and _words(found[0].text) in named:
        del found[0]
    return make_article(path, metadata, found)


def _words(text: str) -> list[str]:
    return sorted(WORD.findall(text.casefold()))


def _parse(data: bytes) -> Element | None:
    """Parse a book; most are not quite well-formed. Entities are not replaced."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=True
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(_DAMAGED) from error


def _metadata(info: Element | None) -> Metadata:
    authors = (
        " ".join(_text(child(author, f"{part}-name")) for part in ("first", "middle", "last"))
        for author in children(info, "author")
    )
    date = child(info, "date")
    return make_metadata(
        _text(child(info, "book-title")),
        ", ".join(" ".join(author.split()) for author in authors if author.strip()),
        get(date, "value") or _text(date),
        language=_text(child(info, "lang")),
    )


def _section(section: Element, level: int) -> Iterator[Block]:
    """Yield the title of a section, as a heading of this level, and what is below it."""
    lines = filter(None, map(_text, children(child(section, "title"), "p")))
    title = " ".join(line if line[-1] in ".!?:…—" else f"{line}." for line in lines)
    if title:
        yield Block(title.removesuffix("."), level)
    for part in section:
        name = local_name(part)
        if name == "subtitle":
            yield Block(_text(part), level + 1)
        elif name in _PARAGRAPHS:
            yield Block(_text(part))
        elif name == "table":
            yield from map(Block, row_texts([list(_cells(row)) for row in children(part, "tr")]))
        elif name and name not in _SKIPPED:  # a section, an epigraph, a poem, a quotation
            yield from _section(part, level + 1)


def _notes(body: Element) -> Iterator[Block]:
    """Yield the notes of a book, each after its number."""
    for note in children(body, "section"):
        first, *others = [*_section(note, 0), Block("")]
        yield Block(" ".join([first.text, *(block.text for block in others)]))


def _cells(row: Element) -> Iterator[Cell]:
    for cell in row:
        rows, columns = (
            int(text) if (text := get(cell, name) or "1").isdecimal() else 1
            for name in ("rowspan", "colspan")
        )
        yield Cell(_text(cell), rows, columns, local_name(cell) == "th")


def _text(element: Element | None) -> str:
    """Return the text of an element without the marks of notes."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for part in element:
        if not (local_name(part) == "a" and get(part, "type") == "note"):
            parts.append(_text(part))
        parts.append(part.tail or "")
    return " ".join("".join(parts).split())
