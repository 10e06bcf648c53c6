"""Memory that is no longer used and would still count as this process's."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PAGE_OUT = 21
"""MADV_PAGEOUT of Linux 5.4: unlike MADV_DONTNEED it loses nothing, whatever the library does."""


def page_out(folder: Path) -> None:
    """Let the system have back the pages of all files in a folder that this process has mapped."""
    if sys.platform != "linux":
        return
    with suppress(OSError, ValueError):
        advise = ctypes.CDLL(None).madvise
        for start, end in _mapped(folder):
            advise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _PAGE_OUT)


def trim() -> None:
    """Let the system have back what was freed: glibc keeps it, and a build frees 10 MB."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # musl has no such function
            ctypes.CDLL(None).malloc_trim(0)


def _mapped(folder: Path) -> Iterator[tuple[int, int]]:
    """Give the addresses at which files in a folder are mapped."""
    place = f"{folder.resolve()}/"
    with Path("/proc/self/maps").open(encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            addresses, *_, path = line.split(maxsplit=5)
            if path.startswith(place):
                start, end = (int(number, 16) for number in addresses.split("-"))
                yield start, end
