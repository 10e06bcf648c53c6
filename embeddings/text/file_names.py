"""File names that are safe on every system and in every terminal."""

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST_NAME = 200
"""In bytes of UTF-8. File systems allow 255, and a temporary name is a little longer."""

_LONGEST_SUFFIX = 20
_EMPTY = "article"
_ONLY_SUFFIX = re.compile(r"[\s.]*(\.[^\s.~]{1,8})[\s.~]*")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
"""Names of devices on Windows, whatever follows the dot."""


def printable(text: str) -> str:
    """Return `text` with U+FFFD in place of characters that are not printable."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def safe_name(name: str) -> str:
    """Return a file name that is harmless in any folder and similar to `name`.

    Letters of all alphabets are kept, in NFC. Leading folders, control characters, leading dots and
    trailing tildes are removed; the stem is cut so that the name has at most 200 bytes, and a
    suffix alone gets a stem. The result is never empty, and `safe_name` does not change it again.
    """
    safer = _safer(re.split(r"[/\\]", name)[-1])
    while safer != name:  # cutting a name may give it another suffix
        name, safer = safer, _safer(safer)
    return name


def _safer(name: str) -> str:
    spaced = re.sub(r"\s", " ", unicodedata.normalize("NFC", name))
    visible = "".join(char for char in spaced if not unicodedata.category(char).startswith("C"))
    name = re.sub(r'[<>:"|?*]', "_", unicodedata.normalize("NFC", visible))
    alone = _ONLY_SUFFIX.fullmatch(name)
    name = _trimmed(f"{_EMPTY}{alone[1]}" if alone else name)
    suffix = PurePosixPath(name).suffix
    if len(suffix.encode()) > _LONGEST_SUFFIX:
        suffix = ""
    cut = name.removesuffix(suffix).encode()[: LONGEST_NAME - 1 - len(suffix.encode())]
    name = f"{_trimmed(cut.decode('utf-8', 'ignore')) or _EMPTY}{suffix}"
    return f"_{name}" if _RESERVED.match(name) else name


def _trimmed(name: str) -> str:
    name = re.sub(r"\s+", " ", name)
    return re.sub(r"^[\s.]+|[\s.~]+$", "", name)
