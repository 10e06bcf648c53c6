"""@bot question, in any chat: passages to send there."""

import logging

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.helpers import create_deep_linked_url

from bot.errors import Busy
from bot.handlers.context import Context, texts_of, tools_of
from bot.services.journal_entry import journal_entry
from bot.texts import Texts
from bot.views.answers import excerpt, render_passage, shorten
from bot.views.links import ASK, to_passage
from embeddings import LONGEST_QUESTION, Answer, normalise

logger = logging.getLogger(__name__)

_RESULTS = 10
_CACHE_S = 10
"""Telegram keeps results for so long: articles change."""
_SHORTEST = 3
"""Letters from which a question is looked up; Telegram sends one for every key pressed."""
_TITLE, _DESCRIPTION = 80, 160


async def inline(update: Update, context: Context) -> None:
    """Offer the passages of an answer."""
    query = update.inline_query
    if query is None:
        return
    texts = texts_of(update, context)
    results = await _results(query, texts, context)
    button = None if results else InlineQueryResultsButton(texts("inline_nothing"), None, ASK)
    await _answer(query, results, button)


async def _results(
    query: InlineQuery, texts: Texts, context: Context
) -> list[InlineQueryResultArticle]:
    asked, person, tools = query.query, query.from_user.id, tools_of(context)
    if not asked.strip():
        tools.inline_debounce.ended(person)
    if len(normalise(asked)) < _SHORTEST or len(asked) > LONGEST_QUESTION:
        return []
    try:
        answer = await tools.question_worker.ask(asked, _RESULTS)
    except Busy:
        return []
    if answer.passages:
        tools.inline_debounce.typed(
            person, journal_entry(answer, tools.question_worker, texts, person)
        )
    if answer.answered is False:
        return []
    return [
        _result(answer, number, texts, context.bot.username)
        for number in range(len(answer.passages))
    ]


def _result(answer: Answer, number: int, texts: Texts, username: str) -> InlineQueryResultArticle:
    found = answer.passages[number]
    message = render_passage(answer, number, texts, sure=False)
    link = create_deep_linked_url(username, to_passage(found.passage_key))
    button = InlineKeyboardButton(texts("open_article"), url=link)
    heading = f" › {found.passage.heading}" if found.passage.heading else ""
    return InlineQueryResultArticle(
        f"{number}-{found.passage_key}",
        shorten(found.source.title + heading, _TITLE),
        InputTextMessageContent(message.html, ParseMode.HTML),
        reply_markup=InlineKeyboardMarkup([[button]]),
        description=excerpt(found, _DESCRIPTION),
    )


async def _answer(
    query: InlineQuery,
    results: list[InlineQueryResultArticle],
    button: InlineQueryResultsButton | None,
) -> None:
    try:
        await query.answer(results, cache_time=_CACHE_S, is_personal=True, button=button)
    except BadRequest as error:  # the person has typed on, and Telegram waits no longer
        logger.info("an inline question waited too long: %s", error)
