"""What comes before every handler: the person's language, and whether they may ask."""

import hmac

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.errors import JournalUnavailable
from bot.handlers.context import (
    LANGUAGE,
    Context,
    acknowledge,
    is_admin,
    journal_of,
    reply,
    settings_of,
    texts_of,
)
from bot.links import code_in


async def gate(update: Update, context: Context) -> None:
    """Let an update through to its handler, or end it here."""
    person = update.effective_user
    if person is None or person.is_bot:
        return
    await _remember_language(person.id, context)
    if not await _may_ask(update, person.id, context):
        await _turn_away(update, context)
        raise ApplicationHandlerStop


async def _remember_language(person: int, context: Context) -> None:
    journal = journal_of(context)
    if journal and context.user_data is not None and LANGUAGE not in context.user_data:
        context.user_data[LANGUAGE] = await journal.language_of(person)


async def _may_ask(update: Update, person: int, context: Context) -> bool:
    settings = settings_of(context)
    if settings.access == "open" or person in settings.allowed_ids or is_admin(update, context):
        return True
    journal = journal_of(context)
    if settings.access != "invite" or journal is None:
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
