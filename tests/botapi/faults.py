"""What a test wants to go wrong."""

from collections.abc import Callable
from dataclasses import dataclass

from .errors import ApiError
from .models import Json

Matches = Callable[[Json], bool]


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, `times` times (None: until healed)."""

    method: str  # lower case; "*" is any
    times: int | None = 1
    error: ApiError | None = None  # refuse instead of doing it
    html: bool = False  # the error is a web server's page, not JSON
    before: float = 0.0  # seconds before doing it
    after: float = 0.0  # seconds between doing it and answering
    drop: bool = False  # cut the connection instead of answering
    delivered: bool = True  # with drop: whether it was done
    when: Matches | None = None  # only for these parameters


class Faults:
    """The faults still to come, oldest first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._left: list[int | None] = []

    def add(self, fault: Fault) -> None:
        """Let something go wrong."""
        self._faults.append(fault)
        self._left.append(fault.times)

    def take(self, method: str, parameters: Json) -> Fault | None:
        """Return the fault that hits this request, and count it."""
        for position, fault in enumerate(self._faults):
            hit = fault.method in ("*", method.lower())
            if not hit or (fault.when is not None and not fault.when(parameters)):
                continue
            left = self._left[position]
            if left is not None:
                self._left[position] = left - 1
                if left <= 1:
                    del self._faults[position], self._left[position]
            return fault
        return None

    def heal(self, method: str | None = None) -> None:
        """Let everything work again, or one method."""
        keep = [
            position
            for position, fault in enumerate(self._faults)
            if method is not None and fault.method != method.lower()
        ]
        self._faults = [self._faults[position] for position in keep]
        self._left = [self._left[position] for position in keep]
