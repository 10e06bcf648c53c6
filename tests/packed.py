"""Writes small Word documents and EPUB books: packed XML, as the programs write them."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from html import escape

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_DC = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
)
_STYLES = (
    ("Title", "Title", ""),
    ("a1", "heading 1", ""),
    ("a2", "heading 2", ""),
    ("mine", "Мій розділ", '<w:basedOn w:val="a1"/>'),
    ("deep", "Пункт", '<w:pPr><w:outlineLvl w:val="2"/></w:pPr>'),
    ("TOC1", "toc 1", ""),
)


def pack(parts: Mapping[str, str | bytes]) -> bytes:
    """Return an archive of these parts; the same parts give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def para(text: str = "", style: str = "", inner: str = "", item: tuple[int, int] = (0, 0)) -> str:
    """A paragraph of a text, or of runs as they are."""
    properties = f'<w:pStyle w:val="{style}"/>' * bool(style)
    if item[0]:
        properties += f'<w:numPr><w:ilvl w:val="{item[1]}"/><w:numId w:val="{item[0]}"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner or run(text)}</w:p>"


def table(rows: Iterable[Sequence[str]]) -> str:
    cells = ("".join(f"<w:tc>{para(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def write_docx(
    *body: str,
    core: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
    styles: str = "",
    numbering: str = "",
    margins: Mapping[str, str] | None = None,
) -> bytes:
    """Return a Word document.

    Args:
        body: paragraphs and tables.
        core: its properties, such as {"dc:title": …}.
        notes: the texts of its footnotes.
        styles: more styles.
        numbering: more lists, in place of the two that there are.
        margins: the paragraphs in headers and footers, by kind and number: "header1".
    """
    styles += "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{more}</w:style>'
        for key, name, more in _STYLES
    )
    levels = (
        '<w:abstractNum w:abstractNumId="{0}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="{1}"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="{1}"/><w:lvlText w:val="%1.%2."/></w:lvl>'
        "</w:abstractNum>"
    )
    numbers = "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (1, 2)
    )
    lists = levels.format(1, "bullet") + levels.format(2, "decimal") + numbers
    parts = {
        f"word/{name}.xml": f"<w:part {_W}>{inner}</w:part>"
        for name, inner in (margins or {}).items()
    }
    relations = "".join(
        f'<Relationship Type="http://x/{name.rstrip("0123456789")}" Target="{name}.xml"/>'
        for name in margins or ()
    )
    said = "".join(f"<{key}>{escape(text)}</{key}>" for key, text in (core or {}).items())
    separator = '<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
    footnotes = "".join(f'<w:footnote w:id="1">{para(note)}</w:footnote>' for note in notes)
    return pack(
        {
            "_rels/.rels": '<Relationships><Relationship Type="http://x/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
            "word/document.xml": f"<w:document {_W}><w:body>{''.join(body)}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {_W}>{styles}</w:styles>",
            "word/numbering.xml": f"<w:numbering {_W}>{numbering or lists}</w:numbering>",
            "word/_rels/document.xml.rels": f"<Relationships>{relations}</Relationships>",
            **parts,
            "word/footnotes.xml": f"<w:footnotes {_W}>{separator}{footnotes}</w:footnotes>",
            "docProps/core.xml": f"<cp:coreProperties {_DC}>{said}</cp:coreProperties>",
        }
    )


def write_epub(
    chapters: Mapping[str, str], metadata: str = "", guide: str = "", nav: str = ""
) -> bytes:
    """Return a book; `chapters` are the bodies of its files, in the order of reading."""
    page = (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        "<head><title/></head><body>{}</body></html>"
    )
    names = {name: f"i{number}" for number, name in enumerate(chapters)}
    items = "".join(f'<item id="{key}" href="{name}"/>' for name, key in names.items())
    spine = "".join(f'<itemref idref="{key}"/>' for key in names.values())
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{metadata}</metadata><manifest>{items}"
        '<item id="nav" href="nav.xhtml" properties="nav"/></manifest>'
        f'<spine><itemref idref="nav"/>{spine}</spine><guide>{guide}</guide></package>'
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    return pack(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "OEBPS/book.opf": package,
            "OEBPS/nav.xhtml": page.format(f"<nav>{nav}</nav>"),
            **{f"OEBPS/{name}": page.format(body) for name, body in chapters.items()},
        }
    )
