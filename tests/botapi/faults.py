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


def take(faults: list[Fault], method: str, parameters: Json) -> Fault:
    """Return the first fault that applies to this request, and count it; one of nothing if none."""
    for fault in faults:
        is_its = fault.method in ("*", method.lower())
        if is_its and (fault.when is None or fault.when(parameters)):
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    faults.remove(fault)
            return fault
    return Fault("")
