"""Programs that measure speed, memory and quality; none of them is a test."""

from collections.abc import Sequence
from typing import Any

import numpy as np


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Return the 50th, 95th and 99th percentile."""
    return {f"p{part}": float(np.percentile(values, part)) for part in (50, 95, 99)}


def rounded(value: Any) -> Any:
    """Return JSON data with each float rounded to six significant digits."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(inner) for inner in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value
