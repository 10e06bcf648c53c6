"""The buttons below an answer: other passages, neighbours of one, its article."""

import math
from dataclasses import replace

from telegram import CallbackQuery, Message, Update

from bot.errors import JournalUnavailable
from bot.handlers.context import Context, Services, services_of, texts_of
from bot.handlers.rating import rate
from bot.texts import Texts
from bot.transport.question_text import question_in
from bot.transport.sending import acknowledge, edit, reply
from bot.views.answer_buttons import Press, answer_buttons, nearest_button, read_press
from bot.views.answers import SHOWN, render_more, render_passage
from bot.views.article_browser import page_view
from bot.views.view import View
from embeddings import Answer


async def answer_pressed(update: Update, context: Context) -> None:
    """Do what a button below an answer says."""
    query = update.callback_query
    press = read_press(query.data) if query else None
    if query is None or press is None or not isinstance(query.message, Message):
        return
    texts, services = texts_of(update, context), services_of(context)
    if press.action in ("up", "down"):
        await rate(query, query.message, press, texts, context)
    elif press.action == "open":
        page = await services.article_reader.page_at(press.passage_key)
        await acknowledge(query, None if page else texts("passage_gone"))
        if page:
            await reply(query.message, page_view(page, texts))
    else:
        await _show(query, query.message, press, texts, context)


async def answer_view(
    answer: Answer, shown: Press, texts: Texts, services: Services, rating: int | None = None
) -> View:
    """Return one passage of an answer, or that there is none.

    Args:
        answer: what was found.
        shown: the number of the passage, and the answer's id in the journal.
        texts: of the person.
        services: know the articles.
        rating: that the person gave the answer.
    """
    if not answer.passages:
        return View(texts("nothing_indexed"))
    number = min(shown.number, len(answer.passages) - 1)
    message = render_passage(answer, number, texts)
    shown = Press("show", number, record=shown.record)
    more = not await services.article_reader.is_whole_article(answer.passages[number])
    buttons = answer_buttons(answer, shown, texts, more=more, rating=rating)
    return View(message.html, buttons, message.plain)


async def first_view(
    answer: Answer, texts: Texts, services: Services, record: int | None = None
) -> View:
    """Return what a question gets: the best passage, or that the articles do not answer."""
    if answer.passages and answer.answered is False:
        return View(texts("not_answered"), nearest_button(texts, record))
    return await answer_view(answer, Press("show", record=record), texts, services)


async def _show(
    query: CallbackQuery, message: Message, press: Press, texts: Texts, context: Context
) -> None:
    """Show another passage, or more neighbours of this one; the question is answered again."""
    services = services_of(context)
    question = await _question(message, context)
    excerpt = None
    if question and press.action == "more":
        excerpt = await services.article_reader.excerpt(press.passage_key, press.radius + 1)
    if question is None or (press.action == "more" and excerpt is None):
        await acknowledge(query, texts("passage_gone" if question else "question_gone"))
        return
    if services.question_worker.is_busy:
        await acknowledge(query, texts("busy"))  # the button stays
        return
    wait_s = services.limit.wait_s(query.from_user.id)
    if wait_s:
        services.question_worker.metrics.refused()
        await acknowledge(query, texts.count("slow_down", math.ceil(wait_s)))
        return
    if excerpt is None:
        await acknowledge(query)  # early: Telegram waits for it, and it can be given only once
    answer = await services.question_worker.ask(question, SHOWN)
    rating = await _rating(query, message, press, context)
    if excerpt is None:
        await edit(message, await answer_view(answer, press, texts, services, rating))
        return
    hit = next(filter(excerpt.is_in, answer.passages), None)
    if hit and answer.answered is False:
        hit = replace(hit, highlight=None)
    rendered, more = render_more(excerpt, press.radius, hit, texts)
    await acknowledge(query, None if rendered else texts("no_room"))
    shown = replace(press, number=min(press.number, len(answer.passages) - 1))
    buttons = answer_buttons(answer, shown, texts, more=more, rating=rating)
    if rendered is None:
        await message.edit_reply_markup(buttons)
    else:
        await edit(message, View(rendered.html, buttons, rendered.plain))


async def _question(message: Message, context: Context) -> str | None:
    """Return the question: it is in the message replied to, or in one that this replied to."""
    replied_to = message.reply_to_message
    question = question_in(replied_to, context.bot.username) if replied_to else None
    if question or replied_to is None:
        return question or None
    try:  # Telegram shows no more than one message back
        journal = services_of(context).journal
        recorded = await journal.last_answer(message.chat_id, replied_to.message_id)
    except JournalUnavailable:
        return None
    return recorded.question if recorded else None


async def _rating(
    query: CallbackQuery, message: Message, press: Press, context: Context
) -> int | None:
    """Return how this person rated the answer; only where nobody else sees it."""
    journal = services_of(context).journal
    if press.record is None or message.chat.type != message.chat.PRIVATE:
        return None
    try:
        return await journal.rating(press.record, query.from_user.id)
    except JournalUnavailable:
        return None
