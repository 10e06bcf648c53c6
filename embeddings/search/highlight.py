"""Chooses the highlight: the sentence of a passage that answers the question best.

A sentence is scored by the late interaction of its own tokens and by its cosine. Matches in the
sentence before it and in the title count too, at a discount. Of sentences that are nearly as good,
one is better that has what is asked for: the day that the question names, a quantity, the row of a
table, a reason, a place, whether something is allowed, what is to be done, or what a word means.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from embeddings.array_types import Floats, Ints
from embeddings.index.search_index import IndexSnapshot
from embeddings.search.answer import Highlight, Hit, Span
from embeddings.search.answer_type import (
    answer_span,
    asks_for_kind,
    asks_why,
    lacks_answer_type,
    lacks_quantity,
)
from embeddings.search.clauses import rows_asked_for
from embeddings.search.question_form import content_words, latest_from, latest_part
from embeddings.storage.ragged import Ragged
from embeddings.text.amounts import DURATION, HOUR, YEAR, words
from embeddings.text.days import names_month, seasons_in, share_of_days_named
from embeddings.text.question_words import ASKS_DURATION, ASKS_HOURS
from embeddings.text.sentences import strip
from embeddings.text.statements import ORDERS, PLACE, RULES
from embeddings.verifier.verifier import Verdict

_Cue = tuple[float, Callable[[str], float]]
"""What a question wants of a sentence: the weight, and the share of it that a sentence has."""

_PREVIOUS_WEIGHT, _TITLE_WEIGHT, _COSINE_WEIGHT = 0.8, 0.9, 0.5
_ASKED_BEFORE = 0.3
"""Weight of a token of the question before, which is to say of what the new one is asked only."""
_QUANTITY, _REASON, _DAY, _ROW, _MEANING = 0.05, 0.1, 0.15, 0.2, 0.15
"""How far below the best score a sentence with what is asked for may be."""
_BARE = 2.0
"""How much more what is asked for counts in a question that says only that, as "And where?"."""

_BEGINS = r"(?:^|[?.!·,:]) *(?:(?:and|but|so|а|але|но|и|і|чи) )?"
_ASKS_WHETHER = re.compile(
    rf"{_BEGINS}(?:(?:can|may|must|should|could) (?:i|we|you|one|people|visitors|guests|children"
    r"|kids|dogs|\w+s)(?!\w)(?! (?:please )?(?:tell|say|explain|help))"
    r"|(?:is|are|am) (?:[\w'-]+ ){1,4}(?:allowed|permitted|forbidden|prohibited|banned|mandatory"
    r"|required|obligatory|compulsory)|(?:do|does) (?:[\w'-]+ ){1,2}(?:have|need) to"
    r"|(?:можна(?! (?:дізна|спита|запита))|дозвол\w+|заборон\w+|мож(?:у|емо|ете|уть)|треба"
    r"|потрібно|обов['’]язков\w+|повин\w+|можно(?! (?:узна|спрос))|разреш\w+|запрещ\w+|нельзя"
    r"|мог(?:у|ут)|можем|нужн[оы]|надо|обязательн\w+|долж(?:ен|на|но|ны)"
    r"|(?:darf|dürfen|kann) (?:ich|man|wir)|se puede|puedo|podemos|está permitido)(?!\w))",
    re.IGNORECASE,
)
_ASKS_MEANING = re.compile(
    rf"{_BEGINS}(?:what(?: is|['’]s| are) (?:an? )?(?!(?:the|its|your|their|this|that)\b)"
    r"([\w'’-]+(?: [\w'’-]+){0,2})"
    r"|what does (?:an? |the )?(?:word |term )?(.{2,40}?) (?:mean|stand for)"
    r"|(?:що (?:таке|означа\w+|значить)|что (?:такое|означа\w+|значит)) (?:слово |термін |термин )?"
    r"(.{2,40}?)|was (?:ist|sind|bedeutet) (?:eine? )?(.{2,40}?)"
    r"|qu[eé] (?:es|significa) (?:una? )?(.{2,40}?)) *[?.!]*$",
    re.IGNORECASE,
)
_FOUND = (
    r"found(?:ed|ers?)?|establish\w*|set up|created?|засну\w+|заснов\w+|створи\w+|створен\w+"
    r"|основа[лнт]\w*|созда[лнт]\w*|учред\w+|gegründet|fund(?:ó|ado|ada)"
)
_FOUNDS = words(_FOUND)
_ASKS_FOUNDER = words(rf"(?:who|by whom|хто|ким|кто|кем|wer|quién) (?:[\w'’]+ ){{0,3}}(?:{_FOUND})")
_ASKS_OPENED = words(
    r"when (?:was|were|did|had) (?:[\w'’-]+ ){1,5}open(?:ed)?|when (?:[\w'’-]+ ){1,4}opened",
    r"коли (?:[\w'’-]+ ){0,4}(?:відкрил\w*|відкрив(?:ся)?|було відкрит\w+|відчинил\w+)",
    r"когда (?:[\w-]+ ){0,4}(?:открыл\w*|(?:был\w*) (?:[\w-]+ ){0,2}открыт\w*)",
)
_ASKS_OPEN = words(
    r"when (?:is|are|does|do|can) (?:[\w'’-]+ ){1,5}(?:open|close[ds]?|shut)",
    r"коли (?:[\w'’-]+ ){0,4}(?:працю(?:є|ють)|відчинен\w+|відкрит[оаийі]|відчиня\w+|відкрива\w+"
    r"|зачин\w+|закрива\w+)",
    r"когда (?:[\w-]+ ){0,4}(?:работа(?:ет|ют)|открыт\w*|открыва\w+|закрыва\w+|закрыт\w*)",
)
_ASKS_WHAT_TO_DO = words(
    r"what (?:should|must|do|can|shall) (?:i|we|you|one|people) do|what to do",
    r"(?:що|что) (?:\w+ ){0,2}(?:робити|делать)",
    r"(?:як|как) (?:\w+ )?(?:бути|вчинити|быть|поступить)",
)
_ASKS_WHERE = words(
    r"where(?:['’]s| (?:is|are|was|were|can|do|does|did))|де|где|wo|dónde"
    r"|(?:what|which) (?:is )?(?:the )?(?:address|place)"
)
_KINDS = (
    (ASKS_DURATION, 0.1, DURATION),
    (_ASKS_WHETHER, 0.05, RULES),
    (_ASKS_OPENED, 0.1, YEAR),
    (_ASKS_OPEN, 0.1, HOUR),
    (ASKS_HOURS, 0.1, HOUR),
    (_ASKS_WHAT_TO_DO, 0.05, ORDERS),
    (_ASKS_WHERE, 0.05, PLACE),
)
"""What a question asks for, the weight of a sentence that has it, and how that is told."""
_FOUNDER, _SEASON = 0.1, 0.07
_CERTAIN, _MOST_WORDS = 0.8, 6
"""Least probability of the words that are underlined, and how many they may be."""
_CERTAIN_ELSEWHERE, _SUITS_BETTER = 0.7, 0.3
"""Least probability of words in another sentence, so that it is marked instead; and where that
sentence alone has what is asked for."""
_HIGHLIGHT_THRESHOLD = 0.05
"""Confidence below which nothing is highlighted in what does not answer."""
_STEM = 0.7
"""Share of a word that does not change with its case."""


def sentence_scores(matches: Ragged, weights: Floats, cosines: Ragged) -> Ragged:
    """Return how well each sentence of each passage answers; the greatest is the one that does.

    Args:
        matches: best cosine of each token of the question in each segment of each passage,
            (segments, q); the first segment is the title, the others are the sentences.
        weights: weights of the question's tokens, (q,).
        cosines: cosine of each sentence of each passage and the question.
    """
    own, titles = matches.values, matches.first[:-1]
    previous = np.vstack([np.full_like(own[:1], -1), own[:-1]])
    previous[titles + 1] = -1
    title = np.repeat(own[titles], matches.lengths, axis=0)
    matched = np.maximum(np.maximum(own, _PREVIOUS_WEIGHT * previous), _TITLE_WEIGHT * title)
    late = np.delete(matched @ weights, titles)
    return Ragged(late + _COSINE_WEIGHT * cosines.values, cosines.first)


def weights_of_latest(weights: Floats, starts: Ints, question: str) -> Floats:
    """Return weights of a question's tokens that turn to what is asked now, if it says of what.

    "And when?" does not.

    Args:
        weights: weights of the tokens, (q,).
        starts: where each token begins in the question, (q,).
        question: maybe put together with the one before.
    """
    latest = latest_from(question)
    if not content_words(question[latest:]):
        return weights
    focused = np.where(starts < latest, _ASKED_BEFORE * weights, weights)
    turned: Floats = focused * (weights.sum() / max(float(focused.sum()), 1e-6))
    return turned


def answering_sentence(question: str, sentences: Sequence[str], scores: Floats) -> int:
    """Return the number of the sentence of a passage that answers."""
    cues = [*_cues(question), *_strong_cues(question)]
    fits = [sum(weight * fit(text) for weight, fit in cues) for text in sentences]
    latest = question[latest_from(question) :]
    rows = rows_asked_for(latest if content_words(latest) else question, sentences)
    return int((scores + fits + _ROW * rows).argmax())


def has_strong_cues(question: str) -> bool:
    """Whether a question wants something by which passages, too, are chosen.

    It names a day, asks what a word means, or follows another and says no more than "Where?".
    """
    return next(_strong_cues(question), None) is not None


def count_strong_cues(question: str, sentences: Sequence[str], scores: Floats) -> int:
    """Return how many of these things the sentence has that answers."""
    text = sentences[answering_sentence(question, sentences, scores)]
    return sum(fit(text) > 0 for _, fit in _strong_cues(question))


def _strong_cues(question: str) -> Iterator[_Cue]:
    """Yield what makes one passage better than another that is nearly as good."""
    named, latest = question[latest_from(question) :], latest_part(question)
    day = named if share_of_days_named(named, "") is not None else latest
    if share_of_days_named(day, "") is not None:
        yield _DAY, lambda text: share_of_days_named(day, text) or 0.0
    if meaning := _ASKS_MEANING.search(latest):
        yield _MEANING, _has(_definition(next(filter(None, meaning.groups()))))
    if latest != question and not content_words(latest):
        yield from ((_BARE * weight, fit) for weight, fit in _cues(question))


def _cues(question: str) -> Iterator[_Cue]:
    """Yield what makes one sentence of a passage better than another."""
    if asks_for_kind(question):
        weight = _QUANTITY if not asks_why(question) else _REASON
        yield weight, lambda text: not lacks_answer_type(question, text)
    latest = latest_part(question)
    if months := seasons_in(question):
        yield _SEASON, lambda text: names_month(months, text)
    for asks, weight, found in _KINDS:
        if asks.search(latest):
            yield weight, _has(found)
    if _ASKS_FOUNDER.search(latest):
        yield (
            _FOUNDER,
            lambda text: bool(_FOUNDS.search(text)) and not lacks_answer_type(latest, text),
        )


def _has(found: "re.Pattern[str]") -> Callable[[str], float]:
    return lambda text: bool(found.search(text))


def _definition(term: str) -> "re.Pattern[str]":
    """Return what a sentence has that says what a term means."""
    named = term.strip(" «»“”„\"'").split()
    stems = [re.escape(word[: max(3, round(_STEM * len(word)))]) for word in named]
    name = r"\w*[^\w.!?]+".join(stems) + r"\w*[»”\"'*)]*"
    return re.compile(
        rf"^\W*(?:\w+\W+){{0,2}}?{name}\s*(?:\([^)]*\)\s*)?(?:[—–:(]|- |(?:is|are|means?|refers"
        r"|stands for|назива\w+|называ\w+|це|є|это|означ\w+|ist|sind|bedeutet|es|son)(?!\w))"
        rf"|(?:called|known as|назива\w+|называ\w+) \W*(?:an? |the )?{name}",
        re.IGNORECASE,
    )


def highlight_by_verdict(
    index: IndexSnapshot, row: int, hit: Hit, question: str, verdict: Verdict
) -> Highlight | None:
    """Return the highlight of a hit, or the sentence in which the verifier reads the answer.

    Args:
        index: the index.
        row: of the passage.
        hit: the passage and its highlight.
        question: the question.
        verdict: on both.
    """
    marked, (start, end) = hit.highlight, verdict.span
    if marked is None or marked.start <= start < marked.end:
        return marked
    if verdict.logit <= 0 or latest_from(question):
        return marked
    spans = index.sentence_spans(row)
    text = hit.passage.text
    other = next((n for n, span in enumerate(spans) if span[0] <= start < end <= span[1]), None)
    if other is None or any(fit(marked.text) > 0 for _, fit in _strong_cues(question)):
        return marked
    is_better = lacks_answer_type(question, marked.text) and not lacks_answer_type(
        question, text[slice(*spans[other])]
    )
    least = _SUITS_BETTER if is_better else _CERTAIN_ELSEWHERE
    return highlight_of(index, row, other, text) if verdict.certainty >= least else marked


def finish_highlights(
    hits: tuple[Hit, ...],
    question: str,
    answered: bool,
    confidence: float,
    verdict: Verdict | None,
) -> tuple[Hit, ...]:
    """Return hits with the answer's own words in the first highlight, or without highlights."""
    best, *others = hits
    if answered and best.highlight:
        return (replace(best, highlight=with_span(best.highlight, question, verdict)), *others)
    if not answered and confidence < _HIGHLIGHT_THRESHOLD:
        return tuple(replace(hit, highlight=None) for hit in hits)
    return hits


def with_span(highlight: Highlight, question: str, verdict: Verdict | None) -> Highlight:
    """Return a highlight with the answer's own words, where they are certain."""
    found = answer_span(question, highlight.text)
    if found is None and verdict and not lacks_quantity(question, ""):
        found = _certain_span(highlight, verdict)
    if found is None:
        return highlight
    start, end = found
    text = highlight.text[start:end]
    return replace(highlight, span=Span(highlight.start + start, highlight.start + end, text))


def _certain_span(highlight: Highlight, verdict: Verdict) -> tuple[int, int] | None:
    """Return where in a highlight the verifier reads the answer, if that is certain and short."""
    start, end = (place - highlight.start for place in verdict.span)
    is_certain = verdict.logit > 0 and verdict.certainty >= _CERTAIN
    if not is_certain or not 0 <= start < end <= len(highlight.text):
        return None
    span = strip(highlight.text, (start, end))
    return span if len(highlight.text[slice(*span)].split()) <= _MOST_WORDS else None


def highlight_of(index: IndexSnapshot, row: int, sentence: int, text: str) -> Highlight:
    """Return a sentence of a passage, as a span of the passage's text."""
    start, end = index.sentence_spans(row)[sentence]
    return Highlight(start, end, text[start:end])
