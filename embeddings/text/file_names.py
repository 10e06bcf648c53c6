"""Names of files: what somebody calls a file, as a name that every system takes."""

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST_NAME = 200
"""Bytes in UTF-8; file systems take 255, and a temporary name is a little longer."""

_LONGEST_SUFFIX = 20
_EMPTY = "article"
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
"""Windows takes these for devices, whatever follows the dot."""


def printable(text: str) -> str:
    """Return a file's name without what could break a line or a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def safe_name(name: str) -> str:
    """Return a file name that is harmless in any folder and looks like `name`.

    Letters of all alphabets stay, in NFC. Folders in front, control characters, leading dots and
    what marks a backup go; so does what is over 200 bytes, but for the suffix. It is never empty,
    and `safe_name` of it is the same.
    """
    safer = _safer(re.split(r"[/\\]", name)[-1])
    while safer != name:  # a name that was cut may have another suffix
        name, safer = safer, _safer(safer)
    return name


def _safer(name: str) -> str:
    name = unicodedata.normalize("NFC", _visible(unicodedata.normalize("NFC", name)))
    name = re.sub(r'[<>:"|?*]', "_", name)
    name = _trimmed(name)
    suffix = PurePosixPath(name).suffix
    if len(suffix.encode()) > _LONGEST_SUFFIX:
        suffix = ""
    stem = _trimmed(_cut(name.removesuffix(suffix), LONGEST_NAME - 1 - len(suffix.encode())))
    name = f"{stem or _EMPTY}{suffix}"
    return f"_{name}" if _RESERVED.match(name) else name


def _visible(name: str) -> str:
    """White space of any kind becomes a space; what has no shape of its own is left out."""
    spaced = re.sub(r"\s", " ", name)
    return "".join(char for char in spaced if not unicodedata.category(char).startswith("C"))


def _trimmed(name: str) -> str:
    name = re.sub(r"\s+", " ", name)
    return re.sub(r"^[\s.]+|[\s.~]+$", "", name)


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode("utf-8", "ignore")
