"""Types of arrays that many modules pass on."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Rows = NDArray[np.int64]
"""Rows of passages in an index."""
Segments = NDArray[np.int16]
"""For each token of a passage: 0 in the title, then the number of its sentence from 1."""
Mask = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
