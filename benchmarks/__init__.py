"""Programs that measure speed, memory and quality; none of them is a test."""

from collections.abc import Sequence

import numpy as np


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Return the 50th, 95th and 99th percentile."""
    return {f"p{part}": float(np.percentile(values, part)) for part in (50, 95, 99)}
