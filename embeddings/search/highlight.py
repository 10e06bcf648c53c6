"""Chooses the highlight: the sentence of a passage that answers the question best.

A sentence is scored by the late interaction of its own tokens and by its cosine. Matches in the
sentence before it and in the title count too, at a discount. Of sentences that are nearly as good,
one is better that has what is asked for: the day that the question names, a duration, a quantity,
whether something is allowed, or what a word means.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from embeddings.array_types import Floats, Ints
from embeddings.index.search_index import IndexSnapshot
from embeddings.search.answer import Highlight, Span
from embeddings.search.answer_type import answer_span, lacks_quantity
from embeddings.search.question_form import content_words, latest_from, latest_part
from embeddings.storage.ragged import Ragged
from embeddings.text.amounts import DURATION, words
from embeddings.text.days import share_named

_Wish = tuple[float, Callable[[str], float]]
"""What a question wants of a sentence: the weight, and the share of it that a sentence has."""

_PREVIOUS_WEIGHT, _TITLE_WEIGHT, _COSINE_WEIGHT = 0.8, 0.9, 0.5
_ASKED_BEFORE = 0.3
"""Weight of a token of the question before, which is to say of what the new one is asked only."""
_QUANTITY, _DAY, _DURATION, _RULE, _MEANING = 0.05, 0.15, 0.1, 0.05, 0.15
"""How far below the best score a sentence with what is asked for may be."""

_ASKS_DURATION = words(
    r"how (?:long|quickly|soon) (?:does|do|did|will|would|can|may|must|should|has|have|before|after"
    r"|until|in advance)|how long (?:is|are|was|were) (?:\w+ ){1,4}(?:valid|open|closed|kept|stored"
    r"|held|away)|how long (?:is|was) (?:\w+ ){0,3}(?:break|visit|tour|flight|trip|journey|lesson"
    r"|course|class|film|stay|trial|term|shift|warranty|guarantee|contract|wait|war|reign)"
    r"|for how long|how (?:many|much) (?:\w+ )?(?:time|seconds|minutes|hours|days|nights|weeks"
    r"|months|years)(?! old)|(?:what|which) (?:\w+ ){0,2}(?:duration|warranty period)",
    r"як (?:довго|надовго|швидко)|(?:який|якого) (?:\w+ )?(?:термін|строк)|на який (?:термін|строк"
    r"|час)|за який (?:час|термін|строк)|(?:протягом|впродовж) якого|за скільки до"
    r"|скільки (?:часу|секунд|хвилин|годин|днів|діб|тижнів|місяців)|(?:за|на|через) скільки років"
    r"|скільки (?:[\w'’]+ ){0,3}(?:трива\w+|займ\w+|зайня\w+|діє|діятиме|дійсн\w+|зберіга\w+"
    r"|чекати|їхати|йти|варити|сохне|готу\w+)",
    r"как (?:долго|надолго|быстро)|(?:какой|какого) (?:\w+ )?срок|на какой срок"
    r"|за как(?:ое время|ой срок)|в течение какого|за сколько до"
    r"|сколько (?:времени|секунд|минут|часов|дней|суток|недель|месяцев)|(?:за|на|через) сколько лет"
    r"|сколько (?:\w+ ){0,3}(?:дл[ия]т\w+|длил\w+|продлит\w+|занима\w+|займ[её]т\w*|занял\w*"
    r"|действ\w+|хран\w+|ждать|ехать|идти|варить|сохнет|готов\w+)",
    r"wie lange|cuánto (?:tiempo|dura|tarda)\w*",
)
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
_RULES = words(
    r"no way|allow\w*|permit\w*|permission|forbid\w*|prohibit\w*|banned|welcome|must(?:n['’]t)?"
    r"|may(?= \w)|can(?:not|['’]t)?|not (?:accepted|admitted|possible)|(?:do|does) not|don['’]t"
    r"|require[ds]?|mandatory|obligatory|compulsory|need(?:ed|s)?|ha(?:ve|s) to|optional|refuse\w*"
    r"|only|except",
    r"(?:не)?можна|(?:не)?можлив\w+|заборон\w+|дозв[оі]л\w+|допуска\w+|пуска\w+|мож(?:е|уть|ете|емо)"
    r"|повин\w+|мус\w+|обов['’]язков\w+|потрібн\w+|треба|необхідн\w+|не слід|лише|тільки|крім",
    r"можно|нельзя|(?:не)?возможн\w+|запре[щт]\w+|разреш\w+|пуст\w+|мо(?:жет|гут|жете|жем)|вправе"
    r"|долж\w+|обяза\w+|нуж[её]н|нужн\w+|надо|необходим\w*|следует|только|кроме|требу\w+",
    r"erlaubt|verboten|gestattet|darf|dürfen|untersagt|muss|müssen|permit\w+|prohib\w+|se puede",
)
"""Words of a sentence that says what is allowed, forbidden or needed."""
_ASKS_MEANING = re.compile(
    rf"{_BEGINS}(?:what(?: is|['’]s| are) (?:an? )?(?!(?:the|its|your|their|this|that)\b)"
    r"([\w'’-]+(?: [\w'’-]+){0,2})"
    r"|what does (?:an? |the )?(?:word |term )?(.{2,40}?) (?:mean|stand for)"
    r"|(?:що (?:таке|означа\w+|значить)|что (?:такое|означа\w+|значит)) (?:слово |термін |термин )?"
    r"(.{2,40}?)|was (?:ist|sind|bedeutet) (?:eine? )?(.{2,40}?)"
    r"|qu[eé] (?:es|significa) (?:una? )?(.{2,40}?)) *[?.!]*$",
    re.IGNORECASE,
)
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
    wishes = [*_wishes(question), *_sure_wishes(question)]
    fits = [sum(weight * fit(text) for weight, fit in wishes) for text in sentences]
    return int((scores + fits).argmax())


def asks_for_day_or_meaning(question: str) -> bool:
    """Whether a question names a day or a month, or asks what a word means."""
    return next(_sure_wishes(question), None) is not None


def suits(question: str, sentences: Sequence[str], scores: Floats) -> int:
    """Return how many of these things the sentence has that answers."""
    text = sentences[answering_sentence(question, sentences, scores)]
    return sum(fit(text) > 0 for _, fit in _sure_wishes(question))


def _sure_wishes(question: str) -> Iterator[_Wish]:
    """Yield what makes one passage better than another that is nearly as good."""
    named, latest = question[latest_from(question) :], latest_part(question)
    day = named if share_named(named, "") is not None else latest
    if share_named(day, "") is not None:
        yield _DAY, lambda text: share_named(day, text) or 0.0
    if meaning := _ASKS_MEANING.search(latest):
        defines = _definition(next(filter(None, meaning.groups())))
        yield _MEANING, lambda text: bool(defines.search(text))


def _wishes(question: str) -> Iterator[_Wish]:
    """Yield what makes one sentence of a passage better than another."""
    if lacks_quantity(question, ""):
        yield _QUANTITY, lambda text: not lacks_quantity(question, text)
    latest = latest_part(question)
    if _ASKS_DURATION.search(latest):
        yield _DURATION, lambda text: bool(DURATION.search(text))
    if _ASKS_WHETHER.search(latest):
        yield _RULE, lambda text: bool(_RULES.search(text))


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


def with_span(highlight: Highlight, question: str) -> Highlight:
    """Return a highlight with the answer's own words, where they are certain."""
    found = answer_span(question, highlight.text)
    if found is None:
        return highlight
    start, end = found
    text = highlight.text[start:end]
    return replace(highlight, span=Span(highlight.start + start, highlight.start + end, text))


def highlight_of(index: IndexSnapshot, row: int, sentence: int, text: str) -> Highlight:
    """Return a sentence of a passage, as a span of the passage's text."""
    start, end = index.sentence_spans(row)[sentence]
    return Highlight(start, end, text[start:end])
