"""What comes before every handler: the person's language, and whether they may ask."""

import hmac
from contextlib import suppress

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.errors import JournalUnavailable
from bot.handlers.context import LANGUAGE, Context, is_admin, texts_of, tools_of
from bot.transport.sending import acknowledge, reply
from bot.views.links import code_in


async def check_access(update: Update, context: Context) -> None:
    """Let an update through to its handler, or end it here."""
    person = update.effective_user
    if person is not None and not person.is_bot:
        await _remember_language(person.id, context)
    refusal = await _refusal(update, context)
    if refusal:
        await _turn_away(update, texts_of(update, context)(refusal))
        raise ApplicationHandlerStop


async def _remember_language(person: int, context: Context) -> None:
    if context.user_data is not None and LANGUAGE not in context.user_data:
        with suppress(JournalUnavailable):  # then it is asked for again with the next update
            context.user_data[LANGUAGE] = await tools_of(context).journal.language_of(person)


async def _refusal(update: Update, context: Context) -> str | None:
    """Return the key of what to say to those who may not ask, None for those who may."""
    tools, user = tools_of(context), update.effective_user
    settings, journal = tools.settings, tools.journal
    if settings.access == "open":
        return None
    if user is None or user.is_bot:  # who speaks as a group or a channel could be anybody
        return "not_admitted"
    if user.id in settings.allowed_ids or is_admin(update, context):
        return None
    if settings.access == "list":
        return "not_admitted"
    try:
        if await journal.is_admitted(user.id):
            return None
        if not _has_code(update, settings.code):
            return "not_admitted"
        await journal.admit(user.id)
    except JournalUnavailable:
        return "journal_unavailable"
    return None


def _has_code(update: Update, code: str | None) -> bool:
    """Whether a person comes by an invitation: /start CODE, or a link with it."""
    words = (update.message.text or "").split() if update.message else []
    given = code_in(words[1]) if len(words) == 2 and words[0] == "/start" else None
    return bool(code and given and hmac.compare_digest(given.encode(), code.encode()))


async def _turn_away(update: Update, said: str) -> None:
    """Say so in private; in a group, where the bot was not called by its friends, say nothing."""
    if update.callback_query:
        await acknowledge(update.callback_query, said)
    elif update.inline_query:
        await update.inline_query.answer([], cache_time=10, is_personal=True)
    elif update.message and update.message.chat.type == update.message.chat.PRIVATE:
        await reply(update.message, said)
