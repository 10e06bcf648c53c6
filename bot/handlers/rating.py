"""👍 and 👎 below an answer; pressed again, they are taken back."""

from telegram import InlineKeyboardMarkup

from bot.handlers.context import Context
from bot.journal import Rating
from bot.transport.sending import acknowledge, change_buttons
from bot.views.answer_buttons import Press, rating_row


async def rate(press: Press, context: Context) -> None:
    """Record a person's rating of an answer, and mark it where nobody else sees the mark."""
    query, message, texts = context.query, context.message, context.texts
    journal, person = context.services.journal, query.from_user.id
    if press.record is None:
        await acknowledge(query)
        return
    given: Rating = 1 if press.action == "up" else -1
    before = await journal.rating(press.record, person)
    value = None if before == given else given
    if not await journal.rate(press.record, person, value):
        await acknowledge(query, texts("answer_forgotten"))
        return
    await acknowledge(query, texts("thanks") if value else None, alert=False)
    keyboard = message.reply_markup
    if message.chat.type == message.chat.PRIVATE and keyboard:
        row = rating_row(press.record, value)
        await change_buttons(message, InlineKeyboardMarkup([*keyboard.inline_keyboard[:-1], row]))
