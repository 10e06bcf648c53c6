"""Chooses the passages to show: near duplicates once, halves of a paragraph as one passage."""

import re
from collections.abc import Sequence
from dataclasses import replace

from embeddings.articles.passage import LONGEST_SENTENCE, Passage
from embeddings.index.local.generation import Generation
from embeddings.search.answer import Highlight, Hit
from embeddings.search.highlight import highlight_of
from embeddings.search.ranking import Ranked

_NEAR_DUPLICATE = 0.9
"""Jaccard similarity of their words from which two passages are near duplicates."""


def deduplicate(generation: Generation, ranked: Sequence[Ranked], k: int) -> tuple[Hit, ...]:
    """Return the first `k` passages that are no near duplicates, best first, with highlights.

    Two of them that are halves of one long paragraph become one.
    """
    chosen: list[Hit] = []
    seen: list[frozenset[str]] = []
    for start in range(0, len(ranked), k):  # the first `k` are enough, unless some are duplicates
        batch = ranked[start : start + k]
        rows = [candidate.row for candidate in batch]
        entries = generation.passage_store.get(rows)
        keys = generation.passage_store.passage_keys(rows)
        for candidate, (passage, source), key in zip(batch, entries, keys, strict=True):
            words = frozenset(re.findall(r"\w+", passage.text.casefold()))
            if any(_are_near_duplicates(words, others) for others in seen):
                continue
            seen.append(words)
            highlight = highlight_of(generation, candidate.row, candidate.sentence, passage.text)
            chosen.append(Hit(passage, source, candidate.score, highlight, key))
            if len(chosen) == k:
                return _join_halves(chosen)
    return _join_halves(chosen)


def _are_near_duplicates(words: frozenset[str], others: frozenset[str]) -> bool:
    common = len(words & others)
    return common >= _NEAR_DUPLICATE * (len(words) + len(others) - common)


def _join_halves(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Join the halves of a paragraph, at the rank and with the highlight of the better one."""
    result: list[Hit] = []
    for hit in hits:
        for number, better in enumerate(result):
            joined = _join(better, hit)
            if joined is not None:
                result[number] = joined
                break
        else:
            result.append(hit)
    return tuple(result)


def _join(better: Hit, other: Hit) -> Hit | None:
    """Return both as one hit; None when they are not neighbours within a paragraph."""
    left, right = sorted((better, other), key=lambda hit: hit.passage.start)
    first, second = left.passage, right.passage
    gap = second.start - first.end
    if (first.article, first.headings) != (second.article, second.headings):
        return None
    if gap not in (0, 1) or second.end - first.start > LONGEST_SENTENCE:
        return None
    # Words of a paragraph are one space apart; a word that was cut in two has no gap.
    text = f"{first.text}{' ' * gap}{second.text}"
    shift = second.start - first.start
    known = {page.number for page in first.pages}
    later = [replace(one, start=one.start + shift) for one in second.pages]
    pages = (*first.pages, *(page for page in later if page.number not in known))
    passage = Passage(first.article, first.start, second.end, text, first.headings, pages)
    highlight = better.highlight
    if highlight is not None:
        shift = better.passage.start - first.start
        highlight = Highlight(highlight.start + shift, highlight.end + shift, highlight.text)
    return Hit(passage, better.source, better.score, highlight, left.passage_key)
