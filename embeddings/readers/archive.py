"""Packed files (.docx, .epub): their parts, and the XML in them, within limits."""

import io
import zipfile
import zlib
from collections.abc import Collection
from typing import Any

from lxml import etree

from embeddings.errors import UnreadableFile

MAX_UNPACKED = 128 * 2**20
"""Bytes of all the parts that are read: parsed, they take several times as much memory."""
MAX_PARTS = 20_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
"""Begins an old Word file; a new one that is locked is wrapped in one."""


class Archive:
    """The parts of a packed file; together they are not larger than MAX_UNPACKED."""

    def __init__(self, data: bytes, kind: str) -> None:
        """Open it.

        Raises:
            UnreadableFile: it is none, or holds too many parts.
        """
        if data.startswith(_OLD_OFFICE):
            raise UnreadableFile(
                "an old Word file, or locked with a password; save it as .docx without one"
            )
        self._kind = kind
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise UnreadableFile(f"damaged, or not {kind}") from error
        self.names: Collection[str] = self._zip.NameToInfo.keys()
        if len(self._zip.infolist()) > MAX_PARTS:
            raise UnreadableFile(f"more than {MAX_PARTS} files packed in it")
        self._left = MAX_UNPACKED

    def read(self, name: str) -> bytes:
        """Return a part; nothing where there is none of this name.

        Raises:
            UnreadableFile: it is damaged, locked, or larger than what may be read in all.
        """
        info = self._zip.NameToInfo.get(name)
        if info is None:
            return b""
        if info.flag_bits & 1:
            raise UnreadableFile("locked with a password")
        self._take(info.file_size)
        try:
            with self._zip.open(info) as part:
                return part.read(info.file_size)  # no more than it says, whatever is in it
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise UnreadableFile(f"damaged, or not {self._kind}") from error
        except (ValueError, RuntimeError) as error:
            raise UnreadableFile(f"damaged, or not {self._kind}") from error

    def xml(self, name: str) -> Any:
        """Return the root of a part that is XML; None where it is missing or damaged.

        Entities are left alone, and nothing outside is ever opened.

        Raises:
            UnreadableFile: as `read` does.
        """
        data = self.read(name)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
            recover=True,
            huge_tree=len(data) > _LARGE,
        )
        try:
            return etree.fromstring(data, parser) if data else None
        except (etree.XMLSyntaxError, ValueError):
            return None

    def _take(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise UnreadableFile(f"unpacks to more than {MAX_UNPACKED // 2**20} MB")


_LARGE = 10 * 2**20
"""From here libxml2 asks to be told that the size is meant."""
