"""What a part found, kept as a file of JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embeddings import write_atomically


@dataclass(frozen=True)
class Result:
    """What one part found, when, and where.

    Attributes:
        part: its name.
        started: ISO 8601, UTC.
        seconds: how long the part took.
        quick: whether it was only tried out.
        program: the commit that was measured.
        machine: see `machine.Machine`.
        found: the part's own fields; None where it could not be measured.
        missing: why it could not.
    """

    part: str
    started: str
    seconds: float
    quick: bool
    program: str
    machine: dict[str, Any]
    found: dict[str, Any] | None = None
    missing: str | None = None


def keep(result: Result, work: Path) -> None:
    """Write a result, in place of an older one."""
    work.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_rounded(asdict(result)), indent=1, ensure_ascii=False)
    write_atomically(work / f"{result.part}.json", text + "\n")


def kept(work: Path, parts: Sequence[str]) -> dict[str, Result]:
    """Read the results that are there."""
    paths = [(part, work / f"{part}.json") for part in parts]
    return {
        part: Result(**json.loads(path.read_text(encoding="utf-8")))
        for part, path in paths
        if path.is_file()
    }


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Return the median, and what one in twenty and one in a hundred exceed."""
    return {f"p{part}": float(np.percentile(values, part)) for part in (50, 95, 99)}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value
