"""Rich Text Format (.rtf): text with headings, lists and tables, in any code page."""

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass, replace

from embeddings.articles.article import Article, Dropped
from embeddings.errors import UnreadableFile
from embeddings.readers.compose import STRUCK, Block, check_length, make_article
from embeddings.readers.metadata import document_metadata
from embeddings.readers.office.docx_styles import level_of_name
from embeddings.readers.structure.looks import Looks, with_title
from embeddings.readers.tables import Cell, row_texts

_TOKEN = re.compile(
    rb"\\(?:([a-z]{1,32})(-?\d{1,10})? ?|'([0-9a-f]{2})|([^a-z']))|([{}])|[\r\n\0]+"
    rb"|([^\\{}\r\n\0]+)|\\",
    re.IGNORECASE,
)
_SIGNS = {
    "tab": " ", "line": "\n", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ",
    "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "nestcell": " ", "nestrow": " ",
}  # fmt: skip
_ESCAPED = {"~": "\u00a0", "_": "-", "{": "{", "}": "}", "\\": "\\"}
_READ = dict.fromkeys("fldrslt shptxt listtext pntext".split(), "text") | {
    name: name for name in ("footnote", "title", "author", "fonttbl", "info", "stylesheet")
}
"""Groups by their first word, and what their text is."""
_SKIPPED = frozenset(
    "colortbl pict object themedata colorschememapping latentstyles datastore listtable "
    "listoverridetable rsidtbl generator fldinst xmlnstbl header headerl headerr headerf footer "
    "footerl footerr footerf revtbl filetbl annotation nonshppict bkmkstart bkmkend xe tc mmathPr "
    "datafield nesttableprops subject doccomm keywords comment operator company manager category "
    "buptim creatim revtim printim".split()
)
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250",
}  # fmt: skip
_SYMBOLS = 2
"""The character set of fonts without letters; in a list they make its bullets."""
_CODE_PAGES = {10000: "mac_roman", 10007: "mac_cyrillic", 65001: "utf_8"}
_MOST_NESTED = 10_000


@dataclass(frozen=True)
class _State:
    """What holds within a group, and ends with it.

    Attributes:
        where: what the text of the group is: "text", "footnote", "title", "author", "stylesheet",
            or "" where it is passed over.
        font: its number.
        width: how many bytes after a character in Unicode stand for the same one.
        is_hidden: whether it is hidden or deleted.
        is_struck: whether it is struck out.
        is_bold: whether it is in bold type.
    """

    where: str = "text"
    font: int | None = None
    width: int = 1
    is_hidden: bool = False
    is_struck: bool = False
    is_bold: bool = False


