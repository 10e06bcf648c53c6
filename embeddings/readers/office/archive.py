"""Zip archives (.docx, .epub, .odt, …): their parts, and the XML in them, within limits of size."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Collection
from typing import Any

from lxml import etree

from embeddings.errors import UnreadableFile

MAX_UNPACKED = 128 * 2**20
"""Most bytes of all parts together; parsed, they take several times as much memory."""
MAX_PARTS = 20_000
_LARGE = 10 * 2**20
"""Bytes from which libxml2 refuses XML without `huge_tree`."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
"""An old Office file begins with it, and so does a new one that is locked with a password."""
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError, struct.error),
)
"""What `zipfile` raises for bytes that are not an archive."""


class Archive:
    """The parts of an archive; together not larger than MAX_UNPACKED."""

    def __init__(self, data: bytes, damaged: str) -> None:
        """Open an archive; `damaged` says that it is no file of its format.

        Raises:
            UnreadableFile: it is not an archive, or holds too many parts.
        """
        if data.startswith(_OLD_OFFICE):
            raise UnreadableFile(
                "an old Office file, or locked with a password; save it as .docx, .xlsx or .pptx "
                "without one"
            )
        self._damaged = damaged
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGED as error:
            raise UnreadableFile(damaged) from error
        self.names: Collection[str] = self._zip.NameToInfo.keys()
        if len(self._zip.infolist()) > MAX_PARTS:
            raise UnreadableFile("more than {number} files packed in it", number=MAX_PARTS)
        self._left = MAX_UNPACKED

    def check_size(self) -> None:
        """Raise UnreadableFile when all parts together are too large, or one is locked."""
        for info in self._zip.infolist():
            self._take(info)

    def read(self, name: str) -> bytes:
        """Return a part; empty where there is none of this name.

        Raises:
            UnreadableFile: it is damaged, locked, or the parts are too large together.
        """
        info = self._zip.NameToInfo.get(name)
        if info is None:
            return b""
        self._take(info)
        try:
            with self._zip.open(info) as part:
                return part.read(info.file_size)  # no more than the archive says, whatever is in it
        except _DAMAGED as error:
            raise UnreadableFile(self._damaged) from error

    def _take(self, info: zipfile.ZipInfo) -> None:
        if info.flag_bits & 1:
            raise UnreadableFile("locked with a password")
        self._left -= info.file_size
        if self._left < 0:
            raise UnreadableFile("unpacks to more than {size} MB", size=MAX_UNPACKED // 2**20)

    def xml(self, name: str) -> Any:
        """Return the root of a part that is XML; None where there is no such part.

        No file outside of the part is opened. Entities are refused: these formats have none.

        Raises:
            UnreadableFile: it is damaged or defines entities; and as `read` does.
        """
        data = self.read(name)
        if not data.strip():
            return None
        if b"<!ENTITY" in data:
            raise UnreadableFile("defines entities, which can make it endless when it is read")
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
            huge_tree=len(data) > _LARGE,
        )
        try:
            return etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            if any(x.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for x in parser.error_log):
                raise UnreadableFile("nested too deeply") from error
            raise UnreadableFile(self._damaged) from error
