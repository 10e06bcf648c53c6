"""The button under "the articles do not answer this": the nearest passages, marked as such.

Nothing is remembered for it. The message that carries the button answers the question, so the
question is there to be asked again, after a restart and after a rebuild too.
"""

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.handlers.context import Context, acknowledge, asker_of, is_refused_markup, texts_of
from bot.render import SHOWN, render_answer, render_nearest
from bot.texts import Texts

NEAREST = "nearest"
"""The button's callback data."""


def nearest_button(texts: Texts) -> InlineKeyboardMarkup:
    """Return the button."""
    return InlineKeyboardMarkup.from_button(
        InlineKeyboardButton(texts("show_nearest"), callback_data=NEAREST)
    )


async def nearest(update: Update, context: Context) -> None:
    """Put the nearest passages where the button was."""
    query = update.callback_query
    if query is None:
        return
    texts = texts_of(update)
    question = _question_behind(query)
    if question is None:
        await acknowledge(query, texts("question_gone"))
        return
    if asker_of(context).is_busy:
        await acknowledge(query, texts("busy"))  # the button stays
        return
    await acknowledge(query)  # soon: Telegram waits for it, and it can be given only once
    answer = await asker_of(context).ask(question, SHOWN)
    if not answer.passages:
        await query.edit_message_text(texts("nothing_indexed"))
        return
    render = render_nearest if answer.answered is False else render_answer
    rendered = render(answer, texts)
    try:
        await query.edit_message_text(rendered.html, parse_mode=ParseMode.HTML)
    except BadRequest as error:
        if is_refused_markup(error):
            await query.edit_message_text(rendered.plain)
        elif "not modified" not in str(error):  # the button was pressed twice
            raise


def _question_behind(query: CallbackQuery) -> str | None:
    message = query.message
    if not isinstance(message, Message) or message.reply_to_message is None:
        return None
    return message.reply_to_message.text