class _Reading:
    """Reads a document from its first token to its last."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self.notes: list[Block] = []
        self.struck: list[str] = []
        self.said = {"title": "", "author": ""}
        self._state = _State()
        self._outer: list[_State] = []
        self._encoding = "cp1252"
        self._fonts: dict[int | None, str] = {}
        self._bytes = bytearray()  # of the text, not decoded yet
        self._left_out = 0  # bytes to leave out, after a character in Unicode
        self._text: list[str] = []
        self._note: list[str] = []
        self._characters = 0
        self._level = 0
        self.looks = Looks()
        self._is_bold = True  # whether all text of the paragraph is
        self._is_centred = False
        self._styles: dict[int | None, str] = {}  # their names
        self._style: int | None = None
        self._table = _Table()

    def read(self, data: bytes) -> None:
        """Read a document."""
        position = 0
        while match := _TOKEN.match(data, position):
            position = match.end()
            word, number, code, escaped, brace, text = match.groups()
            if text or code:
                self._take(text or bytes.fromhex(code.decode()))
                continue
            self._decode()
            if word:
                name, value = word.decode(), None if number is None else int(number)
                if name == "bin":
                    position += max(value or 0, 0)
                else:
                    self._word(name, value)
            elif brace == b"{":
                self._outer.append(self._state)
                if len(self._outer) > _MOST_NESTED:
                    raise UnreadableFile("nested too deeply")
            elif brace == b"}":
                self._close()
            elif escaped == b"*":
                self._state = replace(self._state, where="")
            elif escaped:
                self._write(_ESCAPED.get(escaped.decode("latin-1"), ""))
        self._decode()
        self._end_paragraph()
        self._end_table()

    def _take(self, data: bytes) -> None:
        left_out = min(self._left_out, len(data))
        self._left_out -= left_out
        if self._state.where:
            self._bytes += data[left_out:]

    def _decode(self) -> None:
        if self._bytes:
            encoding = self._fonts.get(self._state.font) or self._encoding
            text = "•" if encoding == "symbols" else self._bytes.decode(encoding, "replace")
            self._bytes.clear()
            self._write(text)

    def _write(self, text: str) -> None:
        where = self._state.where
        if self._state.is_hidden or not where:
            return
        if self._state.is_struck:
            self.struck.append(text)
            return
        self._characters += len(text)
        check_length(self._characters)
        if where == "text":
            self._is_bold &= self._state.is_bold or not text.strip()
            self._text.append(text)
        elif where == "footnote":
            self._note.append(text)
        elif where == "stylesheet":
            self._styles[self._style] = self._styles.get(self._style, "") + text
        elif where in self.said:
            self.said[where] += text

    def _close(self) -> None:
        """Leave a group."""
        left = self._state
        self._left_out = 0
        self._state = self._outer.pop() if self._outer else _State("")
        if left.where == "footnote" and self._state.where != "footnote":
            self.notes.append(Block("".join(self._note)))
            self._note.clear()

    def _word(self, name: str, value: int | None) -> None:
        self._left_out = 0
        if name in _READ:
            # The words "title" and "author" are ordinary ones elsewhere.
            is_read = name not in self.said or self._state.where == "info"
            self._state = replace(self._state, where=_READ[name] if is_read else "")
        elif name in _SKIPPED:
            self._state = replace(self._state, where="")
        elif name == "u":
            self._left_out = self._state.width
            self._write(chr((value or 0) % 0x10000))
        elif name in _SIGNS:
            self._write(_SIGNS[name])
        elif name in ("par", "sect", "page", "cell", "row"):
            self._end(name)
        elif not self._set(name, value) and self._state.where == "text":
            self._paragraph(name, value)

    def _set(self, name: str, value: int | None) -> bool:
        """Take what says how the bytes of a text are to be read; return whether it did."""
        if name in ("f", "deff"):
            self._state = replace(self._state, font=value)
        elif name == "fcharset":
            symbols = "symbols" if value == _SYMBOLS else ""
            self._fonts[self._state.font] = symbols or _CHARSETS.get(value or 0, "")
        elif name == "uc":
            self._state = replace(self._state, width=min(value or 0, 9))
        elif name == "ansicpg":
            with suppress(LookupError):
                name = _CODE_PAGES.get(value or 0, f"cp{value or 0}")
                self._encoding = codecs.lookup(name).name
        elif name in ("v", "deleted"):
            self._state = replace(self._state, is_hidden=value != 0)
        elif name in ("strike", "striked"):
            self._state = replace(self._state, is_struck=value != 0)
        elif name == "b":
            self._state = replace(self._state, is_bold=value != 0)
        elif name == "plain":
            self._state = replace(self._state, is_hidden=False, is_struck=False, is_bold=False)
        elif name in ("s", "cs", "ds", "ts") and self._state.where == "stylesheet":
            self._style = value if name == "s" else None
        else:
            return False
        return True

    def _paragraph(self, name: str, value: int | None) -> None:
        """Take what says of what kind a paragraph or a row is."""
        if name == "pard":
            self._level, self._table.is_open, self._is_centred = 0, False, False
        elif name in ("ql", "qc", "qr", "qj"):
            self._is_centred = name == "qc"
        elif name == "s":
            name = self._styles.get(value, "").strip("; ")
            self._level = level_of_name(name) or self._level
        elif name == "outlinelevel" and self._level != 1:
            self._level = (value or 0) + 2
        elif name == "intbl":
            self._table.is_open = True
        else:
            self._table.take(name)

    def _end(self, name: str) -> None:
        where = self._state.where
        if where == "footnote":
            self._note.append(" ")
        elif where == "text" and name == "cell":
            self._table.end_cell("".join(self._text))
            self._text.clear()
        elif where == "text" and name == "row":
            self._table.end_row()
        elif where == "text":
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        text = "".join(self._text).strip()
        if self._table.is_open:
            self._text.append(" ")
            self._is_bold = True
            return
        self._text.clear()
        self._end_table()
        level = self._level
        if not text.startswith("•"):
            level = self.looks.level_of(
                text, level, is_bold=self._is_bold, is_centred=self._is_centred
            )
        if text:
            self.found.append(Block(text, level))
        self._is_bold = True

    def _end_table(self) -> None:
        if self._table.rows:
            self.found += map(Block, row_texts(self._table.rows))
            self._table = _Table()


class _Table:
    """Collects the rows of a table."""

    def __init__(self) -> None:
        self.rows: list[list[Cell]] = []
        self.is_open = False
        self._cells: list[Cell] = []
        self._merged: list[str] = []  # for each column how its cell is merged
        self._next = ""
        self._is_header = False

    def take(self, name: str) -> None:
        """Take a word that says something of the row."""
        if name == "trowd":
            self._merged, self._is_header = [], False
        elif name == "trhdr":
            self._is_header = True
        elif name in ("clvmrg", "clmrg"):
            self._next = name
        elif name == "cellx":
            self._merged.append(self._next)
            self._next = ""

    def end_cell(self, text: str) -> None:
        """End a cell."""
        self._cells.append(Cell(" ".join(text.split()), is_header=self._is_header))

    def end_row(self) -> None:
        """End a row; a merged cell is that of the row above or the column before."""
        row: list[Cell] = []
        above = self.rows[-1] if self.rows else []
        for column, cell in enumerate(self._cells):
            merged = self._merged[column] if column < len(self._merged) else ""
            if merged == "clvmrg" and column < len(above):
                row.append(above[column])
            elif merged == "clmrg" and row:
                row.append(row[-1])
            else:
                row.append(cell)
        self.rows.append(row)
        self._cells = []


def read(data: bytes, path: str) -> Article:
    """Read a text document.

    Raises:
        UnreadableFile: it is not in this format, or holds no text.
    """
    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableFile("damaged, or not in Rich Text Format")
    reading = _Reading()
    reading.read(data)
    metadata = document_metadata(reading.said["title"], reading.said["author"])
    metadata, found = with_title(metadata, reading.found, reading.looks)
    notes = [Block("", 1), *reading.notes] if reading.notes else []
    struck = " ".join("".join(reading.struck).split())
    dropped = [Dropped(struck, STRUCK)] if struck else []
    return make_article(path, metadata, found + notes, dropped=dropped)
