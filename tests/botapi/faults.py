"""Faults that a test asks for."""

from collections.abc import Callable
from dataclasses import dataclass

from .errors import ApiError
from .models import Json

Matches = Callable[[Json], bool]


@dataclass
class Fault:
    """One fault of a method; it happens `times` times (None: until it is healed)."""

    method: str  # lower case; "*" is any
    times: int | None = 1
    error: ApiError | None = None  # refuse the request
    before: float = 0.0  # seconds to wait before the request is carried out
    drop: bool = False  # cut the connection instead of answering
    garble: bool = False  # carry the request out, and answer with a page of a proxy
    delivered: bool = True  # with drop: whether the request was carried out
    when: Matches | None = None  # only for these parameters


class Faults:
    """The faults still to come, oldest first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Add a fault."""
        self._faults.append(fault)

    def take(self, method: str, parameters: Json) -> Fault | None:
        """Return the fault that applies to this request, and count it."""
        for fault in self._faults:
            if fault.method not in ("*", method.lower()):
                continue
            if fault.when is not None and not fault.when(parameters):
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
            return fault
        return None

    def heal(self, method: str | None = None) -> None:
        """Remove all faults, or those of one method."""
        self._faults = [
            fault for fault in self._faults if method is not None and fault.method != method.lower()
        ]
