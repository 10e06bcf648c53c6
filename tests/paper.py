"""Writes small PDFs: lines of text in their places, in any script, with the metadata asked for."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

WIDTH = 0.6
"""Of every letter, as a share of its size."""
LEFT, TOP, SIZE, LEADING = 60.0, 760.0, 10.0, 14.0


@dataclass(frozen=True)
class Print:
    """A line: its text, its place from the lower left corner, and its type; see `_OTHER_FONTS`."""

    text: str
    x: float = LEFT
    y: float = TOP
    size: float = SIZE
    bold: bool = False
    font: str = ""


def set_text(
    *paragraphs: str, y: float = TOP, indent: float = 20, columns: int = 78
) -> list[Print]:
    """Wrap paragraphs as a book does: the first line of each is indented."""
    lines: list[Print] = []
    for paragraph in paragraphs:
        wrapped = textwrap.wrap(
            paragraph,
            columns,
            initial_indent=" " * round(indent / SIZE / WIDTH),
            break_on_hyphens=False,
            break_long_words=False,
        )
        for number, line in enumerate(wrapped):
            lines.append(Print(line.strip(), LEFT + (indent if number == 0 else 0), y))
            y -= LEADING
    return lines


def centre(text: str, y: float, size: float = SIZE, bold: bool = True) -> Print:
    """Set a line in the middle of the column that `set_text` fills."""
    return Print(text, LEFT + (78 * SIZE - len(text) * size) * WIDTH / 2, y, size, bold)


def write_pdf(
    pages: Iterable[Sequence[Print]],
    info: Mapping[str, str] | None = None,
    locked: bool = False,
    turned: int = 0,
    mapped: bool = True,
    crop: str = "",
    drawn: str = "",
    fields: Sequence[tuple[str, float, float]] = (),
    sideways: bool = False,
) -> bytes:
    """Return a PDF.

    Args:
        pages: the lines of each.
        info: its metadata.
        locked: whether it asks for a password.
        turned: degrees by which its pages are to be turned clockwise to be read.
        mapped: whether its fonts say which letters they draw.
        crop: the part of each page that is seen: "left bottom right top".
        drawn: what else is drawn on each page, as PDF says it; see `grid`.
        fields: texts of a form on the first page, with the left and lower edge of each.
        sideways: whether its pages are not said to be turned, though they are.
    """
    contents = [_content(page, turned, drawn) for page in pages]
    first = 9
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(contents)))
    entries = " ".join(
        f"/{key} <{_utf16(value, mark=True)}>" for key, value in (info or {}).items()
    )
    forms = [first + 2 * len(contents) + number for number in range(len(fields))]
    listed = " ".join(f"{number} 0 R" for number in forms)
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{listed}] >> >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        *(
            _font(name, f"{descendant} 0 R", mapped).encode()
            for name, descendant in (("Plain", 5), ("Plain-Bold", 6))
        ),
        *(_descendant(name).encode() for name in ("Plain", "Plain-Bold")),
        _stream(_TO_UNICODE),
        f"<< {entries} >>".encode(),
    ]
    box = "[0 0 792 612]" if turned in (90, 270) else "[0 0 612 792]"
    if crop:
        box += f" /CropBox [{crop}]"
    for number, content in enumerate(contents):
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Rotate {0 if sideways else turned} "
            f"/Annots [{'' if number else listed}] "
            f"/Contents {first + 2 * number + 1} 0 R "
            f"/Resources << /Font << /F0 3 0 R /F1 4 0 R {_OTHER_FONTS} >> >> >>".encode(),
            _stream(content),
        ]
    objects += [
        f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (f{number}) /V <{_utf16(text, mark=True)}> "
        f"/Rect [{x} {y} {x + 200} {y + 16}] /P {first} 0 R >>".encode()
        for number, (text, x, y) in enumerate(fields)
    ]
    return _file(objects, locked)


def grid(across: Sequence[float], down: Sequence[float]) -> str:
    """Draw lines at heights `across`, and at distances `down` from the left edge."""
    return " ".join(
        [f"{min(down)} {y} m {max(down)} {y} l S" for y in across]
        + [f"{x} {min(across)} m {x} {max(across)} l S" for x in down]
    )


def _content(lines: Sequence[Print], turned: int, painted: str) -> bytes:
    matrix = {
        0: "1 0 0 1 0 0",
        90: "0 1 -1 0 792 0",
        180: "-1 0 0 -1 612 792",
        270: "0 -1 1 0 0 612",
    }
    drawn = [f"q {matrix[turned]} cm", painted]
    for line in lines:
        font = f"/{line.font or f'F{int(line.bold)}'} {line.size}"
        drawn.append(f"BT {font} Tf {line.x} {line.y} Td <{_utf16(line.text)}> Tj ET")
    return "\n".join([*drawn, "Q"]).encode()


def _font(name: str, descendant: str, mapped: bool) -> str:
    unicode = " /ToUnicode 7 0 R" if mapped else ""
    return (
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H "
        f"/DescendantFonts [{descendant}]{unicode} >>"
    )


def _descendant(name: str) -> str:
    return (
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /DW {round(WIDTH * 1000)} "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        f"/FontDescriptor << /Type /FontDescriptor /FontName /{name} /Flags 4 /Ascent 800 "
        "/Descent -200 /CapHeight 700 /ItalicAngle 0 /StemV 80 /FontBBox [0 -200 1000 800] >> >>"
    )


_OTHER_FONTS = " ".join(
    f"/{name} {_font(name, _descendant(name), mapped=True)}" for name in ("CMTT10", "CMBX12")
)
"""TeX's typewriter and bold type, which are only known by their names."""


_RANGES = [0x00, 0x01, 0x04, 0x05, 0x20, 0x21, 0x22, 0xF0, 0xFB]
_TO_UNICODE = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def "
    "1 begincodespacerange <0000> <FFFF> endcodespacerange "
    f"{len(_RANGES)} beginbfrange "
    + " ".join(f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in _RANGES)
    + " endbfrange endcmap end end"
).encode()


def _utf16(text: str, mark: bool = False) -> str:
    return ("\ufeff" * mark + text).encode("utf-16-be").hex()


def _stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%b\nendstream" % (len(data), data)


def _file(objects: Sequence[bytes], locked: bool) -> bytes:
    body, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    lock = b""
    if locked:
        key = b"00" * 32
        lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%b> /U <%b> >>" % (key, key)
        lock += b" /ID [<00> <00>]"
    body += b"trailer << /Size %d /Root 1 0 R /Info 8 0 R %b >>\n" % (len(objects) + 1, lock)
    return bytes(body + b"startxref\n%d\n%%%%EOF\n" % start)
