"""Every method that the server answers, by its lower-case name."""

from collections.abc import Awaitable, Callable

from ..params import Params
from ..world import World
from . import files, messages, polling, profile, queries

Handler = Callable[[World, Params], object | Awaitable[object]]

_ALL: dict[str, Handler] = {
    **polling.METHODS,
    **messages.METHODS,
    **files.METHODS,
    **queries.METHODS,
    **profile.METHODS,
}
METHODS = {name.lower(): handler for name, handler in _ALL.items()}
NAMES = {name.lower(): name for name in _ALL}
