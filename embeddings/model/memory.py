"""Giving memory that is no longer used back to the operating system."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PAGE_OUT = 21
"""MADV_PAGEOUT, since Linux 5.4; unlike MADV_DONTNEED it never discards changed pages."""


def page_out(folder: Path) -> None:
    """Release the resident pages of all files in `folder` that this process has mapped.

    They are read from disk again when they are needed. It does nothing outside of Linux.
    """
    if sys.platform != "linux":
        return
    with suppress(OSError, ValueError):
        advise = ctypes.CDLL(None).madvise
        for start, end in _mapped(folder):
            advise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _PAGE_OUT)


def trim() -> None:
    """Return freed heap memory, which glibc would keep (10 MB after a build), to the system."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # musl has no such function
            ctypes.CDLL(None).malloc_trim(0)


def _mapped(folder: Path) -> Iterator[tuple[int, int]]:
    """Yield the start and end addresses at which files in `folder` are mapped."""
    prefix = f"{folder.resolve()}/"
    with Path("/proc/self/maps").open(encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            addresses, *_, path = line.split(maxsplit=5)
            if path.startswith(prefix):
                start, end = (int(number, 16) for number in addresses.split("-"))
                yield start, end
