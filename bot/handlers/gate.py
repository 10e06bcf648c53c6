"""What comes before every handler: the person's language, and whether they may ask."""

import hmac

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.errors import JournalUnavailable
from bot.handlers.context import LANGUAGE, Context, is_admin, texts_of, tools_of
from bot.handlers.sending import acknowledge, reply
from bot.links import code_in


async def gate(update: Update, context: Context) -> None:
    """Let an update through to its handler, or end it here."""
    person = update.effective_user
    if person is not None and not person.is_bot:
        await _remember_language(person.id, context)
    if not await _may_ask(update, context):
        await _turn_away(update, context)
        raise ApplicationHandlerStop


async def _remember_language(person: int, context: Context) -> None:
    journal = tools_of(context).journal
    if context.user_data is not None and LANGUAGE not in context.user_data:
        context.user_data[LANGUAGE] = await journal.language_of(person)


async def _may_ask(update: Update, context: Context) -> bool:
    settings, user = tools_of(context).settings, update.effective_user
    if settings.access == "open":
        return True
    if user is None or user.is_bot:  # who speaks as a group or a channel could be anybody
        return False
    person = user.id
    if person in settings.allowed_ids or is_admin(update, context):
        return True
    journal = tools_of(context).journal
    if settings.access != "invite":
        return False
    try:
        if await journal.is_admitted(person):
            return True
        if _has_code(update, settings.code):
            await journal.admit(person)
            return True
    except JournalUnavailable:
        return False
    return False


def _has_code(update: Update, code: str | None) -> bool:
    """Whether a person comes by an invitation: /start CODE, or a link with it."""
    words = (update.message.text or "").split() if update.message else []
    given = code_in(words[1]) if len(words) == 2 and words[0] == "/start" else None
    return bool(code and given and hmac.compare_digest(given.encode(), code.encode()))


async def _turn_away(update: Update, context: Context) -> None:
    """Say so in private; in a group, where the bot was not called by its friends, say nothing."""
    texts = texts_of(update, context)
    if update.callback_query:
        await acknowledge(update.callback_query, texts("not_admitted"))
    elif update.inline_query:
        await update.inline_query.answer([], cache_time=10, is_personal=True)
    elif update.message and update.message.chat.type == update.message.chat.PRIVATE:
        await reply(update.message, texts("not_admitted"))
