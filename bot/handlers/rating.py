"""👍 and 👎 below an answer; pressed again, they are taken back."""

from telegram import CallbackQuery, InlineKeyboardMarkup, Message

from bot.errors import JournalUnavailable
from bot.handlers.context import Context, services_of
from bot.journal import Rating
from bot.texts import Texts
from bot.transport.sending import acknowledge
from bot.views.answer_buttons import Press, rating_row


async def rate(
    query: CallbackQuery, message: Message, press: Press, texts: Texts, context: Context
) -> None:
    """Keep what a person thinks of an answer, and mark it where nobody else sees the mark."""
    journal, person = services_of(context).journal, query.from_user.id
    given: Rating = 1 if press.action == "up" else -1
    if press.record is None:
        await acknowledge(query)
        return
    try:
        before = await journal.rating(press.record, person)
        value = None if before == given else given
        kept = await journal.rate(press.record, person, value)
    except JournalUnavailable:
        await acknowledge(query, texts("journal_unavailable"))
        return
    if not kept:
        await acknowledge(query, texts("answer_forgotten"))
        return
    await acknowledge(query, texts("thanks") if value else None, alert=False)
    keyboard = message.reply_markup
    if message.chat.type == message.chat.PRIVATE and keyboard:
        row = rating_row(press.record, value)
        await message.edit_reply_markup(InlineKeyboardMarkup([*keyboard.inline_keyboard[:-1], row]))
