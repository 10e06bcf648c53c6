"""Rows of different lengths in one array, so that they are computed with in one step."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Places = NDArray[np.int64]


@dataclass(frozen=True)
class Ragged:
    """Groups one after the other; none of them is empty.

    Attributes:
        values: of all groups, (total,) or (total, q).
        first: where each group begins; one more for the end, (groups + 1,).
    """

    values: "Floats"
    first: "Places"

    def __len__(self) -> int:
        """Number of groups."""
        return len(self.first) - 1

    def __getitem__(self, group: int) -> "Floats":
        """The values of one group."""
        return self.values[self.first[group] : self.first[group + 1]]

    @property
    def lengths(self) -> "Places":
        """Of each group, (groups,)."""
        lengths: Places = np.diff(self.first)
        return lengths

    def max(self) -> "Floats":
        """The greatest of each group, (groups,) or (groups, q)."""
        if not len(self):
            return self.values
        greatest: Floats = np.maximum.reduceat(self.values, self.first[:-1], axis=0)
        return greatest

    def take(self, groups: "Places") -> "Ragged":
        """Return some of the groups, in the order given."""
        lengths = self.lengths[groups]
        return Ragged(self.values[stretches(self.first[groups], lengths)], edges(lengths))


def edges(lengths: "Places | Sequence[int]") -> "Places":
    """Return where groups of these lengths begin, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def stretches(starts: "Places", lengths: "Places") -> "Places":
    """Return the numbers of all stretches: those from each start on, as many as its length."""
    shift = starts - edges(lengths)[:-1]
    return np.repeat(shift, lengths) + np.arange(int(lengths.sum()))
