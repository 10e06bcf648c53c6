"""Groups of different lengths, held against lists of lists."""

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from embeddings.storage.ragged import Ragged, edges, stretches

if TYPE_CHECKING:
    from embeddings.storage.ragged import Places

GROUPS = st.lists(st.lists(st.integers(-9, 9), min_size=1, max_size=5), max_size=6)


def ragged(groups: list[list[int]]) -> Ragged:
    values = np.array([value for group in groups for value in group], np.float32)
    return Ragged(values, edges([len(group) for group in groups]))


@given(GROUPS)
def test_groups_come_back(groups: list[list[int]]) -> None:
    found = ragged(groups)
    assert [found[number].tolist() for number in range(len(found))] == groups
    assert found.lengths.tolist() == [len(group) for group in groups]
    assert found.max().tolist() == [max(group) for group in groups]


@given(GROUPS, st.data())
def test_some_groups_in_any_order(groups: list[list[int]], data: st.DataObject) -> None:
    chosen = data.draw(st.permutations(range(len(groups))))[:3]
    found = ragged(groups).take(np.array(chosen, np.int64))
    assert [found[number].tolist() for number in range(len(found))] == [groups[n] for n in chosen]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), max_size=6))
def test_stretches_are_ranges(spans: list[tuple[int, int]]) -> None:
    starts, lengths = (np.array([span[n] for span in spans], np.int64) for n in (0, 1))
    expected = [number for start, length in spans for number in range(start, start + length)]
    assert stretches(starts, lengths).tolist() == expected


def test_the_greatest_of_each_column() -> None:
    values: Places = np.array([[1, 5], [3, 2], [0, 0]])
    assert Ragged(values.astype(np.float32), edges([2, 1])).max().tolist() == [[3, 5], [0, 0]]
