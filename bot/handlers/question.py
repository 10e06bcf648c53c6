"""A question, and a question that was changed."""

from telegram import Update

from bot.asked import question_in
from bot.errors import Busy
from bot.handlers.answer import first_view
from bot.handlers.context import Context, asker_of, change, recent_of, reply, texts_of, typing
from bot.render import SHOWN
from bot.texts import Texts
from bot.view import View
from embeddings import LONGEST_QUESTION, normalise


async def question(update: Update, context: Context) -> None:
    """Answer a question, or say why not."""
    message = update.message
    asked = question_in(message, context.bot.username) if message else None
    if message is None or asked is None:
        return
    texts = texts_of(update)
    async with typing(message):
        sent = await reply(message, await view_of(asked, texts, context))
    recent_of(context).remember(message.chat_id, message.message_id, sent.message_id)


async def edited_question(update: Update, context: Context) -> None:
    """Change the answer to a question that was changed; to no other message."""
    message = update.edited_message
    asked = question_in(message, context.bot.username) if message else None
    if message is None or asked is None:
        return
    answer = recent_of(context).of(message.chat_id, message.message_id)
    if answer is not None:
        view = await view_of(asked, texts_of(update), context)
        await change(context.bot, message.chat_id, answer, view)


async def not_text(update: Update, _context: Context) -> None:
    """Say that only text is read."""
    if update.message is not None:
        await reply(update.message, texts_of(update)("not_text"))


def refuse(asked: str, texts: Texts) -> str | None:
    """Return what to say to a message that is no question, None when it may be one."""
    if len(asked) > LONGEST_QUESTION:
        return texts.count("too_long", LONGEST_QUESTION)
    if not normalise(asked):
        return texts("no_words")
    return None


async def view_of(asked: str, texts: Texts, context: Context) -> View:
    """Return the answer to a question as a message with buttons."""
    refusal = refuse(asked, texts)
    if refusal:
        asker_of(context).metrics.refused()
        return View(refusal)
    try:
        answer = await asker_of(context).ask(asked, SHOWN)
    except Busy:
        return View(texts("busy"))
    return first_view(answer, texts)
