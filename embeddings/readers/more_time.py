"""More time for a reader that works page by page.

A file has a limited time. A reader that calls `ask_for_more_time` before a page has that time again
for the page.
"""

from collections.abc import Callable

_listeners: list[Callable[[], None]] = []


def listen(listener: Callable[[], None]) -> None:
    """Call a function each time a reader asks for more time."""
    _listeners.append(listener)


def ask_for_more_time() -> None:
    """Ask for the time of one page more."""
    for listener in _listeners:
        listener()
