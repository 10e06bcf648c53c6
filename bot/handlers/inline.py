"""@bot question, in any chat: passages to send there."""

import logging
import math

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
from bot.handlers.context import Context
from bot.services.journal_entry import journal_entry
from bot.views.answers import excerpt, near_passages, render_passage, shorten
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
    """Offer the passages of an answer, and before anything is typed the newest articles.

    Where there is nothing to offer, or there are too many queries, a button leads into the bot,
    which answers there what was typed.
    """
    query = update.inline_query
    if query is None:
        return
    services, person = context.services, query.from_user.id
    answer, wait_s = Answer("", ()), 0
    if not query.query.strip():
        services.inline_debounce.ended(person)
        answer = Answer("", await services.article_reader.newest(_RESULTS))
    elif len(normalise(query.query)) >= _SHORTEST and len(query.query) <= LONGEST_QUESTION:
        wait_s = math.ceil(await services.inline_limit.count(person))
        if wait_s:
            services.question_worker.metrics.asked("refused")
        else:
            answer = await _answered(query, context)
        if not answer.passages:
            services.inline_debounce.keep_unanswered(person, query.query)
    texts, button = context.texts, None
    if not answer.passages:
        label = texts.count("inline_slow_down", wait_s) if wait_s else texts("inline_nothing")
        button = InlineQueryResultsButton(label, None, ASK)
    results = [_result(answer, number, context) for number in range(len(answer.passages))]
    cache_s = min(_CACHE_S, wait_s or _CACHE_S)
    try:
        await query.answer(results, cache_time=cache_s, is_personal=True, button=button)
    except BadRequest as error:  # the person has typed on, and Telegram waits no longer
        logger.info("an inline query was answered too late: %s", error)


async def _answered(query: InlineQuery, context: Context) -> Answer:
    """Return the answer with what is to be offered; with nothing where there is no answer."""
    services, person = context.services, query.from_user.id
    try:
        answer = await services.question_worker.ask(query.query, _RESULTS)
    except Busy:
        return Answer("", ())
    if answer.passages:
        entry = journal_entry(answer, services.question_worker, context.texts, person)
        services.inline_debounce.typed(person, entry)
    return Answer("", ()) if answer.answered is False else near_passages(answer)


def _result(answer: Answer, number: int, context: Context) -> InlineQueryResultArticle:
    hit = answer.passages[number]
    message = render_passage(answer, number, context.texts, sure=False)
    link = create_deep_linked_url(context.bot.username, to_passage(hit.passage_key))
    button = InlineKeyboardButton(context.texts("open_article"), url=link)
    heading = f" › {hit.passage.heading}" if hit.passage.heading else ""
    return InlineQueryResultArticle(
        f"{number}-{hit.passage_key}",
        shorten(hit.source.title + heading, _TITLE),
        InputTextMessageContent(message.html, ParseMode.HTML),
        reply_markup=InlineKeyboardMarkup.from_button(button),
        description=excerpt(hit, _DESCRIPTION),
    )
