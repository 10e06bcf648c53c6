"""The buttons below an answer: other passages, what stands around one, its article."""

from telegram import CallbackQuery, Message, Update

from bot.asked import question_in
from bot.book import page_of_passage, page_view
from bot.buttons import Press, answer_buttons, nearest_button, read_press
from bot.errors import JournalUnavailable
from bot.handlers.context import (
    Context,
    acknowledge,
    asker_of,
    edit,
    journal_of,
    reply,
    texts_of,
)
from bot.handlers.rating import rate
from bot.render import SHOWN, render_more, render_passage
from bot.texts import Texts
from bot.view import View
from embeddings import Answer, read_at


async def answer_pressed(update: Update, context: Context) -> None:
    """Do what a button below an answer says."""
    query = update.callback_query
    press = read_press(query.data) if query else None
    if query is None or press is None or not isinstance(query.message, Message):
        return
    texts = texts_of(update, context)
    if asker_of(context).is_busy:
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
    behind = message.reply_to_message
    asked = question_in(behind, context.bot.username) if behind else None
    if not asked:
        await acknowledge(query, texts("question_gone"))
        return
    if press.action == "show":
        await acknowledge(query)  # soon: Telegram waits for it, and it can be given only once
        answer = await asker_of(context).ask(asked, SHOWN)
        rating = await _rating(query, message, press, context)
        await edit(message, answer_view(answer, texts, press.number, press.record, rating))
        return
    reading = await asker_of(context).look(lambda library: read_at(library, press.place))
    if reading is None:
        await acknowledge(query, texts("passage_gone"))
        return
    answer = await asker_of(context).ask(asked, SHOWN)
    found = next((one for one in answer.passages if one.place == press.place), None)
    highlight = found.highlight if found and answer.answered is not False else None
    more = render_more(reading, press.wider, highlight, texts)
    whole = len(reading.passages) <= press.wider
    await acknowledge(query, None if more else texts("no_room"))
    number = min(press.number, len(answer.passages) - 1)
    wider = -1 if more is None or whole else press.wider
    rating = await _rating(query, message, press, context)
    buttons = answer_buttons(answer, number, texts, wider=wider, record=press.record, rating=rating)
    if more is None:
        await message.edit_reply_markup(buttons)
    else:
        await edit(message, View(more.html, buttons, more.plain))


async def _open(
    query: CallbackQuery, message: Message, press: Press, texts: Texts, context: Context
) -> None:
    """Open the article at a passage, in a message of its own."""
    reading = await asker_of(context).look(lambda library: read_at(library, press.place))
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
    journal = journal_of(context)
    if journal is None or press.record is None or message.chat.type != message.chat.PRIVATE:
        return None
    try:
        return await journal.rating(press.record, query.from_user.id)
    except JournalUnavailable:
        return None
