"""With `going_on` a reader that works page by page says that it does, and has more time.

A file has a limited time; a reader that calls `going_on` before a page has it again for the page.
"""

from collections.abc import Callable

_listeners: list[Callable[[], None]] = []


def listen(listener: Callable[[], None]) -> None:
    """Call a function each time a reader goes on."""
    _listeners.append(listener)


def going_on() -> None:
    """Say that a further page is being read."""
    for listener in _listeners:
        listener()
