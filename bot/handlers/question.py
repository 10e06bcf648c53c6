"""A question as plain text in a private chat."""

from telegram import Message, Update

from bot.errors import Busy
from bot.handlers.context import Context, asker_of, reply, reply_rendered, texts_of, typing
from bot.handlers.nearest import nearest_button
from bot.render import SHOWN, render_answer
from bot.texts import Texts
from embeddings import LONGEST_QUESTION, normalise


async def question(update: Update, context: Context) -> None:
    """Answer a question, or say why not."""
    message = update.message
    if message is None or message.text is None:
        return
    texts = texts_of(update)
    refusal = refuse(message.text, texts)
    if refusal:
        await reply(message, refusal)
        return
    async with typing(message):
        await _answer(message, message.text, texts, context)


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


async def _answer(message: Message, asked: str, texts: Texts, context: Context) -> None:
    try:
        answer = await asker_of(context).ask(asked, SHOWN)
    except Busy:
        await reply(message, texts("busy"))
        return
    if not answer.passages:
        await reply(message, texts("nothing_indexed"))
    elif answer.answered is False:
        await reply(message, texts("not_answered"), buttons=nearest_button(texts))
    else:
        await reply_rendered(message, render_answer(answer, texts))
