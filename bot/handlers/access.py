"""What comes before every handler: order of arrival, the person's language, who may ask."""

import hmac

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.errors import JournalUnavailable
from bot.handlers.context import Context
from bot.transport.question_text import question_in
from bot.transport.sending import acknowledge, reply
from bot.views.links import code_in


async def check_access(update: Update, context: Context) -> None:
    """Let an update through to its handler, or end it here."""
    services, message, user = context.services, update.effective_message, update.effective_user
    is_new = message is not None and message in (update.message, update.edited_message)
    if message and is_new and question_in(message, context.bot.username) is not None:
        services.recent.arrived(message)  # before the first await, so in the order of arrival
    if user is not None and not user.is_bot:
        await services.languages.load(user.id)
        if context.is_admin:
            services.admin_notices.speaks(user.id, user.language_code)
    refusal = await _refusal(update, context)
    if update.callback_query and (refusal or message is None):  # or of a message too old to change
        await acknowledge(update.callback_query, context.texts(refusal) if refusal else None)
    elif refusal is None:
        return
    elif update.inline_query:
        await update.inline_query.answer([], cache_time=10, is_personal=True)
    elif update.message and update.message.chat.type == update.message.chat.PRIVATE:
        await reply(update.message, context.texts(refusal))  # in a group nothing is said
    raise ApplicationHandlerStop


async def _refusal(update: Update, context: Context) -> str | None:
    """Return the key of the text for those who may not ask, None for those who may."""
    user, settings, journal = (
        update.effective_user,
        context.services.settings,
        context.services.journal,
    )
    if settings.access == "open":
        return None
    if user is None or user.is_bot:  # who writes as a group or a channel could be anybody
        return "not_admitted"
    if user.id in settings.allowed_ids or context.is_admin:
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
