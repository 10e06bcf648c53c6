"""Programs that measure speed, memory and quality; none of them is a test."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Return the 50th, 95th and 99th percentile."""
    return {f"p{part}": float(np.percentile(values, part)) for part in (50, 95, 99)}


def rounded(value: Any) -> Any:
    """Return JSON data with each float rounded to six significant digits."""
    return json.loads(json.dumps(value), parse_float=lambda digits: float(f"{float(digits):.6g}"))
