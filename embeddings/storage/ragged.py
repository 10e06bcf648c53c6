"""Groups of different lengths in one array, for vectorised computation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.array_types import Floats

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Ragged:
    """Consecutive groups of rows, none of them empty.

    Attributes:
        values: the rows of all groups, (total,) or (total, q).
        first: the first row of each group, and the total at the end, (groups + 1,).
    """

    values: Floats
    first: Places

    def __len__(self) -> int:
        """Number of groups."""
        return len(self.first) - 1

    def __getitem__(self, group: int) -> Floats:
        """The values of one group."""
        return self.values[self.first[group] : self.first[group + 1]]

    @property
    def lengths(self) -> Places:
        """The number of rows of each group, (groups,)."""
        lengths: Places = np.diff(self.first)
        return lengths

    def max(self) -> Floats:
        """The maximum over each group's rows, (groups,) or (groups, q)."""
        if not len(self):
            return self.values
        greatest: Floats = np.maximum.reduceat(self.values, self.first[:-1], axis=0)
        return greatest

    def take(self, groups: Places) -> "Ragged":
        """Return some of the groups, in the order given."""
        lengths = self.lengths[groups]
        return Ragged(self.values[stretches(self.first[groups], lengths)], edges(lengths))


def edges(lengths: "Places | Sequence[int]") -> Places:
    """Return where groups of these lengths begin, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def stretches(starts: Places, lengths: Places) -> Places:
    """Return the ranges start .. start + length - 1, one after the other, in one array."""
    shift = starts - edges(lengths)[:-1]
    return np.repeat(shift, lengths) + np.arange(int(lengths.sum()))
