"""What comes before every handler: order of arrival, the person's language, who may ask."""

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.errors import JournalUnavailable
from bot.handlers.context import Context
from bot.handlers.preferences import FORGET_PATTERN, LANGUAGE_PATTERN
from bot.transport.question_text import question_in
from bot.transport.sending import acknowledge, reply
from bot.views.commands import PRIVATE_COMMANDS
from bot.views.links import is_code, is_own_payload


async def check_access(update: Update, context: Context) -> None:
    """Let an update through to its handler, or end it here."""
    services, message, user = context.services, update.effective_message, update.effective_user
    text = _arrived(update, context)
    if context.brings_article:
        return  # at once, so that files are stored in the order of arrival
    if user is not None and not user.is_bot:
        await services.languages.load(user.id)
        asked = update.inline_query.query if update.inline_query else text
        if asked and not asked.startswith("/"):
            services.languages.hear(user, asked)
    refusal = await _refusal(update, context)
    if refusal and message and text is not None:  # let in later, they may edit it to be answered
        services.recent_answers.exchange(message).is_waiting = False
    if update.callback_query and (refusal or message is None):  # or of a message too old to change
        await acknowledge(update.callback_query, context.texts(refusal) if refusal else None)
    elif refusal is None:
        return
    elif update.inline_query:
        await update.inline_query.answer([], cache_time=10, is_personal=True)
    elif update.message and update.message.chat.type == update.message.chat.PRIVATE:
        await reply(update.message, context.texts(refusal))  # in a group nothing is said
    raise ApplicationHandlerStop


def _arrived(update: Update, context: Context) -> str | None:
    """Note what has arrived; return the question that it asks.

    Nothing is awaited before, so it is noted in the order of arrival.
    """
    services, user = context.services, update.effective_user
    if user is not None and context.is_admin:
        services.admin_notices.speaks(user.id, user.language_code)
    message = update.message or update.edited_message
    if message is None or context.brings_article:
        return None
    text = question_in(message, context.bot.username)
    may_have_asked = update.edited_message is not None and (  # before it was edited
        context.is_private or services.recent_answers.knows(message)
    )
    if text is not None or may_have_asked:
        services.recent_answers.arrived(message)
        services.last_questions.arrived(message, text or "")
    return text


async def _refusal(update: Update, context: Context) -> str | None:
    """Return the key of the text for those who may not ask, None for those who may."""
    user, services = update.effective_user, context.services
    settings, journal = services.settings, services.journal
    if settings.access == "open" or _is_for_everybody(update):
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
        given = _code_given(update)
        if given is None:
            return "enter_code"
        if not is_own_payload(given) and await services.limit.count(user.id):
            return "too_many_codes"
        if not settings.code or not is_code(given, settings.code):
            return "enter_code" if is_own_payload(given) else "wrong_code"
        await journal.admit(user.id)
    except JournalUnavailable:
        return "journal_unavailable"
    return None


def _code_given(update: Update) -> str | None:
    """Return what a person comes with, by /start CODE or a link with it."""
    words = (update.message.text or "").split() if update.message else []
    return words[1] if len(words) == 2 and words[0] == "/start" else None


def _is_for_everybody(update: Update) -> bool:
    """Whether a person asks in private for their id, their language or what is stored of them."""
    message, query = update.message, update.callback_query
    if query:
        data = query.data or ""
        return bool(LANGUAGE_PATTERN.match(data) or FORGET_PATTERN.match(data))
    return (
        message is not None
        and message.chat.type == message.chat.PRIVATE
        and (message.text or "") in ("/id", *(f"/{name}" for name in PRIVATE_COMMANDS))
    )
