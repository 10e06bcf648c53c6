"""Tables in Markdown, and numbers as they are read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.performance.result import Result

Results = Mapping[str, Result]
NOT_MEASURED = "not measured"


def found_by(results: Results, part: str) -> dict[str, Any] | None:
    """Return what a part found; None where it was not, or could not be, measured."""
    return results[part].found if part in results else None


def not_there(results: Results, part: str) -> str:
    """Say that a part is missing, and why."""
    reason = results[part].missing if part in results else None
    if reason:
        return f"Not measured: {reason}."
    return f"Not measured yet: `python -m benchmarks.performance --only {part}`."


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def shown(number: float) -> str:
    """Return a number with three digits that count, and thousands parted."""
    if abs(number) >= 100:
        return f"{number:,.0f}"
    digits = 1 if abs(number) >= 10 else 2 if abs(number) >= 0.1 else 3
    return f"{number:.{digits}f}"


def share(number: float) -> str:
    """Return a share as other pages show it."""
    return f"{number:.3f}".removeprefix("0") if number < 1 else f"{number:.3f}"
