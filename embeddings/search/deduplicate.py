"""Ranked rows to the passages that are shown: near-identical ones once, halves put together."""

import re
from collections.abc import Sequence

from embeddings.articles.passage import LONGEST_SENTENCE, Passage
from embeddings.index.local.generation import Generation
from embeddings.search.answer import Highlight, Hit
from embeddings.search.highlight import highlight_of
from embeddings.search.ranking import Ranked

_ALIKE = 0.9
"""Share of common words from which two passages say the same."""


def deduplicate(generation: Generation, ranked: Sequence[Ranked], k: int) -> tuple[Hit, ...]:
    """Return the first `k` passages that differ, best first, each with its highlight.

    When two of them are halves of one long paragraph, they are shown as one.
    """
    chosen: list[Hit] = []
    seen: list[frozenset[str]] = []
    for start in range(0, len(ranked), k):  # the first few are enough, unless some are alike
        batch = ranked[start : start + k]
        rows = [entry.row for entry in batch]
        entries = generation.passage_store.get(rows)
        keys = generation.passage_store.passage_keys(rows)
        for entry, (passage, source), key in zip(batch, entries, keys, strict=True):
            words = frozenset(re.findall(r"\w+", passage.text.casefold()))
            if any(_alike(words, other) for other in seen):
                continue
            seen.append(words)
            highlight = highlight_of(generation, entry.row, entry.sentence, passage.text)
            chosen.append(Hit(passage, source, entry.score, highlight, key))
            if len(chosen) == k:
                return _joined(chosen)
    return _joined(chosen)


def _alike(words: frozenset[str], others: frozenset[str]) -> bool:
    common = len(words & others)
    return common >= _ALIKE * (len(words) + len(others) - common)


def _joined(chosen: Sequence[Hit]) -> tuple[Hit, ...]:
    """Put halves of a paragraph together, in the place and with the highlight of the better."""
    result: list[Hit] = []
    for found in chosen:
        for number, better in enumerate(result):
            whole = _whole(better, found)
            if whole is not None:
                result[number] = whole
                break
        else:
            result.append(found)
    return tuple(result)


def _whole(better: Hit, other: Hit) -> Hit | None:
    """Return both as one, or None when they are not neighbours within a paragraph."""
    first, second = sorted((better.passage, other.passage), key=lambda passage: passage.start)
    gap = second.start - first.end
    same = (first.article, first.headings, first.page) == (
        second.article,
        second.headings,
        second.page,
    )
    if not same or gap not in (0, 1) or second.end - first.start > LONGEST_SENTENCE:
        return None
    # Within a paragraph words are one space apart, and a word cut in two is not apart.
    text = f"{first.text}{' ' * gap}{second.text}"
    passage = Passage(first.article, first.start, second.end, text, first.headings, first.page)
    highlight = better.highlight
    if highlight is not None:
        shift = better.passage.start - first.start
        highlight = Highlight(highlight.start + shift, highlight.end + shift, highlight.text)
    passage_key = better.passage_key if first is better.passage else other.passage_key
    return Hit(passage, better.source, better.score, highlight, passage_key)
