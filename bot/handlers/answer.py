"""The buttons below an answer: other passages, what stands around one, its article."""

from telegram import CallbackQuery, Message, Update

from bot.errors import JournalUnavailable
from bot.handlers.context import Context, texts_of, tools_of
from bot.handlers.rating import rate
from bot.texts import Texts
from bot.transport.question_text import question_in
from bot.transport.sending import acknowledge, edit, reply
from bot.views.answer_buttons import Press, answer_buttons, nearest_button, read_press
from bot.views.answers import SHOWN, render_more, render_passage
from bot.views.article_browser import page_of_passage, page_view
from bot.views.view import View
from embeddings import Answer, view_at


async def answer_pressed(update: Update, context: Context) -> None:
    """Do what a button below an answer says."""
    query = update.callback_query
    press = read_press(query.data) if query else None
    if query is None or press is None or not isinstance(query.message, Message):
        return
    texts = texts_of(update, context)
    if tools_of(context).question_worker.is_busy:
        await acknowledge(query, texts("busy"))  # the button stays
    elif press.action in ("up", "down"):
        await rate(query, query.message, press, texts, context)
    elif press.action == "open":
        await _open(query, query.message, press, texts, context)
    else:
        await _show(query, query.message, press, texts, context)


def answer_view(
    answer: Answer,
    texts: Texts,
    number: int = 0,
    record: int | None = None,
    rating: int | None = None,
) -> View:
    """Return one passage of an answer, or that there is none."""
    if not answer.passages:
        return View(texts("nothing_indexed"))
    number = min(number, len(answer.passages) - 1)
    message = render_passage(answer, number, texts)
    buttons = answer_buttons(answer, number, texts, record=record, rating=rating)
    return View(message.html, buttons, message.plain)


def first_view(answer: Answer, texts: Texts, record: int | None = None) -> View:
    """Return what a question gets: the best passage, or that the articles do not answer."""
    if answer.passages and answer.answered is False:
        return View(texts("not_answered"), nearest_button(texts, record))
    return answer_view(answer, texts, record=record)


async def _show(
    query: CallbackQuery, message: Message, press: Press, texts: Texts, context: Context
) -> None:
    """Show another passage, or more around this one; the question is asked again."""
    asked = await _question(message, context)
    if not asked:
        await acknowledge(query, texts("question_gone"))
        return
    if press.action == "show":
        await acknowledge(query)  # soon: Telegram waits for it, and it can be given only once
        answer = await tools_of(context).question_worker.ask(asked, SHOWN)
        rating = await _rating(query, message, press, context)
        await edit(message, answer_view(answer, texts, press.number, press.record, rating))
        return
    reading = await tools_of(context).question_worker.look(
        lambda passage_store: view_at(passage_store, press.passage_key)
    )
    if reading is None:
        await acknowledge(query, texts("passage_gone"))
        return
    answer = await tools_of(context).question_worker.ask(asked, SHOWN)
    found = next((one for one in answer.passages if one.passage_key == press.passage_key), None)
    highlight = found.highlight if found and answer.answered is not False else None
    more = render_more(reading, press.radius, highlight, texts)
    whole = len(reading.passages) <= press.radius
    await acknowledge(query, None if more else texts("no_room"))
    number = min(press.number, len(answer.passages) - 1)
    radius = -1 if more is None or whole else press.radius
    rating = await _rating(query, message, press, context)
    buttons = answer_buttons(
        answer, number, texts, radius=radius, record=press.record, rating=rating
    )
    if more is None:
        await message.edit_reply_markup(buttons)
    else:
        await edit(message, View(more.html, buttons, more.plain))


async def _question(message: Message, context: Context) -> str | None:
    """Return what was asked: it is in the message replied to, or in one that this replied to."""
    behind = message.reply_to_message
    asked = question_in(behind, context.bot.username) if behind else None
    if asked or behind is None:
        return asked
    try:  # Telegram shows no more than one message back
        journal = tools_of(context).journal
        recorded = await journal.last_answer(message.chat_id, behind.message_id)
    except JournalUnavailable:
        return None
    return recorded.question if recorded else None


async def _open(
    query: CallbackQuery, message: Message, press: Press, texts: Texts, context: Context
) -> None:
    """Open the article at a passage, in a message of its own."""
    reading = await tools_of(context).question_worker.look(
        lambda passage_store: view_at(passage_store, press.passage_key)
    )
    if reading is None:
        await acknowledge(query, texts("passage_gone"))
        return
    await acknowledge(query)
    page = page_of_passage(reading.passages)[reading.at]
    await reply(message, page_view(reading, page, texts, at=reading.at))


async def _rating(
    query: CallbackQuery, message: Message, press: Press, context: Context
) -> int | None:
    """Return what this person said of the answer; only where nobody else sees it."""
    journal = tools_of(context).journal
    if press.record is None or message.chat.type != message.chat.PRIVATE:
        return None
    try:
        return await journal.rating(press.record, query.from_user.id)
    except JournalUnavailable:
        return None
