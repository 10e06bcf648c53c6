"""Chooses the passages to show: a passage and its copies and versions once, halves joined."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from embeddings.articles.passage import LONGEST_SENTENCE, Passage
from embeddings.index.search_index import IndexSnapshot
from embeddings.search.answer import Also, Hit
from embeddings.search.highlight import highlight_of
from embeddings.search.ranking import Ranked
from embeddings.search.versions import Version

_EXAMINED = 20
"""Candidates that are compared with the chosen ones at least; versions rank close together."""


@dataclass(frozen=True)
class _Member:
    """A candidate with its text."""

    candidate: Ranked
    version: Version


def deduplicate(
    index: IndexSnapshot, ranked: Sequence[Ranked], k: int, question: str = ""
) -> tuple[tuple[Hit, ...], list[int]]:
    """Return the first `k` passages, best first, with highlights, and their rows.

    Copies and versions of one passage are one hit: the version that the question asks for, else
    the newest where all dates are known, else the one that ranks best; the others are in `also`.
    """
    groups: list[list[_Member]] = []
    for number, member in enumerate(_members(index, ranked, max(k, _EXAMINED))):
        if len(groups) == k and number >= _EXAMINED:
            break
        group = next(
            (group for group in groups if member.version.is_version_of(group[0].version)), None
        )
        if group is not None:
            group.append(member)
        elif len(groups) < k:
            groups.append([member])
    shown = [_shown(group, question) for group in groups]
    hits = [_hit(index, group, one) for group, one in zip(groups, shown, strict=True)]
    return tuple(hits), [one.candidate.row for one in shown]


def _members(index: IndexSnapshot, ranked: Sequence[Ranked], batch: int) -> Iterator[_Member]:
    store = index.passages
    for start in range(0, len(ranked), batch):
        candidates = ranked[start : start + batch]
        rows = [candidate.row for candidate in candidates]
        for candidate, (passage, source) in zip(candidates, store.get(rows), strict=True):
            yield _Member(candidate, Version(passage, source))


def _newest_first(group: Sequence[_Member]) -> list[_Member]:
    return sorted(group, key=lambda member: member.version.date or "", reverse=True)


def _shown(group: Sequence[_Member], question: str) -> _Member:
    """Return which of the copies and versions of one passage, in order of rank, is shown."""
    dated = _newest_first(group)
    shown = dated[0] if all(member.version.date for member in group) else group[0]
    asked_for = (member for member in dated if member.version.is_asked_for(question, shown.version))
    return next(asked_for, shown) if question else shown


def _hit(index: IndexSnapshot, group: Sequence[_Member], shown: _Member) -> Hit:
    """Return copies and versions of one passage as one hit."""
    passage, source = shown.version.passage, shown.version.source
    candidate = shown.candidate
    others = [member for member in _newest_first(group) if member is not shown]
    key, *keys = index.passages.passage_keys([member.candidate.row for member in (shown, *others)])
    return Hit(
        passage,
        source,
        group[0].candidate.score,
        highlight_of(index, candidate.row, candidate.sentence, passage.text),
        key,
        tuple(
            Also(member.version.passage, member.version.source, also_key)
            for member, also_key in zip(others, keys, strict=True)
        ),
    )


def join_halves(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Join the halves of a long paragraph, at the rank and with the highlight of the better one."""
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
        highlight = highlight.shifted(shift)
    also = (*better.also, *other.also)
    return Hit(passage, better.source, better.score, highlight, left.passage_key, also)
